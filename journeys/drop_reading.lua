-- A secret is there for one reader, once. A status of 200 on its page says nothing about that.
local drop = require "lib.drop"

local options = {
  covers = { "drop.burn-after-reading" },
  tags = { "drop", "critical" },
  owner = "drop-team",
  runbook = "https://runbooks.example.com/drop-reading",
  share = "drops",
}

journey("a secret can be read by another, once", options, function(j)
  local alice, bob = drop.user(j, "alice"), drop.user(j, "bob")
  local secret = drop.sealed(j)

  local id = j:step("alice leaves a secret", function()
    return drop.create(j, alice, secret)
  end)

  j:step("bob reads what she left", function()
    drop.expect_secret(bob, id, secret)
  end)

  j:step("nobody reads it again", function()
    drop.expect_gone(bob, id)
    drop.expect_gone(alice, id)
  end)
end)

journey("looking at a link does not burn its secret", options, function(j)
  local alice, bob = drop.user(j, "alice"), drop.user(j, "bob")
  local secret = drop.sealed(j)
  local id = drop.create(j, alice, secret)

  -- A messenger that shows a preview of a link asks for it before its reader does.
  j:step("a messenger previews the link", function()
    local messenger = drop.user(j, "messenger")
    messenger:head("drop:/drop/s/" .. id):expect(drop.page)
    messenger:head("drop:/drop/api/secret/" .. id):expect { status = 404 }
    messenger:get("drop:/drop/s/" .. id):expect(drop.page)
  end)

  j:step("bob still reads it", function()
    drop.expect_secret(bob, id, secret)
  end)
end)

journey("each reader gets the secret that was meant", options, function(j)
  local alice, bob = drop.user(j, "alice"), drop.user(j, "bob")
  local secrets, ids = {}, {}

  j:step("alice leaves three secrets", function()
    for number = 1, 3 do
      secrets[number] = drop.sealed(j)
      ids[number] = drop.create(j, alice, secrets[number])
    end
  end)

  j:step("bob finds each behind its own link", function()
    for number, id in ipairs(ids) do drop.expect_secret(bob, id, secrets[number]) end
  end)
end)
