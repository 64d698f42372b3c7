//! What keeps one journey from harming its neighbours, and what ends one that tries.

use std::time::{Duration, Instant};

use jaunt::model::event::Stop;
use jaunt::model::outcome::Whose;
use jaunt::model::run::JourneyResult;
use jaunt::model::{EventKind, Outcome};

use crate::bench::{Bench, body, ends, errs, first, line, notes};
use crate::peer::Peer;

#[test]
fn a_busy_journey_does_not_harm_seven_that_chat() {
    let peer = Peer::start();
    let mut text =
        "journey('busy', { timeout = 6 }, function(j) while true do end end)\n".to_string();
    for number in 1..=7 {
        text.push_str(&format!(
            "journey('chats {number}', function(j)\n local s = j:client('a'):websocket('/ws')\n for i = 1, 10 do s:send('say ' .. i) s:expect(tostring(i)) j:sleep(0.01) end\nend)\n"
        ));
    }
    let mut bench = Bench::at(&peer.url()).file("t.lua", &text);
    bench.jobs = 8;
    let run = bench.run();
    assert_eq!(
        run.journeys[0].outcome,
        Outcome::Errored(Whose::Ours),
        "{}",
        run.journeys[0].reason
    );
    let end = |journey: &JourneyResult| journey.started + journey.took;
    for journey in &run.journeys[1..] {
        assert_eq!(journey.outcome, Outcome::Passed, "{}", journey.reason);
        assert!(
            end(journey) < end(&run.journeys[0]),
            "done before the busy one ends: {}",
            journey.took
        );
    }
    assert_eq!(run.verdict.exit_code(), 2);
}

#[test]
fn the_line_of_a_busy_loop_is_named() {
    let peer = Peer::start();
    let text = "local n = 0\n\nwhile true do n = n + 1 end";
    let result = first(body(&peer, "timeout = 0.15", text).run());
    let result = ends(result, Outcome::Errored(Whose::Ours), "a busy loop", text);
    assert_eq!(line(&result), Some(4));
}

#[test]
fn a_busy_branch_is_busy_although_another_waits() {
    let peer = Peer::start();
    let text = "j:parallel { function() j:sleep(60) end, function() while true do end end }";
    let result = first(body(&peer, "timeout = 0.2", text).run());
    ends(result, Outcome::Errored(Whose::Ours), "a busy loop", text);
}

#[test]
fn memory_is_bounded() {
    for text in [
        "string.rep('x', 1 << 30)",
        "local t = {} for i = 1, 1 << 27 do t[i] = i end",
        "local s = 'x' while true do s = s .. s end",
    ] {
        let result = errs(
            "memory",
            &format!("j:defer(function() j:note('cleaned') end)\n{text}"),
        );
        assert_eq!(notes(&result), ["cleaned"], "{text}");
    }
}

/// C code that hangs ends the run, and takes only what runs beside it along.
#[test]
fn code_that_hangs_is_ended_by_the_watchdog() {
    let peer = Peer::start();
    let text = "journey('hangs', { timeout = 0.2 }, function(j)\n string.find(('a'):rep(28), ('a?'):rep(28) .. ('a'):rep(28))\nend)\njourney('after', function(j) end)";
    let mut bench = Bench::at(&peer.url())
        .file("a.lua", "journey('before', function(j) end)")
        .file("t.lua", text);
    bench.waits.cleanup = Duration::from_millis(200);
    let begun = Instant::now();
    let run = bench.run();
    assert!(
        begun.elapsed() < Duration::from_secs(12),
        "{:?}",
        begun.elapsed()
    );
    let outcomes: Vec<Outcome> = run.journeys.iter().map(|one| one.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Passed,
            Outcome::Errored(Whose::Ours),
            Outcome::Skipped
        ]
    );
    assert!(
        run.journeys[1].reason.contains("watchdog"),
        "{}",
        run.journeys[1].reason
    );
    assert_eq!(
        (run.stop, run.verdict.exit_code()),
        (Some(Stop::Watchdog), 2)
    );
}

#[test]
fn a_run_ends_when_its_time_is_over() {
    let peer = Peer::start();
    let text = "journey('long', function(j) j:defer(function() j:note('cleaned') end) j:note('on') j:sleep(60) end)\njourney('later', function(j) end)";
    let mut bench = Bench::at(&peer.url()).file("t.lua", text);
    bench.max_time = Some(Duration::from_millis(300));
    let run = bench.run();
    assert_eq!(
        run.journeys[0].outcome,
        Outcome::Errored(Whose::Ours),
        "{}",
        run.journeys[0].reason
    );
    assert_eq!(notes(&run.journeys[0]), ["on", "cleaned"]);
    assert_eq!(run.journeys[1].outcome, Outcome::Skipped);
    assert_eq!(run.verdict.exit_code(), 2);
}

#[test]
fn fail_fast_stops_what_runs_and_what_waits() {
    let peer = Peer::start();
    let text =
        "journey('fails', function(j) j:expect(1, 2) end)\njourney('later', function(j) end)";
    let mut bench = Bench::at(&peer.url()).file("t.lua", text);
    bench.fail_fast = true;
    let run = bench.run();
    assert_eq!(run.journeys[0].outcome, Outcome::Failed);
    assert_eq!(run.journeys[1].outcome, Outcome::Skipped);
    assert!(
        run.journeys[1].reason.contains("--fail-fast"),
        "{}",
        run.journeys[1].reason
    );
    assert_eq!(run.verdict.exit_code(), 1);
}

#[test]
fn a_second_interrupt_ends_the_run_at_once() {
    let peer = Peer::start();
    let mut bench = body(
        &peer,
        "",
        "j:defer(function() j:note('cleaning') j:sleep(60) end)\nj:note('started')\nj:sleep(60)",
    );
    bench.waits.cleanup = Duration::from_secs(30);
    let begun = Instant::now();
    let run = bench.run_and(|kind, control| {
        if matches!(kind, EventKind::Noted { .. }) {
            control.interrupt();
        }
    });
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(run.verdict.exit_code(), 130);
}

/// The recorder is the seam at which a native of ours can be made to panic.
#[test]
fn a_panic_of_ours_is_a_bug_in_jaunt_and_the_others_go_on() {
    let peer = Peer::start();
    let text = "journey('panics', function(j) pcall(function() j:note('boom') end) end)\njourney('after', function(j) end)";
    let bench = Bench::at(&peer.url()).file("t.lua", text);
    let run = bench.run_and(|kind, _| {
        assert!(
            !matches!(kind, EventKind::Noted { text, .. } if text == "boom"),
            "made to panic"
        );
    });
    assert_eq!(run.journeys[0].outcome, Outcome::Errored(Whose::Ours));
    assert!(
        run.journeys[0].reason.contains("bug in jaunt"),
        "{}",
        run.journeys[0].reason
    );
    assert_eq!(
        run.journeys[1].outcome,
        Outcome::Passed,
        "{}",
        run.journeys[1].reason
    );
}
