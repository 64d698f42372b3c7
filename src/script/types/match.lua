---@meta

---The words of the pattern language. A pattern is a scalar (equal to it; `1` equals `1.0`, never
---`"1"`), a table with keys (a map that has at least these), a list (a list of the same length), or
---one of the patterns made here, at any depth. `{}` and tables with both keys and a list part are
---refused: they may have meant too many things. May be used while a file loads.
---@class match
match = {}

---A pattern made by `match`.
---@class match.Pattern

---Anything that is there, JSON's null included.
---
---```lua
---res:expect { headers = { etag = match.any } }
---```
---@type match.Pattern
match.any = nil

---Nothing: the key must not be there; for `j:expect`, nil.
---
---```lua
---res:expect { json = { password = match.absent } }
---```
---@type match.Pattern
match.absent = nil

---JSON's null; the same as `json.null`.
---
---```lua
---res:expect { json = { deleted_at = match.null } }
---```
---@type match.Pattern
match.null = nil

---A UUID: 8-4-4-4-12 hexadecimal digits of either case.
---
---```lua
---res:expect { json = { id = match.uuid } }
---```
---@type match.Pattern
match.uuid = nil

---A time as RFC 3339 writes it: `2026-03-04T12:00:00Z`.
---
---```lua
---res:expect { json = { created_at = match.datetime } }
---```
---@type match.Pattern
match.datetime = nil

---An absolute URL with a scheme and a host.
---
---```lua
---res:expect { json = { avatar = match.url } }
---```
---@type match.Pattern
match.url = nil

---A value of that kind, by JSON's names. `integer` takes `1.0` too, `number` takes integers.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = { count = match.type("integer") } }
---```
---@param name "null"|"boolean"|"integer"|"number"|"string"|"array"|"object"
---@return match.Pattern
function match.type(name) end

---Text in which the expression is found; anchor it (`^…$`) for the whole text. It works on bytes, in
---the syntax of Rust's regex crate.
---Raises `script` for an expression that cannot be read.
---
---```lua
---inbox:expect { text = match.regex([[^bob\d* left$]]) }
---```
---@param re string
---@return match.Pattern
function match.regex(re) end

---Text that has this substring, or a list with at least one element that matches.
---Raises only for wrong arguments.
---
---```lua
---res:expect { text = match.contains("Welcome"), json = match.contains { id = 7 } }
---```
---@param pattern any
---@return match.Pattern
function match.contains(pattern) end

---The number of a text's bytes, a list's items or a map's keys matches.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = { items = match.length(match.gte(1)) } }
---```
---@param pattern any
---@return match.Pattern
function match.length(pattern) end

---A number from `a` to `b`, both included.
---Raises only for wrong arguments.
---
---```lua
---res:expect { status = match.between(200, 299) }
---```
---@param a number
---@param b number
---@return match.Pattern
function match.between(a, b) end

---A number at most `tolerance` away from `x`.
---Raises only for wrong arguments.
---
---```lua
---inbox:expect { ts = match.near(time.now() * 1000, 2000) }
---```
---@param x number
---@param tolerance number
---@return match.Pattern
function match.near(x, tolerance) end

---A number greater than `x`.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = { count = match.gt(0) } }
---```
---@param x number
---@return match.Pattern
function match.gt(x) end

---A number greater than or equal to `x`.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = { count = match.gte(1) } }
---```
---@param x number
---@return match.Pattern
function match.gte(x) end

---A number less than `x`.
---Raises only for wrong arguments.
---
---```lua
---res:expect { timing = { total = match.lt(0.5) } }
---```
---@param x number
---@return match.Pattern
function match.lt(x) end

---A number less than or equal to `x`.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = { load = match.lte(1) } }
---```
---@param x number
---@return match.Pattern
function match.lte(x) end

---At least one of the patterns matches. They are given one by one, not in a table.
---Raises only for wrong arguments.
---
---```lua
---res:expect { status = match.one_of(200, 204) }
---```
---@param ... any
---@return match.Pattern
function match.one_of(...) end

---Every pattern matches. They are asked in order, up to the first that does not match.
---Raises only for wrong arguments.
---
---```lua
---res:expect { text = match.all_of(match.contains("bob"), match.no(match.contains("error"))) }
---```
---@param ... any
---@return match.Pattern
function match.all_of(...) end

---Something that is there and does not match. An absent key is no match, so that a misspelt one
---cannot hide: `match.one_of(match.absent, match.no("x"))` allows both.
---Raises only for wrong arguments.
---
---```lua
---inbox:expect_none({ nick = match.no(me) }, { during = "1s" })
---```
---@param pattern any
---@return match.Pattern
function match.no(pattern) end

---A list in which every element matches; the empty list too (`match.length` demands more).
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = match.each { id = match.uuid } }
---```
---@param pattern any
---@return match.Pattern
function match.each(pattern) end

---A list of the same length whose elements match these in some order.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = { names = match.unordered { "ann", "bob" } } }
---```
---@param patterns any[]
---@return match.Pattern
function match.unordered(patterns) end

---A map that has these keys and no others; tables within it are as usual. `match.exactly {}` is the
---empty map.
---Raises only for wrong arguments.
---
---```lua
---res:expect { json = match.exactly { ok = true } }
---```
---@param t table
---@return match.Pattern
function match.exactly(t) end

---Your own judgement: `fn` gets the value and returns whether it matches. It cannot wait, it is
---asked only where the rest of its table matches, and an error in it ends the expectation. The
---description stands in reports.
---Raises only for wrong arguments; what `fn` raises comes up where the pattern is matched.
---
---```lua
---inbox:expect { n = match.that("even", function(n) return n % 2 == 0 end) }
---```
---@param description string
---@param fn fun(value: any): any
---@return match.Pattern
function match.that(description, fn) end

---Not in this build: raises `script`. It will match what a JSON schema allows.
---
---```lua
---res:expect { json = match.schema { type = "object" } }
---```
---@param schema table
---@return match.Pattern
function match.schema(schema) end
