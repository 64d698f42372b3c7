-- What the shop says of itself. That it answers is the floor; that it says the same as yesterday is
-- what this is about.

local function ledger(j)
  return j:client("auditor"):get("/ledger"):expect({ status = 200 }).json
end

journey("what was earned stays what it was", { covers = { "books.revenue" } }, function(j)
  local books = ledger(j)
  -- Money is text, so that no cent gets lost on its way. Without the revenue nothing is known.
  j:record("revenue", books.revenue, { kind = "decimal", unit = books.currency, core = true })
  j:record("stock", books.stock, { kind = "decimal", unit = books.currency, tolerance = "1%" })
end)

journey("orders come from where they came from", { covers = { "books.orders" } }, function(j)
  local orders = ledger(j).orders
  local all = 0
  for region, count in pairs(orders) do
    j:record("orders", count, { by = { region = region } })
    all = all + count
  end
  -- One of two hundred more is chance, twenty more are not.
  j:record("orders.eu", { part = orders.eu, of = all }, { kind = "ratio", tolerance = "binomial" })
  j:expect_ratio(orders.eu, all, { min = 0.5, max = 0.7 }, "most orders come from the EU")
end)
