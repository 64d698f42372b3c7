---@meta

---Character references of HTML. May be used while a file loads.
---@class html
html = {}

---A text with `& < > " '` escaped: safe between tags and in quoted attributes.
---Raises only for wrong arguments.
---
---```lua
---res:expect { text = match.contains(html.encode(comment)) }
---```
---@param text string
---@return string
function html.encode(text) end

---A text with every character reference of HTML resolved; what is none stays as it is. What is not
---UTF-8 raises `unreadable`.
---
---```lua
---local title = html.decode(regex.match(res.text, "<title>(.*?)</title>")[1])
---```
---@param text string
---@return string
function html.decode(text) end
