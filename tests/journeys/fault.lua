-- `j:fault` against the embedded target, over real connections. Each journey has the room to itself, so
-- that what is counted is its own.
local chat = require "lib.chat"

-- Two users and their sockets, and a word that no other message of the room has.
local function two(j)
  local ann, ben = chat.user(j, "ann"), chat.user(j, "ben")
  chat.wait_until_empty(j, ann)
  local nick = j:unique("ben")
  local a = chat.join(ann, j:unique("ann"))
  local b = chat.join(ben, nick)
  a:expect { type = "system", text = nick .. " joined" }
  b:expect { type = "system", text = nick .. " joined" }
  return ann, ben, a, b, j:unique("word") .. " ", nick
end

journey("what is lost for one is heard by another", { lock = "room" }, function(j)
  local ann, _, a, b, word = two(j)
  local lossy = j:fault(ann, { loss = 1 })
  chat.say(b, word .. "lost")
  b:expect { text = word .. "lost" }
  j:eventually({ every = "5ms" }, function() j:expect(lossy.count, 1) end)
  lossy:stop()
  chat.say(b, word .. "heard")
  a:expect { text = word .. "heard" }
  j:expect(#a:messages { text = word .. "lost" }, 0)
end)

journey("what is sent can be lost as well", { lock = "room" }, function(j)
  local ann, _, a, b, word = two(j)
  local mute = j:fault(ann, { loss = 1, direction = "out" })
  chat.say(a, word .. "lost")
  j:expect(mute.count, 1)
  mute:stop()
  chat.say(a, word .. "heard")
  b:expect { text = word .. "heard" }
  j:expect(#b:messages { text = word .. "lost" }, 0)
end)

journey("who is cut off in mid-transfer is seen leaving", { lock = "room" }, function(j)
  local _, ben, a, b, word, nick = two(j)
  local cut = j:fault(ben, { cut = { bytes = 40 } })
  chat.say(a, word:rep(20))
  a:expect({ type = "system", text = nick .. " left" }, { exactly = 1 })
  b:expect_close { how = "reset" }
  j:expect(#b:messages { type = "message", text = match.contains(word) }, 0)
  j:expect(cut.count, 1)
  local again = chat.join(ben, j:unique("ben"))
  chat.say(a, word .. "welcome back")
  again:expect { text = word .. "welcome back" }
end)

journey("a cut behind a message lets it through", { lock = "room" }, function(j)
  local _, ben, a, b, word, nick = two(j)
  local cut = j:fault(ben, { cut = { messages = 1 } })
  chat.say(a, word .. "last")
  b:expect { text = word .. "last" }
  b:expect_close { how = "reset" }
  a:expect({ type = "system", text = nick .. " left" }, { exactly = 1 })
  j:expect(cut.count, 1)
end)

journey("latency delays and keeps the order", { lock = "room" }, function(j)
  local _, ben, a, b, word = two(j)
  j:fault(ben, { latency = "100ms", jitter = "40ms" })
  local before = j:elapsed()
  for number = 1, 5 do chat.say(a, word .. number) end
  local _, at_once = a:expect { text = word .. 5 }
  local _, late = b:expect { text = word .. 1 }
  j:expect_before(at_once, late)
  b:expect_sequence { { text = word .. 2 }, { text = word .. 3 }, { text = word .. 4 }, { text = word .. 5 } }
  j:expect(j:elapsed() - before, match.gte(0.1))
end)

journey("only as many are changed as it says", { lock = "room" }, function(j)
  local _, ben, a, b, word = two(j)
  local ours = { type = "message", text = match.regex("^" .. word .. "\\d") }
  local drop = j:fault(ben, { operator = "message-dropped", message = ours, times = 1 })
  for _, text in ipairs { "other", "1", "2" } do chat.say(a, word .. text) end
  b:expect { text = word .. "other" }
  b:expect { text = word .. "2" }
  j:expect(#b:messages { text = word .. "1" }, 0)
  j:expect(drop.count, 1)
  j:fault(ben, { operator = "message-duplicated", message = ours, times = 1 })
  chat.say(a, word .. "3")
  chat.say(a, word .. "4")
  b:expect({ text = word .. "3" }, { exactly = 2, settle = "50ms" })
  b:expect({ text = word .. "4" }, { exactly = 1, settle = "50ms" })
end)

journey("messages are changed in one place, or go to another", { lock = "room" }, function(j)
  local ann, ben, a, b, word = two(j)
  local ours = { type = "message", text = match.contains(word) }
  j:fault(ben, { operator = "text-empty", message = ours, path = "text", times = 1 })
  chat.say(a, word .. "first")
  b:expect { type = "message", text = "" }
  j:fault(ben, { operator = "message-misdelivered", message = ours, to = ann, times = 1 })
  chat.say(b, word .. "second")
  a:expect({ text = word .. "second" }, { exactly = 2, settle = "50ms" })
  j:expect(#b:messages { text = word .. "second" }, 0)
end)

journey("a stream is said to be over", { lock = "room" }, function(j)
  local _, ben, _, b, word = two(j)
  j:fault(ben, { operator = "closed-early", message = { text = word .. "last" } })
  chat.say(b, word .. "last")
  b:expect_close()
end)

journey("answers are changed by their request", {}, function(j)
  local ann, ben = j:client("ann"), j:client("ben")
  local flip = j:fault(ann, { operator = "status-flipped", request = "GET /chat/health", status = 503, times = 1 })
  ann:get("drop:/drop/health"):expect { status = 200 }
  ben:get("chat:/chat/health"):expect { status = 200 }
  ann:get("chat:/chat/health"):expect { status = 503 }
  ann:get("chat:/chat/health"):expect { status = 200 }
  j:expect(flip.count, 1)
  local zero = j:fault(ann, { operator = "boolean-flipped", request = "GET /chat/health", path = "ok" })
  ann:get("chat:/chat/health"):expect { json = { ok = false } }
  zero:stop()
  ann:get("chat:/chat/health"):expect { json = { ok = true } }
  local slow = j:fault(ann, { latency = "120ms" })
  local before = j:elapsed()
  ann:get("chat:/chat/health"):expect { status = 200 }
  j:expect(j:elapsed() - before, match.gte(0.12))
  j:expect(slow.count, 1)
end)
