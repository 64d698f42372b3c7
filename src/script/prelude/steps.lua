-- Steps.
local host, core = ...

local protect = core.protect
local steps = {}

local function left_step(id, ok, ...)
  host.leave_step(id, ok)
  if ok then return ... end
  error((...), 0)
end

-- `--step` waits here for whoever looks on.
local before_step = host.before_step or function() end

function steps.step(name, fn)
  core.a_function("step", fn)
  before_step("step", name)
  return left_step(host.enter_step("step", name), protect(fn))
end

function steps.floor(name, fn)
  core.a_function("floor", fn)
  before_step("floor", name)
  return left_step(host.enter_step("floor", name), protect(fn))
end

local function left_soft(id, ok, ...)
  host.leave_step(id, ok)
  if ok then return ... end
  host.keep((...), "soft")
end

function steps.soft(name, fn)
  core.a_function("soft", fn)
  before_step("soft", name)
  return left_soft(host.enter_step("soft", name), protect(fn))
end

return steps
