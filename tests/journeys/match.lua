-- The pattern language: each word says yes and no.
local function no(j, value, pattern)
  j:expect_error({ kind = "expectation" }, function() j:expect(value, pattern) end)
end

journey("every word of match says yes and no", { tags = { "engine" } }, function(j)
  for _, case in ipairs {
    { 1, 1.0, "1" }, { { a = 1, b = 2 }, { a = 1 }, { a = 2 } }, { { 1, 2 }, { 1, 2 }, { 1 } },
    { { a = 1 }, match.exactly { a = 1 }, match.exactly { b = 1 } },
    { { a = 1 }, { b = match.absent }, { a = match.absent } },
    { json.null, match.null, match.absent }, { "x", match.type("string"), match.type("number") },
    { "abc", match.regex("b"), match.regex("^b") }, { "abc", match.contains("b"), match.contains("x") },
    { { 1, 2 }, match.contains(2), match.contains(3) }, { "abc", match.length(3), match.length(2) },
    { 2, match.between(1, 2), match.between(3, 4) }, { 1.01, match.near(1, 0.1), match.near(2, 0.1) },
    { 2, match.gt(1), match.gt(2) }, { 2, match.gte(2), match.gte(3) },
    { 2, match.lt(3), match.lt(2) }, { 2, match.lte(2), match.lte(1) },
    { 1, match.one_of(1, 2), match.one_of(2, 3) }, { 1, match.all_of(1, match.any), match.all_of(1, 2) },
    { 1, match.no(2), match.no(1) }, { { 1, 1 }, match.each(1), match.each(2) },
    { { 2, 1 }, match.unordered { 1, 2 }, match.unordered { 1, 3 } },
    { "0188f0e0-0000-4000-8000-000000000000", match.uuid, match.datetime },
    { "2026-03-04T05:06:07Z", match.datetime, match.uuid }, { "http://a.example/", match.url, match.uuid },
    { 4, match.that("even", function(v) return v % 2 == 0 end), match.that("odd", function(v) return v % 2 == 1 end) },
  } do
    j:expect(case[1], case[2])
    no(j, case[1], case[3])
  end
end)
