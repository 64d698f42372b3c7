-- What one person puts on the shelf another one gets, to the last byte.

-- Uploads a file as a browser's form does.
local function upload(client, file)
  return client:post("/files", { multipart = { comment = "from a journey", file = file } })
end

-- Uploads a file that must be taken, and takes it away again afterwards; gives its path.
local function put_away(j, client, file)
  local res = upload(client, file):expect {
    status = 201,
    headers = { location = match.regex("^/files/") },
    json = { name = file.filename, size = #file.body, sha256 = hex.encode(hash.sha256(file.body)) },
  }
  local path = res.headers.location
  j:defer(function() client:delete(path):expect { status = 204 } end)
  return path
end

-- Bugs of copying live at the borders of blocks, so there are sizes on both sides of them.
local KB64 = 65536

for _, size in ipairs { 0, 1, KB64 - 1, KB64, KB64 + 1, 3 * KB64 + 1000 } do
  journey("a file comes back whole: " .. size .. " bytes", {
    covers = { "files.upload" },
    tags = { "critical" },
  }, function(j)
    local ana, ben = j:client("ana"), j:client("ben")
    local bytes = j.random:bytes(size)

    local path = j:step("ana uploads it", function()
      return put_away(j, ana, { filename = "photo.png", type = "image/png", body = bytes })
    end)

    j:step("ben gets what ana sent", function()
      local res = ben:get(path):expect { status = 200, headers = { ["content-type"] = "image/png" } }
      j:expect(#res.bytes, size, "ben got a file of another length")
      j:expect(hex.encode(hash.sha256(res.bytes)), hex.encode(hash.sha256(bytes)), "ben got other bytes")
    end)
  end)
end

journey("a file keeps its name, whatever the alphabet", { covers = { "files.name" } }, function(j)
  local ana, ben = j:client("ana"), j:client("ben")
  j:each({ "notes.txt", "two words.txt", "Übergrößen.txt", "отчёт.txt", "写真.txt" }, function(name)
    local path = put_away(j, ana, { filename = name, type = "text/plain", body = name })
    ben:get(path):expect {
      status = 200,
      headers = { ["content-disposition"] = "attachment; filename*=UTF-8''" .. url.encode(name) },
      text = name,
    }
  end)
end)

journey("the largest file is taken, one byte more is refused", { covers = { "files.limit" } }, function(j)
  local ana = j:client("ana")
  local most = ("x"):rep(j.vars.most_bytes)

  put_away(j, ana, { filename = "most.txt", type = "text/plain", body = most })
  upload(ana, { filename = "more.txt", type = "text/plain", body = most .. "x" }):expect {
    status = 413,
    json = { error = match.contains(tostring(j.vars.most_bytes)) },
  }
end)

journey("what is no picture, text or PDF is refused", { covers = { "files.type" } }, function(j)
  local ana = j:client("ana")
  upload(ana, { filename = "tool.exe", type = "application/x-msdownload", body = "MZ" }):expect { status = 415 }
  ana:post("/files", { multipart = { comment = "no file" } }):expect { status = 400 }
  ana:post("/files", { json = { file = "no form" } }):expect { status = 400 }
end)
