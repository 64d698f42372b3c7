-- How long a secret lives, and whether the drop knows what it holds.
local drop = require "lib.drop"
local metrics = require "lib.metrics"

-- What the drop holds is everybody's: nobody else may leave or read anything meanwhile.
local function options(feature)
  return {
    covers = { feature },
    tags = { "drop" },
    owner = "drop-team",
    lock = "drops",
  }
end

journey("a secret that nobody reads is gone after its time", options "drop.expiry", function(j)
  local alice = drop.user(j, "alice")
  local function expired() return metrics.get(j, alice, "drop:/drop/metrics", "drop_secrets_expired_total") end
  local before, gone = drop.active(alice), expired()
  local secret = drop.sealed(j)
  secret.ttl_hours = 1

  local id = drop.create(j, alice, secret)

  -- Reading it would burn it, so that only the number of secrets can show it going by itself.
  j:step("it goes without being read", function()
    j:eventually({ every = "20ms" }, function()
      j:expect(drop.active(alice), before, "secrets held, without hers")
    end)
    j:expect(expired(), gone + 1, "secrets whose time was over")
  end)

  j:step("bob comes too late", function()
    drop.expect_gone(drop.user(j, "bob"), id)
  end)
end)

journey("the drop counts what it holds and what was read", options "drop.count", function(j)
  local alice, bob = drop.user(j, "alice"), drop.user(j, "bob")
  local function count()
    return {
      held = drop.active(alice),
      created = metrics.get(j, alice, "drop:/drop/metrics", "drop_secrets_created_total"),
      burned = metrics.get(j, alice, "drop:/drop/metrics", "drop_secrets_burned_total"),
    }
  end
  local before = count()

  local secret, other = drop.sealed(j), drop.sealed(j)
  local first, second = j:step("two secrets are two more", function()
    local first, second = drop.create(j, alice, secret), drop.create(j, alice, other)
    j:expect(count(), { held = before.held + 2, created = before.created + 2, burned = before.burned })
    return first, second
  end)

  j:step("what is read is held no longer", function()
    drop.expect_secret(bob, first, secret)
    drop.expect_secret(bob, second, other)
    j:expect(count(), { held = before.held, created = before.created + 2, burned = before.burned + 2 })
  end)
end)
