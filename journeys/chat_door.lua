-- The door of the chat: the page, its health, and the upgrade, which neither of them speaks for.
local chat = require "lib.chat"

journey("the page and its health say what they should", {
  covers = { "chat.page", "chat.health" },
  tags = { "chat", "http" },
  owner = "chat-team",
}, function(j)
  local visitor = j:client("visitor")

  j:floor("the chat answers", function()
    visitor:get("chat:/chat"):expect { status = 200 }
  end)

  j:step("the page is a page, and cannot be framed", function()
    visitor:get("chat:/chat"):expect {
      status = 200,
      headers = {
        ["content-type"] = match.contains("text/html"),
        ["x-content-type-options"] = "nosniff",
        ["x-frame-options"] = "SAMEORIGIN",
        ["referrer-policy"] = "no-referrer",
        ["content-security-policy"] = "frame-ancestors 'self'",
      },
      text = match.regex("(?is)<html.*</html>\\s*$"),
    }
  end)

  j:step("health says who it is and how it is", function()
    chat.health(visitor, match.gte(0)):expect {
      headers = { ["content-type"] = match.contains("application/json") },
    }
  end)

  j:step("what is not there is not found", function()
    visitor:get("chat:/chat/no-such-page"):expect { status = 404, text = "Not found" }
  end)
end)

journey("a probe passes the door without entering the room", {
  covers = { "chat.upgrade" },
  tags = { "chat", "upgrade" },
  owner = "chat-team",
  share = "room",
}, function(j)
  local a = chat.join(chat.user(j, "alice"), j:unique("alice"))
  local nick = j:unique("probe")

  j:step("the upgrade is answered as it must be", function()
    j:expect(a.response.status, 101)
    j:expect(a.response.headers.upgrade:lower(), "websocket")
  end)

  j:step("the probe is answered, and shown out", function()
    local probe = chat.user(j, "probe"):websocket("chat:/chat/ws", { query = { probe = 1, nick = nick } })
    probe:expect_next {
      type = "probe",
      ok = true,
      service = "dead-chat",
      version = match.regex([[^\d+\.\d+$]]),
      connected_clients = match.gte(1),
    }
    probe:expect_close { how = "close", code = 1005 }
  end)

  j:step("alice saw nobody come or go", function()
    a:expect_none({ type = "system", text = match.contains(nick) }, { during = "200ms" })
  end)
end)
