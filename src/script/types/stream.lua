---@meta

---A message as it arrived.
---@class Message
---@field raw string The frame's bytes.
---@field kind "text"|"binary"
---@field at number When it arrived, in epoch seconds.
---@field seq integer Its place in the run-wide order.
---@field client string Name of the client it reached.
---@field value any What `decode` made of it.

---A place in a stream, for `since`. Only a stream's own marks are of use to it.
---@class Mark
---@field stream integer
---@field mark integer

---How a stream ended.
---@class Closed
---@field code integer The close code; 1005 for an empty close frame, 1006 for none.
---@field reason string The close frame's reason.
---@field how "close"|"fin"|"reset"|"end"

---Options of `:expect`.
---@class ExpectOptions
---@field within? Duration Default: the client's `within`.
---@field exactly? integer How many matches there are since the stream opened, or since `since`, taken or not.
---@field settle? Duration With `exactly`: how long to watch for one more. Default: `[run] settle`, 200 ms.
---@field since? Mark Only messages after this mark.
---@field unless? any A pattern: a match of it ends the wait as failed.

---Options of `:expect_next` and `:expect_close`.
---@class ExpectOneOptions
---@field within? Duration Default: the client's `within`.

---Options of `:expect_none`.
---@class ExpectNoneOptions
---@field during Duration How long to watch.
---@field since? Mark Only messages after this mark. Default: all since the stream opened.

---Options of `:expect_all` and `:expect_sequence`.
---@class ExpectSeveralOptions
---@field within? Duration For all together. Default: the client's `within`.
---@field unless? any A pattern: a match of it ends the wait as failed.
---@field since? Mark Only messages after this mark.

---Options of `:messages`.
---@class MessagesOptions
---@field since? Mark Only messages after this mark.

---Options of `:send`.
---@class SendOptions
---@field binary? boolean As a binary frame. Default: the stream's `binary`.

---A frame for `:send_frame`.
---@class Frame
---@field opcode integer 0 to 15: 1 is text, 2 binary, 8 close, 9 ping, 10 pong.
---@field fin? boolean Default: true.
---@field rsv? integer 0 to 7. Default: 0.
---@field mask? boolean Default: true.
---@field payload? string Default: nothing.

---A WebSocket, or the body of an answer: `events`, `lines`, `chunks`, which have `close`, `abort`, `freeze` and
---`blackhole` of the ways to go away. Messages are kept as they arrive, while the script does something else.
---@class Stream
---@field closed? Closed How it ended; nil while it is open.
---@field last_event_id? string Of an event stream: the id of the last event, at first the one given.
---@field response Response The answer that opened it.
---@field subprotocol? string The one that the server picked.
---@field url string
local Stream = {}

---The first message that matches and was not taken before, waiting for it if need be; it is taken.
---With `exactly`, counts instead, takes all that match and gives the last.
---Raises `expectation` if it is unmet, `closed` if the stream has ended, and what stopped the stream.
---
---```lua
---bob:expect({ type = "system" }, { within = "2s", exactly = 1 })
---```
---@param pattern any
---@param options? ExpectOptions
---@return any value
---@return Message message
function Stream:expect(pattern, options) end

---The first message after the one that the last `expect…` took must match.
---Raises `expectation` if it is unmet, `closed` if the stream has ended, and what stopped the stream.
---
---```lua
---socket:expect_next({ type = "identity" }, { within = "1s" })
---```
---@param pattern any
---@param options? ExpectOneOptions
---@return any value
---@return Message message
function Stream:expect_next(pattern, options) end

---No message matches: none that came, none during the time. Fails if none could have come.
---Raises `expectation` if it is unmet, `closed` if the stream has ended, and what stopped the stream.
---
---```lua
---socket:expect_none({ type = "error" }, { during = "1s", since = mark })
---```
---@param pattern any
---@param options ExpectNoneOptions
function Stream:expect_none(pattern, options) end

---A message for each pattern, in any order; two patterns never take one message.
---Raises `expectation` if it is unmet, `closed` if the stream has ended, and what stopped the stream.
---
---```lua
---local values = socket:expect_all({ { id = 1 }, { id = 2 } }, { within = "2s" })
---```
---@param patterns any[]
---@param options? ExpectSeveralOptions
---@return any[] values
---@return Message[] messages
function Stream:expect_all(patterns, options) end

---A message for each pattern, in this order; others may come in between.
---Raises `expectation` if it is unmet, `closed` if the stream has ended, and what stopped the stream.
---
---```lua
---socket:expect_sequence { { text = "one" }, { text = "two" } }
---```
---@param patterns any[]
---@param options? ExpectSeveralOptions
---@return any[] values
---@return Message[] messages
function Stream:expect_sequence(patterns, options) end

---Waits for the stream's end and expects something of it.
---Raises `expectation` if it is unmet, and what stopped the stream.
---
---```lua
---socket:expect_close({ code = 1008, how = "close" }, { within = "3s" })
---```
---@param pattern? any Over code, reason and how. Default: any end.
---@param options? ExpectOneOptions
---@return Closed
function Stream:expect_close(pattern, options) end

---What has come so far, taken or not, without waiting.
---Raises only what stopped the stream: an error in `decode`, `answer` or `heartbeat`, an overflow.
---
---```lua
---local joined = socket:messages({ type = "system" }, { since = mark })
---```
---@param pattern? any Default: all.
---@param options? MessagesOptions
---@return any[] values
---@return Message[] messages
function Stream:messages(pattern, options) end

---A place for `since`: after all that has come so far.
---Raises only what stopped the stream: an error in `decode`, `answer` or `heartbeat`, an overflow.
---
---```lua
---local mark = socket:mark()
---```
---@return Mark
function Stream:mark() end

---Sends a message; `encode` says how. Without it a table becomes JSON, a string goes as it is.
---Raises `closed` on a closed stream, `script` on one that is frozen or half-closed.
---
---```lua
---socket:send { type = "say", text = "hello" }
---```
---@param value any
---@param options? SendOptions
function Stream:send(value, options) end

---Sends one frame exactly as given, also one that no client may send.
---Raises `closed` on a closed stream, `script` on one that is frozen or half-closed.
---
---```lua
---socket:send_frame { opcode = 1, fin = false, payload = "hel" }
---```
---@param frame Frame
function Stream:send_frame(frame) end

---Sends a ping.
---Raises `closed` on a closed stream, `script` on one that is frozen or half-closed.
---
---```lua
---socket:ping("still there?")
---```
---@param payload? string Default: nothing.
function Stream:ping(payload) end

---Sends a close frame and waits for the answer. On a closed stream it does nothing.
---Raises `timeout` if no answer comes.
---
---```lua
---socket:close(1000, "bye")
---```
---@param code? integer Default: 1000.
---@param reason? string Default: nothing.
function Stream:close(code, reason) end

---Resets the connection.
---Raises `script` on a stream that has no such way to go, or not any more.
---
---```lua
---socket:abort()
---```
function Stream:abort() end

---Ends the connection without a close frame (FIN, after the receive buffer was drained).
---Raises `script` on a stream that has no such way to go, or not any more.
---
---```lua
---socket:vanish()
---```
function Stream:vanish() end

---Ends its own side: nothing is sent any more, what comes is still heard.
---Raises `script` on a stream that has no such way to go, or not any more.
---
---```lua
---socket:half_close()
---```
function Stream:half_close() end

---TCP stays open, what comes is kept, nothing is answered: no pong, no `answer`, no `heartbeat`.
---Raises `script` on a stream that has no such way to go, or not any more.
---
---```lua
---socket:freeze()
---```
function Stream:freeze() end

---Ends `freeze`.
---Raises `script` on a stream that has no such way to go, or not any more.
---
---```lua
---socket:thaw()
---```
function Stream:thaw() end

---Nothing in, nothing out; the connection stays open until the end.
---Raises `script` on a stream that has no such way to go, or not any more.
---
---```lua
---socket:blackhole()
---```
function Stream:blackhole() end
