-- Socket.IO v4 (Engine.IO 4) over WebSocket. A packet is an Engine.IO digit, for messages followed
-- by a Socket.IO digit, perhaps "/namespace,", perhaps the digits of an ack id, and JSON.
local socketio = {}

local ENGINE = { ["0"] = "open", ["1"] = "close", ["2"] = "ping", ["3"] = "pong", ["4"] = "message", ["6"] = "noop" }
local SOCKET = { ["0"] = "connect", ["1"] = "disconnect", ["2"] = "event", ["3"] = "ack", ["4"] = "connect_error" }
local DIGIT = { connect = "40", disconnect = "41", event = "42", ack = "43", ping = "2", pong = "3" }

local function broken(raw)
  error { kind = "protocol", message = "no Socket.IO packet: " .. raw:sub(1, 80) }
end

-- A frame becomes { type, … }: an event has `name` and `args`, an ack `id` and `args`, all else `data`.
function socketio.decode(raw)
  local engine, rest = ENGINE[raw:sub(1, 1)], raw:sub(2)
  if not engine then broken(raw) end
  if engine ~= "message" then return { type = engine, data = rest ~= "" and engine == "open" and json.decode(rest) or nil } end
  local kind = SOCKET[rest:sub(1, 1)]
  if not kind then broken(raw) end
  local namespace, body = rest:match("^%d(/[^,]*),(.*)$")
  local id, text = (body or rest:sub(2)):match("^(%d*)(.*)$")
  local packet = { type = kind, namespace = namespace or "/", id = tonumber(id) }
  local data = text ~= "" and json.decode(text) or nil
  if kind == "event" then
    packet.name, packet.args = data[1], { table.unpack(data, 2) }
  elseif kind == "ack" then
    packet.args = data
  else
    packet.data = data
  end
  return packet
end

-- The way back: { type = "event", name, args, id? } and the other types as they are.
function socketio.encode(packet)
  local digit = DIGIT[packet.type]
  if not digit then error("`" .. tostring(packet.type) .. "` is no packet a client sends") end
  if packet.type ~= "event" then return digit end
  return digit .. (packet.id or "") .. json.encode { packet.name, table.unpack(packet.args or {}) }
end

-- Joins the default namespace when the server opens, and answers its pings: both while the script
-- waits elsewhere. A missing pong is what the server takes for a dead client.
function socketio.answer(packet)
  if packet.type == "open" then return { type = "connect" }, true end
  if packet.type == "ping" then return { type = "pong" }, true end
end

-- Opens a connection and waits until the server has accepted it.
function socketio.connect(client, path)
  local stream = client:websocket(path or "/socket.io/", {
    query = { EIO = "4", transport = "websocket" },
    decode = socketio.decode,
    encode = socketio.encode,
    answer = socketio.answer,
  })
  stream:expect({ type = "connect" }, { unless = { type = "connect_error" } })
  return stream
end

-- Sends an event; with an id the server acknowledges it, and what it says comes back.
function socketio.emit(stream, name, args, id)
  stream:send { type = "event", name = name, args = args, id = id }
  if id then return stream:expect { type = "ack", id = id }.args[1] end
end

return socketio
