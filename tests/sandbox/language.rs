//! What Lua itself could do elsewhere: processes, code made of text or bytes, the inside of the VM.

use crate::attempts;
use crate::prison::{Prison, in_vain, refused};

attempts! { refused;
    a_process: "os.execute('touch OUTSIDE/x')" => "`os` is not available to journeys";
    a_process_with_a_pipe: "io.popen('cat OUTSIDE/secret.txt')" => "`io` is not available to journeys";
    the_end_of_the_process: "os.exit(0)" => "`os` is not available to journeys";
    code_out_of_text: "load('return 1')()" => "`load` is not available to journeys";
    code_out_of_text_as_in_lua_5_1: "loadstring('return 1')()" => "`loadstring` is not available to journeys";
    code_out_of_a_function: "load(string.dump(function() end))" => "`load` is not available to journeys";
    bytes_of_a_function: "string.dump(function() end)" => "attempt to call a nil value (field 'dump')";
    bytes_of_a_function_by_a_method: "('').dump(function() end)" => "attempt to call a nil value (field 'dump')";
    the_debugger: "debug.getupvalue(journey, 1)" => "`debug` is not available to journeys";
    the_registry: "debug.getregistry()" => "`debug` is not available to journeys";
    the_metatable_of_anything: "debug.setmetatable(0, {})" => "`debug` is not available to journeys";
    a_traceback: "debug.traceback()" => "`debug` is not available to journeys";
    a_coroutine: "coroutine.wrap(function() end)()" => "`coroutine` is not available to journeys";
    the_collector: "collectgarbage('stop')" => "`collectgarbage` is not available to journeys";
    another_environment: "setfenv(1, {})" => "there is no global `setfenv`";
    the_environment_of_a_function: "getfenv(0)" => "there is no global `getfenv`";
    the_metatable_of_the_globals: "setmetatable(_G, {})" => "cannot change a protected metatable";
    the_metatable_of_the_environment: "setmetatable(_ENV, nil)" => "cannot change a protected metatable";
    a_global_hidden_from_the_environment: "local _ENV = setmetatable({}, { __index = _G }); return load('')" => "`load` is not available";
    a_format_that_writes_memory: "string.format('%n', 1)" => "invalid conversion '%n' to 'format'";
    a_finalizer: "setmetatable({}, { __gc = function() end })" => "`__gc` is not available to journeys";
    a_finalizer_behind_nil: "setmetatable({}, { __gc = false })" => "`__gc` is not available to journeys";
}

attempts! { in_vain;
    an_environment_of_ones_own: "local g = _G; do local _ENV = {}; x = 1; g.assert(load == nil and io == nil) end
        assert(rawget(_G, 'x') == nil)" => "it is empty";
    names_under_the_guard: "for _, name in ipairs { 'io', 'os', 'debug', 'package', 'load', 'loadstring', 'loadfile',
            'dofile', 'coroutine', 'collectgarbage', 'jit', 'ffi', 'bit32', 'newproxy', 'unpack', 'module' } do
            assert(rawget(_G, name) == nil, name)
        end" => "nothing is hidden there";
    the_globals_of_the_globals: "assert(_G._G == _G and rawequal(_ENV, _G)); assert(rawget(string, 'dump') == nil)" => "they go round";
    every_value_that_can_be_reached: "local seen = {}
        local function walk(value)
            if type(value) ~= 'table' or seen[value] then return end
            seen[value] = true
            for key, inner in next, value do
                assert(key ~= 'load' and key ~= 'loadfile' and key ~= 'dofile' and key ~= 'collectgarbage' and key ~= 'dump'
                    and key ~= 'popen' and key ~= 'execute' and key ~= 'loadlib' and key ~= 'getregistry'
                    and key ~= 'wrap', key)
                walk(key) walk(inner)
            end
            walk(getmetatable(value))
        end
        walk(_G) walk(_ENV) walk(j) walk(alice) walk(getmetatable('')) walk(json.null)
        local _, problem = pcall(error, { kind = 'protocol' }) walk(problem)
        _, problem = pcall(json.decode, '{') walk(problem)
        walk(json.decode('{\"a\":[1]}')) walk(regex.match('a', '(a)')) walk(alice:get('/').timing)" => "none is dangerous";
}

#[test]
fn a_journey_file_that_is_bytecode() {
    Prison::new()
        .bytes(
            "journeys/one.lua",
            b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08",
        )
        .refused("not UTF-8 text");
}

#[test]
fn a_journey_file_that_begins_as_bytecode() {
    Prison::new()
        .bytes("journeys/one.lua", b"\x1bLua plain text")
        .refused("attempt to load a binary chunk");
}

#[test]
fn a_module_that_is_bytecode() {
    Prison::new()
        .file("journeys/lib/x.lua", "")
        .bytes("journeys/lib/code.lua", b"\x1bLua plain text")
        .journey("require('lib.code')")
        .only("journeys/one.lua")
        .refused("attempt to load a binary chunk");
}

#[test]
fn acting_while_a_file_is_loaded() {
    Prison::new()
        .file("journeys/one.lua", "j:client('alice'):get('http://EVIL/')")
        .refused("there is no global `j`");
}
