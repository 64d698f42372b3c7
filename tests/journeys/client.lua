-- Clients against the embedded target: paths, services, headers, jars.
journey("a client finds its services", { tags = { "engine" } }, function(j)
  local a = j:client("a")
  j:expect(a.name, "a")
  a:get("/chat/health"):expect { status = 200 }
  a:get("chat:/chat/health"):expect { status = 200 }
  a:get(j.target.url .. "/chat/health"):expect { status = 200 }
  j:client("b", { base = "chat" }):get("/chat/health"):expect { status = 200 }
  a:head("/chat/health"):expect { status = 200 }
  a:get("/no/such/page"):expect { status = 404 }
  a:request("GET", "/chat/health", { query = { q = { "1", "2" } } })
    :expect { status = 200, url = match.regex("\\?q=1&q=2$") }
end)
