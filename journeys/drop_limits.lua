-- Limits protect the drop. They must hold for who goes round them, and for nobody else.
local drop = require "lib.drop"

local options = {
  covers = { "drop.limits" },
  tags = { "drop", "limits" },
  owner = "drop-team",
  share = "drops",
}

journey("an address leaves ten secrets, whoever it claims to be", options, function(j)
  local eve = drop.user(j, "eve")

  -- The proxy in front says where a request comes from in X-Real-IP. The rest anybody can write.
  local function leave()
    local claimed = { ["x-forwarded-for"] = j:unique_ip() }
    return eve:post("drop:/drop/api/create", { json = drop.sealed(j), headers = claimed })
  end

  j:step("eve leaves ten", function()
    for _ = 1, 10 do
      local id = leave():expect({ status = 200 }).json.id
      j:defer(function() drop.read(eve, id) end)
    end
  end)

  j:step("and no eleventh", function()
    leave():expect { status = 429, json = { error = match.contains("Rate limit exceeded") } }
  end)

  j:step("alice, at home elsewhere, is not held up", function()
    local alice, secret = drop.user(j, "alice"), drop.sealed(j)
    drop.expect_secret(alice, drop.create(j, alice, secret), secret)
  end)
end)

journey("what cannot be kept is refused, and why is said", options, function(j)
  local alice = drop.user(j, "alice")
  local function refused(status, words, body)
    alice:post("drop:/drop/api/create", { body = body })
      :expect { status = status, json = { error = match.contains(words) } }
  end

  refused(400, "Invalid JSON", "{not json")
  refused(400, "Missing required fields", json.encode { ciphertext = "sealed" })
  refused(413, "Payload too large", string.rep("x", 65537))
end)
