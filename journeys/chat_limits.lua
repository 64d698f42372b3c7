-- Limits protect the room, and must not lock out who keeps to them.
local chat = require "lib.chat"

local options = {
  covers = { "chat.limits" },
  tags = { "chat", "limits" },
  owner = "chat-team",
  share = "room",
}

journey("the sixth message in a second is one too many", options, function(j)
  local a, b, alice = chat.two(j)

  j:step("alice says six things at once", function()
    for number = 1, 6 do chat.say(a, "spam " .. number) end
  end)

  j:step("bob hears five of them, and then sees her leave", function()
    for number = 1, 5 do
      b:expect({ type = "message", nick = alice, text = "spam " .. number },
               { unless = { type = "system", text = alice .. " left" } })
    end
    b:expect({ type = "system", text = alice .. " left", count = match.gte(1) }, { exactly = 1 })
    j:expect(#b:messages { type = "message", nick = alice }, 5)
  end)

  j:step("alice is told why", function()
    a:expect { type = "system", text = match.contains("Rate limit exceeded") }
    a:expect_close { code = 1006 }
  end)
end)

-- The room as a whole has a hundred places. Journeys that need six each go one by one, so that many
-- repetitions at once do not fill it.
local crowded = { lock = "many places", share = "room" }
for key, value in pairs(options) do crowded[key] = value end

-- Five sockets from one address, and somebody elsewhere who sees them come and go.
local function full_house(j)
  local observer = chat.join(chat.user(j, "observer"), j:unique("observer"))
  local home, sockets, nicks = chat.user(j, "home"), {}, {}
  j:step("an address takes its five places", function()
    for number = 1, 5 do
      nicks[number] = j:unique("tab")
      sockets[number] = chat.join(home, nicks[number])
      observer:expect { type = "system", text = nicks[number] .. " joined", count = match.gte(number + 1) }
    end
  end)
  return observer, home, sockets, nicks
end

journey("an address has five places, and no sixth", crowded, function(j)
  local observer, home, sockets, nicks = full_house(j)
  local late = j:unique("late")

  j:step("there is no sixth place", function()
    j:expect_error({ kind = "refused", response = { status = 429 } }, function()
      chat.join(home, late)
    end)
  end)

  j:step("a place that is given up can be taken", function()
    sockets[1]:close()
    observer:expect { type = "system", text = nicks[1] .. " left", count = match.gte(5) }
    chat.join(home, late)
  end)
end)

journey("a ghost gives its place back", crowded, function(j)
  local observer, home, sockets, nicks = full_house(j)

  j:step("one of them becomes a ghost, and is put out", function()
    sockets[5]:freeze()
    observer:expect({ type = "system", text = nicks[5] .. " left", count = match.gte(5) },
                    { within = j.vars.ghost_deadline })
  end)

  j:step("its place can be taken", function()
    chat.join(home, j:unique("late"))
  end)
end)
