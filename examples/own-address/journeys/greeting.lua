-- Two clients, one promise: what one says the other hears, once.
journey("a greeting reaches the other one, once", {
  covers = { "chat.messages" },
  timeout = "20s",
}, function(j)
  local alice = j:client("alice", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local bob = j:client("bob", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local greeting = "hello " .. j:unique()

  local a, b = j:step("both are in the room", function()
    local a = alice:websocket("/chat/ws", { query = { nick = j:unique("alice") } })
    local b = bob:websocket("/chat/ws", { query = { nick = j:unique("bob") } })
    local me = b:expect { type = "identity" }
    a:expect { type = "system", text = me.nick .. " joined" }
    return a, b
  end)

  j:step("alice greets, bob hears it", function()
    a:send { type = "message", text = greeting }
    b:expect({ type = "message", text = greeting }, { within = j.vars.patience, exactly = 1 })
  end)
end)
