-- What is sent twice is paid once.

local function pay(client, account, amount, key)
  return client:post("/payments", {
    json = { account = account, amount = amount },
    headers = { ["idempotency-key"] = key },
  })
end

-- What an account has really paid, asked by somebody who had no part in it.
local function has_paid(j, account, amounts)
  local payments = j:client("auditor"):get("/accounts/" .. account):expect { status = 200 }.json.payments
  local paid = json.array {}
  for at, payment in ipairs(payments) do paid[at] = payment.amount end
  table.sort(paid)
  j:expect(paid, json.array(amounts), account .. " paid something else")
end

journey("a payment is sent again after a lost answer, and paid once", { covers = { "payments.once" } }, function(j)
  local ana, account, key = j:client("ana"), j:unique("account-"), j:unique("key-")

  local first = j:step("the answer comes too late for ana", function()
    j:expect_error({ kind = "timeout" }, function()
      ana:post("/payments", {
        json = { account = account, amount = 40 },
        headers = { ["idempotency-key"] = key },
        timeout = "200ms",
      })
    end)
    return pay(ana, account, 40, key):expect { status = 201, json = { amount = 40 } }.json.id
  end)

  j:step("once more, the same answer", function()
    pay(ana, account, 40, key):expect {
      status = 201,
      headers = { ["idempotent-replayed"] = "true" },
      json = { id = first, amount = 40 },
    }
  end)

  j:step("one payment", function() has_paid(j, account, { 40 }) end)
end)

journey("a double click pays once", { covers = { "payments.once" }, tags = { "critical" } }, function(j)
  local ana, account, key = j:client("ana"), j:unique("account-"), j:unique("key-")

  local one, two = j:step("both clicks are answered", function()
    return j:parallel {
      function() return pay(ana, account, 40, key):expect { status = 201 } end,
      function() return pay(ana, account, 40, key):expect { status = 201 } end,
    }
  end)

  j:step("one payment, and both know it", function()
    has_paid(j, account, { 40 })
    j:expect(two.json.id, one.json.id)
  end)
end)

journey("a key is good for one payment", { covers = { "payments.refused" } }, function(j)
  local ana, account, key = j:client("ana"), j:unique("account-"), j:unique("key-")
  pay(ana, account, 40, key):expect { status = 201 }
  pay(ana, account, 50, key):expect { status = 422 }
  pay(ana, account, 50, j:unique("key-")):expect { status = 201, json = { amount = 50 } }
  has_paid(j, account, { 40, 50 })
end)

journey("a payment without a key is refused", { covers = { "payments.refused" } }, function(j)
  local ana, account = j:client("ana"), j:unique("account-")
  ana:post("/payments", { json = { account = account, amount = 40 } }):expect { status = 400 }
  has_paid(j, account, {})
end)
