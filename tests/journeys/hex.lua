-- Bytes as hexadecimal digits.
journey("hex goes there and back", { tags = { "engine" } }, function(j)
  j:expect(hex.encode("\0\255"), "00ff")
  j:expect(hex.decode("00FF"), "\0\255")
  j:expect_error({ kind = "unreadable" }, function() hex.decode("0g") end)
end)
