-- Numbers of every kind, with every tolerance.
journey("numbers of every kind are recorded", { tags = { "engine" } }, function(j)
  local ann = j:client("ann", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local health = ann:get("chat:/chat/health"):expect { status = 200 }
  j:record("fingerprint", health.json, { tolerance = "observed" })
  j:record("count", 3, { unit = "order", core = true, tolerance = "poisson" })
  j:record("ratio", { part = 37, of = 200 }, { kind = "ratio", tolerance = { binomial = 0.001 } })
  for _, region in ipairs { "eu", "us" } do
    j:record("money", "1284.50", { kind = "decimal", unit = "EUR", by = { region = region } })
  end
  j:record("duration", health.timing.total, { kind = "duration", tolerance = { max = "2s" } })
  j:record("size", #health.bytes, { kind = "size", tolerance = "20%" })
  j:record("shape", { a = { 1, 2 } }, { of = "shape" })
  j:record("cohorts", { a = 5050, b = 4950 }, { kind = "cohort" })
end)

journey("numbers add up, and the target counts what happened", { tags = { "engine" } }, function(j)
  local ann = j:client("ann", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local before = j:metrics("chat:/chat/metrics")
  local socket = ann:websocket("chat:/chat/ws", { query = { nick = j:unique("ann") } })
  socket:expect { type = "system" }
  local after = j:metrics("chat:/chat/metrics", { client = ann, within = "2s" })
  j:expect(after:delta(before, "chat_joins_total"), match.gte(1))
  j:expect(after:value("chat_joins_total"), after:sum("chat_joins_total"))
  j:expect(#after:series("chat_joins_total"), 1)
  socket:close()
  j:expect(j:sum { "0.10", 0.2, 1 }, "1.30")
  j:expect_sum("1.30", { "0.10", 0.2, 1 })
  j:expect_ratio(37, 200, { min = 0.1, max = 0.2 })
  j:expect_split({ a = 5050, b = 4950 }, { shares = { a = 0.5, b = 0.5 } })
  j:expect_once({ { id = 1 }, { id = 2 } }, "id")
end)
