-- Reads what a service counts, as Prometheus would. A file without a `journey` is a library.
local metrics = {}

-- The number of one metric now.
function metrics.get(j, client, path, name)
  local page = client:get(path):expect { status = 200 }
  local found = regex.match(page.text, "(?m)^" .. name .. " ([0-9]+)$")
  return math.tointeger(j:expect(found, match.type("array"), "the line of " .. name)[1])
end

return metrics
