-- What the journeys through the chat have in common. A file without a `journey` is a library.
local chat = {}

-- A user at home: the chat lets five sockets of one address in, so everybody has an address.
function chat.user(j, name)
  return j:client(name, { headers = { ["x-real-ip"] = j:unique_ip() } })
end

-- Takes a user into the room, and comes back when the room has confirmed the name.
function chat.join(user, nick)
  local socket = user:websocket("chat:/chat/ws", { query = { nick = nick } })
  socket:expect { type = "identity", nick = nick }
  return socket
end

-- Two users in one room, of whom the first has seen the second come: the start of most stories.
function chat.two(j)
  local alice, bob = j:unique("alice"), j:unique("bob")
  local a = chat.join(chat.user(j, "alice"), alice)
  local b = chat.join(chat.user(j, "bob"), bob)
  a:expect { type = "system", text = bob .. " joined" }
  return a, b, alice, bob
end

function chat.say(socket, text)
  socket:send { type = "message", text = text }
end

-- Those of an earlier journey may still be on their way out. Only for journeys that hold the room
-- alone, as nobody comes in meanwhile.
function chat.wait_until_empty(j, user)
  j:eventually({ within = j.vars.ghost_deadline, every = "20ms" }, function()
    user:get("chat:/chat/health"):expect { status = 200, json = { connected_clients = 0 } }
  end)
end

return chat
