-- Five quotes in two seconds for each key, and what becomes of who asks more often.
local LIMIT = 5

-- A customer whose key nobody has used before, so that runs side by side do not count each other.
local function customer(j, name)
  return j:client(name, { headers = { ["x-api-key"] = j:secret(j:unique(name .. "-")) } })
end

-- Uses up what a customer may have, and gives the first refusal.
local function use_up(client)
  for left = LIMIT - 1, 0, -1 do
    client:get("/quote"):expect { status = 200, headers = { ["ratelimit-remaining"] = tostring(left) } }
  end
  return client:get("/quote"):expect {
    status = 429,
    headers = { ["ratelimit-remaining"] = "0", ["retry-after"] = match.regex("^[1-9]$") },
  }
end

journey("of seven at once five are served", { covers = { "limit.count" }, tags = { "critical" } }, function(j)
  local ana = customer(j, "ana")
  local answers = j:each({ 1, 2, 3, 4, 5, 6, 7 }, function()
    return ana:get("/quote").status
  end)
  table.sort(answers)
  j:expect(answers, { 200, 200, 200, 200, 200, 429, 429 }, "not exactly five of seven were served")
end)

journey("who waits as told is served again", { covers = { "limit.return" } }, function(j)
  local ana = customer(j, "ana")
  local refused = use_up(ana)
  j:sleep(tonumber(refused.headers["retry-after"]))
  ana:get("/quote"):expect({ status = 200 }, { message = "ana waited in vain" })
end)

journey("who knocks too early is served when promised", { covers = { "limit.return" } }, function(j)
  local ana = customer(j, "ana")
  local refused = use_up(ana)
  local promised = j:elapsed() + tonumber(refused.headers["retry-after"])

  j:step("knocking while it lasts is refused", function()
    j:sleep("500ms")
    ana:get("/quote"):expect { status = 429 }
  end)

  j:step("the promise holds all the same", function()
    j:sleep(promised - j:elapsed())
    ana:get("/quote"):expect({ status = 200 }, { message = "knocking made ana wait longer than she was told" })
  end)
end)

journey("one customer's burst leaves the others alone", { covers = { "limit.apart" } }, function(j)
  local ana, ben = customer(j, "ana"), customer(j, "ben")
  use_up(ana)
  ben:get("/quote"):expect { status = 200, headers = { ["ratelimit-remaining"] = tostring(LIMIT - 1) } }
end)
