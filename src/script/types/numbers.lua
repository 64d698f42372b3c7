---@meta

---Numbers that should be the same from release to release: what `j:record` is told of one, and what
---it may differ by.

---A share in words: `"2%"`.
---@alias Percent string

---Options of `j:record`.
---@class RecordOptions
---@field kind? "count"|"ratio"|"decimal"|"duration"|"size"|"fingerprint"|"cohort" What kind of thing it is. `decimal` is for money: exact, given as text or as a number of which the shortest decimal text is taken. Default: a whole number from 0 is a count, another number a ratio, everything else a fingerprint.
---@field unit? string What one of it is: `"EUR"`. A number has one unit.
---@field tolerance? "exact"|"observed"|"growing"|"falling"|"binomial"|"poisson"|"split"|Percent|ToleranceOptions What it may differ by: `"2%"` is a share of what it was. Default: `"exact"`; of a duration `"observed"`, of cohorts `"split"`.
---@field core? boolean Without it nothing is known: a run in which it was not measured is errored. Default: false.
---@field by? table<string, any> Its dimensions, text, numbers or booleans: `{ region = "eu" }`. Each combination is a number of its own; at most 16.
---@field of? "set"|"shape"|"value" What a fingerprint is of: a list as a set, whatever its order; the keys and types of JSON, whatever its values; or all of it. Default: `"set"` of a list, `"shape"` of a map, `"value"` of everything else.

---`tolerance` of `j:record` as a table: one of its keys, or `min` with `max`.
---@class ToleranceOptions
---@field absolute? number|string By so much, up or down; of a duration a time.
---@field relative? number|string By such a share of what it was, up or down: `0.02` is two percent.
---@field min? number|string Nothing is compared: it is at least this; of a duration a time.
---@field max? number|string It is at most this.
---@field binomial? number Of a ratio `{ part, of }`: by what chance explains, with so many false alarms: `0.001` is one in a thousand.
---@field poisson? number Of a count of independent events: by what chance explains, with so many false alarms.
---@field split? number Of cohorts: shares by what chance explains (chi-square), with so many false alarms.

---Options of `j:metrics`.
---@class MetricsOptions
---@field client? Client Who reads them, with its headers and logins. Default: a client `metrics` of their own.
---@field within? Duration How long the answer may take. Default: `within` of the client.

---Options of `j:expect_sum`.
---@class ExpectSumOptions
---@field within? number|string How far the sum may be from the total. Default: 0, exact.
---@field message? string What the report says first.

---Options of `j:expect_split`.
---@class ExpectSplitOptions
---@field shares? table<string, number> The planned share of each cohort, in any unit. Default: all the same.
---@field alarm? number How often a split that is as planned may be called uneven, above 0 and below 0.5. Default: 0.001.

---One series of a metric.
---@class MetricSeries
---@field labels table<string, string>
---@field value number

---What a target counted when it was asked: `j:metrics`. Of a Prometheus or OpenMetrics page a name is
---that of a metric, as it stands in the page (`http_requests_total`, `latency_seconds_bucket`), of JSON
---a path (`rooms.count`). Labels are those that must be the same; others may be there.
---@class Metrics
local Metrics = {}

---The number of that name: of the one series that has these labels.
---Raises `unreadable` if none has, or several have; it says which there are.
---
---```lua
---local members = j:metrics("chat:/metrics"):value("chat_members", { room = "main" })
---```
---@param name string
---@param labels? table<string, string|number|boolean>
---@return number
function Metrics:value(name, labels) end

---The sum of all series of that name that have these labels.
---Raises `unreadable` if none has.
---
---```lua
---local errors = j:metrics():sum("http_requests_total", { code = 500 })
---```
---@param name string
---@param labels? table<string, string|number|boolean>
---@return number
function Metrics:sum(name, labels) end

---All series of that name that have these labels, in the order of the page; an empty list if none has.
---Raises only for wrong arguments.
---
---```lua
---for _, series in ipairs(j:metrics():series("http_requests_total")) do j:note(series.labels.code) end
---```
---@param name string
---@param labels? table<string, string|number|boolean>
---@return MetricSeries[]
function Metrics:series(name, labels) end

---How much the sum of these series has grown since an earlier read of the same page. A series that was
---not there yet counts from 0.
---Raises `unreadable` if neither read has one, and `expectation` if a counter fell: the target was
---restarted in between.
---
---```lua
---local before = j:metrics("chat:/metrics")
---ben:delete("/session")
---j:eventually({ within = "2s" }, function()
---  j:expect(j:metrics("chat:/metrics"):delta(before, "chat_leaves_total"), 1)
---end)
---```
---@param before Metrics The earlier read.
---@param name string
---@param labels? table<string, string|number|boolean>
---@return number
function Metrics:delta(before, name, labels) end
