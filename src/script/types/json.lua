---@meta

---JSON, exact: integers of 64 bits stay exact, `1.0` stays a float, empty arrays and objects stay
---what they were. May be used while a file loads.
---@class json
json = {}

---JSON's null. It is not nil: `v.name == json.null` is true where the target sent null, and it is
---true in a condition (`if v.name then`). Reading a key of it raises `unreadable`.
---
---```lua
---j:expect(body.deleted_at, json.null)
---```
---@type lightuserdata
json.null = nil

---The JSON text of a value, without spaces. Keys are sorted, so the same value gives the same text.
---A plain `{}` becomes `{}`: write `json.array{}` for `[]`. Raises `script` for what JSON cannot
---hold: nil, NaN, bytes that are not UTF-8, functions, tables with both keys and a list part or
---with holes.
---
---```lua
---local text = json.encode { nick = "ann", tags = json.array{} }
---```
---@param value any
---@return string
function json.encode(value) end

---The value of a JSON text. Its tables are strict: an absent string key raises `unreadable`
---(`json.get` gives nil instead). An integer outside 64 bits becomes the string of its digits; of
---equal keys the last wins. What is no JSON raises `unreadable` with line and column.
---
---```lua
---local message = json.decode(raw)
---```
---@param text string
---@return any
function json.decode(text) end

---Marks a table as an array, so that it is written as `[]` also when it is empty. Marks the table
---itself and returns it; without an argument, a new one.
---Raises only for wrong arguments.
---
---```lua
---client:post("/tags", { json = { tags = json.array{} } })
---```
---@param list? table
---@return table
function json.array(list) end

---Marks a table as an object, so that it is written as `{}` also when it is empty. Marks the table
---itself and returns it; without an argument, a new one.
---Raises only for wrong arguments.
---
---```lua
---client:post("/settings", { json = json.object{} })
---```
---@param map? table
---@return table
function json.object(map) end

---The first thing a JSONPath (RFC 9535) finds in a value, or nil where it finds nothing. `$.` may be
---left out. Indices of a path count from 0, negative ones from the end; a key that is no plain
---name is written `['a-b']`. Wildcards over an object go by its keys in alphabetical order. A path
---that cannot be read raises `script`.
---
---```lua
---local nick = json.get(message, "user.nick") or "nobody"
---```
---@param value any
---@param path string
---@return any
function json.get(value, path) end
