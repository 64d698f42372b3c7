-- Cleanup: newest first, each once.
local host, core = ...

local protect, deferred = core.protect, core.deferred
local cleanup = {}

local function run_deferred(entry)
  entry.done = true
  return entry.fn()
end

function cleanup.defer(fn)
  core.a_function("defer", fn)
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
function cleanup.run()
  while #deferred > 0 do
    local entry = deferred[#deferred]
    deferred[#deferred] = nil
    if not entry.done then
      left_cleanup(host.enter_step("cleanup", entry.name), protect(run_deferred, entry))
    end
  end
end

return cleanup
