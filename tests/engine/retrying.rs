//! Attempts of a journey: when another one follows, and what it has of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jaunt::model::event::Stop;
use jaunt::model::outcome::{OnFlaky, Whose};
use jaunt::model::run::Run;
use jaunt::model::{EventKind, Outcome};

use crate::bench::{Bench, body, notes_of};
use crate::peer::Peer;

/// Fails until the target heals, which it does after one request.
const HEALS: &str = "j:client('a'):get('/heals?' .. j.run.id):expect { status = 200 }";

/// The journeys' attempts in the order in which they began.
fn begun(bench: &Bench) -> (Run, Vec<(u32, u32)>) {
    let seen: Arc<Mutex<Vec<(u32, u32)>>> = Arc::default();
    let own = seen.clone();
    let run = bench.run_and(move |event, _| {
        if let EventKind::AttemptStarted { planned, number } = event {
            own.lock().expect("a lock").push((*planned, *number));
        }
    });
    let seen = seen.lock().expect("a lock").clone();
    (run, seen)
}

fn outcomes(run: &Run) -> Vec<Outcome> {
    run.journeys.iter().map(|one| one.outcome).collect()
}

#[test]
fn a_target_that_heals_makes_its_journey_flaky() {
    let peer = Peer::start();
    let run = body(&peer, "retries = 2", HEALS).run();
    let journey = &run.journeys[0];
    assert_eq!(journey.outcome, Outcome::Flaky, "{}", journey.reason);
    assert_eq!(peer.count("GET /heals"), 2);
    let each: Vec<_> = journey
        .attempts
        .iter()
        .map(|one| (one.number, one.outcome))
        .collect();
    assert_eq!(each, [(1, Outcome::Failed), (2, Outcome::Passed)]);
    assert!(
        journey.reason.starts_with("attempt 1 failed: "),
        "{}",
        journey.reason
    );
    assert_eq!(run.verdict.exit_code(), 0);
}

#[test]
fn a_floor_that_comes_up_again_makes_its_journey_flaky() {
    let peer = Peer::start();
    let text = "local a = j:client('a')
        if j.run.attempt == 1 then a:get('/down') else a:get('/mend') end
        j:floor('it is up', function() a:get('/up'):expect { status = 200 } end)";
    let run = body(&peer, "retries = 1", text).run();
    let first = &run.journeys[0].attempts[0];
    assert_eq!(first.outcome, Outcome::Errored(Whose::Target));
    assert_eq!(outcomes(&run), [Outcome::Flaky]);
}

#[test]
fn what_never_heals_has_all_its_attempts_and_no_more() {
    let peer = Peer::start();
    let text = "j:client('a'):get('/missing'):expect { status = 200 }";
    let run = body(&peer, "retries = 2", text).run();
    assert_eq!(outcomes(&run), [Outcome::Failed]);
    assert_eq!(run.journeys[0].attempts.len(), 3);
    assert_eq!(peer.count("GET /missing"), 3);
    assert_eq!(run.verdict.exit_code(), 1);
}

#[test]
fn a_mistake_of_ours_is_never_tried_again() {
    let peer = Peer::start();
    for text in ["error('wrong')", "j:client('a'):get('/x', { witin = 1 })"] {
        let run = body(&peer, "retries = 3", text).run();
        assert_eq!(outcomes(&run), [Outcome::Errored(Whose::Ours)], "{text}");
        assert_eq!(run.journeys[0].attempts.len(), 1, "{text}");
    }
    for text in ["", "j:skip('not now')"] {
        let run = body(&peer, "retries = 3", text).run();
        assert_eq!(run.journeys[0].attempts.len(), 1, "{text}");
    }
}

#[test]
fn each_attempt_has_a_vm_a_number_and_random_values_of_its_own() {
    let peer = Peer::start();
    let text = "local before = (rawget(_G, 'before') or 0) + 1
        rawset(_G, 'before', before)
        j:note(j.run.attempt .. ' ' .. before .. ' ' .. j.random:integer(1, 1000000000))
        j:client('a'):get('/missing'):expect { status = 200 }";
    let notes = || {
        let run = body(&peer, "retries = 2", text).run();
        let of = run.journeys[0].attempts.iter().flat_map(notes_of);
        of.collect::<Vec<String>>()
    };
    let first = notes();
    assert_eq!(first, notes(), "they follow the seed");
    let word = |note: &str, at| note.split(' ').nth(at).map(str::to_string);
    for (note, number) in first.iter().zip(["1", "2", "3"]) {
        assert_eq!(word(note, 0).as_deref(), Some(number));
        assert_eq!(word(note, 1).as_deref(), Some("1"), "a fresh VM");
    }
    assert_eq!(first.len(), 3);
    assert_ne!(word(&first[0], 2), word(&first[1], 2));
    assert_ne!(word(&first[1], 2), word(&first[2], 2));
}

#[test]
fn a_journey_says_how_often_itself_or_the_project_does() {
    let peer = Peer::start();
    let text = "journey('own', { retries = 0 }, function(j) j:expect(1, 2) end)
        journey('default', function(j) j:expect(1, 2) end)";
    let mut bench = Bench::at(&peer.url()).file("t.lua", text);
    bench.retries = 1;
    let run = bench.run();
    let counts: Vec<usize> = run.journeys.iter().map(|one| one.attempts.len()).collect();
    assert_eq!(counts, [1, 2]);
}

#[test]
fn every_repetition_is_tried_again_by_itself() {
    let peer = Peer::start();
    let mut bench = body(
        &peer,
        "retries = 1",
        "if j.run.attempt == 1 then j:expect(1, 2) end",
    );
    bench.repeat = 3;
    let (run, begun) = begun(&bench);
    assert_eq!(outcomes(&run), [Outcome::Flaky; 3]);
    // Right behind what it repeats.
    assert_eq!(begun, [(0, 1), (0, 2), (1, 1), (1, 2), (2, 1), (2, 2)]);
}

#[test]
fn a_retry_holds_its_lock_alone() {
    let peer = Peer::start();
    let text = "local function fails(j) j:sleep('20ms') j:expect(1, 2) end
        journey('a', { lock = 'room', retries = 2 }, fails)
        journey('b', { lock = 'room', retries = 2 }, fails)
        journey('c', { share = 'room' }, fails)";
    let mut bench = Bench::at(&peer.url()).file("t.lua", text);
    bench.jobs = 3;
    let run = bench.run();
    let mut spans: Vec<(u64, u64)> = run
        .journeys
        .iter()
        .flat_map(|one| &one.attempts)
        .map(|one| (one.started, one.started + one.took))
        .collect();
    spans.sort_unstable();
    assert_eq!(spans.len(), 7);
    for pair in spans.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "two at a time: {spans:?}");
    }
}

/// A first journey with this body and these options, and a second one that needs nothing.
fn two(peer: &Peer, options: &str, text: &str) -> Bench {
    let file = format!(
        "journey('first', {{ {options} }}, function(j) {text} end)\njourney('later', function(j) end)"
    );
    let mut bench = Bench::at(&peer.url()).file("t.lua", &file);
    bench.fail_fast = true;
    bench
}

#[test]
fn fail_fast_waits_for_the_last_attempt() {
    let peer = Peer::start();
    let run = two(&peer, "retries = 1", HEALS).run();
    assert_eq!(outcomes(&run), [Outcome::Flaky, Outcome::Passed]);
    let run = two(&peer, "retries = 1", "j:expect(1, 2)").run();
    assert_eq!(run.journeys[0].attempts.len(), 2);
    assert_eq!(outcomes(&run), [Outcome::Failed, Outcome::Skipped]);
    assert_eq!(run.stop, Some(Stop::FailFast));
}

#[test]
fn fail_fast_stops_at_a_flaky_journey_only_where_that_fails() {
    let peer = Peer::start();
    let text = "if j.run.attempt == 1 then j:expect(1, 2) end";
    let mut bench = two(&peer, "retries = 1", text);
    bench.flaky = OnFlaky::Fail;
    let run = bench.run();
    assert_eq!(outcomes(&run), [Outcome::Flaky, Outcome::Skipped]);
    assert_eq!(run.verdict.exit_code(), 1);
}

#[test]
fn fail_fast_stops_at_a_failure_that_a_skip_would_hide() {
    let peer = Peer::start();
    let text = "if j.run.attempt == 2 then j:skip('it is there already') end j:expect(1, 2)";
    let run = two(&peer, "retries = 1", text).run();
    assert_eq!(outcomes(&run), [Outcome::Failed, Outcome::Skipped]);
}

#[test]
fn fail_fast_passes_over_what_is_in_quarantine() {
    let peer = Peer::start();
    // The run of a bench starts on 2023-11-14.
    let quarantine =
        |expires: &str| format!("quarantine = {{ reason = 'known', expires = '{expires}' }}");
    let run = two(&peer, &quarantine("2023-11-14"), "j:expect(1, 2)").run();
    assert_eq!(outcomes(&run), [Outcome::Failed, Outcome::Passed]);
    assert_eq!(run.verdict.exit_code(), 0);
    let run = two(&peer, &quarantine("2023-11-13"), "j:expect(1, 2)").run();
    assert_eq!(outcomes(&run), [Outcome::Failed, Outcome::Skipped]);
    assert_eq!(run.verdict.exit_code(), 1);
}

#[test]
fn an_interrupt_ends_the_retry_and_keeps_what_was_found() {
    let peer = Peer::start();
    let text = "if j.run.attempt == 2 then j:note('on') j:sleep(60) end j:expect(1, 2)";
    let run = body(&peer, "retries = 5", text).run_and(|event, control| {
        if matches!(event, EventKind::Noted { .. }) {
            control.interrupt();
        }
    });
    assert_eq!(run.journeys[0].attempts.len(), 2);
    assert_eq!(outcomes(&run), [Outcome::Failed]);
    assert_eq!(run.verdict.exit_code(), 130);
}

#[test]
fn the_time_of_the_run_ends_the_retry_too() {
    let peer = Peer::start();
    let text = "if j.run.attempt == 2 then j:sleep(60) end j:expect(1, 2)";
    let mut bench = body(&peer, "retries = 5, timeout = '2m'", text);
    // Long enough for a first attempt on a machine that is busy with others.
    bench.max_time = Some(Duration::from_secs(2));
    let run = bench.run();
    assert_eq!(outcomes(&run), [Outcome::Failed]);
    assert_eq!(
        (run.stop, run.verdict.exit_code()),
        (Some(Stop::MaxTime), 1)
    );
}
