---@meta

---Options of `j:client`.
---
---```lua
---local bob = j:client("bob", { base = "chat", headers = { ["x-real-ip"] = j:unique_ip() } })
---```
---@class ClientOptions
---@field base? string A service named by the target, or a URL. Default: the target's URL.
---@field headers? table<string, string|number|(string|number)[]> Sent with every request and opening.
---@field cookies? Client|table<string, string> Another client whose jar is shared, or cookies to begin with.
---@field bearer? string A token for the `authorization` header.
---@field basic? BasicOptions User and password for the `authorization` header.
---@field digest? BasicOptions User and password for a target that asks for a digest (RFC 7616). A request that is refused with 401 is then sent once more, with the answer to the question: the only thing ever sent again by itself.
---@field within? Duration Default deadline of its expectations and answers. Default: `[run] within`, 5 s.
---@field max_body? integer Most bytes of a body. Default: 16 MiB.
---@field http? "1.1"|"2" The version of HTTP that is required. Default: TLS offers both, without TLS it is 1.1.
---@field tls? TlsOptions What is trusted and shown over TLS, by its streams as well. Default: the system's roots.
---@field resolve? table<string, string> Addresses of hosts by name; the target must name both.
---@field proxy? string|false `http://host:port` or `http://user:password@host:port`; the target must name the host. Plain HTTP/1.1 is sent to it as it is, all else goes through a tunnel (CONNECT), and names are the proxy's to resolve. A proxy that cannot be reached, or does not let us through (403, 407), is `config`; one that cannot reach the target (500, 502 to 504) is `connect`. What it answers to plain HTTP is an answer like any other, but for a 407: nobody can tell whose it is. `false` is none. Default: the target's.
---@field target? string Another target, which the one at hand names in `may_use`: paths, services, headers and hosts are that one's. Default: the one at hand.

---What a client trusts and shows over TLS: PEM text, or a path below the project.
---
---```lua
---j:client("alice", { tls = { ca = "certs/ca.pem", cert = "certs/alice.pem", key = "certs/alice.key" } })
---```
---@class TlsOptions
---@field ca? string Certificates that are trusted, and no others. Default: the system's.
---@field cert? string The certificate to show, its chain after it.
---@field key? string Its private key.
---@field insecure? boolean Accepts any certificate, which the trace says aloud. Default: false.

---User and password.
---@class BasicOptions
---@field user string
---@field password string

---A file to send.
---@class FileToSend
---@field filename string As the target will know it.
---@field type? string Its media type. Default: `application/octet-stream`.
---@field body string Its bytes; `j:file` reads them.

---Options of a request. At most one of `json`, `form`, `multipart` and `body`, and one of `bearer`,
---`basic`, `digest` and an `authorization` in `headers`.
---
---```lua
---client:post("/notes", { json = { text = "hi" }, timeout = "2s" })
---```
---@class RequestOptions
---@field json? any Sent as JSON.
---@field form? table<string, any> Sent as a form; a list repeats its key.
---@field multipart? table<string, any> Sent as `multipart/form-data`, sorted by name: strings, numbers, files (`FileToSend`), or a list of them under one name.
---@field body? string|string[] Sent as it is; a list is sent chunked, one chunk for each string.
---@field query? table<string, any> Added to the URL; a list repeats its key.
---@field headers? table<string, string|number|(string|number)[]> Replace the client's own of the same name.
---@field timeout? Duration To the last byte of the body. Default: `within`.
---@field within? Duration In place of the client's.
---@field base? string In place of the client's.
---@field cookies? Client|table<string, string> Another client whose jar is used, or cookies for this request alone, in place of the jar's of the same name.
---@field bearer? string In place of what the client says of itself.
---@field basic? BasicOptions In place of what the client says of itself.
---@field digest? BasicOptions In place of what the client says of itself.
---@field follow? boolean Whether redirects are followed, 10 at most. Default: true.
---@field max_body? integer Most bytes of the answer's body, as it comes and again when its codings are undone. Default: the client's.
---@field http? "1.1"|"2" The version of HTTP that is required. Default: the client's.
---@field tls? TlsOptions What is trusted and shown over TLS. Default: the client's.
---@field resolve? table<string, string> Addresses of hosts by name, in place of the client's.
---@field proxy? string|false In place of the client's; `false` is none.
---@field target? string In place of the client's, and of its `base`.

---Options of `client:lines` and `client:chunks`: those of a request, of which `timeout` is to the answer's head, and of
---a stream.
---
---```lua
---client:lines("/log", { query = { follow = 1 }, decode = "json", max_message = 65536 })
---```
---@class BodyOptions : RequestOptions
---@field method? string Default: `GET`.
---@field decode? "auto"|"json"|"text"|fun(raw: string, emit: fun(value: any), kind: string): any What came to messages, as on a websocket; chunks are bytes. Default: `"auto"`.
---@field max_message? integer Most bytes of one message. Default: 16 MiB.
---@field inbox? InboxOptions Most that is kept; more is `overflow`.

---Options of `client:events`: the same, and its own. `decode` applies to an event's data.
---
---```lua
---client:events("/jobs", { method = "POST", json = { n = 3 }, last_event_id = "7", reconnect = true })
---```
---@class EventsOptions : BodyOptions
---@field last_event_id? string The event to continue after.
---@field reconnect? boolean Opens the stream again when it ends or breaks off, after the last event. Default: false.

---Options of `client:websocket`.
---
---```lua
---alice:websocket("chat:/chat/ws", { query = { nick = "alice" }, timeout = "2s" })
---```
---@class WebsocketOptions
---@field target? string In place of the client's, and of its `base`.
---@field query? table<string, any> Added to the URL; a list repeats its key.
---@field headers? table<string, string|number|(string|number)[]> Sent with the upgrade.
---@field timeout? Duration To the answer of the upgrade. Default: `within`.
---@field within? Duration In place of the client's, for the upgrade.
---@field base? string In place of the client's.
---@field cookies? Client|table<string, string> Another client whose jar is used, or cookies for this upgrade alone.
---@field bearer? string In place of what the client says of itself.
---@field basic? BasicOptions In place of what the client says of itself.
---@field tls? TlsOptions What is trusted and shown over TLS. Default: the client's.
---@field resolve? table<string, string> Addresses of hosts by name, in place of the client's.
---@field proxy? string|false In place of the client's; `false` is none.
---@field subprotocols? string[] Offered in this order.
---@field max_message? integer Most bytes of a message. Default: 16 MiB.
---@field inbox? InboxOptions Most that is kept; more is `overflow`.
---@field decode? "auto"|"json"|"text"|fun(raw: string, emit: fun(value: any), kind: string): any Frames to messages. Default: `"auto"`, JSON objects and arrays become tables, other text stays text. A function is called once a frame: a return that is not nil is a message, each `emit` one more. It may not wait.
---@field encode? fun(value: any): string, string? What `:send` and `answer` give to a frame; a second value `"binary"` makes it one. Default: a table becomes JSON, a string goes as it is.
---@field binary? boolean Strings go out as binary frames. Default: false.
---@field answer? fun(value: any, message: Message): any, boolean? Called on each arrival, also while the script waits elsewhere; what it returns is sent, and a second value true marks the message as taken. It may not wait.
---@field heartbeat? HeartbeatOptions Something sent at an interval.

---Most that a stream keeps.
---@class InboxOptions
---@field messages? integer Default: 10000.
---@field bytes? integer Default: 32 MiB.

---Something that a stream sends at an interval.
---@class HeartbeatOptions
---@field every Duration At least 1 ms.
---@field send any As given to `:send`.

---One user's end: own cookies, headers and connections. Paths are `"/p"` on its base, `"service:/p"`
---on another service of the target, or a URL of a host that the target names.
---@class Client
---@field name string As it was given to `j:client`.
local Client = {}

---Sends a request and gives the response, whatever its status. No whole answer in time raises.
---Raises `timeout`, `dns`, `connect`, `tls`, `closed`, `protocol` or `overflow` where no whole answer comes,
---`redirect` for one that leads where a journey may not go, `host` for a host that the target does not name.
---
---```lua
---client:request("OPTIONS", "/notes"):expect { status = 204 }
---```
---@param method string
---@param path string
---@param options? RequestOptions
---@return Response
function Client:request(method, path, options) end

---A GET request; see `request`.
---Raises what `request` raises.
---
---```lua
---client:get("/notes/1"):expect { status = 200 }
---```
---@param path string
---@param options? RequestOptions
---@return Response
function Client:get(path, options) end

---A HEAD request; see `request`.
---Raises what `request` raises.
---
---```lua
---client:head("/notes/1"):expect { status = 200 }
---```
---@param path string
---@param options? RequestOptions
---@return Response
function Client:head(path, options) end

---A POST request; see `request`.
---Raises what `request` raises.
---
---```lua
---client:post("/notes/1"):expect { status = 200 }
---```
---@param path string
---@param options? RequestOptions
---@return Response
function Client:post(path, options) end

---A PUT request; see `request`.
---Raises what `request` raises.
---
---```lua
---client:put("/notes/1"):expect { status = 200 }
---```
---@param path string
---@param options? RequestOptions
---@return Response
function Client:put(path, options) end

---A PATCH request; see `request`.
---Raises what `request` raises.
---
---```lua
---client:patch("/notes/1"):expect { status = 200 }
---```
---@param path string
---@param options? RequestOptions
---@return Response
function Client:patch(path, options) end

---A DELETE request; see `request`.
---Raises what `request` raises.
---
---```lua
---client:delete("/notes/1"):expect { status = 200 }
---```
---@param path string
---@param options? RequestOptions
---@return Response
function Client:delete(path, options) end

---Opens a WebSocket. An upgrade that is answered otherwise raises `refused` with the `response`.
---Raises what `request` raises besides.
---
---```lua
---local socket = alice:websocket("chat:/chat/ws", { query = { nick = "alice" } })
---```
---@param path string
---@param options? WebsocketOptions
---@return Stream
function Client:websocket(path, options) end

---Opens a stream of server-sent events: messages are `{ event, data, id, retry }` and `{ comment }`. An answer that is
---not 200 with `text/event-stream` raises `refused` with the `response`.
---Raises what `request` raises besides.
---
---```lua
---local progress = alice:events("/jobs/7/events")
---progress:expect({ event = "done", data = { ok = true } }, { within = "10s" })
---```
---@param path string
---@param options? EventsOptions
---@return Stream
function Client:events(path, options) end

---Opens an answer whose lines are messages, whatever its status.
---Raises what `request` raises up to the answer's head.
---
---```lua
---local log = alice:lines("/log"):expect(match.contains("ready"))
---```
---@param path string
---@param options? BodyOptions
---@return Stream
function Client:lines(path, options) end

---Opens an answer whose body arrives in pieces, each a message, whatever its status.
---Raises what `request` raises up to the answer's head.
---
---```lua
---local first = alice:chunks("/download"):expect(match.any)
---```
---@param path string
---@param options? BodyOptions
---@return Stream
function Client:chunks(path, options) end
