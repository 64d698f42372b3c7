-- The health of the comments: what it says, and what it hides.
local comments = require "lib.comments"

local function options(feature)
  return {
    covers = { feature },
    tags = { "comments", "health" },
    owner = "comments-team",
    runbook = "https://runbooks.example.com/comments-health",
  }
end

journey("health says that comments can be stored", options "comments.health", function(j)
  -- The status is 200 whatever is wrong: whoever looks at it alone sees nothing.
  comments.health(j:client("visitor")):expect {
    headers = { ["content-type"] = match.contains("application/json") },
  }
end)

journey("nonsense is refused, and brings nothing down", options "comments.robustness", function(j)
  local eve = comments.visitor(j, "eve")

  -- A service that crashes is started again at once, and its health is green. Only the time it has
  -- been up goes back, which nobody can see in its first second.
  local before = j:step("the service has been up for a while", function()
    return j:eventually({ every = "50ms" }, function()
      local health = comments.health(eve).json
      return j:expect(health.uptime_seconds, match.gte(1))
    end)
  end)

  j:soft("a name that is no text is refused", function()
    comments.send(eve, { post = j:unique("post-"), name = 5, content = "hi" })
      :expect { status = 400, json = { error = "Invalid JSON" } }
  end)

  j:step("the service has not been started again", function()
    comments.health(eve):expect { json = { uptime_seconds = match.gte(before) } }
  end)
end)
