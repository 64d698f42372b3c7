-- What the journeys through the drop have in common. A file without a `journey` is a library.
local drop = {}

-- What the drop says with every answer. The key of a secret stands in its link, which no other site and
-- no cache may see.
drop.headers = {
  ["x-content-type-options"] = "nosniff",
  ["x-frame-options"] = "DENY",
  ["referrer-policy"] = "no-referrer",
  ["content-security-policy"] = "default-src 'self'",
  ["cache-control"] = "no-store",
  ["permissions-policy"] = match.contains("camera=()"),
}

-- A page of the drop, as a pattern.
drop.page = { status = 200, headers = { ["content-type"] = match.contains("text/html") } }
for name, value in pairs(drop.headers) do drop.page.headers[name] = value end

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

function drop.expect_secret(user, id, secret)
  drop.read(user, id):expect { status = 200, json = { ciphertext = secret.ciphertext, iv = secret.iv } }
end

-- Leaves a secret and gives its id. What nobody has read by the end is burned then.
function drop.create(j, user, secret)
  local id = drop.post(user, secret):expect({ status = 200, json = { id = match.uuid } }).json.id
  j:defer(function() drop.read(user, id) end)
  return id
end

function drop.expect_gone(user, id)
  drop.read(user, id):expect { status = 404, json = { error = "Not found or already read." } }
end

function drop.health(user)
  return user:get("drop:/drop/health"):expect {
    status = 200,
    json = {
      ok = true,
      service = "dead-drop",
      version = match.regex([[^\d+\.\d+$]]),
      active_drops = match.gte(0),
      storage = { readable = true, writable = true, error = json.null },
      uptime_seconds = match.gte(0),
      ts = match.gt(0),
    },
  }
end

-- What the drop says it holds. Everybody's: only for journeys that hold the drops alone.
function drop.active(user)
  return drop.health(user).json.active_drops
end

return drop
