-- `j` against the embedded chat: steps, branches, polls, cleanup, values.
journey("j walks, branches, polls and cleans up", { tags = { "engine" }, timeout = "20s" }, function(j)
  local cleaned = {}
  j:defer(function() j:expect(cleaned, { "by hand" }) end)
  local clean = j:defer(function() cleaned[#cleaned + 1] = "by hand" end)

  local alice, bob = j:step("two people join", function()
    return table.unpack(j:each({ "alice", "bob" }, function(name)
      local client = j:client(name, { headers = { ["x-real-ip"] = j:unique_ip() } })
      return client:websocket("chat:/chat/ws", { query = { nick = j:unique(name) } })
    end))
  end)
  local said = j:unique("said ")
  alice:send { type = "message", text = said }
  local _, first = alice:expect { text = said }
  local _, second = bob:expect { text = said }
  j:expect(first.client, "alice")
  j:expect(second.client, "bob")
  j:eventually({ within = "2s", every = "20ms" }, function()
    j:expect(#bob:messages { text = said }, 1)
  end)
  j:never({ during = "60ms", every = "20ms" }, function()
    bob:expect({ text = "nobody says this" }, { within = "10ms" })
  end)
  -- Any other path: the chat destroys the socket without an answer.
  j:expect_error({ kind = "closed" }, function() j:client("carol"):websocket("chat:/chat") end)
  j:expect(j:pick({ a = { b = 7 } }, "a.b"), 7)
  j:expect(j.random:integer(3, 3), 3)
  j:expect(j.random:bytes(4), match.length(4))
  j:expect(j.random:choice { "x" }, "x")
  j:expect(j.random:uuid(), match.uuid)
  j:expect(j:unique_ip(), match.regex("^2001:db8:"))
  j:expect(j:unique("p"), match.regex("^p[a-z0-9]{10}$"))
  j:expect(j:elapsed(), match.gt(0))
  clean()
end)
