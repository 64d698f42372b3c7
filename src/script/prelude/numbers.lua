-- Numbers that must add up, where a script's own function says what is counted.
local host, core = ...

local numbers = {}

-- The key of an item: the field of that name, what the function gives, or the item itself.
local function key_of(key, item, index)
  if key == nil then return item end
  if type(key) == "function" then return key(item, index) end
  return host.pick(item, key)
end

function numbers.expect_once(list, key)
  if type(list) ~= "table" then
    host.wrong("`expect_once` takes a list, found " .. host.kind(list))
  end
  if key ~= nil and type(key) ~= "string" and type(key) ~= "function" then
    host.wrong("`expect_once` takes a path or a function as its key, found " .. host.kind(key))
  end
  local keys = {}
  for index, item in ipairs(list) do
    local found = key_of(key, item, index)
    if found == nil then host.wrong("item " .. index .. " of `expect_once` has no key") end
    keys[index] = found
  end
  host.judge_once(keys)
  return list
end

return numbers
