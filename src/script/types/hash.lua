---@meta

---Digests. All give bytes: `hex.encode` or `base64.encode` makes text of them. May be used while a
---file loads.
---@class hash
hash = {}

---The 16 bytes of MD5.
---Raises only for wrong arguments.
---
---```lua
---res:expect { headers = { ["content-md5"] = base64.encode(hash.md5(res.bytes)) } }
---```
---@param bytes string
---@return string
function hash.md5(bytes) end

---The 20 bytes of SHA-1.
---Raises only for wrong arguments.
---
---```lua
---local name = hex.encode(hash.sha1(body))
---```
---@param bytes string
---@return string
function hash.sha1(bytes) end

---The 32 bytes of SHA-256.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = { sha256 = hex.encode(hash.sha256(file)) } }
---```
---@param bytes string
---@return string
function hash.sha256(bytes) end

---The 64 bytes of SHA-512.
---Raises only for wrong arguments.
---
---```lua
---local name = hex.encode(hash.sha512(body))
---```
---@param bytes string
---@return string
function hash.sha512(bytes) end

---A keyed digest (HMAC, RFC 2104) by one of the digests above.
---Raises only for wrong arguments.
---
---```lua
---local signature = hex.encode(hash.hmac("sha256", key, body))
---client:post("/hook", { body = body, headers = { ["x-signature"] = "sha256=" .. signature } })
---```
---@param digest "md5"|"sha1"|"sha256"|"sha512"
---@param key string
---@param bytes string
---@return string
function hash.hmac(digest, key, bytes) end
