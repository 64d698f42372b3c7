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
