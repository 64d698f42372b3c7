-- One journey per cell of the table: on each chat of the target, bob goes away in one way, and
-- alice says after how many seconds she was told.
local ways = {
  close_frame = function(b) b:close() end,
  reset = function(b) b:abort() end,
  fin = function(b) b:vanish() end,
  fin_then_talk = function(b, talk)
    b:vanish()
    talk()
  end,
  half_close = function(b) b:half_close() end,
  mute = function(b) b:freeze() end,
}

local function cell(version, way)
  journey(version .. "_" .. way, function(j)
    local service = version .. "_" .. way .. ":/chat/ws"
    local a = j:client("alice"):websocket(service, { query = { nick = "alice" } })
    a:expect { type = "system", text = "alice joined" }
    local b = j:client("bob"):websocket(service, { query = { nick = "bob" } })
    b:expect { type = "system", text = "bob joined" }
    a:expect { type = "system", text = "bob joined" }

    local gone = time.now()
    ways[way](b, function()
      for _, word in ipairs { "hello?", "bob?" } do
        a:send { type = "message", text = word }
        a:expect { type = "message", text = word }
      end
    end)
    local told, left = pcall(function()
      return a:expect({ type = "system", text = "bob left" }, { within = j.vars.four_pings })
    end)
    j:expect(a.closed, match.absent)        -- or she could not have been told
    -- The room's own clock says when: this machine may be busy.
    j:record(j.target.name .. "." .. version .. "_" .. way, told and left.ts / 1000 - gone or "never")
  end)
end

for _, version in ipairs { "v1_0", "mar_3", "mar_4", "newest" } do
  for way in pairs(ways) do cell(version, way) end
end
