//! One journey's doings in another: globals, patched libraries, modules. Each attempt has a VM of
//! its own, on the same worker, in the same file, and when it is repeated.

use crate::prison::Prison;

/// Runs a file of two journeys: what the first breaks, the second must find whole, in whatever
/// order, twice over.
fn unharmed(breaks: &str, looks: &str) {
    let text = format!(
        "journey('breaks', function(j)\n{looks}\n{breaks}\nend)\n\
         journey('looks', function(j)\n{looks}\nend)\n"
    );
    let prison = Prison::new()
        .file("journeys/lib/shared.lua", "return { count = 0 }")
        .file("journeys/a.lua", &text)
        .file("journeys/b.lua", &text);
    let ran = prison.run(&[
        "journeys/a.lua",
        "journeys/b.lua",
        "--jobs",
        "1",
        "--repeat",
        "2",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    // It would be found, if it were there.
    let both = format!("journey('both', function(j)\n{breaks}\n{looks}\nend)\n");
    let prison = Prison::new()
        .file("journeys/lib/shared.lua", "return { count = 0 }")
        .file("journeys/a.lua", &both);
    let ran = prison.run(&["journeys/a.lua"]);
    assert_ne!(ran.code, Some(0), "nothing was broken: {}", ran.shown());
}

#[test]
fn a_global_of_another_journey() {
    unharmed("loot = 1", "assert(rawget(_G, 'loot') == nil)");
}

#[test]
fn a_function_of_strings_replaced() {
    unharmed(
        "string.upper = function() return 'broken' end",
        "assert(('a'):upper() == 'A')",
    );
}

#[test]
fn a_function_of_tables_replaced() {
    unharmed(
        "table.concat = function() return 'broken' end",
        "assert(table.concat({ 'a', 'b' }) == 'ab')",
    );
}

#[test]
fn a_basic_function_replaced() {
    unharmed(
        "pcall = function() return true end",
        "assert(not pcall(error, {}))",
    );
}

#[test]
fn a_method_of_j_replaced() {
    unharmed(
        "rawset(j, 'unique', function() return 'broken' end)",
        "assert(j:unique('a') ~= 'broken')",
    );
}

#[test]
fn a_module_of_the_api_replaced() {
    unharmed(
        "rawset(json, 'encode', function() return 'broken' end)",
        "assert(json.encode(1) == '1')",
    );
}

#[test]
fn a_pattern_replaced() {
    unharmed(
        "rawset(match, 'uuid', match.any)",
        "assert(not pcall(j.expect, j, 'no', match.uuid))",
    );
}

#[test]
fn a_module_of_the_project_changed() {
    unharmed(
        "require('lib.shared').count = 1",
        "assert(require('lib.shared').count == 0)",
    );
}

#[test]
fn the_seed_of_random_numbers_changed() {
    unharmed(
        "math.random = function() return -1 end",
        "assert(math.random() >= 0)",
    );
}

#[test]
fn a_client_of_another_journey() {
    unharmed(
        "kept = j:client('alice')",
        "assert(rawget(_G, 'kept') == nil)\nj:client('alice' .. tostring(rawget(_G, 'kept')))",
    );
}
