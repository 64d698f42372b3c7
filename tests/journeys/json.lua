-- JSON, exact.
journey("json keeps what it was", { tags = { "engine" } }, function(j)
  for _, text in ipairs { '[]', '{}', 'null', '9007199254740993', '[{"a":[]},{"b":{}}]', '"ä"', '1.0' } do
    j:expect(json.encode(json.decode(text)), text)
  end
  j:expect(json.decode("18446744073709551616"), "18446744073709551616")
  j:expect(json.encode(json.array {}), "[]")
  j:expect(json.encode(json.object {}), "{}")
  j:expect(json.get({ a = { { b = 5 } } }, "a[0].b"), 5)
  j:expect(json.get({}, "nope"), match.absent)
  j:expect_error({ kind = "unreadable" }, function() json.decode("{") end)
  j:expect_error({ kind = "unreadable", message = match.contains('"nick"') },
    function() return json.decode('{"text":1}').nick end)
end)
