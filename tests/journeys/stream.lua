-- Streams against the embedded chat: marks, order, counts, ends.
journey("a stream keeps what came", { tags = { "engine" } }, function(j)
  local a = j:client("a", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local nick = j:unique("ann")
  local s = a:websocket("chat:/chat/ws", { query = { nick = nick } })
  local v, m = s:expect { type = "identity", nick = nick }
  j:expect(m, { kind = "text", client = "a", raw = match.contains(nick), value = { nick = nick } })
  s:expect({ type = "system", text = nick .. " joined" }, { exactly = 1 })
  local mark = s:mark()
  local one, two = j:unique("one"), j:unique("two")
  s:send { type = "message", text = one }
  s:send { type = "message", text = two }
  local values = s:expect_sequence({ { text = one }, { text = two } }, { since = mark })
  j:expect(values, { { nick = nick }, { nick = nick } })
  j:expect(#s:messages({ type = "message", nick = nick }, { since = mark }), 2)
  s:expect_none({ text = nick .. " left" }, { during = "50ms" })
  j:expect(s.closed, match.absent)
  s:close(1000, "bye")
  j:expect(s.closed, { code = match.type("integer") })
end)
