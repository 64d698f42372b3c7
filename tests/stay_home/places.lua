-- Every place of a request or a stream that can carry a text, and every form of a text that is
-- masked. Each journey tries one form in one place, and must be refused.

local forms = {
  plain = function(s) return s end,
  base64 = base64.encode,
  ["base64 after one"] = function(s) return base64.encode("a" .. s .. "bc") end,
  ["base64url after two"] = function(s) return base64url.encode("ab" .. s) end,
  percent = url.encode,
  ["percent twice"] = function(s) return url.encode(url.encode(s)) end,
  json = json.encode,
  ["json twice"] = function(s) return json.encode(json.encode(s)) end,
  html = html.encode,
}

-- What is no token, or no value of a cookie, can only go there in base64url.
local token = { ["base64url after two"] = true }

local HOST = FOREIGN:sub(8)

local function socket(c, o) return c:websocket(FOREIGN .. "/ws", o) end

local places = {
  ["the method"] = { function(c, s) c:request(s, FOREIGN .. "/") end, only = token },
  ["the path"] = { function(c, s) c:get(FOREIGN .. "/a/" .. s .. "/b") end },
  ["the query of the path"] = { function(c, s) c:get(FOREIGN .. "/?q=" .. s) end },
  ["the option query"] = { function(c, s) c:get(FOREIGN .. "/", { query = { q = s } }) end },
  ["the name of a query"] = { function(c, s) c:get(FOREIGN .. "/", { query = { [s] = 1 } }) end },
  ["the user of the URL"] = { function(c, s) c:get("http://" .. url.encode(s) .. ":x@" .. HOST) end },
  ["the password of the URL"] = { function(c, s) c:get("http://me:" .. url.encode(s) .. "@" .. HOST) end },
  ["a header"] = { function(c, s) c:get(FOREIGN .. "/", { headers = { ["x-a"] = { "no", s } } }) end },
  ["the name of a header"] = { function(c, s) c:get(FOREIGN .. "/", { headers = { [s] = "1" } }) end, only = token },
  ["a cookie"] = { function(c, s) c:get(FOREIGN .. "/", { cookies = { a = s } }) end, only = token },
  ["the header cookie"] = { function(c, s) c:get(FOREIGN .. "/", { headers = { cookie = "a=" .. s } }) end },
  ["bearer"] = { function(c, s) c:get(FOREIGN .. "/", { bearer = s }) end },
  ["basic"] = { function(c, s) c:get(FOREIGN .. "/", { basic = { user = "me", password = s } }) end },
  ["digest"] = { function(c, s) c:get(FOREIGN .. "/", { digest = { user = "me", password = s } }) end },
  ["json"] = { function(c, s) c:post(FOREIGN .. "/", { json = { deep = { s } } }) end },
  ["the key of a json"] = { function(c, s) c:post(FOREIGN .. "/", { json = { [s] = 1 } }) end },
  ["form"] = { function(c, s) c:post(FOREIGN .. "/", { form = { a = s } }) end },
  ["multipart"] = { function(c, s) c:post(FOREIGN .. "/", { multipart = { a = s } }) end },
  ["a file"] = { function(c, s) c:post(FOREIGN .. "/", { multipart = { a = { filename = "a", body = "\0" .. s } } }) end },
  ["body"] = { function(c, s) c:put(FOREIGN .. "/", { body = "before" .. s .. "after" }) end },
  ["chunks"] = {
    function(c, s) c:put(FOREIGN .. "/", { body = { s:sub(1, #s // 2), s:sub(#s // 2 + 1) } }) end,
  },
  -- What answers is no event stream, which is not asked here.
  ["events"] = { function(c, s) pcall(c.events, c, FOREIGN .. "/", { last_event_id = s }) end },
  ["lines"] = { function(c, s) c:lines(FOREIGN .. "/", { query = { q = s } }) end },
  ["the query of a websocket"] = { function(c, s) socket(c, { query = { q = s } }) end },
  ["a header of a websocket"] = { function(c, s) socket(c, { headers = { ["x-a"] = s } }) end },
  ["a subprotocol"] = { function(c, s) socket(c, { subprotocols = { "v1", s } }) end, only = token },
  ["a message"] = { function(c, s) socket(c):send("before" .. s) end },
  ["a binary message"] = { function(c, s) socket(c):send("\xff" .. s, { binary = true }) end },
  ["a json message"] = { function(c, s) socket(c):send({ text = s }) end },
  ["what encode makes"] = { function(c, s) socket(c, { encode = function() return s end }):send("x") end },
  ["two messages"] = {
    function(c, s)
      local ws = socket(c)
      ws:send(s:sub(1, #s // 2))
      ws:send(s:sub(#s // 2 + 1))
    end,
  },
  ["a ping"] = { function(c, s) socket(c):ping(s) end },
  ["a frame"] = { function(c, s) socket(c):send_frame { opcode = 1, mask = false, payload = s } end },
  ["the reason of a close"] = { function(c, s) socket(c):close(1000, s) end },
  ["an answer"] = {
    function(c, s) socket(c, { answer = function(v) if v == "hello" then return s end end }):expect("heard") end,
  },
  ["a heartbeat"] = {
    function(c, s) socket(c, { heartbeat = { every = "1ms", send = s } }):expect("heard") end,
  },
}

for place, it in pairs(places) do
  for name, form in pairs(forms) do
    if not it.only or it.only[name] then
      journey(place .. ", " .. name, { owner = "me" }, function(j)
        it[1](j:client("c"), form(j.secrets.token))
      end)
    end
  end
end
