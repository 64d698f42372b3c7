-- Clients.
local host, core = ...

local VERBS = { get = "GET", head = "HEAD", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

local methods = {
  get = "verb", head = "verb", post = "verb", put = "verb", patch = "verb", delete = "verb", request = "request",
  websocket = "stream", events = "stream", lines = "stream", chunks = "stream",
}

local function request(self, method, path, options) return host.request(self.id, method, path, options) end

local function make(name, from)
  if from == "stream" then return core.part("stream")[name] end
  if from == "request" then return request end
  local method = VERBS[name]
  return function(self, path, options) return host.request(self.id, method, path, options, name) end
end

local Client = core.class("client", methods, { name = function(self) return rawget(self, "label") end }, make)

local function client(name, options)
  local id = host.client(name, options)
  return setmetatable({ id = id, label = name }, Client)
end

return { client = client }
