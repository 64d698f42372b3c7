-- Times are epoch seconds.
journey("time goes there and back", { tags = { "engine" } }, function(j)
  j:expect(time.now(), match.gt(1.7e9))
  j:expect(time.iso(0), match.datetime)
  j:expect(time.parse("1970-01-01T00:00:10Z"), 10)
  j:expect_error({ kind = "unreadable" }, function() time.parse("soon") end)
end)
