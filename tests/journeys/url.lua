-- URLs taken apart.
journey("url is taken apart", { tags = { "engine" } }, function(j)
  j:expect(url.parse("http://a.example:81/p?q=1"), { host = "a.example", port = 81, path = "/p" })
  j:expect(url.decode(url.encode("a b&ä")), "a b&ä")
  j:expect_error({ kind = "unreadable" }, function() url.parse("no url") end)
end)
