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

-- The comments below a post, as readers get them. All of those that are written here are of one name.
function comments.list(visitor, post)
  return visitor:get("comments:/comments/", { query = { post = post } }):expect({
    status = 200,
    json = match.each { id = match.regex("^[0-9a-f]{16}$"), name = "a visitor", ts = match.gt(0) },
  }).json
end

function comments.count(visitor, post)
  return visitor:get("comments:/comments/count", { query = { post = post } }):expect({ status = 200 }).json.count
end

function comments.health(visitor)
  return visitor:get("comments:/comments/health"):expect {
    status = 200,
    json = {
      ok = true,
      service = "comments",
      version = match.regex([[^\d+\.\d+$]]),
      storage = { readable = true, writable = true, stored_posts = match.gte(0), error = json.null },
      uptime_seconds = match.gte(0),
      ts = match.gt(0),
    },
  }
end

return comments
