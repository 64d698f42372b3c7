-- Responses are finished data, read strictly.
journey("a response is read strictly", { tags = { "engine" } }, function(j)
  local r = j:client("a"):get("chat:/chat/health")
  r:expect {
    status = 200, version = "1.1", redirects = match.length(0),
    headers = { ["Content-Type"] = match.contains("json") },
    json = { ok = true, service = "dead-chat", ts = match.type("integer") },
    timing = { total = match.between(0, 5) },
  }
  j:expect(r.status, 200)
  j:expect(r.json.ok, true)
  j:expect(json.decode(r.text), { ok = true })
  j:expect(r:pick("$.service"), "dead-chat")
  j:expect(r.headers["CONTENT-TYPE"], match.contains("json"))
  j:expect(r.headers:all("x-none"), match.length(0))
  j:expect_error({ kind = "unreadable" }, function() return r.headers["x-none"] end)
  j:expect_error({ kind = "unreadable" }, function() return r.json.nope end)
  j:expect_error({ kind = "expectation" }, function() r:expect { status = 201 } end)
  j:expect_error({ kind = "unreadable" }, function() return j:client("b"):get("/chat").json end)
end)
