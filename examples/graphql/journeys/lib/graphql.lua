-- GraphQL: operations by POST, subscriptions over WebSocket by the protocol graphql-transport-ws.
local graphql = {}

-- Sends an operation and gives its data; an answer with `errors` fails the journey.
function graphql.ask(client, path, query, variables)
  return client:post(path, { json = { query = query, variables = variables } })
    :expect({ status = 200, json = { errors = match.absent, data = match.any } }).json.data
end

-- Every message of the protocol is an object with a type of it.
local KINDS = { connection_ack = true, ping = true, pong = true, next = true, error = true, complete = true }

function graphql.decode(raw)
  local message = json.decode(raw)
  if type(message) ~= "table" or not KINDS[json.get(message, "type")] then
    error { kind = "protocol", message = "no message of graphql-transport-ws: " .. raw:sub(1, 80) }
  end
  return message
end

-- A ping of the protocol is answered while the script waits elsewhere; the answer takes it.
function graphql.answer(message)
  if message.type == "ping" then return { type = "pong" }, true end
end

-- Opens a connection that subscriptions can share, and waits until the server has accepted it.
function graphql.connect(client, path, payload)
  local stream = client:websocket(path, {
    subprotocols = { "graphql-transport-ws" },
    decode = graphql.decode,
    answer = graphql.answer,
  })
  stream:send { type = "connection_init", payload = payload }
  stream:expect { type = "connection_ack" }
  return stream
end

-- Subscribes under an id of one's own.
function graphql.subscribe(stream, id, query, variables)
  stream:send { type = "subscribe", id = id, payload = { query = query, variables = variables } }
end

-- The next data of a subscription that matches; an error of the subscription ends the wait.
function graphql.next(stream, id, data, options)
  options = options or {}
  options.unless = options.unless or { type = "error", id = id }
  return stream:expect({ type = "next", id = id, payload = { data = data } }, options).payload.data
end

function graphql.complete(stream, id)
  stream:send { type = "complete", id = id }
end

return graphql
