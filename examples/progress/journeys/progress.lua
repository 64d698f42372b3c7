-- A job tells how far it is, to whoever asks and whenever they come.

-- Starts a job of this journey's own, called off afterwards; gives the path of its events, and a
-- function that calls it off at once.
local function start(j, client, seconds)
  local res = client:post("/jobs", { json = { seconds = seconds } }):expect { status = 202 }
  local call_off = j:defer(function()
    client:delete(res.headers.location):expect { status = 200 }
  end)
  return res.json.events, call_off
end

local function progress(percent)
  return { event = "progress", data = { percent = percent } }
end

-- All that a job says from that percentage on.
local function all_from(percent)
  local events = {}
  for step = percent, 100, 10 do table.insert(events, progress(step)) end
  table.insert(events, { event = "done", data = { ok = true } })
  return events
end

-- The next events are these, no other comes in between, and the stream ends with the last one.
local function hears_all(j, stream, events)
  for _, event in ipairs(events) do
    stream:expect_next(event, { within = j.vars.patience })
  end
  stream:expect_close { how = "end" }
end

journey("two who watch a job see all of it, in order", {
  covers = { "jobs.progress", "jobs.done" },
  tags = { "critical" },
}, function(j)
  local ana, ben = j:client("ana"), j:client("ben")
  local path = j:step("ana starts a job", function() return start(j, ana, 1) end)
  local a = ana:events(path)

  j:step("ben comes when half of it is done", function()
    a:expect(progress(50), { within = j.vars.patience })
    hears_all(j, ben:events(path), all_from(0))
  end)

  j:step("ana has seen the same", function()
    hears_all(j, a, all_from(60))
    j:expect(a:messages(), all_from(0))
    j:record("progress.events", #a:messages())
  end)
end)

journey("who loses the connection misses nothing", {
  covers = { "jobs.resume" },
  tags = { "critical" },
}, function(j)
  local ana = j:client("ana")
  local path = start(j, ana, 1)

  local last = j:step("ana's connection breaks at 30 percent", function()
    local first = ana:events(path)
    local event = first:expect(progress(30), { within = j.vars.patience })
    first:abort()
    return event.id
  end)

  local again = j:step("she goes on where she was", function()
    local again = ana:events(path, { last_event_id = last })
    hears_all(j, again, all_from(40))
    return again
  end)

  j:step("once it is done there is nothing to come back for", function()
    local err = j:expect_error({ kind = "refused" }, function()
      ana:events(path, { last_event_id = again.last_event_id })
    end)
    err.response:expect { status = 204 }
  end)
end)

journey("a job that is called off ends without being done", { covers = { "jobs.done" } }, function(j)
  local ana, ben = j:client("ana"), j:client("ben")
  local path, call_off = start(j, ana, 3600)      -- long enough never to be done by itself

  local b = j:step("ben watches it begin", function()
    local b = ben:events(path)
    b:expect(progress(0), { within = j.vars.patience })
    return b
  end)

  j:step("ana calls it off, ben's stream ends", function()
    call_off()
    b:expect_close({ how = "end" }, { within = j.vars.patience })
    j:expect(#b:messages { event = "done" }, 0, "ben was told that it is done")
  end)

  j:step("it is gone", function()
    ben:get(path):expect { status = 404 }
  end)
end)
