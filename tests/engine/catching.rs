//! Section 2: what fails, what errors, and who may catch what.

use jaunt::model::outcome::Whose;
use jaunt::model::{EventKind, Outcome, ProblemKind};

use crate::bench::{body, ends, errs, events, fails, failures, first, line, notes, passes};
use crate::peer::Peer;

#[test]
fn pcall_catches_what_the_target_did_and_notes_it() {
    let result = passes(
        r#"local ok, err = pcall(function() j:expect(1, 2) end)
        assert(ok == false and err.kind == "expectation", "the kind")
        assert(err.message:find("expected 2", 1, true), "the message")
        assert(tostring(err) == err.message, "tostring")
        assert(err.reason == nil and err.response == nil, "what is absent may be asked for")
        local ok, a, b = pcall(function(...) return ... end, 1, 2)
        assert(ok == true and a == 1 and b == 2, "values")"#,
    );
    let caught = events(&result)
        .into_iter()
        .filter(|kind| matches!(kind, EventKind::Caught { by, problem } if by == "pcall" && problem.kind == ProblemKind::Expectation))
        .count();
    assert_eq!(caught, 1);
    let counts: Vec<bool> = events(&result)
        .into_iter()
        .filter_map(|kind| match kind {
            EventKind::Expected(expected) => Some(expected.counts),
            _ => None,
        })
        .collect();
    assert_eq!(
        counts,
        [false],
        "an expectation inside pcall does not count"
    );
}

#[test]
fn pcall_catches_what_a_script_throws_as_lua_does() {
    passes(
        r#"local ok, err = pcall(error, "x", 0)
        assert(ok == false and err == "x", "no place at level 0: " .. tostring(err))
        local ok, err = pcall(function() error("here") end)
        assert(err == "journeys/t.lua:4: here", tostring(err))
        local thing = { anything = true }
        local ok, err = pcall(error, thing)
        assert(rawequal(err, thing), "tables keep their identity")
        local ok, err = pcall(error)
        assert(ok == false and err == nil, "nil")
        local ok, err = pcall(error, 42)
        assert(err == 42, "numbers")
        local ok, err = pcall(assert, false, "said")
        assert(err == "said", tostring(err))
        local ok, err = pcall(assert, nil)
        assert(err == "assertion failed!", tostring(err))
        local ok, err = pcall(assert, false, thing)
        assert(rawequal(err, thing), "assert hands tables on")
        assert(select('#', assert(1, 2, 3)) == 3, "assert gives its arguments")"#,
    );
}

#[test]
fn error_names_the_line_of_its_level() {
    passes(
        r#"local function check(value)
          if not value then error("no value", 2) end
        end
        local ok, err = pcall(function()
          check(false)
        end)
        assert(err == "journeys/t.lua:6: no value", tostring(err))"#,
    );
}

#[test]
fn pcall_lets_mistakes_through() {
    for (mistake, words) in [
        ("local t = nil; return t.x", "attempt to index a nil value"),
        ("return 1 + {}", "attempt to perform arithmetic"),
        ("j:sleep(\"soon\")", "`sleep` takes a time"),
        ("j:sleep { 1 }", "`sleep` takes a time"),
        ("j:client(\"a\", { bse = \"x\" })", "`bse` is no option"),
        ("return nosuch", "there is no global `nosuch`"),
        ("return j.vars.nope", "`j.vars` has no `nope`"),
        ("j:nosuch()", "a j has no `nosuch`"),
        ("string.rep()", "bad argument #1 to 'rep'"),
        ("string.rep({}, 1)", "bad argument #1 to 'rep'"),
        (
            "j:client(\"a\"):get(\"http://elsewhere.example/\")",
            "elsewhere.example",
        ),
    ] {
        errs(words, &format!("pcall(function() {mistake} end)"));
        errs(
            words,
            &format!("xpcall(function() {mistake} end, function() j:note(\"handled\") end)"),
        );
    }
}

#[test]
fn the_handler_of_xpcall_is_called_for_what_may_be_caught_only() {
    let result = errs(
        "attempt to call a nil value",
        "xpcall(function() local f; f() end, function(e) j:note(\"handled\") return e end)",
    );
    assert!(notes(&result).is_empty());
    passes(
        r#"local ok, text = xpcall(function() error({ code = 7 }) end, function(e) return "code " .. e.code end)
        assert(ok == false and text == "code 7", tostring(text))
        local ok, text = xpcall(function() j:expect(1, 2) end, function(e) return e.kind end)
        assert(ok == false and text == "expectation", tostring(text))
        local ok, a = xpcall(function(x) return x end, print, 5)
        assert(ok == true and a == 5, "arguments")"#,
    );
}

#[test]
fn nobody_catches_skip_deadline_or_interrupt() {
    let skipped = crate::bench::run("pcall(j.skip, j, \"not today\") j:note(\"on\")");
    assert_eq!(skipped.outcome, Outcome::Skipped);
    assert!(skipped.reason.contains("not today"), "{}", skipped.reason);
    assert!(notes(&skipped).is_empty());

    let peer = Peer::start();
    let late = first(
        body(
            &peer,
            "timeout = \"150ms\"",
            "pcall(function() j:sleep(5) end) j:note(\"on\")",
        )
        .run(),
    );
    let late = ends(late, Outcome::Failed, "timeout of 150 ms", "sleep");
    assert!(notes(&late).is_empty());

    let bench = body(
        &peer,
        "",
        "j:note(\"started\") pcall(function() j:sleep(5) end) j:note(\"on\")",
    );
    let stopped = first(bench.run_and(|kind, control| {
        if matches!(kind, EventKind::Noted { .. }) {
            control.interrupt();
        }
    }));
    assert_eq!(stopped.outcome, Outcome::Errored(Whose::Interrupt));
    assert_eq!(notes(&stopped), ["started"]);
}

#[test]
fn nobody_catches_memory() {
    errs(
        "memory",
        "pcall(function() local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end end) j:note(\"on\")",
    );
    errs("memory", "pcall(string.rep, 'x', 1 << 30)");
}

#[test]
fn an_uncaught_table_with_a_targets_kind_is_the_targets() {
    fails(
        "broke it",
        "error { kind = \"protocol\", message = \"broke it\" }",
    );
    errs(
        "my own",
        "error { kind = \"script\", message = \"my own\" }",
    );
    errs(
        "broke it",
        "error { kind = \"nonsense\", message = \"broke it\" }",
    );
    errs("plain words", "error(\"plain words\")");
    let result = errs("said so", "\nassert(false, \"said so\")");
    assert_eq!(line(&result), Some(3));
    errs("the script threw nil", "error()");
}

#[test]
fn a_caught_error_can_be_thrown_again() {
    let result = fails(
        "expected 2, found 1",
        "local ok, err = pcall(function() j:expect(1, 2) end) error(err)",
    );
    assert_eq!(failures(&result)[0].problem.kind, ProblemKind::Expectation);
    assert!(failures(&result)[0].expectation.is_some());
    fails(
        "expected 2, found 1",
        "local ok, err = pcall(function() j:expect(1, 2) end) error(err, 0)",
    );
}

#[test]
fn pcalls_nest_and_work_in_branches() {
    let result = passes(
        r#"j:parallel {
          function()
            local ok, err = pcall(function()
              local ok, inner = pcall(function() j:sleep(0.02) j:expect(1, 2) end)
              assert(not ok and inner.kind == "expectation", "inner")
              j:sleep(0.02)
              error({ mine = 1 })
            end)
            assert(not ok and err.mine == 1, "outer")
          end,
          function()
            j:sleep(0.03)
            j:expect(1, 1)
            local ok, err = pcall(function() error("b") end)
            assert(not ok and err:find("b", 1, true), "branch")
          end,
        }
        j:expect(2, 2)"#,
    );
    let counting: Vec<bool> = events(&result)
        .into_iter()
        .filter_map(|kind| match kind {
            EventKind::Expected(expected) => Some(expected.counts),
            _ => None,
        })
        .collect();
    assert_eq!(
        counting,
        [false, true, true],
        "only what stands inside pcall does not count"
    );
}

#[test]
fn what_a_target_kind_leads_to_depends_on_the_floor() {
    fails("expected 2", "j:expect(1, 2)");
    let down = crate::bench::run("j:client('a'):get('/down') j:expect(1, 2)");
    assert_eq!(
        down.outcome,
        Outcome::Errored(Whose::Target),
        "{}",
        down.reason
    );
    assert!(
        failures(&down)[0]
            .floor
            .as_ref()
            .is_some_and(|floor| !floor.is_up())
    );
    let ours = crate::bench::run("j:client('a'):get('/down') error('ours')");
    assert_eq!(
        ours.outcome,
        Outcome::Errored(Whose::Ours),
        "{}",
        ours.reason
    );
}

#[test]
fn what_is_unmet_inside_floor_says_that_the_floor_is_down() {
    for text in [
        "j:floor('f', function() j:expect(1, 2) end)",
        "j:floor('f', function() j:step('inside', function() j:client('a'):get('/missing'):expect { status = 200 } end) end)",
        "j:step('around', function() j:floor('f', function() j:expect(1, 2) end) end)",
    ] {
        let result = crate::bench::run(text);
        assert_eq!(
            result.outcome,
            Outcome::Errored(Whose::Target),
            "{} in {text}",
            result.reason
        );
    }
    errs("plain", "j:floor('f', function() error('plain') end)");
    fails("expected 2", "j:floor('f', function() end) j:expect(1, 2)");
    fails(
        "expected 2",
        "pcall(function() j:floor('f', function() j:expect(1, 9) end) end) j:expect(1, 2)",
    );
    passes(
        "local a, b = j:floor('f', function() return 1, 2 end) assert(a == 1 and b == 2, 'values')",
    );
}

#[test]
fn expect_error_demands_a_refusal() {
    passes(
        r#"local err = j:expect_error({ kind = "expectation" }, function() j:expect(1, 2) end)
        assert(err.kind == "expectation", "it is returned")
        local a = j:client("a")
        local err = j:expect_error({ kind = "refused", response = { status = 403, json = { why = "no seat" } } },
          function() a:websocket("/refuse") end)
        assert(err.response.status == 403 and err.response.json.why == "no seat", "the response")"#,
    );
    fails(
        "there was none",
        "j:expect_error({ kind = 'refused' }, function() end)",
    );
    fails(
        "refused",
        "j:expect_error({ kind = 'refused' }, function() j:expect(1, 2) end)",
    );
    fails(
        "403",
        "j:expect_error({ kind = 'refused', response = { status = 429 } }, function() j:client('a'):websocket('/refuse') end)",
    );
    errs(
        "attempt to index",
        "j:expect_error(match.any, function() local t; return t.x end)",
    );
    errs(
        "mine",
        "j:expect_error(match.any, function() error('mine') end)",
    );
    let skipped = crate::bench::run("j:expect_error(match.any, function() j:skip('why') end)");
    assert_eq!(skipped.outcome, Outcome::Skipped);
}

#[test]
fn soft_keeps_what_the_target_did_and_goes_on() {
    let result = fails(
        "expected 2",
        "j:soft('one', function() j:expect(1, 2) end)\nj:soft('two', function() j:expect(1, 3) end)\nj:note('on')",
    );
    assert_eq!(notes(&result), ["on"]);
    assert_eq!(failures(&result).len(), 2);
    let ours = errs(
        "mine",
        "j:soft('one', function() error('mine') end) j:note('on')",
    );
    assert!(notes(&ours).is_empty(), "ours ends the journey");
    let skipped = crate::bench::run("j:soft('one', function() j:skip('why') end)");
    assert_eq!(skipped.outcome, Outcome::Skipped);
    passes(
        "local a, b = j:soft('one', function() return 1, 2 end) assert(a == 1 and b == 2, 'values')",
    );
    let thrown = crate::bench::run(
        "j:soft('one', function() error { kind = 'protocol', message = 'p' } end)",
    );
    assert_eq!(thrown.outcome, Outcome::Failed);
    let down = crate::bench::run(
        "j:soft('s', function() j:floor('f', function() j:expect(1, 2) end) end)",
    );
    assert_eq!(
        down.outcome,
        Outcome::Errored(Whose::Target),
        "{}",
        down.reason
    );
}
