-- What is written below a post, and what others read of it.
local comments = require "lib.comments"

local function options(...)
  return { covers = { ... }, tags = { "comments" }, owner = "comments-team" }
end

journey("what ana writes ben reads", options "comments.stored", function(j)
  local ana, ben = comments.visitor(j, "ana"), comments.visitor(j, "ben")
  local post, words = j:unique("post-"), j:unique("hello-")
  j:expect(#comments.list(ben, post), 0, "comments before")

  local id = j:step("ana writes", function()
    return comments.write(ana, post, words):expect({ json = { id = match.regex("^[0-9a-f]{16}$") } }).json.id
  end)

  j:step("ben reads it", function()
    j:expect(comments.list(ben, post), {
      { id = id, name = "a visitor", content = words, ts = match.gt(0) },
    })
  end)

  j:step("it stands below no other post", function()
    j:expect(#comments.list(ben, j:unique("post-")), 0)
  end)
end)

journey("comments stand in the order they came, all counted", options("comments.order", "comments.count"), function(j)
  local post, reader, words = j:unique("post-"), comments.visitor(j, "reader"), {}

  j:step("three visitors write, one after the other", function()
    for number = 1, 3 do
      words[number] = j:unique("word-")
      comments.write(comments.visitor(j, "visitor " .. number), post, words[number])
    end
  end)

  j:step("the oldest stands first", function()
    j:expect(comments.list(reader, post), {
      { content = words[1] }, { content = words[2] }, { content = words[3] },
    })
  end)

  j:step("as many are counted as are listed", function()
    j:expect(comments.count(reader, post), 3)
  end)
end)

journey("as much is kept as the form invites", options("comments.length", "comments.page"), function(j)
  local ana, ben = comments.visitor(j, "ana"), comments.visitor(j, "ben")
  local post = j:unique("post-")

  local most = j:step("the form says how much", function()
    local page = ana:get("comments:/comments/", { headers = { accept = "text/html" } }):expect {
      status = 200,
      headers = { ["content-type"] = match.contains("text/html"), ["x-content-type-options"] = "nosniff" },
      text = match.regex("</html>\\s*$"),
    }
    local most = math.tointeger(page:select("textarea[name=content]"):attr("maxlength"))
    return j:expect(most, match.gte(1))
  end)

  j:step("more is cut there, and in any alphabet", function()
    comments.write(ana, post, string.rep("x", most + 500))
    comments.write(ben, post, string.rep("é", most))
    j:expect(comments.list(ben, post), {
      { content = string.rep("x", most) },
      { content = string.rep("é", most) },
    })
  end)
end)
