---@meta

---Regular expressions over bytes, in the syntax of Rust's regex crate (no look-around, no
---backreferences, and so no expression that hangs). May be used while a file loads.
---@class regex
regex = {}

---The captures of the first place where an expression matches, or nil where it does not. It finds
---anywhere unless anchored (`^…$`). The result is a list of the groups, and `[0]` is the whole
---match; an expression without groups gives the whole match as `[1]`, as `string.match` does.
---Named groups are there by name too, and reading a name that the expression does not have raises
---`script`. A group that took no part is false. A bad expression raises `script`.
---
---```lua
---local id = regex.match(res.text, [[/drop/s/(?P<id>[0-9a-f-]{36})]]).id
---```
---@param s string
---@param re string
---@return table<integer|string, string|false>?
function regex.match(s, re) end
