//! `j:defer`: cleanup always runs, newest first, once, with time of its own.

use std::time::Duration;

use jaunt::model::event::FailureRole;
use jaunt::model::outcome::Whose;
use jaunt::model::{EventKind, Outcome, ProblemKind};

use crate::bench::{body, ends, errs, fails, failures, first, notes, passes, run};
use crate::peer::Peer;

const BOTH: &str =
    "j:defer(function() j:note('first') end) j:defer(function() j:note('second') end)\n";

#[test]
fn it_runs_after_every_ending_newest_first() {
    for (ending, outcome) in [
        ("", Outcome::Passed),
        ("j:expect(1, 2)", Outcome::Failed),
        ("error('x')", Outcome::Errored(Whose::Ours)),
        ("j:skip('why')", Outcome::Skipped),
        (
            "j:floor('f', function() j:expect(1, 2) end)",
            Outcome::Errored(Whose::Target),
        ),
        (
            "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end",
            Outcome::Errored(Whose::Ours),
        ),
    ] {
        let result = run(&format!("{BOTH}{ending}"));
        assert_eq!(result.outcome, outcome, "{} after {ending}", result.reason);
        assert_eq!(
            notes(&result),
            ["second", "first"],
            "after {ending}: {:#?}",
            failures(&result)
        );
    }
}

#[test]
fn it_runs_after_a_timeout_and_after_a_busy_loop() {
    let peer = Peer::start();
    for (ending, outcome, words) in [
        ("j:sleep(60)", Outcome::Failed, "timeout of 200 ms"),
        (
            "while true do end",
            Outcome::Errored(Whose::Ours),
            "a busy loop",
        ),
        (
            "while true do pcall(error, 'x') end",
            Outcome::Errored(Whose::Ours),
            "a busy loop",
        ),
        (
            "xpcall(function() error('x') end, function() while true do end end)",
            Outcome::Errored(Whose::Ours),
            "a busy loop",
        ),
        (
            "do local c <close> = setmetatable({}, { __close = function() while true do end end }) end",
            Outcome::Errored(Whose::Ours),
            "",
        ),
        (
            "tostring(setmetatable({}, { __tostring = function() while true do end end }))",
            Outcome::Errored(Whose::Ours),
            "",
        ),
        (
            "table.sort({ 3, 2, 1 }, function() while true do end end)",
            Outcome::Errored(Whose::Ours),
            "",
        ),
    ] {
        let bench = body(&peer, "timeout = \"200ms\"", &format!("{BOTH}{ending}"));
        let result = ends(first(bench.run()), outcome, words, ending);
        assert_eq!(
            notes(&result),
            ["second", "first"],
            "after {ending}: {:#?}",
            failures(&result)
        );
    }
}

#[test]
fn it_runs_after_an_interrupt_with_its_streams_open() {
    let peer = Peer::start();
    let bench = body(
        &peer,
        "",
        "local s = j:client('a'):websocket('/ws')\nj:defer(function() s:send('say bye') s:expect('bye') j:note('cleaned') end)\nj:note('started')\nj:sleep(60)",
    );
    let result = first(bench.run_and(|kind, control| {
        if matches!(kind, EventKind::Noted { text, .. } if text == "started") {
            control.interrupt();
        }
    }));
    assert_eq!(
        result.outcome,
        Outcome::Errored(Whose::Interrupt),
        "{}",
        result.reason
    );
    assert_eq!(notes(&result), ["started", "cleaned"]);
}

#[test]
fn the_function_it_returns_runs_it_once_as_part_of_the_journey() {
    let result = passes(
        r#"local clean = j:defer(function() j:note("ran") return 1, 2 end)
        local a, b = clean()
        assert(a == 1 and b == 2, "its values")
        assert(select('#', clean()) == 0, "only once")"#,
    );
    assert_eq!(notes(&result), ["ran"]);
    let result = fails(
        "expected 2",
        "local clean = j:defer(function() j:expect(1, 2) end) clean() j:note('on')",
    );
    assert_eq!(failures(&result)[0].role, FailureRole::Journey);
    assert_eq!(failures(&result).len(), 1);
    assert!(notes(&result).is_empty());
}

#[test]
fn a_failed_cleanup_is_a_soft_failure_marked_cleanup() {
    let result = fails(
        "cleanup: expected 2, found 1",
        "j:defer(function() j:note('other') end) j:defer(function() j:expect(1, 2) end)",
    );
    assert_eq!(failures(&result)[0].role, FailureRole::Cleanup);
    assert_eq!(notes(&result), ["other"], "the others run all the same");
    let ours = errs("cleanup: ", "j:defer(function() local t; return t.x end)");
    assert_eq!(failures(&ours)[0].role, FailureRole::Cleanup);
    let both = fails(
        "expected 3",
        "j:defer(function() error('x') end) j:expect(1, 3)",
    );
    assert_eq!(failures(&both).len(), 2, "failed goes first");
}

#[test]
fn it_has_time_of_its_own() {
    let peer = Peer::start();
    let mut bench = body(
        &peer,
        "timeout = \"100ms\"",
        "j:defer(function() j:note('last') end)\nj:defer(function() j:sleep(0.2) j:note('slept') end)\nj:sleep(60)",
    );
    bench.waits.cleanup = Duration::from_secs(2);
    let result = first(bench.run());
    assert_eq!(notes(&result), ["slept", "last"]);

    for text in ["j:sleep(60)", "while true do end"] {
        let mut bench = body(&peer, "", &format!("j:defer(function() {text} end)"));
        bench.waits.cleanup = Duration::from_millis(200);
        let result = first(bench.run());
        assert_ne!(result.outcome, Outcome::Passed, "{text}");
        assert_eq!(failures(&result)[0].role, FailureRole::Cleanup);
        assert!(
            failures(&result)[0].problem.message.contains("200 ms"),
            "{}",
            result.reason
        );
        let kind = failures(&result)[0].problem.kind;
        let wanted = if text.starts_with("while") {
            ProblemKind::Script
        } else {
            ProblemKind::Timeout
        };
        assert_eq!(kind, wanted, "{text}");
    }
}

#[test]
fn what_is_deferred_while_cleaning_up_runs_too() {
    let result =
        passes("j:defer(function() j:defer(function() j:note('inner') end) j:note('outer') end)");
    assert_eq!(notes(&result), ["outer", "inner"]);
}
