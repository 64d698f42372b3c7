-- What stands in place of Lua's own functions for errors, and `print`.
local host, core = ...

local protect = core.protect
local errors = {}

-- Errors of scripts. A string given to `error` travels in a table of its own: a bare string is
-- always an error of the VM (a nil indexed, a wrong argument), which `pcall` must not swallow.
local Thrown = { __thrown = true, __tostring = function(self) return tostring(rawget(self, "value")) end, __metatable = false }

function errors.error(value, level)
  if type(value) == "string" then
    level = level == nil and 1 or level
    if level ~= 0 then value = host.where(level) .. value end
    value = setmetatable({ value = value }, Thrown)
  end
  error(value, 0)
end

function errors.assert(...)
  local ok, message = ...
  if ok then return ... end
  if select("#", ...) < 2 then message = "assertion failed!" end
  if select("#", ...) == 0 then message = "bad argument #1 to 'assert' (value expected)" end
  if type(message) == "string" then message = setmetatable({ value = message }, Thrown) end
  error(message, 0)
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

function errors.pcall(fn, ...)
  host.enter("pcall")
  return left(protect(fn, ...))
end

local function handled(handler, ok, ...)
  if ok then return true, ... end
  return false, handler(...)
end

function errors.xpcall(fn, handler, ...)
  host.enter("pcall")
  return handled(handler, left(protect(fn, ...)))
end

function errors.setmetatable(object, meta)
  if type(meta) == "table" and rawget(meta, "__gc") ~= nil then
    host.wrong("`__gc` is not available to journeys: `j:defer` is for cleaning up")
  end
  return setmetatable(object, meta)
end

function errors.print(...)
  local parts = core.pack(...)
  for i = 1, parts.n do parts[i] = core.env.tostring(parts[i]) end
  host.note(core.concat(parts, "\t"))
end

return errors
