//! Loading declares, running acts: what a file may do, and what it is told when it does more.

use jaunt::model::Diagnostic;
use jaunt::model::Outcome;
use jaunt::model::outcome::Whose;

use crate::bench::{Bench, body, ends, errs, first, notes, passes};
use crate::peer::Peer;

fn bench(text: &str) -> Bench {
    Bench::at("http://127.0.0.1:9").file("t.lua", text)
}

#[track_caller]
fn refused_with(bench: &Bench, words: &str) -> Diagnostic {
    let errors = bench.load().expect_err("it cannot be loaded");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let label = errors[0].source.as_ref().map(|at| at.label.as_str());
    let said = format!("{}, {}", errors[0].title, label.unwrap_or_default());
    assert!(
        said.contains(words),
        "expected {words:?} in {:?}",
        errors[0]
    );
    errors[0].clone()
}

/// The file cannot be loaded; the error stands at this line.
#[track_caller]
fn refused(text: &str, words: &str, line: u32) {
    let error = refused_with(&bench(text), words);
    let at = error.source.as_ref().map(|at| (at.file.as_str(), at.line));
    assert_eq!(at, Some(("journeys/t.lua", line)), "{error:?}");
}

#[test]
fn a_mistake_names_its_line() {
    refused(
        "\njourney('t', function(j)\n  local x = = 1\nend)",
        "unexpected symbol near '='",
        3,
    );
    refused("\n\nlocal x\nx.y = 1", "attempt to index a nil value", 4);
    refused(
        "\njourny('t', function() end)",
        "there is no global `journy`, did you mean `journey`",
        2,
    );
    refused(
        "journey('t', { tmeout = 1 }, function() end)",
        "did you mean `timeout`",
        1,
    );
    refused(
        "journey('t', { timeout = 'soon' }, function() end)",
        "`timeout` of `journey`",
        1,
    );
    refused(
        "journey('t', { tags = 'x' }, function() end)",
        "`tags` of `journey` is a list of strings",
        1,
    );
    refused("journey('t', {})", "a function", 1);
    refused("journey(function() end)", "takes a name first", 1);
    refused(
        "journey('t', function() end)\njourney('t', function() end)",
        "declared twice, first at line 1",
        2,
    );
    refused("\nerror('said so')", "said so", 2);
    refused(
        "\nerror { kind = 'protocol', message = 'a table' }",
        "a table",
        2,
    );
    refused(
        "journey('t', { retries = 1.5 }, function() end)",
        "`retries` of `journey` is a whole number from 0",
        1,
    );
}

#[test]
fn nothing_can_act_while_a_file_loads() {
    refused("\nj:client('a')", "`j`", 2);
    refused("local a = client", "there is no global `client`", 1);
}

#[test]
fn what_lua_has_and_journeys_have_not_is_refused_with_words() {
    for name in [
        "io",
        "os",
        "debug",
        "package",
        "load",
        "dofile",
        "loadfile",
        "coroutine",
        "collectgarbage",
    ] {
        refused(
            &format!("local x = {name}"),
            &format!("`{name}` is not available to journeys"),
            1,
        );
    }
    refused("local x = coroutine", "`j:parallel` and `j:each`", 1);
    refused(
        "setmetatable({}, { __gc = function() end })",
        "`__gc` is not available",
        1,
    );
    refused("local x = string.dump(function() end)", "dump", 1);
    refused("local x = ('x'):dump()", "dump", 1);
    refused("local x = getmetatable(_G).__index", "index a boolean", 1);
}

#[test]
fn bytecode_is_refused() {
    let error = refused_with(&bench("\u{1b}Lua"), "");
    assert!(!error.title.is_empty());
}

#[test]
fn loading_is_bounded_in_time_and_memory() {
    refused_with(&bench("while true do end"), "took longer than 2 s");
    refused_with(
        &bench("local ok = pcall(function() while true do end end) while true do end"),
        "took longer than 2 s",
    );
    let hang = "string.find(('a'):rep(28), ('a?'):rep(28) .. ('a'):rep(28))";
    refused_with(&bench(&format!("{hang} {hang}")), "took longer than 2 s");
    refused_with(
        &bench("local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000):rep(1000) .. i end"),
        "64 MiB",
    );
    refused_with(&bench("string.rep('x', 1 << 30)"), "64 MiB");
}

#[test]
fn require_reads_below_the_journeys() {
    let t = "local lib = require 'lib.a'\nassert(lib == require('lib.a'), 'once')\njourney(lib.name, function(j) j:note(lib.name) end)";
    let good = bench(t).library("lib/a.lua", "return { name = 'from a library' }");
    assert_eq!(good.load().expect("it loads")[0].id.name, "from a library");
    refused("\nrequire 'lib.nope'", "there is no module `lib.nope`", 2);
    refused("require '../secret'", "is no module name", 1);
    refused("require(5)", "takes the name of a module", 1);
    let circle = bench("require 'a'")
        .library("a.lua", "require 'b'")
        .library("b.lua", "\nrequire 'a'");
    let error = refused_with(&circle, "requires itself");
    assert_eq!(
        error.source.as_ref().map(|at| (at.file.as_str(), at.line)),
        Some(("journeys/b.lua", 2))
    );
    let broken = bench("require 'a'").library("a.lua", "\nlocal x\nx.y = 1");
    let error = refused_with(&broken, "attempt to index");
    assert_eq!(
        error.source.as_ref().map(|at| (at.file.as_str(), at.line)),
        Some(("journeys/a.lua", 3))
    );
    let syntax = bench("require 'a'").library("a.lua", "\nlocal = 1");
    let error = refused_with(&syntax, "near '='");
    assert_eq!(
        error.source.as_ref().map(|at| (at.file.as_str(), at.line)),
        Some(("journeys/a.lua", 2))
    );
    let declares = bench("require 'a'").library("a.lua", "journey('x', function() end)");
    refused_with(&declares, "cannot be declared by a module");
}

#[test]
fn a_link_does_not_lead_out() {
    let bench = bench("require 'out'");
    std::fs::write(bench.root().join("secret.lua"), "return 1").expect("a file");
    std::os::unix::fs::symlink(
        bench.root().join("secret.lua"),
        bench.root().join("journeys/out.lua"),
    )
    .expect("a link");
    refused_with(&bench, "leads out of the journeys folder");
}

#[test]
fn a_library_may_be_required_while_running_and_wait() {
    let peer = Peer::start();
    let bench = body(&peer, "", "local lib = require 'lib'\nj:note(lib.wait(j))").library(
        "lib.lua",
        "return { wait = function(j) j:sleep(0.01) return 'waited' end }",
    );
    assert_eq!(notes(&first(bench.run())), ["waited"]);
    let bench = body(&peer, "", "\nrequire 'nope'");
    ends(
        first(bench.run()),
        Outcome::Errored(Whose::Ours),
        "there is no module `nope`",
        "",
    );
}

#[test]
fn a_running_journey_has_no_more_than_a_loading_one() {
    errs(
        "`os` is not available to journeys; `time.now()`",
        "return os.time()",
    );
    errs(
        "`coroutine` is not available",
        "coroutine.wrap(function() end)",
    );
    errs(
        "`__gc` is not available",
        "setmetatable({}, { __gc = function() end })",
    );
    errs("`math.randomseed` is not available", "math.randomseed(1)");
    passes("x = 1 assert(_G.x == 1 and x == 1) assert(rawget(_G, 'nosuch') == nil)");
    passes(
        "local s = string.format('%q', 1 // 1) assert(utf8.len('ä') == 1 and table.concat({ 1, 2 }) == '12')",
    );
}

#[test]
fn waiting_where_lua_cannot_wait_is_one_helpful_error() {
    for text in [
        "table.sort({ 2, 1 }, function(a, b) j:sleep(0.01) return a < b end)",
        "string.gsub('x', 'x', function() j:sleep(0.01) end)",
    ] {
        errs("waiting is not possible here", text);
        errs(
            "waiting is not possible here",
            &format!("pcall(function() {text} end)"),
        );
    }
}

#[test]
fn a_pattern_of_its_own_cannot_wait_and_keeps_its_errors() {
    let that = |body: &str| format!("j:expect(1, match.that('mine', function(v) {body} end))");
    errs("cannot wait", &that("j:sleep(0.01) return true"));
    errs("attempt to index", &that("local t; return t.x"));
    errs("said so", &that("error('said so')"));
    passes(&that("return v == 1"));
    let result = crate::bench::fails(
        "broke it",
        &that("error { kind = 'protocol', message = 'broke it' }"),
    );
    let failures = crate::bench::failures(&result);
    assert_eq!(
        failures[0].problem.kind,
        jaunt::model::ProblemKind::Protocol
    );
    let skipped = crate::bench::run(&that("j:skip('why')"));
    assert_eq!(skipped.outcome, Outcome::Skipped);
    passes(&format!(
        "local ok, err = pcall(function() {} end) assert(err.mine, 'identity')",
        that("error { mine = true }")
    ));
}

#[test]
fn a_method_called_with_a_dot_says_so() {
    errs("colon", "local a = j:client('a') a.get('/up')");
    errs(
        "colon",
        "local s = j:client('a'):websocket('/ws') s.expect('x')",
    );
    errs("colon", "j.sleep(1)");
}
