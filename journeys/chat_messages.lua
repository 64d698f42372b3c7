-- What is said in the room, and what arrives of it.
local chat = require "lib.chat"

local options = {
  covers = { "chat.messages" },
  tags = { "chat", "critical" },
  owner = "chat-team",
  runbook = "https://runbooks.example.com/chat-messages",
  share = "room",
}

journey("what alice says reaches bob, once and in order", options, function(j)
  local a, b, alice = chat.two(j)
  local said = { j:unique("one-"), j:unique("two-"), j:unique("three-") }

  j:step("alice says three things", function()
    for _, text in ipairs(said) do chat.say(a, text) end
  end)

  -- She hears herself as well: that is how a chat shows that a message was taken.
  for name, socket in pairs { alice = a, bob = b } do
    j:step(name .. " hears them", function()
      socket:expect({ type = "message", nick = alice }, { exactly = 3 })
      j:expect(socket:messages { type = "message", nick = alice }, {
        { text = said[1], ts = match.gt(0) }, { text = said[2] }, { text = said[3] },
      })
    end)
  end
end)

journey("a long message is cut at 1000 characters", options, function(j)
  local a, b, alice = chat.two(j)
  local start = j:unique("long-")

  chat.say(a, start .. string.rep("x", 1500))
  local heard = b:expect { type = "message", text = match.regex("^" .. start) }
  j:expect(heard.nick, alice)
  j:expect(heard.text, (start .. string.rep("x", 1500)):sub(1, 1000), "what arrived")
end)

journey("a message without words is ignored", options, function(j)
  local a, b, alice = chat.two(j)
  local word = j:unique("word-")

  for _, text in ipairs { "", "  \n ", "  " .. word .. "  " } do chat.say(a, text) end
  b:expect({ type = "message", nick = alice, text = word }, { exactly = 1 })
  b:expect_none({ type = "message", nick = alice, text = match.no(word) }, { during = "200ms" })
end)

journey("what is no message harms nobody", options, function(j)
  local a, b, alice = chat.two(j)
  local word = j:unique("word-")

  for _, nonsense in ipairs { "{not json", "[]", '{"type":"dance"}' } do a:send(nonsense) end
  chat.say(a, word)
  b:expect({ type = "message", nick = alice, text = word }, { exactly = 1 })
end)
