-- `j`, and what the classes of the API share.
local host, core = ...

-- Objects of the API are tables that hold a number and refuse every unknown name. Each class has
-- a name of its own for the number, so that a method called on another object finds none.
-- `make` makes a method of what stands in `methods`, when it is first called.
function core.class(name, methods, fields, make)
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
  host.classes[name] = { methods, fields or {} }
  return meta
end

function core.a_function(call, fn)
  if type(fn) ~= "function" then
    host.wrong("`" .. call .. "` takes a function last, found " .. host.kind(fn))
  end
end

-- Where its methods stand: in a part of this prelude, or among the natives, which take what they
-- are given.
local methods = {
  step = "steps", floor = "steps", soft = "steps", parallel = "together", each = "together",
  eventually = "polls", never = "polls", expect_error = "polls", defer = "cleanup", client = "client", fault = "fault",
  metrics = true, sum = true, expect_sum = true, expect_ratio = true, expect_split = true, expect_once = "numbers",
  sleep = true, expect = true, expect_before = true, record = true, unique = true, unique_ip = true,
  note = true, attach = true, skip = true, pick = true, elapsed = true, secret = true, file = true,
}

-- A method called with a dot would take its first argument for `j`.
local function method(name, from)
  local own = from == true and host[name] or core.part(from)[name]
  return function(self, ...)
    if type(self) ~= "table" or rawget(self, "is_journey") == nil then
      host.wrong("`" .. name .. "` is called with a colon: `j:" .. name .. "(…)`, not `j." .. name .. "(…)`")
    end
    return own(...)
  end
end

local function field(_, name) return host.fields[name] end -- `deploy` is nil without `--deploy`
local j = setmetatable({ label = host.name, is_journey = true }, core.class("j", methods, {
  target = field, deploy = field, vars = field, secrets = field, run = field, matrix = field, random = field, fake = field,
}, method))

-- Cleanup: what was deferred, in that order. The attempt calls this until nothing is left.
local deferred = {}
core.deferred = deferred

local function clean_up()
  if #deferred > 0 then core.part("cleanup").run() end
end

return { j = j, clean_up = clean_up }
