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
