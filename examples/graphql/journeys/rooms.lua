-- Rooms to speak and listen in; a connection can listen to several.
local graphql = require "lib.graphql"

local SAY = "mutation Say($room: String!, $by: String!, $text: String!) { say(room: $room, by: $by, text: $text) { by text } }"
local MESSAGES = "query Messages($room: String!) { messages(room: $room) { by text } }"
local SAID = "subscription Said($room: String!) { said(room: $room) { by text } }"

local function say(client, room, by, text)
  local data = graphql.ask(client, "/graphql", SAY, { room = room, by = by, text = text })
  return data.say
end

-- Listens, and makes sure of it: a subscription is not acknowledged, so its first message is.
local function listen(j, stream, id, room)
  graphql.subscribe(stream, id, SAID, { room = room })
  local herald = j:client("herald of " .. id)
  local mark = stream:mark()
  j:eventually({ within = "5s", every = "50ms" }, function()
    say(herald, room, "herald", "are you there?")
    graphql.next(stream, id, { said = { by = "herald" } }, { within = "200ms", since = mark })
  end)
end

journey("what is said is heard, and kept", {
  covers = { "rooms.speak", "rooms.hear" },
  tags = { "critical" },
}, function(j)
  local room, words = j:unique("room-"), j:unique("hello-")
  local ana, ben = j:client("ana"), j:client("ben")
  local stream = graphql.connect(ana, "/graphql")
  listen(j, stream, "room", room)

  j:step("ben speaks, ana hears it once", function()
    say(ben, room, "ben", words)
    graphql.next(stream, "room", { said = { by = "ben", text = words } }, { exactly = 1 })
  end)

  j:step("who comes later reads it", function()
    local data = graphql.ask(j:client("cem"), "/graphql", MESSAGES, { room = room })
    j:expect(data.messages, match.contains { by = "ben", text = words })
  end)
end)

journey("who leaves one room still hears the other", {
  covers = { "rooms.leave", "rooms.hear" },
}, function(j)
  local kitchen, garden = j:unique("kitchen-"), j:unique("garden-")
  local ana, ben = j:client("ana"), j:client("ben")
  local stream = graphql.connect(ana, "/graphql")
  listen(j, stream, "kitchen", kitchen)
  listen(j, stream, "garden", garden)

  j:step("ana leaves the kitchen", function()
    graphql.complete(stream, "kitchen")
    -- The server takes messages in order: its answer to this comes behind the leaving.
    stream:send { type = "ping" }
    stream:expect { type = "pong" }
  end)

  local left = stream:mark()
  j:step("what is said in the garden reaches her", function()
    say(ben, garden, "ben", "the roses are out")
    graphql.next(stream, "garden", { said = { text = "the roses are out" } }, { within = "2s" })
  end)

  j:step("what is said in the kitchen does not", function()
    say(ben, kitchen, "ben", "dinner is ready")
    stream:expect_none({ type = "next", id = "kitchen" }, { during = "300ms", since = left })
  end)
end)

journey("a connection outlives its pings while ana waits elsewhere", { covers = { "rooms.hear" } }, function(j)
  local room = j:unique("room-")
  local stream = graphql.connect(j:client("ana"), "/graphql")
  listen(j, stream, "room", room)
  j:sleep("1500ms") -- longer than the server waits for a pong
  say(j:client("ben"), room, "ben", "still there?")
  graphql.next(stream, "room", { said = { text = "still there?" } })
end)

journey("what the schema does not know is refused", { covers = { "rooms.refused" } }, function(j)
  local ana = j:client("ana")
  ana:post("/graphql", { json = { query = "{ secrets }" } }):expect {
    status = 200,
    json = { data = match.absent, errors = match.contains { message = match.contains("secrets") } },
  }
  local stream = graphql.connect(ana, "/graphql")
  graphql.subscribe(stream, "x", "subscription { secrets }")
  stream:expect { type = "error", id = "x" }
  graphql.subscribe(stream, "x", SAID, { room = j:unique("room-") })
  graphql.subscribe(stream, "x", SAID, { room = j:unique("room-") })
  stream:expect_close { code = 4409 }
end)
