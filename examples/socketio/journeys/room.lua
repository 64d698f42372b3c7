-- Rooms over Socket.IO. The server pings every 300 ms and drops who has not answered in 200 ms.
local socketio = require "lib.socketio"

-- A client in a room, under a name of its own.
local function enter(j, who, room)
  local name = j:unique(who .. "-")
  local stream = socketio.connect(j:client(who))
  local welcome = socketio.emit(stream, "join", { room, name }, 1)
  return { name = name, stream = stream, members = welcome.members }
end

local function hears(guest, event, args, options)
  return guest.stream:expect({ type = "event", name = event, args = args }, options)
end

journey("what ben says reaches ana, once", {
  covers = { "room.speak" },
  tags = { "critical" },
}, function(j)
  local room = j:unique("room-")
  local ana = enter(j, "ana", room)
  local ben = enter(j, "ben", room)
  j:expect({ ana.members, ben.members }, { 1, 2 })
  hears(ana, "joined", { ben.name })
  socketio.emit(ben.stream, "say", { "hello" })
  hears(ana, "said", { ben.name, "hello" }, { exactly = 1 })
end)

journey("what is said in one room stays there", { covers = { "room.apart" } }, function(j)
  local here, there = j:unique("here-"), j:unique("there-")
  local ana, ben = enter(j, "ana", here), enter(j, "ben", here)
  local eve = enter(j, "eve", there)

  j:step("ben speaks, ana hears him", function()
    socketio.emit(ben.stream, "say", { "between us" })
    hears(ana, "said", { ben.name, "between us" })
  end)

  j:step("eve, who does hear her own room, heard nothing of it", function()
    socketio.emit(eve.stream, "say", { "is anybody here?" })
    hears(eve, "said", { eve.name, "is anybody here?" })
    eve.stream:expect_none({ type = "event", name = "said", args = { ben.name, match.any } }, { during = "300ms" })
  end)
end)

-- Ways to go away, and the reason that the server gives for each.
local ways = {
  { "a packet", "client namespace disconnect", function(stream) stream:send { type = "disconnect" } end },
  { "a close frame", "transport close", function(stream) stream:close() end },
  { "silence", "ping timeout", function(stream) stream:freeze() end },
}

for _, way in ipairs(ways) do
  local by, reason, leave = table.unpack(way)
  journey("leaving by " .. by .. " is announced, once", { covers = { "room.leave" } }, function(j)
    local room = j:unique("room-")
    local ana, ben = enter(j, "ana", room), enter(j, "ben", room)
    leave(ben.stream)
    hears(ana, "left", { ben.name, reason }, { exactly = 1, within = "3s" })
  end)
end
