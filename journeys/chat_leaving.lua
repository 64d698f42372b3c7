-- Every way to leave a room that is not the silence of chat_presence.lua. Which bugs can be seen
-- depends on the way: a polite goodbye never showed the one that silenced the others.
local chat = require "lib.chat"

local function options(more)
  local options = {
    covers = { "chat.presence" },
    tags = { "chat", "leaving" },
    owner = "chat-team",
    runbook = "https://runbooks.example.com/chat-presence",
  }
  for key, value in pairs(more) do options[key] = value end
  return options
end

-- Some ways are seen at once, and must be. A ghost is only found by the room's own ping.
local ways = {
  { name = "a polite goodbye", go = function(b) b:close(1000, "bye") end },
  { name = "a reset connection", go = function(b) b:abort() end },
  { name = "a half-closed connection", ghost = true, go = function(b) b:half_close() end },
  {
    name = "vanishing from a talking room",
    go = function(b, a, alice)
      b:vanish()
      for _, text in ipairs { "is anybody here?", "anybody?" } do
        chat.say(a, text)
        a:expect { type = "message", nick = alice, text = text }
      end
    end,
  },
}

for _, way in ipairs(ways) do
  journey(way.name .. " is announced, once", options { share = "room" }, function(j)
    local a, b, alice, bob = j:step("alice and bob share the room", function() return chat.two(j) end)

    j:step("bob leaves", function() way.go(b, a, alice) end)

    j:step("alice sees bob leave, exactly once", function()
      local left = a:expect({ type = "system", text = bob .. " left" },
                            { within = way.ghost and j.vars.ghost_deadline or "5s", exactly = 1 })
      j:expect(left.count, match.gte(1), "alice herself is still there")
    end)
  end)
end

-- Nobody may speak meanwhile: what the room says to one who has vanished is answered by a reset,
-- and then the room finds out by chance what it should find out by itself.
journey("vanishing from a quiet room is announced, once", options { lock = "room" }, function(j)
  local a, b, _, bob = j:step("alice and bob share the room", function() return chat.two(j) end)

  j:step("bob vanishes", function()
    b:vanish()                      -- the connection ends below the WebSocket: no close frame
  end)

  j:step("alice sees bob leave, exactly once", function()
    local left = a:expect({ type = "system", text = bob .. " left" },
                          { within = j.vars.ghost_deadline, exactly = 1 })
    j:expect(left.count, match.gte(1), "alice herself is still there")
  end)
end)
