---@meta

---Base64 with the standard alphabet (`+` and `/`). May be used while a file loads.
---@class base64
base64 = {}

---Bytes as base64, with padding.
---Raises only for wrong arguments.
---
---```lua
---local header = "Basic " .. base64.encode("user:password")
---```
---@param bytes string
---@return string
function base64.encode(bytes) end

---The bytes of a base64 text, with padding or without. What is none raises `unreadable`.
---
---```lua
---local bytes = base64.decode(body.data)
---```
---@param text string
---@return string
function base64.decode(text) end

---Base64 with the alphabet for URLs (`-` and `_`). May be used while a file loads.
---@class base64url
base64url = {}

---Bytes as base64 for URLs, without padding.
---Raises only for wrong arguments.
---
---```lua
---local iv = base64url.encode(j.random:bytes(12))
---```
---@param bytes string
---@return string
function base64url.encode(bytes) end

---The bytes of a base64 text for URLs, with padding or without. What is none raises `unreadable`.
---
---```lua
---local claims = json.decode(base64url.decode(regex.match(token, [[\.([^.]+)\.]])[1]))
---```
---@param text string
---@return string
function base64url.decode(text) end
