-- Streams: how a client opens one, and what can be done with it.
local host, core = ...

local methods = {
  expect = "wait", expect_next = "wait", expect_none = "wait", expect_all = "wait", expect_sequence = "wait",
  expect_close = "wait",
  ping = "act", close = "act", abort = "act", vanish = "act", half_close = "act", freeze = "act", thaw = "act",
  blackhole = "act", send = "act", send_frame = "act",
  messages = "messages", mark = "mark",
}

local function messages(self, pattern, options) return host.messages(self.stream_id, pattern, options) end
local function mark(self) return host.mark(self.stream_id) end

local function make(call, kind)
  if kind == "wait" then
    return function(self, pattern, options) return host.wait(self.stream_id, call, pattern, options) end
  end
  if kind == "act" then
    return function(self, ...) return host.act(self.stream_id, call, ...) end
  end
  return kind == "mark" and mark or messages
end

local Stream = core.class("stream", methods, {
  closed = function(self) return host.closed(self.stream_id) end,
  response = function(self) return self.opened.response end,
  subprotocol = function(self) return self.opened.subprotocol end,
  url = function(self) return self.opened.url end,
  last_event_id = function(self) return host.last_event_id(self.stream_id) end,
}, make)

local opening = {}

function opening.websocket(self, path, options)
  local id, response, subprotocol, url = host.websocket(self.id, path, options)
  return setmetatable(
    { stream_id = id, label = self.label, opened = { response = response, subprotocol = subprotocol, url = url } }, Stream)
end

local function open_body(self, call, path, options)
  local id, response, url = host.open_body(self.id, call, path, options)
  return setmetatable({ stream_id = id, label = self.label, opened = { response = response, url = url } }, Stream)
end
function opening.events(self, path, options) return open_body(self, "events", path, options) end
function opening.lines(self, path, options) return open_body(self, "lines", path, options) end
function opening.chunks(self, path, options) return open_body(self, "chunks", path, options) end

return opening
