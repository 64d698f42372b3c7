-- The pages of the drop, and whether they promise what the drop keeps.
local drop = require "lib.drop"

-- What a text of so many bytes is once a browser has sealed it: AES-GCM adds 16, base64url makes
-- four characters of three bytes.
local function sealed_length(bytes)
  return math.ceil((bytes + 16) * 4 / 3)
end

journey("the form invites what the drop takes", {
  covers = { "drop.page" },
  tags = { "drop", "http" },
  owner = "drop-team",
  share = "drops",
}, function(j)
  local alice, bob = drop.user(j, "alice"), drop.user(j, "bob")

  local most = j:step("the form says how much may be typed", function()
    local form = alice:get("drop:/drop"):expect(drop.page)
    return math.tointeger(form:select("textarea[name=secret]"):attr("maxlength"))
  end)

  j:step("so much arrives", function()
    local secret = { ciphertext = string.rep("x", sealed_length(most)), iv = string.rep("i", 16), ttl_hours = 24 }
    local id = drop.create(j, alice, secret)
    drop.expect_secret(bob, id, secret)
  end)
end)

journey("pages and health of the drop say what they should", {
  covers = { "drop.page", "drop.health" },
  tags = { "drop", "http" },
  owner = "drop-team",
}, function(j)
  local visitor = j:client("visitor")

  j:step("a secret's page asks before it reads, and leaks nothing", function()
    local page = visitor:get("drop:/drop/s/" .. j.random:uuid()):expect(drop.page)
    page:select("button#read"):expect { text = match.contains("burn") }
    -- The key stands in the link, so that no other host may be told of it.
    for _, script in ipairs(page:select_all("script")) do
      j:expect(script:attr("src"), match.regex("^/drop/"))
    end
  end)

  j:step("health says who it is and how it is", function()
    drop.health(visitor):expect { headers = drop.headers }
  end)

  j:step("what is not there is not found", function()
    visitor:get("drop:/drop/s/no-such-secret"):expect { status = 404, json = { error = "Not found." } }
    visitor:get("drop:/drop/nothing"):expect { status = 404, headers = drop.headers, json = { error = "Not found." } }
  end)
end)
