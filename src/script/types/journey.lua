---@meta

---Options of `j:each`.
---@class EachOptions
---@field limit? integer Most that run at a time, at least 1. Default: all.

---Options of `j:eventually`.
---@class EventuallyOptions
---@field within? Duration Default: `[run] within`, 5 s.
---@field every? Duration The pause between rounds. Default: 100 ms.

---Options of `j:never`.
---@class NeverOptions
---@field during Duration
---@field every? Duration The pause between rounds. Default: 100 ms.

---Options of `j:attach`.
---@class AttachOptions
---@field type? string Media type. Default: `application/octet-stream`.

---The target at hand, read only.
---@class Target
---@field name string
---@field url string The base URL, without a slash at its end.
---@field services table<string, string> Base URLs by name; an unknown name raises.
---@field release? string The release that answered last; nil until an answer carried one.

---What is being judged, read only.
---@class Deploy
---@field id string The release that `--deploy` names.
---@field commit? string The one that `--commit` names.
---@field time number When the run that judges it began, in seconds since the Unix epoch.

---The run at hand, read only.
---@class Run
---@field id string
---@field seed string What all random values follow.
---@field attempt integer From 1.

---The journey at hand: what its function is given.
---@class Journey
---@field target Target The target.
---@field vars table<string, any> The target's variables; an unknown name raises.
---@field secrets table<string, string> The target's secrets; an unknown name raises. Masked in everything that is reported.
---@field deploy? Deploy What is being judged; nil without `--deploy`.
---@field run Run The run.
---@field matrix table<string, any> This journey's cell of its matrix; an unknown key raises.
---@field random Random Random values that follow the seed.
---@field fake Fake Invented values that follow the seed.
local Journey = {}

---A named stretch of the journey; steps nest. Gives fn's values.
---Raises what `fn` raises.
---
---```lua
---local room = j:step("ann joins", function() return join(ann) end)
---```
---@param name string
---@param fn fun(): any, ...
---@return any ...
function Journey:step(name, fn) end

---As `step`; what is unmet inside means that the floor is down: errored, not failed.
---Raises what `fn` raises.
---
---```lua
---j:floor("the chat answers", function() ann:get("/health"):expect { status = 200 } end)
---```
---@param name string
---@param fn fun(): any, ...
---@return any ...
function Journey:floor(name, fn) end

---As `step`; an error of the target inside is kept, the journey goes on and fails at its end.
---Raises only what is no error of the target.
---
---```lua
---j:soft("the footer names the year", function() page:expect { text = match.contains("2026") } end)
---```
---@param name string
---@param fn fun(): any, ...
---@return any ...
function Journey:soft(name, fn) end

---Runs functions together and gives the first value of each. One branch runs Lua at a time, only
---waits switch. The first failure cancels the others.
---Raises the first failure.
---
---```lua
---local a, b = j:parallel { function() return join(ann) end, function() return join(bob) end }
---```
---@param list (fun(): any)[]
---@return any ...
function Journey:parallel(list) end

---Runs `fn(item, position)` for all items together and gives the list of first values, in order.
---Raises the first failure.
---
---```lua
---local pages = j:each({ "/", "/about" }, function(path) return ann:get(path) end, { limit = 4 })
---```
---@param list any[]
---@param fn fun(item: any, position: integer): any
---@param options? EachOptions
---@return any[]
function Journey:each(list, fn, options) end

---Calls `fn` until it ends without an error of the target, and gives its values. Messages that a
---failed round took are given back. Errors of our own end it.
---Raises the last round's error when the time is over; before, it asks on for `[run] late`, to tell late from never.
---
---```lua
---j:eventually({ within = "10s" }, function() ann:get("/jobs/7"):expect { json = { done = true } } end)
---```
---@param options EventuallyOptions
---@param fn fun(): any, ...
---@return any ...
function Journey:eventually(options, fn) end

---Calls `fn` for the whole time; each round must end in an unmet expectation. Any other error ends
---it as what it is.
---Raises `expectation` as soon as a round is met.
---
---```lua
---j:never({ during = "2s" }, function() ann:get("/secret"):expect { status = 200 } end)
---```
---@param options NeverOptions
---@param fn fun()
function Journey:never(options, fn) end

---Demands that `fn` ends with an error of the target that matches, and gives it.
---Raises `expectation` if there is no error or another one, and errors of our own as they are.
---
---```lua
---local err = j:expect_error({ kind = "refused" }, function() ann:websocket("chat:/chat/ws") end)
---```
---@param pattern any
---@param fn fun()
---@return Error
function Journey:expect_error(pattern, fn) end

---Cleanup: runs after the journey however it ended, newest first, within `[run] cleanup`, 10 s for
---all. Gives a function that runs it now instead, once, and gives its values.
---Raises only for wrong arguments: a cleanup that fails is a failure of its own.
---
---```lua
---j:defer(function() ann:delete("/notes/" .. id) end)
---```
---@param fn fun(): any, ...
---@return fun(): any, ...
function Journey:defer(fn) end

---One user's end. A second client of the same name is an error.
---Raises `script` for a name that is taken and for unknown options, `host` for a host that the target does not name.
---
---```lua
---local ann = j:client("ann", { within = "2s" })
---```
---@param name string
---@param options? ClientOptions
---@return Client
function Journey:client(name, options) end

---Puts a fault between a client and the target, from now on until it is stopped or the journey
---ends: a bad network, or a change to what comes next. Gives a handle.
---Raises `script` for something that is no client, and for options that say nothing or do not go together.
---
---```lua
---local lossy = j:fault(bob, { latency = "200ms", jitter = "50ms", loss = 0.2 })
---local twice = j:fault(bob, { operator = "message-duplicated", message = { type = "system" }, times = 1 })
---j:fault(bob, { operator = "status-flipped", request = "GET /notes/7", status = 503, times = 2 })
---```
---@param client Client
---@param spec FaultOptions
---@return Fault
function Journey:fault(client, spec) end

---Waits. `eventually` is nearly always what is meant.
---Raises only for wrong arguments.
---
---```lua
---j:sleep("200ms")
---```
---@param duration Duration
function Journey:sleep(duration) end

---Expects that a value matches, and gives it. Nil is matched by `match.absent`.
---Raises `expectation` if it does not.
---
---```lua
---j:expect(#members, match.gte(2), "the room is not empty")
---```
---@param value any
---@param pattern any
---@param message? string What the report says first when it is unmet.
---@return any
function Journey:expect(value, pattern, message) end

---Expects that one message came before the other, on any streams. Closer together than the measured
---scheduling error counts as met, with a note.
---Raises `expectation` if it did not.
---
---```lua
---local _, joined = a:expect { text = "bob joined" }
---local _, left = b:expect { text = "bob left" }
---j:expect_before(joined, left)
---```
---@param first Message
---@param second Message
function Journey:expect_before(first, second) end

---Declares a number that should stay what it is from release to release: it is compared with the
---baseline when the journey ends, and one outside its tolerance fails the journey. A number is text, a
---number, a boolean, a list or a map; `{ part = 37, of = 200 }` with `kind = "ratio"` is a ratio of two
---counts, `{ a = 5050, b = 4950 }` with `kind = "cohort"` counts by cohort. In `eventually` the last round
---counts.
---Raises `script` for wrong arguments: a value that is none of its kind, a tolerance that does not go
---with it, a number that was recorded already, and one that had another kind or unit.
---
---```lua
---j:record("search.hits", #hits)
---j:record("orders.total", "1284.50", { kind = "decimal", unit = "EUR", core = true, by = { region = "eu" } })
---j:record("login", "250ms", { kind = "duration", tolerance = { max = "2s" } })
---j:record("paid", { part = 37, of = 200 }, { kind = "ratio", tolerance = { binomial = 0.001 } })
---j:record("order", order, { of = "shape" })
---```
---@param name string
---@param value number|string|boolean|table
---@param options? RecordOptions
function Journey:record(name, value, options) end

---What a target counts of itself: reads a page of metrics, Prometheus or OpenMetrics text or JSON, as a
---GET of a client would.
---Raises as a GET does (`timeout`, `connect` …), `expectation` for a status other than 2xx, and
---`unreadable` for what is no page of metrics.
---
---```lua
---local before = j:metrics("chat:/metrics")
---local mine = j:metrics("/metrics", { client = ann, within = "2s" }):value("orders_open")
---```
---@param address? string As of a request; `"chat:/metrics"` names a service. Default: `"/metrics"`.
---@param options? MetricsOptions
---@return Metrics
function Journey:metrics(address, options) end

---The exact sum of amounts, as text: no binary float is in between. Nothing sums up to `"0"`.
---Raises `unreadable` for text that is no decimal number, and `script` for anything else.
---
---```lua
---j:record("orders.total", j:sum { "0.10", "0.20", 12 }, { kind = "decimal", unit = "EUR" })
---```
---@param list (string|number)[]
---@return string
function Journey:sum(list) end

---Expects that the parts sum up to the total, exactly or within a distance. Gives the sum.
---Raises `expectation` if they do not, with the difference, and `unreadable` for text that is no decimal
---number.
---
---```lua
---j:expect_sum(order.total, { order.net, order.tax, order.shipping }, { message = "the invoice" })
---```
---@param total string|number
---@param parts (string|number)[]
---@param options? ExpectSumOptions
---@return string
function Journey:expect_sum(total, parts, options) end

---Expects what a part is of its whole: a pattern, or `{ min = …, max = … }`, both included. Gives the
---ratio.
---Raises `expectation` if it is not so, or if the whole is 0.
---
---```lua
---j:expect_ratio(paid, started, { min = 0.25, max = 0.45 }, "who starts an order pays")
---```
---@param part number|string
---@param whole number|string
---@param pattern any
---@param message? string What the report says first.
---@return number
function Journey:expect_ratio(part, whole, pattern, message) end

---Expects that cohorts are split as planned, up to what chance explains (chi-square): the check for a
---sample-ratio mismatch. Gives the p-value.
---Raises `expectation` for a split that chance would make more rarely than `alarm`, and if nobody is in
---any cohort.
---
---```lua
---j:expect_split({ a = 5050, b = 4950 }, { shares = { a = 0.5, b = 0.5 } })
---```
---@param cohorts table<string, integer>
---@param options? ExpectSplitOptions
---@return number
function Journey:expect_split(cohorts, options) end

---Expects that each key comes exactly once in a list: nothing twice. Gives the list.
---Raises `expectation` if one comes twice, and names it; `unreadable` for an item without the key.
---
---```lua
---j:expect_once(orders, "id")
---j:expect_once(events, function(event) return event.user .. "/" .. event.seq end)
---```
---@param list any[]
---@param key? string|fun(item: any, position: integer): any A path of each item, or what gives its key; it must not wait. Default: the item itself.
---@return any[]
function Journey:expect_once(list, key) end

---`prefix` and 10 of `[a-z0-9]`: never the same twice, in any run.
---Raises only for wrong arguments.
---
---```lua
---local nick = j:unique("bob")
---```
---@param prefix? string Default: nothing.
---@return string
function Journey:unique(prefix) end

---An address of 2001:db8::/32, for targets that limit by a forwarded address.
---Raises nothing.
---
---```lua
---local ann = j:client("ann", { headers = { ["x-real-ip"] = j:unique_ip() } })
---```
---@return string
function Journey:unique_ip() end

---Writes a note into the report.
---Raises nothing.
---
---```lua
---j:note("the room had " .. n .. " members")
---```
---@param text any
function Journey:note(text) end

---Keeps bytes in the trace, cut to what it keeps of one payload.
---Raises only for wrong arguments.
---
---```lua
---j:attach("page.html", res.text, { type = "text/html" })
---```
---@param name string
---@param bytes string
---@param options? AttachOptions
function Journey:attach(name, bytes, options) end

---The bytes of a file below the project; the path is relative to it, symbolic links are resolved.
---Raises `script` if there is none, or one outside.
---
---```lua
---local logo = { filename = "logo.png", type = "image/png", body = j:file("fixtures/logo.png") }
---```
---@param path string
---@return string
function Journey:file(path) end

---Masks a value met on the way, such as a login token, in the trace and in everything that is reported. Gives it back.
---What was recorded before, such as the answer that brought the token, is masked when the run ends; a run that is killed, and what the console has shown by then, keep it.
---Where a value is known before it is sent, or can be read elsewhere, hide it first; what is always the same belongs in `secrets`.
---One of fewer than 4 bytes is given back unmasked, with a note.
---Raises only for wrong arguments.
---
---```lua
---local token = j:secret(api:post("/login", { json = credentials }).json.token)
---```
---@generic T: string|number
---@param value T
---@return T
function Journey:secret(value) end

---Ends the journey as skipped.
---Raises what ends the journey, which nothing catches.
---
---```lua
---if j.target.name == "staging" then j:skip("no mail there") end
---```
---@param reason string
function Journey:skip(reason) end

---The first thing that a JSONPath finds in a value (`$.` may be left out); nothing found raises
---`unreadable`. With a pattern, what is found is expected to match it.
---
---```lua
---local id = j:pick(body, "items[0].id", match.uuid)
---```
---@param value any
---@param path string
---@param pattern? any
---@return any
function Journey:pick(value, path, pattern) end

---Seconds since the journey began.
---Raises nothing.
---
---```lua
---j:record("login", j:elapsed(), { kind = "duration" })
---```
---@return number
function Journey:elapsed() end
