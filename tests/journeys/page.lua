-- Pages by selector, and their forms: elements found and not found, a form sent.
journey("a page is looked at, its form is sent", { tags = { "engine" } }, function(j)
  local page = j:client("a"):get("chat:/chat"):expect { status = 200 }
  page:select("h1"):expect { text = "DEAD//CHAT" }
  local lines = page:select("#lines"):expect { text = "", attrs = { role = "log" } }
  j:expect(lines:attr("aria-live"), "polite")
  j:expect(page:select("p"):select("#state").text, "connecting")
  j:expect(page:select_all("p > span"), match.length(2))
  j:expect(page:select("p"):select_all("span")[2].attrs.id, "count")

  j:expect(page:select_all("table"), match.length(0))
  j:expect_error({ kind = "unreadable", message = match.contains("table") },
    function() return page:select("table").text end)
  j:expect_error({ kind = "unreadable" }, function() return lines:attr("href") end)
  j:expect_error({ kind = "expectation" }, function() lines:expect { attrs = { role = "list" } } end)

  j:expect_error({ kind = "unreadable" }, function() page:form("#login") end)
  j:expect_error({ kind = "unreadable", message = match.contains("nick") },
    function() page:form("#form"):submit { nick = "ann" } end)
  page:form():submit():expect { status = 200, request = { method = "GET" }, url = match.contains("/chat") }
end)
