-- What remains of Lua, also while a file loads.
local loaded = { select("#", 1, 2), type(next), math.type(1), string.rep("x", 3), utf8.char(228) }

journey("what remains of Lua works", { tags = { "engine" } }, function(j)
  j:expect(loaded, { 2, "function", "integer", "xxx", "ä" })
  j:expect({ pcall(error, "x", 0) }, { false, "x" })
  j:expect({ xpcall(error, function(e) return e .. "!" end, "x", 0) }, { false, "x!" })
  j:expect(table.concat({ 1, 2 }, ","), "1,2")
  j:expect(tostring(1 << 62), "4611686018427387904")
  j:expect(_VERSION, "Lua 5.4")
  j:expect(rawget(_G, "os"), match.absent)
end)

journey("one journey for each combination", { tags = { "engine" }, matrix = { n = { 1, 2 }, s = { "x" } } }, function(j)
  j:expect(j.matrix.n, match.one_of(1, 2))
  j:expect(j.matrix.s, "x")
end)
