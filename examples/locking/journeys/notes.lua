-- Two people, one note: nobody's words get lost.

-- A note of this journey's own, gone afterwards whatever version it has by then.
local function new_note(j, client, text)
  local res = client:post("/notes", { json = { text = text } })
  res:expect { status = 201, headers = { etag = match.any, location = match.regex("^/notes/") } }
  local path = res.headers.location
  j:defer(function()
    client:delete(path, { headers = { ["if-match"] = "*" } }):expect { status = 204 }
  end)
  return path
end

-- Writes over the version with that ETag.
local function write(client, path, text, etag)
  return client:put(path, { json = { text = text }, headers = { ["if-match"] = etag } })
end

journey("who writes second is told, and merges", {
  covers = { "notes.edit", "notes.conflict" },
  tags = { "critical" },
}, function(j)
  local ana, ben = j:client("ana"), j:client("ben")
  local path = new_note(j, ana, "milk")

  local read = j:step("both read the same version", function()
    local a, b = ana:get(path), ben:get(path)
    j:expect(b.headers.etag, a.headers.etag)
    return a.headers.etag
  end)

  local written = j:step("ana writes first", function()
    return write(ana, path, "milk, eggs", read):expect {
      status = 200,
      headers = { etag = match.no(read) },
    }.headers.etag
  end)

  j:step("ben, who has not seen it, is refused", function()
    write(ben, path, "milk, bread", read):expect(
      { status = 412, headers = { etag = written } }, { message = "ben wrote over what ana wrote" })
    ana:get(path):expect { json = { text = "milk, eggs" } }
  end)

  j:step("ben reads again and adds his words", function()
    local now = ben:get(path):expect { json = { text = "milk, eggs" } }
    write(ben, path, now.json.text .. ", bread", now.headers.etag):expect { status = 200 }
    ana:get(path):expect { json = { text = "milk, eggs, bread" } }
  end)
end)

journey("of those who write at once exactly one wins", { covers = { "notes.conflict" } }, function(j)
  local owner = j:client("owner")
  local path = new_note(j, owner, "")
  local etag = owner:get(path).headers.etag

  local results = j:each({ "ana", "ben", "cem", "dia" }, function(name)
    local res = write(j:client(name), path, name, etag)
    return { name = name, status = res.status }
  end)

  local won, lost = { status = 200 }, { status = 412 }
  j:expect(results, match.unordered { won, lost, lost, lost }, "not exactly one was told that they won")
  for _, result in ipairs(results) do
    if result.status == 200 then
      owner:get(path):expect { json = { text = result.name } }
    end
  end
end)

journey("a note is written over only by who read it", { covers = { "notes.edit" } }, function(j)
  local ana = j:client("ana")
  local path = new_note(j, ana, "milk")

  j:step("without a version nothing is changed", function()
    ana:put(path, { json = { text = "eggs" } }):expect { status = 428 }
    ana:delete(path):expect { status = 428 }
    ana:get(path):expect { status = 200, json = { text = "milk" } }
  end)

  j:step("what never was cannot be written over", function()
    write(ana, "/notes/none", "eggs", "*"):expect { status = 404 }
  end)
end)

journey("who has the newest version is told so", { covers = { "notes.cache" } }, function(j)
  local ana = j:client("ana")
  local path = new_note(j, ana, "milk")
  local etag = ana:get(path).headers.etag
  local known = { headers = { ["if-none-match"] = etag } }

  ana:get(path, known):expect { status = 304, bytes = "", headers = { etag = etag } }
  write(ana, path, "eggs", etag):expect { status = 200 }
  ana:get(path, known):expect { status = 200, json = { text = "eggs" } }
end)
