-- What somebody who comes late finds of what was said.
local chat = require "lib.chat"

journey("who comes late finds the last fifty lines, in order", {
  covers = { "chat.history" },
  tags = { "chat" },
  owner = "chat-team",
  lock = "room",                    -- whatever anybody says goes into the one history
}, function(j)
  local lines = {}

  chat.wait_until_empty(j, j:client("observer"))

  -- A user may say five things in a second, so twelve users say four each. Every line is awaited,
  -- or nobody could know the order.
  j:step("twelve users come and talk", function()
    for number = 1, 12 do
      local nick = j:unique("user")
      local socket = chat.join(chat.user(j, "user " .. number), nick, number)
      table.insert(lines, { type = "system", text = nick .. " joined", count = number })
      for _ = 1, 4 do
        local text = j:unique("said-")
        chat.say(socket, text)
        socket:expect { type = "message", nick = nick, text = text }
        table.insert(lines, { type = "message", nick = nick, text = text })
      end
    end
  end)

  j:step("a newcomer is told the last fifty of sixty lines", function()
    local newcomer = chat.user(j, "newcomer")
    local nick = j:unique("new")
    local socket = newcomer:websocket("chat:/chat/ws", { query = { nick = nick } })
    local history = socket:expect_next { type = "history", messages = match.length(50) }
    j:expect(history.messages, table.move(lines, #lines - 49, #lines, 1, {}))
    socket:expect { type = "identity", nick = nick }
  end)
end)
