-- Polling, and errors that are expected.
local host, core = ...

local protect = core.protect
local polls = {}

local function polled(poll, fn)
  while true do
    host.round(poll)
    local result = core.pack(protect(fn))
    local done, value = host.judge_round(poll, result[1], result[2])
    if done == "values" then return core.unpack(result, 2, result.n) end
    if done == "raise" then error(value, 0) end
    if done == "over" then return end
    host.pause(poll)
  end
end

local function left_poll(poll, ok, ...)
  host.leave_poll(poll)
  if ok then return ... end
  error((...), 0)
end

function polls.eventually(options, fn)
  core.a_function("eventually", fn)
  local poll = host.enter_poll("eventually", options)
  return left_poll(poll, protect(polled, poll, fn))
end

function polls.never(options, fn)
  core.a_function("never", fn)
  local poll = host.enter_poll("never", options)
  return left_poll(poll, protect(polled, poll, fn))
end

local function left_expect_error(wanted, ok, ...)
  host.leave()
  local err
  if not ok then err = host.sort((...), "expect_error") end
  return host.judge_error(wanted, ok, err)
end

function polls.expect_error(pattern, fn)
  core.a_function("expect_error", fn)
  local wanted = host.wanted_error(pattern)
  host.enter("expect_error")
  return left_expect_error(wanted, protect(fn))
end

return polls
