//! The inside of the API: its objects, their metatables, errors on their way, what ends a journey.

use crate::attempts;
use crate::prison::{Prison, fails, in_vain, refused};

attempts! { refused;
    a_field_of_j: "j.target = { url = 'http://EVIL' }" => "of a j cannot be set";
    the_address_of_the_target: "j.target.url = 'http://EVIL'" => "`j.target` is read only";
    a_service_of_the_target: "j.target.services.evil = 'http://EVIL'" => "is read only";
    a_variable: "j.vars.x = 1" => "`j.vars` is read only";
    a_secret_nobody_gave: "j:note(j.secrets.token)" => "`j.secrets` has no `token`";
    a_method_of_a_client: "alice.get = function() end" => "of a client cannot be set";
    the_metatable_of_j: "setmetatable(j, { __index = {} })" => "cannot change a protected metatable";
    the_metatable_of_a_client: "setmetatable(alice, nil)" => "cannot change a protected metatable";
    the_metatable_of_a_module: "setmetatable(json, nil)" => "cannot change a protected metatable";
    the_metatable_of_an_answer: "setmetatable(json.decode('{}'), nil)" => "cannot change a protected metatable";
    the_metatable_of_an_error: "local _, problem = pcall(json.decode, '{'); setmetatable(problem, nil)" => "cannot change a protected metatable";
    the_metatable_of_a_match: "setmetatable(regex.match('a', 'a'), nil)" => "cannot change a protected metatable";
    the_metatable_of_an_error_with_text: "local ok, problem = pcall(function() error(setmetatable({}, { __tostring = error })) end)
        error(problem)" => "the script threw a table without a message";
    a_method_of_j_on_a_client: "j.step(alice, 'x', function() end)" => "`step` is called with a colon";
    a_client_for_a_client: "j.client(alice, 'bob')" => "`client` is called with a colon";
    a_client_that_is_none: "alice.get({ id = 7 }, '/')" => "methods of a client are called with a colon";
    a_client_with_another_number: "rawset(alice, 'id', 7) alice:get('/')" => "methods of a client are called with a colon";
    a_client_with_a_huge_number: "rawset(alice, 'id', math.maxinteger) alice:get('/')" => "methods of a client are called with a colon";
    a_client_with_a_negative_number: "rawset(alice, 'id', -1) alice:get('/')" => "methods of a client are called with a colon";
    a_method_of_a_client_on_a_stream: "local s = alice:chunks('/') alice.get(s, '/')" => "a stream has no `id`";
    a_method_of_a_stream_on_a_client: "local s = alice:chunks('/') s.expect(alice, 'x')" => "a client has no `stream_id`";
    a_method_of_an_answer_on_a_client: "alice:get('/').expect(alice, { status = 200 })" => "is called with a colon";
    a_method_of_an_answer_on_a_page: "local page = alice:get('/page', { query = { ['<form></form>'] = '' } })
        page:form().submit(page)" => "userdata";
    a_number_of_a_step: "j:step('x', nil)" => "`step` takes a function last";
    a_skip_swallowed_by_pcall: "pcall(j.skip, j, 'x')  error('it went on')" => "x";
}

attempts! { in_vain;
    the_metatables_of_the_api: "for _, value in ipairs { j, alice, j.vars, j.target, j.run, j.secrets, json, match, url, _G,
            json.decode('{}'), json.decode('[]'), json.array {}, json.null, regex.match('a', 'a'), match.any, j.random,
            alice:get('/'), alice:get('/').headers } do
            assert(type(getmetatable(value)) ~= 'table', tostring(value))
        end
        local _, problem = pcall(json.decode, '{')
        assert(type(getmetatable(problem)) ~= 'table')
        local _, thrown = pcall(function() local ok, e = pcall(error, 'x') error(e) end)
        assert(type(getmetatable(thrown)) ~= 'table')" => "none is shown";
    the_metatable_of_strings: "assert(type(getmetatable('')) ~= 'table')" => "it is not shown";
    a_raw_entry_in_j: "rawset(j.target, 'url', 'http://EVIL') rawset(j.target, 'services', { evil = 'http://EVIL' })
        assert(alice:get('/').text == 'ok')
        local bob = j:client('bob') rawset(bob, 'base', 'http://EVIL') rawset(bob, 'url', 'http://EVIL')
        assert(bob:get('/').text == 'ok')" => "it is only a table";
    an_answer_changed_by_hand: "local decoded = json.decode('{\"a\":1}') rawset(decoded, 'b', 2)
        assert(json.decode('{\"a\":1}').a == 1 and not pcall(function() return json.decode('{\"a\":1}').b end))" => "only this one";
    the_kind_of_an_error_made_up: "local ok, problem = pcall(error, { kind = 'protocol', response = alice, stream = j })
        assert(not ok and problem.kind == 'protocol')" => "it is a table";
    the_handler_of_xpcall: "local seen = {}
        xpcall(json.decode, function(...) seen = { ... } end, '{')
        assert(#seen == 1 and type(seen[1]) == 'table' and seen[1].kind == 'unreadable')
        for key, value in next, seen[1] do assert(type(value) == 'string', key) end" => "it sees a table of texts";
}

/// A skip whose error is replaced by one of the target's while a variable is closed.
fn still_skipped(call: &str, _: &str) {
    let lines = format!(
        "local replace = setmetatable({{}}, {{ __close = function()
            error({{ kind = 'protocol', message = 'another' }}, 0)
        end }})
        local function fn() local closing <close> = replace; j:skip('the end') end
        {call}
        j:record('went on', 1)"
    );
    let ran = Prison::new().journey(&lines).run(&[]);
    assert_eq!(ran.number("went on"), None, "{}", ran.shown());
    assert_eq!(ran.with_outcome("skipped"), ["one"], "{}", ran.shown());
}

attempts! { still_skipped;
    a_skip_replaced_and_caught: "pcall(fn)" => "";
    a_skip_replaced_and_handled: "xpcall(fn, function() end)" => "";
    a_skip_replaced_and_kept: "j:soft('soft', fn)" => "";
    a_skip_replaced_and_expected: "j:expect_error({ kind = 'protocol' }, fn)" => "";
    a_skip_replaced_until_it_goes_well: "j:eventually({ within = '50ms' }, fn)" => "";
    a_skip_replaced_and_uncaught: "fn()" => "";
}

/// In a comparator nothing can give way, so that its time ends with an error, which a variable that
/// is closed could replace for ever.
#[test]
fn a_busy_loop_that_replaces_the_end_of_its_time() {
    let text = "journey('one', { timeout = '200ms' }, function(j)
        local replace = setmetatable({}, { __close = function()
            error({ kind = 'protocol', message = 'another' }, 0)
        end })
        table.sort({ 1, 2, 3 }, function()
            while true do
                pcall(function() local closing <close> = replace; while true do end end)
            end
        end)
    end)";
    Prison::new()
        .file("journeys/one.lua", text)
        .refused("is over while it was computing, not waiting: a busy loop");
}

#[test]
fn a_finalizer_put_into_a_metatable_of_the_api() {
    let lines = "local _, problem = pcall(json.decode, '{')
        local meta = getmetatable(problem)
        meta.__gc = function() while true do end end
        for _ = 1, 10000 do pcall(json.decode, '{') end";
    refused(lines, "attempt to index a boolean value (local 'meta')");
}

#[test]
fn cleanup_after_a_skip_can_still_catch() {
    let lines = "j:defer(function()
            local ok = pcall(json.decode, '{')
            j:record('caught', tostring(not ok))
        end)
        j:skip('the end')";
    let ran = Prison::new().journey(lines).run(&[]);
    assert_eq!(
        ran.number("caught").expect("it ran"),
        "true",
        "{}",
        ran.shown()
    );
    assert_eq!(ran.with_outcome("skipped"), ["one"], "{}", ran.shown());
}

/// Shows that what the target did is told apart from what the journey did.
#[test]
fn what_may_be_caught_is_caught() {
    fails("json.decode('{')", "unreadable");
}
