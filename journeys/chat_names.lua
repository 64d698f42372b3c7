-- What becomes of the name somebody asks for.
local chat = require "lib.chat"

local options = {
  covers = { "chat.names" },
  tags = { "chat" },
  owner = "chat-team",
  share = "room",
}

-- Asks for a name and gives the one that was granted, by which everybody is told of it.
local function named(user, nick)
  local socket = user:websocket("chat:/chat/ws", { query = { nick = nick } })
  local granted = socket:expect({ type = "identity", nick = match.type("string") }).nick
  socket:expect { type = "system", text = granted .. " joined", count = match.gte(1) }
  return granted
end

journey("nobody gets a name that is taken", options, function(j)
  local nick = j:unique("ann")

  j:expect(named(chat.user(j, "the first"), nick), nick)
  j:expect(named(chat.user(j, "the second"), nick), nick .. "2")
  j:expect(named(chat.user(j, "the third"), nick), nick .. "3")
  -- Case counts, so this one is free.
  j:expect(named(chat.user(j, "the loud one"), nick:upper()), nick:upper())
end)

journey("a name is cleaned of what could do harm", options, function(j)
  local nick = j:unique("x")

  j:expect(named(chat.user(j, "the scripter"), "  <b>" .. nick .. "</b>!  "), "b" .. nick .. "b")
  j:expect(named(chat.user(j, "the poet"), nick .. "-a.b c_d"), nick .. "-a.b c_d")
  j:expect(named(chat.user(j, "the nameless"), " <> "), match.regex("^Anonymous[0-9]*$"))
end)

journey("a long name is cut to 24 characters", options, function(j)
  local nick = j:unique("long") .. string.rep("g", 30)

  j:expect(named(chat.user(j, "the long one"), nick), nick:sub(1, 24))
end)
