-- What the journeys through the chat have in common. A file without a `journey` is a library.
local chat = {}

-- A user at home: the chat lets five sockets of one address in, so everybody has an address.
function chat.user(j, name)
  return j:client(name, { headers = { ["x-real-ip"] = j:unique_ip() } })
end

-- Takes a user into the room, and comes back when the room has confirmed the name and announced it.
-- How many are there then is everybody's: who shares the room only knows that there is one at least.
function chat.join(user, nick, count)
  local socket = user:websocket("chat:/chat/ws", { query = { nick = nick } })
  socket:expect { type = "identity", nick = nick }
  socket:expect { type = "system", text = nick .. " joined", count = count or match.gte(1) }
  return socket
end

-- Two users in one room, of whom the first has seen the second come: the start of most stories.
function chat.two(j)
  local alice, bob = j:unique("alice"), j:unique("bob")
  local a = chat.join(chat.user(j, "alice"), alice)
  local b = chat.join(chat.user(j, "bob"), bob)
  a:expect { type = "system", text = bob .. " joined", count = match.gte(2) }
  return a, b, alice, bob
end

function chat.say(socket, text)
  socket:send { type = "message", text = text }
end

-- Asks health how it is, and how many are in the room.
function chat.health(user, clients)
  return user:get("chat:/chat/health"):expect {
    status = 200,
    json = {
      ok = true,
      service = "dead-chat",
      version = match.regex([[^\d+\.\d+$]]),
      connected_clients = clients,
      uptime_seconds = match.gte(0),
      ts = match.gt(0),
    },
  }
end

-- Those of an earlier journey may still be on their way out. Only for journeys that hold the room
-- alone, as nobody comes in meanwhile.
function chat.wait_until_empty(j, user)
  j:eventually({ within = j.vars.ghost_deadline, every = "20ms" }, function()
    chat.health(user, 0)
  end)
end

return chat
