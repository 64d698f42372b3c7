---@meta

---Bytes as hexadecimal digits. May be used while a file loads.
---@class hex
hex = {}

---Bytes as lower-case digits, two for each.
---Raises only for wrong arguments.
---
---```lua
---j:note("frame " .. hex.encode(message.raw))
---```
---@param bytes string
---@return string
function hex.encode(bytes) end

---The bytes that digits of either case name. An odd number of digits, or anything else, raises
---`unreadable`.
---
---```lua
---socket:send(hex.decode("c000"), { binary = true })
---```
---@param text string
---@return string
function hex.decode(text) end
