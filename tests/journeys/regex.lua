-- Regular expressions give their captures.
journey("regex gives captures", { tags = { "engine" } }, function(j)
  j:expect(regex.match("ann-42", "([a-z]+)-(\\d+)")[2], "42")
  j:expect(regex.match("ann", "\\d"), match.absent)
end)
