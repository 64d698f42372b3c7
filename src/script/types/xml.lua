---@meta

---XML. May be used while a file loads.
---@class xml
xml = {}

---An element. `name` is local; `ns` is its namespace's URI, empty if it has none; `attrs` has local
---names, and `{uri}name` where a name has a namespace; `text` is its own text, empty where it is only
---white space between `children`.
---@class xml.element
---@field name string
---@field ns? string
---@field attrs? table<string, string|number|boolean>
---@field text? string|number|boolean
---@field children? xml.element[]

---A string with `& < > " '` escaped, or an element as text. Of an element all but `name` may be left
---out; without `ns` it has its parent's. The text goes before the children.
---Raises `script` for what XML cannot hold.
---
---```lua
---local body = xml.encode { name = "order", attrs = { id = 7 }, children = { { name = "item", text = "tea" } } }
---```
---@param value string|xml.element
---@return string
function xml.encode(value) end

---The root element of a document. What is no XML, is nested deeper than 128 levels or declares
---entities of its own raises `unreadable`; nothing outside of the text is ever read.
---
---```lua
---local order = xml.decode(message)
---j:expect(order, { name = "order", children = match.contains { name = "item" } })
---```
---@param text string
---@return xml.element
function xml.decode(text) end
