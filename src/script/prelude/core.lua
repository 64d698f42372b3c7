-- What wraps the scripts: the parts of the API that call back into Lua. They are Lua because an
-- error that crosses a Rust frame loses its value, and because a wait may not cross one at all.
-- `host` holds the natives of `src/script/api`; nothing of these files but `env` reaches a script.
-- A file beside this one is a part, which a VM gets when something of it is first called: most of
-- what a VM would cost is what its journey never calls.
local host, env = ...

local raw_xpcall, annotate = xpcall, host.annotate

-- Calls a script's function so that its error comes back as a value with its frames.
local function protect(fn, ...)
  return raw_xpcall(fn, annotate, ...)
end

local parts = {}
-- `table` is the scripts' own too: what they put into it must not reach the parts.
local core = { protect = protect, env = env, pack = table.pack, unpack = table.unpack, concat = table.concat }

function core.part(name)
  local part = parts[name]
  if part == nil then
    part = host.part(name)(host, core)
    parts[name] = part
  end
  return part
end

local function of_errors(name)
  return function(...) return core.part("errors")[name](...) end
end
env.error = of_errors("error")
env.assert = of_errors("assert")
env.pcall = of_errors("pcall")
env.xpcall = of_errors("xpcall")
env.setmetatable = of_errors("setmetatable")
env.print = of_errors("print")

return protect, core.part
