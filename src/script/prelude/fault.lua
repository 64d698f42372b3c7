-- Faults that a journey puts between a client and the target.
local host, core = ...

local Fault = core.class("fault", { stop = function(self) return host.stop_fault(self.fault_id) end }, {
  count = function(self) return host.fault_count(self.fault_id) end,
})

local function fault(client, spec)
  local id, label = host.fault(client, spec)
  return setmetatable({ fault_id = id, label = label }, Fault)
end

return { fault = fault }
