-- Running together: one branch runs Lua at a time, only waits switch.
local host, core = ...

local protect = core.protect
local together = {}

local function branch(parent, fn, ...)
  host.adopt(parent)
  return core.pack(protect(fn, ...))
end

local function joined(ok, results)
  if ok then return results end
  error(results, 0)
end

function together.parallel(list)
  local results = joined(host.join("parallel", branch, list))
  return core.unpack(results, 1, #list)
end

function together.each(list, fn, options)
  core.a_function("each", fn)
  return joined(host.join("each", branch, list, fn, options))
end

return together
