---@meta

---Times as epoch seconds. May be used while a file loads.
---@class time
time = {}

---Now, in seconds since 1970 with their fraction.
---Raises nothing.
---
---```lua
---j:expect(message.ts / 1000, match.near(time.now(), 5))
---```
---@return number
function time.now() end

---A time as RFC 3339 in UTC (`2026-03-04T12:00:00Z`), with a fraction only where there is one, to
---the microsecond.
---Raises only for wrong arguments.
---
---```lua
---client:post("/events", { json = { at = time.iso() } })
---```
---@param seconds? number epoch seconds; now by default
---@return string
function time.iso(seconds) end

---The epoch seconds of a text: RFC 3339 (`2026-03-04T12:00:00.5+01:00`) or a date as HTTP writes it
---(`Tue, 15 Nov 1994 08:12:31 GMT`). An integer where there is no fraction. Other text raises
---`unreadable`.
---
---```lua
---j:expect(time.parse(body.created_at), match.near(time.now(), 5))
---```
---@param text string
---@return number
function time.parse(text) end
