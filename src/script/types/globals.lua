---@meta

---What a file of journeys can call besides the modules (`json`, `match`, `time` …). Of Lua remain
---`ipairs`, `next`, `pairs`, `rawequal`, `rawget`, `rawlen`, `rawset`, `select`, `getmetatable`,
---`tonumber`, `tostring`, `type`, `_VERSION`, `_G` and the libraries `table`, `string`, `math` and
---`utf8`. There is no `io`, `os`, `debug`, `package`, `load`, `dofile`, `collectgarbage` or
---`coroutine`: reading one raises, as reading any unknown global does.

---A time: `"250ms"`, `"5s"`, `"2m"`, or seconds as a number.
---@alias Duration string|number

---An error of the API, as `pcall` and `expect_error` give it. `tostring` gives its message.
---
---```lua
---local ok, err = pcall(function() client:get("/old") end)
---if not ok then j:note(err.kind .. ": " .. err.message) end
---```
---@class Error
---@field kind "expectation"|"unreadable"|"timeout"|"dns"|"connect"|"tls"|"refused"|"closed"|"overflow"|"protocol"|"redirect" What went wrong.
---@field message string What went wrong, in words.
---@field reason? string A word that says it more exactly, where there is one.
---@field response? Response The answer of an upgrade that was refused, or the one that was unmet.
---@field stream? Stream Nil in this version.
---@field expectation? integer Place of the unmet expectation in the trace.

---A journey that is known to be red for a while: it runs and is reported, but does not gate.
---@class Quarantine
---@field reason string Why.
---@field expires string Its last day, such as `"2026-12-31"`. From the day after it gates again.

---Options of a journey.
---
---```lua
---journey("a visitor reads", { tags = { "web" }, timeout = "30s" }, function(j) end)
---```
---@class JourneyOptions
---@field covers? string[] Features that it verifies.
---@field tags? string[] For selecting it: `--tag chat`.
---@field owner? string Whom a report names.
---@field runbook? string The address a failure points to.
---@field timeout? Duration How long it may take. Default: `[run] timeout`.
---@field targets? string[] Names of the targets it may run against. Default: all.
---@field lock? string A thing it holds alone while it runs.
---@field share? string A thing it holds together with other sharers.
---@field every? Duration Its interval as a probe.
---@field skip? string A reason: it is reported as skipped and not run.
---@field retries? integer How often it is tried again after an attempt that failed or met a floor that is down, at most 100. A pass then makes it flaky. Default: `[run] retries`, 0.
---@field matrix? table<string, (string|number|boolean)[]> Makes one journey of each combination of values, named `… [browser=ff]`; `j.matrix.browser` is the value.
---@field quarantine? Quarantine Runs and is reported, but does not gate.

---Declares a journey. Loading a file declares, running acts: `fn` is called once per attempt, each
---in a VM of its own. Its name is unique in its file. Options may be left out.
---Raises `script` for a name that its file has already, and for unknown options.
---
---```lua
---journey("the front page answers", { tags = { "web" } }, function(j)
---  j:client("ann"):get("/"):expect { status = 200 }
---end)
---```
---@param name string
---@param options JourneyOptions
---@param fn fun(j: Journey)
---@overload fun(name: string, fn: fun(j: Journey))
function journey(name, options, fn) end

---The value that a module of the journeys folder returns; each is executed once. Dots are folders.
---Raises `script` where there is no such module, or what the module raises.
---
---```lua
---local room = require "lib.room"
---```
---@param name string
---@return any
function require(name) end

---Writes a note into the report, its arguments separated by tabs; the same as `j:note`.
---Raises nothing.
---
---```lua
---print("members", #members)
---```
---@param ... any
function print(...) end

---Calls `fn` and catches an error of the target, which is noted and does not count. Errors of our
---own (a nil indexed, a wrong argument), the deadline and `j:skip` pass through it.
---Raises what may not be caught.
---
---```lua
---local ok, err = pcall(client.get, client, "/old")
---```
---@param fn function
---@param ... any
---@return boolean ok
---@return any ... # the values of `fn`, or the error
function pcall(fn, ...) end

---As `pcall`; `handler` is called with an error that may be caught, and gives what is returned.
---Raises what may not be caught.
---
---```lua
---local ok, text = xpcall(read, tostring)
---```
---@param fn function
---@param handler fun(err: any): any
---@param ... any
---@return boolean ok
---@return any ...
function xpcall(fn, handler, ...) end

---Raises a value. Uncaught it is an error of the script, unless it is a table with a kind of the
---target: so a library says that the target broke its protocol.
---
---```lua
---error { kind = "protocol", message = "CONNACK without a code" }
---```
---@param value any
---@param level? integer Whose line a text begins with. Default: 1, the caller of `error`.
function error(value, level) end

---Gives its arguments if the first is true, else raises the second.
---
---```lua
---local nick = assert(json.get(body, "nick"), "nobody there")
---```
---@param value any
---@param message? any Default: "assertion failed!".
---@param ... any
---@return any ...
function assert(value, message, ...) end

---As in Lua, but for `__gc`, which is refused: `j:defer` cleans up.
---Raises `script` for `__gc`.
---
---```lua
---local room = setmetatable({}, Room)
---```
---@param object table
---@param meta? table
---@return table
function setmetatable(object, meta) end
