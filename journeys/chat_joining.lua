-- Who comes in, and how many are there.
local chat = require "lib.chat"

journey("who joins is announced to everybody, the joiner too", {
  covers = { "chat.presence" },
  tags = { "chat" },
  owner = "chat-team",
  share = "room",
}, function(j)
  local a, b, alice, bob = chat.two(j)

  j:step("alice sees herself and bob join, once each", function()
    a:expect({ type = "system", text = alice .. " joined" }, { exactly = 1 })
    a:expect({ type = "system", text = bob .. " joined" }, { exactly = 1 })
  end)

  j:step("bob sees himself join, and not who was there before", function()
    b:expect({ type = "system", text = bob .. " joined", ts = match.gt(0) }, { exactly = 1 })
    j:expect(#b:messages { type = "system", text = alice .. " joined" }, 0)
  end)
end)

journey("the room counts who is there", {
  covers = { "chat.count" },
  tags = { "chat" },
  owner = "chat-team",
  lock = "room",                    -- a count is everybody's: nobody else may come or go
}, function(j)
  local alice, bob = chat.user(j, "alice"), chat.user(j, "bob")
  local nick, other = j:unique("alice"), j:unique("bob")
  chat.wait_until_empty(j, alice)

  local a, b = j:step("each who comes is counted", function()
    local a = chat.join(alice, nick, 1)
    local b = chat.join(bob, other, 2)
    a:expect { type = "system", text = other .. " joined", count = 2 }
    return a, b
  end)

  j:step("health counts the same", function()
    chat.health(alice, 2)
  end)

  j:step("who goes is not counted any more", function()
    b:close()
    local left = a:expect { type = "system", text = other .. " left", count = 1 }
    j:record("chat.members after a leave", left.count)
  end)
end)
