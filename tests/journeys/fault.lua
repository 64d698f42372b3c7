-- `j:fault` against the embedded chat; `fixtures/bad-network` has more of it.
journey("a fault does as much as it says", { tags = { "engine" } }, function(j)
  local a = j:client("a", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local s = a:websocket("chat:/chat/ws", { query = { nick = j:unique("ann") } })
  s:expect { type = "identity" }
  local one, two = j:unique("one"), j:unique("two")
  local lost = j:fault(a, { operator = "message-dropped", message = { text = one }, times = 1 })
  s:send { type = "message", text = one }
  s:send { type = "message", text = two }
  s:expect { text = two }
  j:expect(#s:messages { text = one }, 0)
  j:expect(lost.count, 1)
  local slow = j:fault(a, { latency = "50ms" })
  local before = j:elapsed()
  a:get("chat:/chat/health"):expect { status = 200 }
  j:expect(j:elapsed() - before, match.gte(0.05))
  slow:stop()
end)
