-- A member's way in and out, and the ways that must stay closed.

-- Fills the page's form as a browser does: the hidden token goes along by itself.
local function log_in(client, password)
  local page = client:get("/login"):expect { status = 200 }
  return page:form("#login"):submit { user = "ann", password = password }
end

-- Who is not a member is sent to the login.
local function is_outside(client, message)
  client:get("/members", { follow = false }):expect(
    { status = 303, headers = { location = "/login" } }, { message = message })
end

journey("who logs out is out, with the old cookie too", {
  covers = { "login", "logout" },
  tags = { "critical" },
}, function(j)
  local ann = j:client("ann")

  local before = j:step("ann is a guest", function()
    is_outside(ann)
    return ann:get("/login").cookies.session
  end)

  local home = j:step("ann logs in", function()
    local home = log_in(ann, j.secrets.password):expect {
      status = 200,
      url = match.regex("/members$"),
      cookies = { session = match.no(before) },  -- whoever knew the guest's is not logged in with it
    }
    home:select("h1"):expect { text = "Welcome, ann" }
    return home
  end)
  local log_out = j:defer(function() return home:form("#logout"):submit() end)

  -- What somebody has who once looked over ann's shoulder.
  local copy = j:client("copy", { cookies = { session = j:secret(home.cookies.session) } })
  j:step("a copy of ann's cookie is as good as hers while she is in", function()
    copy:get("/members"):expect { status = 200 }
  end)

  j:step("ann logs out", function()
    log_out():expect { status = 200, url = match.regex("/login$") }
    is_outside(ann)
  end)

  j:step("the copy is worth nothing any more", function()
    is_outside(copy, "the session outlived the logout")
  end)
end)

journey("ann's phone stays in when her laptop goes out", { covers = { "sessions.apart" } }, function(j)
  local phone, laptop = j:client("phone"), j:client("laptop")

  local log_out = j:step("both log in", function()
    local log_out
    for _, client in ipairs { phone, laptop } do
      local home = log_in(client, j.secrets.password):expect { status = 200 }
      log_out = j:defer(function() return home:form("#logout"):submit() end)
    end
    return log_out      -- the laptop's; the phone's is for the end
  end)

  j:step("the laptop logs out", function()
    log_out():expect { status = 200 }
    is_outside(laptop)
  end)

  j:step("the phone is still in", function()
    phone:get("/members"):expect { status = 200, redirects = match.length(0) }
  end)
end)

journey("a wrong password is refused, and harms nobody", { covers = { "login.refused" } }, function(j)
  local ann, mallory = j:client("ann"), j:client("mallory")

  j:step("mallory guesses, and stays outside", function()
    local refused = log_in(mallory, j:unique("guess")):expect { status = 401 }
    refused:select(".error"):expect { text = "Wrong name or password" }
    is_outside(mallory)
  end)

  j:step("ann still gets in", function()
    local home = log_in(ann, j.secrets.password):expect { status = 200 }
    j:defer(function() home:form("#logout"):submit() end)
    home:select("h1"):expect { text = "Welcome, ann" }
  end)
end)

journey("a form without its own token is refused", { covers = { "forms.token" } }, function(j)
  local ann, other = j:client("ann"), j:client("other")
  local form = { user = "ann", password = j.secrets.password }

  j:step("without any", function()
    ann:get("/login"):expect { status = 200 }
    ann:post("/login", { form = form }):expect { status = 403 }
  end)

  j:step("with one that another visitor was given", function()
    form.token = other:get("/login"):select("input[name=token]"):attr("value")
    ann:post("/login", { form = form }):expect { status = 403 }
    is_outside(ann)
  end)
end)
