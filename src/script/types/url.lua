---@meta

---Addresses. May be used while a file loads.
---@class url
url = {}

---@class url.Parts
---@field scheme string lower case
---@field host string lower case; an IPv6 address in brackets; absent where there is none
---@field port integer the scheme's own where the address names none
---@field path string as written, percent-encoding left alone
---@field query table<string, string|string[]> decoded; a name that comes again has a list
---@field fragment string without `#`, as written; absent where there is none
---@field user string decoded; absent where there is none
---@field password string decoded; absent where there is none

---The parts of an absolute URL. The result is strict: reading a part that is not there raises
---`unreadable` (`json.get(parts, "fragment")` gives nil instead). What is no absolute URL raises
---`unreadable`.
---
---```lua
---local key = url.parse(link).fragment
---```
---@param text string
---@return url.Parts
function url.parse(text) end

---Percent-encodes everything but letters, digits and `-._~`.
---Raises only for wrong arguments.
---
---```lua
---client:get("/search?q=" .. url.encode("a & b"))
---```
---@param text string
---@return string
function url.encode(text) end

---Undoes percent-encoding; `+` stays `+`. A `%` without two hexadecimal digits raises `unreadable`.
---
---```lua
---local name = url.decode("a%20b")
---```
---@param text string
---@return string
function url.decode(text) end
