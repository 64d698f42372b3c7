---@meta

---An element of a page.
---@class Element
---@field text string Its text without tags, character references resolved, trimmed.
---@field attrs table<string, string> Its attributes; an absent one raises `unreadable`.
local Element = {}

---An attribute's value, character references resolved. An absent one raises `unreadable`.
---
---```lua
---local token = res:select("meta[name=csrf]"):attr("content")
---```
---@param name string
---@return string
function Element:attr(name) end

---The first element below this one that a CSS selector finds. If there is none, using it raises
---`unreadable`.
---
---```lua
---local price = res:select("#cart"):select(".total").text
---```
---@param css string
---@return Element
function Element:select(css) end

---All elements below this one that a CSS selector finds; perhaps none.
---Raises `script` for a selector that cannot be read.
---
---```lua
---local rows = res:select("table"):select_all("tr")
---```
---@param css string
---@return Element[]
function Element:select_all(css) end

---Expects something of `text` and `attrs`, and gives the element. The second argument is shown when
---it is unmet.
---Raises `expectation` if it is unmet.
---
---```lua
---res:select("a.next"):expect { text = "Next", attrs = { href = match.contains("page=2") } }
---```
---@param pattern table
---@param options? ResponseExpectOptions
---@return Element
function Element:expect(pattern, options) end

---A form of a page.
---@class Form
local Form = {}

---Fills the form's fields and submits it as a browser does: hidden fields, method, action and
---encoding are the page's. Texts go into text fields; `true` or `false`, a value or a list of values
---into check boxes; a value into radio buttons and lists; a file (`FileToSend`) into file fields.
---The name of a button presses it; without one the first is pressed. A field or a choice that the
---page does not have raises `unreadable` and names those it has; a form that leads to a foreign host
---raises `redirect`.
---
---```lua
---res:form():submit { nick = "ann", remember = true, size = "large" }
---```
---@param fields? table<string, any>
---@param options? SubmitOptions
---@return Response
function Form:submit(fields, options) end

---Options of `:submit` of a form.
---@class SubmitOptions
---@field timeout? Duration To the last byte of the answer. Default: `within`.
---@field within? Duration In place of the client's.
---@field follow? boolean Whether redirects are followed. Default: true.
---@field max_body? integer Most bytes of the answer's body. Default: the client's.
