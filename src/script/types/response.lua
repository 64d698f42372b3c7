---@meta

---A response: finished data. Asking again is `j:eventually`.
---@class Response
---@field status integer
---@field headers Headers As they were on the wire.
---@field text string The decoded body; the same bytes as `bytes`.
---@field bytes string The decoded body.
---@field json any The body as JSON; raises `unreadable` if it is none. Its tables are strict.
---@field xml xml.element The body as XML; raises `unreadable` if it is none. Its tables are strict.
---@field version "1.1"|"2" HTTP's version.
---@field url string The address of the last hop.
---@field timing Timing Seconds.
---@field redirects Redirect[] The hops before the last one.
---@field request SentRequest What was sent for the last hop.
---@field cookies Headers Cookies set by any hop; names as they are.
---@field trailers Headers What came after the body.
---@field tls Tls What the target showed of itself; raises `unreadable` without TLS.
local Response = {}

---Expects something of any of the fields and gives the response. A header pattern takes names in
---any case. The second argument is shown when it is unmet.
---Raises `expectation` if it is unmet.
---
---```lua
---client:get("/health"):expect { status = 200, json = { ok = true } }
---```
---@param pattern table
---@param options? ResponseExpectOptions
---@return Response
function Response:expect(pattern, options) end

---The first thing that a JSONPath finds in the body; nothing found raises `unreadable`.
---
---```lua
---local id = client:get("/notes"):pick("items[0].id")
---```
---@param path string
---@return any
function Response:pick(path) end

---The first element of the page that a CSS selector finds. If there is none, using it raises
---`unreadable`.
---
---```lua
---client:get("/notes"):select("h1"):expect { text = "Notes" }
---```
---@param css string
---@return Element
function Response:select(css) end

---All elements of the page that a CSS selector finds, in the page's order; perhaps none.
---Raises `script` for a selector that cannot be read.
---
---```lua
---j:expect(client:get("/notes"):select_all("li.note"), match.length(match.gte(1)))
---```
---@param css string
---@return Element[]
function Response:select_all(css) end

---A form of the page: its first, or the one that a CSS selector finds, or that the element found
---stands in. If there is none it raises `unreadable`.
---
---```lua
---local home = client:get("/login"):form("#login"):submit { user = "ann", password = "secret" }
---```
---@param css? string
---@return Form
function Response:form(css) end

---Options of `:expect` of a response or an element.
---@class ResponseExpectOptions
---@field message? string What the report says when it is unmet.

---Headers, trailers or cookies by name: `res.headers.etag` is the first value, an absent one raises
---`unreadable`. Headers are found in any case. `pairs` goes over all in their order.
---@class Headers
---@field [string] string
local Headers = {}

---All values of a name, an empty list if there is none.
---Raises only for wrong arguments.
---
---```lua
---j:expect(res.headers:all("set-cookie"), match.length(2))
---```
---@param name string
---@return string[]
function Headers:all(name) end

---How long the phases took, in seconds. A phase that did not happen is absent: a connection that is
---used again resolves and connects nothing, and reading an absent one raises.
---@class Timing
---@field dns? number
---@field connect? number With a proxy: finding it, connecting to it, and the tunnel; there is no `dns` then.
---@field tls? number
---@field first_byte? number From the start, or from when the connection was there, to the response's head.
---@field total number From the start to the last byte, over all hops.

---What the target showed of itself over TLS. What it did not show is absent.
---@class Tls
---@field version? "1.2"|"1.3"
---@field alpn? "h2"|"http/1.1" The protocol spoken over it.
---@field issuer? string Who signed the certificate: `C=NL, O=Example, CN=Example CA`.
---@field names? string[] The names and addresses the certificate is for.
---@field days_left? integer Whole days until it expires, below 0 if it has.

---One hop that was followed.
---@class Redirect
---@field status integer
---@field url string The address that answered.
---@field location string Where it pointed.

---What was sent.
---@class SentRequest
---@field method string
---@field url string
---@field headers table<string, string> First values by name.
