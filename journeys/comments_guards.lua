-- What keeps comments clean: each guard must catch what it is for, and nobody else.
local comments = require "lib.comments"

local function options(feature)
  return { covers = { feature }, tags = { "comments", "limits" }, owner = "comments-team" }
end

journey("a double click is one comment", options "comments.duplicates", function(j)
  local ana, post, words = comments.visitor(j, "ana"), j:unique("post-"), j:unique("hello-")
  local function click() comments.write(ana, post, words) end

  j:parallel { click, click }
  j:expect(comments.list(ana, post), { { content = words } })
end)

journey("two visitors may say the same", options "comments.duplicates", function(j)
  local ana, ben = comments.visitor(j, "ana"), comments.visitor(j, "ben")
  local post = j:unique("post-")

  comments.write(ana, post, "Thanks!")
  comments.write(ben, post, "Thanks!")
  j:expect(comments.list(ana, post), { { content = "Thanks!" }, { content = "Thanks!" } })
end)

journey("an address has two comments in a while", options "comments.limits", function(j)
  local eve, post = comments.visitor(j, "eve"), j:unique("post-")

  j:step("a bad request costs nothing", function()
    for _ = 1, 3 do
      comments.send(eve, { post = post, name = "a visitor", content = " " })
        :expect { status = 400, json = { error = "Comment cannot be empty" } }
    end
  end)

  j:step("eve writes twice, and not again", function()
    comments.write(eve, post, "one")
    comments.write(eve, post, "two")
    comments.send(eve, { post = post, name = "a visitor", content = "three" })
      :expect { status = 429, json = { error = "Too many comments. Please wait a while." } }
  end)

  j:step("ana, at home elsewhere, is not held up", function()
    comments.write(comments.visitor(j, "ana"), post, "four")
    j:expect(comments.list(eve, post), { { content = "one" }, { content = "two" }, { content = "four" } })
  end)
end)

journey("a robot is thanked, and nothing of it kept", options "comments.spam", function(j)
  local robot, post = comments.visitor(j, "robot"), j:unique("post-")

  -- The form has a field that no human sees. The status says that all went well, on purpose.
  comments.send(robot, { post = post, name = "robot", content = "buy", url = "https://spam.example" })
    :expect { status = 200, json = { ok = true } }
  j:expect(#comments.list(robot, post), 0, "comments kept")
end)
