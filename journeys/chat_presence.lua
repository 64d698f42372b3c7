-- The journey this product exists for. Every health check was green while a bug kept the room from
-- saying that somebody had left: it takes two users, one of whom goes away without a word.
journey("a silent departure is announced, once", {
  covers = { "chat.presence" },
  tags = { "chat", "critical" },
  owner = "chat-team",
  runbook = "https://runbooks.example.com/chat-presence",
  share = "room",
}, function(j)
  local alice = j:client("alice", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local bob   = j:client("bob",   { headers = { ["x-real-ip"] = j:unique_ip() } })
  local ghost = j:unique("bob")

  j:floor("the chat answers", function()
    alice:get("chat:/chat/health"):expect { status = 200, json = { ok = true } }
  end)

  local a, b = j:step("alice and bob share the room", function()
    local a = alice:websocket("chat:/chat/ws", { query = { nick = j:unique("alice") } })
    a:expect { type = "identity" }
    local b = bob:websocket("chat:/chat/ws", { query = { nick = ghost } })
    a:expect { type = "system", text = ghost .. " joined" }
    return a, b
  end)

  j:step("bob's connection goes silent", function()
    b:freeze()                      -- TCP stays open, pings stay unanswered: a ghost
  end)

  j:step("alice sees bob leave, exactly once", function()
    local left = a:expect({ type = "system", text = ghost .. " left" },
                          { within = j.vars.ghost_deadline, exactly = 1 })
    j:expect(left.count, match.gte(1), "alice herself is still there")
  end)
end)
