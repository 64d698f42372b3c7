-- Base64 in both alphabets.
journey("base64 goes there and back", { tags = { "engine" } }, function(j)
  j:expect(base64.encode("\255\254"), "//4=")
  j:expect(base64.decode("//4="), "\255\254")
  j:expect(base64url.decode(base64url.encode("\255\254")), "\255\254")
  j:expect_error({ kind = "unreadable" }, function() base64.decode("!") end)
end)
