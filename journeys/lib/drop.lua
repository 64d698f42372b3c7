-- What the journeys through the drop have in common. A file without a `journey` is a library.
local drop = {}

-- A user at home: the drop takes ten secrets of one address in a while, so everybody has an address.
function drop.user(j, name)
  return j:client(name, { headers = { ["x-real-ip"] = j:unique_ip() } })
end

-- A secret as a browser sends it. It is encrypted there, so that the drop sees no more than this.
function drop.sealed(j)
  return { ciphertext = j:unique("sealed-"), iv = j:unique("iv-"), ttl_hours = 24 }
end

function drop.post(user, secret)
  return user:post("drop:/drop/api/create", { json = secret })
end

function drop.read(user, id)
  return user:get("drop:/drop/api/secret/" .. id)
end

-- Leaves a secret and gives its id. What nobody has read by the end is burned then.
function drop.create(j, user, secret)
  local id = drop.post(user, secret):expect({ status = 200, json = { id = match.uuid } }).json.id
  j:defer(function() drop.read(user, id) end)
  return id
end

function drop.expect_gone(user, id)
  drop.read(user, id):expect { status = 404, json = { error = match.type("string") } }
end

-- What the drop says it holds. Everybody's: only for journeys that hold the drops alone.
function drop.active(user)
  return user:get("drop:/drop/health"):expect({ status = 200 }).json.active_drops
end

return drop
