---@meta

---Faults that a journey puts between a client and the target itself, to see what a bad network does to
---a feature: `j:fault`. They stand where a client hands up what came, after TLS and before any
---`decode`. Each that did something is an event of the trace.

---When a connection is cut: one of the two.
---@class CutOptions
---@field messages? integer Behind so many messages that come on the client's streams from now on; 0 is at once.
---@field bytes? integer Behind so many bytes of them, be it in the middle of a message.

---What `j:fault` does to a client: conditions of its network (`latency`, `loss`, `cut`, in any combination), or
---one `operator` with what belongs to it. `docs/prove.md` has the operators.
---@class FaultOptions
---@field latency? Duration Everything that the client receives comes so much later, in its order.
---@field jitter? Duration With `latency`: up to so much more, another time for each. It follows the seed. Default: 0.
---@field loss? number The share of messages on streams that never arrives, from 0 to 1. It follows the seed.
---@field direction? "in"|"out"|"both" With `loss`: what the client receives, what it sends, or both. Default: `"in"`.
---@field cut? CutOptions Breaks the connection of a stream, once: both ends see a reset.
---@field operator? "message-dropped"|"message-delayed"|"message-duplicated"|"messages-swapped"|"message-misdelivered"|"message-replayed"|"closed-early"|"close-code-changed"|"close-frame-missing"|"number-plus-one"|"number-minus-one"|"number-times-ten"|"number-zero"|"number-sign"|"boolean-flipped"|"text-character"|"text-case"|"text-trimmed"|"text-empty"|"text-of-other"|"leaf-null"|"leaf-type"|"key-removed"|"key-added"|"element-lost"|"list-emptied"|"list-reversed"|"time-shifted"|"time-frozen"|"status-flipped"|"answer-stale"|"body-truncated"|"body-cut"|"header-dropped"|"content-type-changed"|"cookie-dropped"|"redirect-loop"|"second-read"|"latency-added"|"pongs-suppressed"|"write-lost"|"write-doubled" Changes what comes next, by the names that `jaunt prove` has for it.
---@field message? any With an `operator` of messages: a pattern for those that are changed, before any `decode`: JSON objects and lists as values, other text as text. Default: all.
---@field request? string With an `operator` of answers: to which requests, as `GET /notes/7`. What looks like an id stands for any, as `*` does; without a query any will do. Default: all.
---@field times? integer With `operator`: to how many it is done, one after the other. Default: all until `:stop()`.
---@field by? Duration How much later: of `message-delayed` and `latency-added`; of `time-shifted`, where the default is 1 h.
---@field to? Client Who gets the message in place of the client: of `message-misdelivered`.
---@field code? integer The close code: of `close-code-changed`. Default: 1011.
---@field status? integer The status: of `status-flipped`, where the default is 500, and of `write-lost`, 200.
---@field header? string The name of the header: of `header-dropped`.
---@field cookie? string The name of the cookie: of `cookie-dropped`.
---@field path? string Where in the JSON, as `items[0].id` or `$` for all of it: of all operators of numbers, booleans, texts, leaves, keys, elements, lists and times.
---@field value? any What stands there instead: of `text-of-other`, `time-frozen`, `content-type-changed` (default: `text/plain`) and `redirect-loop` (the address).
---@field body? string The body of the answer: of `write-lost`. Default: empty.

---A fault that a journey has put between a client and the target. It ends with the journey, before
---cleanup.
---@class Fault
---@field count integer How often it has done something so far.
local Fault = {}

---Takes the fault back. What is late already stays late; a second time does nothing.
---Raises nothing.
---
---```lua
---local slow = j:fault(bob, { latency = "200ms" })
---slow:stop()
---```
function Fault:stop() end
