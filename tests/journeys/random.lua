-- Random and invented values: of the promised shape.
journey("random values keep to their bounds", { tags = { "engine" } }, function(j)
  local seen = {}
  for _ = 1, 200 do
    local n = j.random:integer(-1, 1)
    j:expect(n, match.one_of(-1, 0, 1))
    seen[n] = true
  end
  j:expect(seen[-1] and seen[0] and seen[1], true, "200 draws of three did not give all three")
  j:expect(#j.random:bytes(1000), 1000)
  j:expect(j.random:bytes(16), match.no(j.random:bytes(16)))
  j:expect(j.random:choice { "red", "blue" }, match.one_of("red", "blue"))
  j:expect(j.random:uuid(), match.all_of(match.uuid, match.no(j.random:uuid())))
end)

journey("invented values look like what they are called", { tags = { "engine" } }, function(j)
  local kinds = {
    "name", "first_name", "last_name", "username", "company", "city", "street", "country", "phone", "word",
    "sentence", "paragraph",
  }
  for _, kind in ipairs(kinds) do
    j:expect(j.fake[kind](j.fake), match.regex("(?s)^\\S(.*\\S)?$"), "j.fake:" .. kind)
  end
  j:expect(j.fake:email(), match.regex("^[^@ ]+@[^@ ]+$"))
  j:expect(j.fake:password(), match.regex("^[A-Za-z0-9]{12,19}$"))
end)
