-- What wraps the scripts: the parts of the API that call back into Lua. They are Lua because an
-- error that crosses a Rust frame loses its value, and because a wait may not cross one at all.
-- `host` holds the natives of `src/script/api`; nothing of this file but `env` reaches a script.
local host, env = ...

local raw_error, raw_xpcall = error, xpcall
local type, select, next, rawget, rawset, setmetatable = type, select, next, rawget, rawset, setmetatable
local pairs, tostring, pack, unpack = pairs, tostring, table.pack, table.unpack
local annotate = host.annotate

-- Calls a script's function so that its error comes back as a value with its frames.
local function protect(fn, ...)
  return raw_xpcall(fn, annotate, ...)
end

---------------------------------------------------------------------------
-- Errors of scripts. A string given to `error` travels in a table of its own: a bare string is
-- always an error of the VM (a nil indexed, a wrong argument), which `pcall` must not swallow.
local Thrown = { __thrown = true, __tostring = function(self) return tostring(rawget(self, "value")) end, __metatable = false }

function env.error(value, level)
  if type(value) == "string" then
    level = level == nil and 1 or level
    if level ~= 0 then value = host.where(level) .. value end
    value = setmetatable({ value = value }, Thrown)
  end
  raw_error(value, 0)
end

function env.assert(...)
  local ok, message = ...
  if ok then return ... end
  if select("#", ...) < 2 then message = "assertion failed!" end
  if select("#", ...) == 0 then message = "bad argument #1 to 'assert' (value expected)" end
  if type(message) == "string" then message = setmetatable({ value = message }, Thrown) end
  raw_error(message, 0)
end

-- `sort` gives what the script may see, or raises again what nobody may catch.
local function caught(ok, ...)
  if ok then return true, ... end
  return false, host.sort((...), "pcall")
end

-- What stands inside `pcall` is watched, but does not count.
local function left(ok, ...)
  host.leave()
  return caught(ok, ...)
end

function env.pcall(fn, ...)
  host.enter("pcall")
  return left(protect(fn, ...))
end

local function handled(handler, ok, ...)
  if ok then return true, ... end
  return false, handler(...)
end

function env.xpcall(fn, handler, ...)
  host.enter("pcall")
  return handled(handler, left(protect(fn, ...)))
end

function env.setmetatable(object, meta)
  if type(meta) == "table" and rawget(meta, "__gc") ~= nil then
    host.wrong("`__gc` is not available to journeys: `j:defer` is for cleaning up")
  end
  return setmetatable(object, meta)
end

---------------------------------------------------------------------------
-- Objects of the API are tables that hold a number and refuse every unknown name. Each class has
-- a name of its own for the number, so that a method called on another object finds none.
-- `make` makes a method of what stands in `methods`, when it is first called.
local function class(name, methods, fields, make)
  local meta = { __name = name, __metatable = false }
  local made = make and {} or methods
  meta.__index = function(self, key)
    local method = made[key]
    if method ~= nil then return method end
    if make and methods[key] ~= nil then
      method = make(key, methods[key])
      made[key] = method
      return method
    end
    local field = fields and fields[key]
    if field then return field(self, key) end
    local known = {}
    for k in pairs(methods) do known[#known + 1] = k end
    for k in pairs(fields or {}) do known[#known + 1] = k end
    host.unknown(name, key, known)
  end
  meta.__newindex = function(_, key)
    host.wrong("`" .. tostring(key) .. "` of a " .. name .. " cannot be set")
  end
  meta.__tostring = function(self) return "<" .. name .. " " .. tostring(rawget(self, "label")) .. ">" end
  host.classes[name] = { methods = methods, fields = fields or {} }
  return meta
end

local function a_function(call, fn)
  if type(fn) ~= "function" then
    host.wrong("`" .. call .. "` takes a function last, found " .. host.kind(fn))
  end
end

local J = {}
local ClientMeta, StreamMeta

---------------------------------------------------------------------------
-- Steps
local function left_step(id, ok, ...)
  host.leave_step(id, ok)
  if ok then return ... end
  raw_error((...), 0)
end

-- `--step` waits here for whoever looks on.
local before_step = host.before_step or function() end

function J:step(name, fn)
  a_function("step", fn)
  before_step("step", name)
  return left_step(host.enter_step("step", name), protect(fn))
end

function J:floor(name, fn)
  a_function("floor", fn)
  before_step("floor", name)
  return left_step(host.enter_step("floor", name), protect(fn))
end

local function left_soft(id, ok, ...)
  host.leave_step(id, ok)
  if ok then return ... end
  host.keep((...), "soft")
end

function J:soft(name, fn)
  a_function("soft", fn)
  before_step("soft", name)
  return left_soft(host.enter_step("soft", name), protect(fn))
end

---------------------------------------------------------------------------
-- Running together: one branch runs Lua at a time, only waits switch.
local function branch(parent, fn, ...)
  host.adopt(parent)
  return pack(protect(fn, ...))
end

local function joined(ok, results)
  if ok then return results end
  raw_error(results, 0)
end

function J:parallel(list)
  local results = joined(host.join("parallel", branch, list))
  return unpack(results, 1, #list)
end

function J:each(list, fn, options)
  a_function("each", fn)
  return joined(host.join("each", branch, list, fn, options))
end

---------------------------------------------------------------------------
-- Polling
local function polled(poll, fn)
  while true do
    host.round(poll)
    local result = pack(protect(fn))
    local done, value = host.judge_round(poll, result[1], result[2])
    if done == "values" then return unpack(result, 2, result.n) end
    if done == "raise" then raw_error(value, 0) end
    if done == "over" then return end
    host.pause(poll)
  end
end

local function left_poll(poll, ok, ...)
  host.leave_poll(poll)
  if ok then return ... end
  raw_error((...), 0)
end

function J:eventually(options, fn)
  a_function("eventually", fn)
  local poll = host.enter_poll("eventually", options)
  return left_poll(poll, protect(polled, poll, fn))
end

function J:never(options, fn)
  a_function("never", fn)
  local poll = host.enter_poll("never", options)
  return left_poll(poll, protect(polled, poll, fn))
end

local function left_expect_error(wanted, ok, ...)
  host.leave()
  local err
  if not ok then err = host.sort((...), "expect_error") end
  return host.judge_error(wanted, ok, err)
end

function J:expect_error(pattern, fn)
  a_function("expect_error", fn)
  local wanted = host.wanted_error(pattern)
  host.enter("expect_error")
  return left_expect_error(wanted, protect(fn))
end

---------------------------------------------------------------------------
-- Cleanup: newest first, each once.
local deferred = {}

local function run_deferred(entry)
  entry.done = true
  return entry.fn()
end

function J:defer(fn)
  a_function("defer", fn)
  local entry = { fn = fn, done = false, name = host.defer_name() }
  deferred[#deferred + 1] = entry
  return function()
    if not entry.done then return run_deferred(entry) end
  end
end

local function left_cleanup(id, ok, ...)
  host.leave_step(id, ok)
  if not ok then host.keep((...), "cleanup") end
end

-- Called by the attempt, until it says that nothing is left.
local function clean_up()
  while #deferred > 0 do
    local entry = deferred[#deferred]
    deferred[#deferred] = nil
    if not entry.done then
      left_cleanup(host.enter_step("cleanup", entry.name), protect(run_deferred, entry))
    end
  end
end

---------------------------------------------------------------------------
-- The rest of `j`
function J:client(name, options)
  local id = host.client(name, options)
  return setmetatable({ id = id, label = name }, ClientMeta)
end

function J:sleep(duration) host.sleep(duration) end
function J:expect(value, pattern, message) return host.expect(value, pattern, message) end
function J:expect_before(first, second) return host.expect_before(first, second) end
function J:record(name, value, options) host.record(name, value, options) end
function J:unique(prefix) return host.unique(prefix) end
function J:unique_ip() return host.unique_ip() end
function J:note(text) host.note(text) end
function J:attach(name, bytes, options) host.attach(name, bytes, options) end
function J:skip(reason) host.skip(reason) end
function J:pick(value, path, pattern) return host.pick(value, path, pattern) end
function J:elapsed() return host.elapsed() end
function J:secret(value) return host.secret(value) end
function J:file(path) return host.file(path) end
env.print = function(...)
  local parts = pack(...)
  for i = 1, parts.n do parts[i] = env.tostring(parts[i]) end
  host.note(table.concat(parts, "\t"))
end

-- A method called with a dot would take its first argument for `j`.
local function with_a_colon(name, method)
  return function(self, ...)
    if type(self) ~= "table" or rawget(self, "is_journey") == nil then
      host.wrong("`" .. name .. "` is called with a colon: `j:" .. name .. "(…)`, not `j." .. name .. "(…)`")
    end
    return method(self, ...)
  end
end

local function field(_, name) return host.fields[name] end -- `deploy` is nil without `--deploy`
local j = setmetatable({ label = host.name, is_journey = true }, class("j", J, {
  target = field, deploy = field, vars = field, secrets = field, run = field, matrix = field, random = field, fake = field,
}, with_a_colon))

---------------------------------------------------------------------------
-- Clients
local function verb(name, method)
  return function(self, path, options) return host.request(self.id, method, path, options, name) end
end

local function of_client(name, method)
  if type(method) == "string" then return verb(name, method) end
  return method
end

local Client = { get = "GET", head = "HEAD", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }
function Client:request(method, path, options) return host.request(self.id, method, path, options) end

function Client:websocket(path, options)
  local id, response, subprotocol, url = host.websocket(self.id, path, options)
  return setmetatable(
    { stream_id = id, label = self.label, opened = { response = response, subprotocol = subprotocol, url = url } }, StreamMeta)
end

local function open_body(self, call, path, options)
  local id, response, url = host.open_body(self.id, call, path, options)
  return setmetatable({ stream_id = id, label = self.label, opened = { response = response, url = url } }, StreamMeta)
end
function Client:events(path, options) return open_body(self, "events", path, options) end
function Client:lines(path, options) return open_body(self, "lines", path, options) end
function Client:chunks(path, options) return open_body(self, "chunks", path, options) end
ClientMeta = class("client", Client, { name = function(self) return rawget(self, "label") end }, of_client)

---------------------------------------------------------------------------
-- Streams
local function of_stream(call, method)
  if method == "wait" then
    return function(self, pattern, options) return host.wait(self.stream_id, call, pattern, options) end
  end
  if method == "act" then
    return function(self, ...) return host.act(self.stream_id, call, ...) end
  end
  return method
end

local Stream = {
  expect = "wait", expect_next = "wait", expect_none = "wait", expect_all = "wait", expect_sequence = "wait",
  expect_close = "wait",
  ping = "act", close = "act", abort = "act", vanish = "act", half_close = "act", freeze = "act", thaw = "act",
  blackhole = "act", send = "act", send_frame = "act",
}
function Stream:messages(pattern, options) return host.messages(self.stream_id, pattern, options) end
function Stream:mark() return host.mark(self.stream_id) end
StreamMeta = class("stream", Stream, {
  closed = function(self) return host.closed(self.stream_id) end,
  response = function(self) return self.opened.response end,
  subprotocol = function(self) return self.opened.subprotocol end,
  url = function(self) return self.opened.url end,
  last_event_id = function(self) return host.last_event_id(self.stream_id) end,
}, of_stream)

return j, protect, clean_up
