-- What the journeys through the comments have in common. A file without a `journey` is a library.
local comments = {}

-- A visitor at home: an address has two comments in a while, so everybody has an address.
function comments.visitor(j, name)
  return j:client(name, { headers = { ["x-forwarded-for"] = j:unique_ip() } })
end

function comments.send(visitor, comment)
  return visitor:post("comments:/comments/", { json = comment })
end

-- Writes a comment below a post, and comes back when it was taken.
function comments.write(visitor, post, content)
  local comment = { post = post, name = "a visitor", content = content, url = "" }
  return comments.send(visitor, comment):expect { status = 201, json = { ok = true } }
end

-- The comments below a post, as readers get them.
function comments.list(visitor, post)
  return visitor:get("comments:/comments/", { query = { post = post } }):expect({ status = 200 }).json
end

function comments.count(visitor, post)
  return visitor:get("comments:/comments/count", { query = { post = post } }):expect({ status = 200 }).json.count
end

function comments.health(visitor)
  return visitor:get("comments:/comments/health"):expect { status = 200 }
end

return comments
