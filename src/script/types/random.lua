---@meta

---`j.random`: values that follow the run's seed; `math.random` does too.
---@class Random
local Random = {}

---A whole number from `a` to `b`, both included.
---Raises only for wrong arguments.
---
---```lua
---local age = j.random:integer(18, 99)
---```
---@param a integer
---@param b integer
---@return integer
function Random:integer(a, b) end

---`n` bytes, 16 MiB at most.
---Raises only for wrong arguments.
---
---```lua
---local upload = j.random:bytes(1024)
---```
---@param n integer
---@return string
function Random:bytes(n) end

---An item of a list that is not empty.
---Raises only for wrong arguments.
---
---```lua
---local colour = j.random:choice { "red", "blue" }
---```
---@param list any[]
---@return any
function Random:choice(list) end

---A UUID of version 4. It follows the seed: use `j:unique` for what must be new in every run.
---Raises nothing.
---
---```lua
---local key = j.random:uuid()
---```
---@return string
function Random:uuid() end

---`j.fake`: invented values in English that follow the run's seed.
---@class Fake
local Fake = {}

---A person's name.
---Raises nothing.
---
---```lua
---local value = j.fake:name()
---```
---@return string
function Fake:name() end

---A first name.
---Raises nothing.
---
---```lua
---local value = j.fake:first_name()
---```
---@return string
function Fake:first_name() end

---A last name.
---Raises nothing.
---
---```lua
---local value = j.fake:last_name()
---```
---@return string
function Fake:last_name() end

---An address at a domain that can receive no mail.
---Raises nothing.
---
---```lua
---local value = j.fake:email()
---```
---@return string
function Fake:email() end

---A user name.
---Raises nothing.
---
---```lua
---local value = j.fake:username()
---```
---@return string
function Fake:username() end

---A password of 12 to 19 letters and digits.
---Raises nothing.
---
---```lua
---local value = j.fake:password()
---```
---@return string
function Fake:password() end

---A company's name.
---Raises nothing.
---
---```lua
---local value = j.fake:company()
---```
---@return string
function Fake:company() end

---A city.
---Raises nothing.
---
---```lua
---local value = j.fake:city()
---```
---@return string
function Fake:city() end

---A street.
---Raises nothing.
---
---```lua
---local value = j.fake:street()
---```
---@return string
function Fake:street() end

---A country.
---Raises nothing.
---
---```lua
---local value = j.fake:country()
---```
---@return string
function Fake:country() end

---A telephone number.
---Raises nothing.
---
---```lua
---local value = j.fake:phone()
---```
---@return string
function Fake:phone() end

---A word.
---Raises nothing.
---
---```lua
---local value = j.fake:word()
---```
---@return string
function Fake:word() end

---A sentence of 4 to 9 words.
---Raises nothing.
---
---```lua
---local value = j.fake:sentence()
---```
---@return string
function Fake:sentence() end

---A paragraph of 3 to 5 sentences.
---Raises nothing.
---
---```lua
---local value = j.fake:paragraph()
---```
---@return string
function Fake:paragraph() end
