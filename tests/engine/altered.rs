//! What is other about a mutant as the script sees it: waits that end early, something that it does
//! left out or done twice, expectations that demand the opposite; and what a walk without a fault
//! writes down so that such mutants can be made.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use jaunt::client::fault::Log;
use jaunt::model::event::{Expectation, Met};
use jaunt::model::fault::{Change, Fault, Passage, Passed, Site, What};
use jaunt::model::run::JourneyResult;
use jaunt::model::{EventKind, Outcome, Place};
use jaunt::runner::Altered;
use jaunt::script::host::Caps;

use crate::bench::{body, events, failures, first};
use crate::peer::Peer;

/// A journey that does and expects one of everything.
const OF_EVERYTHING: &str = r#"
local c = j:client("c")
local ws = c:websocket("/ws", { query = { nick = j:unique("nick-") } })
ws:send("say one")
local _, one = ws:expect("one")
ws:send_frame { opcode = 1, payload = "two" }
local _, two = ws:expect("two", { exactly = 1, settle = "20ms" })
ws:expect_none("three", { during = "20ms" })
ws:send("three\nfour\nfive\nsix\nseven")
ws:expect_next("three")
ws:expect_all { "five", "four" }
ws:expect_sequence { "six", "seven" }
j:expect_before(one, two)
j:expect(1, 1, "one is one")
local page = c:get("/json"):expect { status = 200 }
j:pick(page, "nick", "ann")
j:eventually({ within = "1s", every = "10ms" }, function() c:get("/"):expect { status = 200 } end)
j:never({ during = "20ms", every = "10ms" }, function() j:expect(1, 2) end)
j:expect_error({ kind = "expectation" }, function() j:expect(1, 2) end)
pcall(function() j:expect(1, 1) end)
j:floor("it is up", function() c:get("/up"):expect { status = 200 } end)
ws:ping("x")
ws:close()
ws:expect_close()
j:defer(function() j:expect(2, 2) end)
"#;

/// The walk of a journey whose attempt is altered.
fn walk(
    peer: &Peer,
    text: &str,
    alter: impl Fn() -> Altered + Send + Sync + 'static,
) -> JourneyResult {
    let mut bench = body(peer, "", text);
    bench.waits.late = Duration::ZERO;
    bench.alter = Some(Arc::new(move |_| Ok(alter())));
    first(bench.run())
}

/// What is written down of a walk.
fn logged(text: &str) -> (JourneyResult, Vec<Passed>) {
    let log = Log::default();
    let own = log.clone();
    let result = walk(&Peer::start(), text, move || Altered {
        log: Some(own.clone()),
        ..Altered::default()
    });
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
    let log = log.lock().unwrap_or_else(PoisonError::into_inner);
    (result, log.clone())
}

/// The walk with one fault, and what was applied.
fn mutant(peer: &Peer, text: &str, site: &Site, change: &Change) -> (JourneyResult, Vec<String>) {
    let fault = Fault {
        site: site.clone(),
        change: change.clone(),
    };
    let result = walk(peer, text, move || Altered {
        faults: vec![fault.clone()],
        ..Altered::default()
    });
    let applied = events(&result).into_iter().filter_map(|kind| match kind {
        EventKind::FaultApplied { operator, text, .. } => {
            assert_eq!(*operator, change.operator());
            Some(text.clone())
        }
        _ => None,
    });
    let applied = applied.collect();
    (result, applied)
}

fn expected(result: &JourneyResult) -> Vec<&Expectation> {
    let all = events(result).into_iter();
    let expected = all.filter_map(|kind| match kind {
        EventKind::Expected(it) => Some(it.as_ref()),
        _ => None,
    });
    expected.collect()
}

/// Line and call of an action or expectation.
fn named(site: &Site) -> (u32, &str) {
    match &site.passage {
        Passage::Action { place, call } | Passage::Expectation { place, call } => {
            (place.line, call)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_met_expectation_can_demand_the_opposite() {
    let (result, passed) = logged(OF_EVERYTHING);
    let met: Vec<(&Site, u64)> = passed
        .iter()
        .filter_map(|one| match &one.what {
            What::Met { site } => Some((site, one.seq)),
            _ => None,
        })
        .collect();
    let calls: Vec<&str> = met.iter().map(|(site, _)| named(site).1).collect();
    // Not those within `eventually`, `never`, `expect_error`, `pcall`, `floor` and cleanup.
    assert_eq!(
        calls,
        [
            "expect",
            "expect",
            "expect_none",
            "expect_next",
            "expect_all",
            "expect_sequence",
            "expect_before",
            "expect",
            "expect",
            "expect",
            "eventually",
            "never",
            "expect_error",
            "expect_close",
        ]
    );
    let attempt = result.attempts.last().expect("an attempt");
    for (site, seq) in &met {
        let event = attempt.events.iter().find(|event| event.seq == *seq);
        let Some(EventKind::Expected(it)) = event.map(|event| &event.kind) else {
            panic!("{site:?} has the place of another event");
        };
        assert_eq!((it.result, it.call.as_str()), (Met::Met, named(site).1));
        assert_eq!(it.client.is_some(), !site.client.is_empty());
    }
    let peer = Peer::start();
    for (site, _) in met {
        let (result, applied) = mutant(&peer, OF_EVERYTHING, site, &Change::Negate);
        assert_eq!(applied.len(), 1, "{site:?}: {applied:?}");
        assert_eq!(result.outcome, Outcome::Failed, "{site:?}");
        let message = &failures(&result)[0].problem.message;
        assert!(message.contains("negated: "), "{site:?}: {message}");
        let at = failures(&result)[0]
            .excerpt
            .as_ref()
            .map(|it| it.place.line);
        assert_eq!(at, Some(named(site).0), "{site:?}");
    }
}

#[test]
fn what_the_script_does_can_be_left_out() {
    let (_, passed) = logged(OF_EVERYTHING);
    let acted: Vec<&Site> = passed
        .iter()
        .filter_map(|one| match &one.what {
            What::Acted { site } => Some(site),
            _ => None,
        })
        .collect();
    let calls: Vec<&str> = acted.iter().map(|site| named(site).1).collect();
    assert_eq!(calls, ["send", "send_frame", "send", "ping", "close"]);
    let noticed = |site: &Site, gone: &str| {
        let peer = Peer::start();
        let (result, applied) = mutant(&peer, OF_EVERYTHING, site, &Change::RemoveAction);
        assert_eq!(applied.len(), 1, "{site:?}: {applied:?}");
        assert_eq!(peer.count(gone), 0, "{:?}", peer.seen());
        (result.outcome == Outcome::Failed).then(|| failures(&result)[0].problem.message.clone())
    };
    let message = noticed(acted[0], "text say one").expect("it fails");
    assert!(message.starts_with("c never heard \"one\""), "{message}");
    assert!(noticed(acted[1], "text two").is_some());
    assert!(noticed(acted[2], "text three").is_some());
    assert_eq!(noticed(acted[3], "ping"), None, "nobody asks for the pong");
    // The end of the journey closes what the script has left open.
    let (result, applied) = mutant(
        &Peer::start(),
        OF_EVERYTHING,
        acted[4],
        &Change::RemoveAction,
    );
    assert_eq!(applied, ["`:close` of c was left out"]);
    let message = &failures(&result)[0].problem.message;
    assert!(message.contains("was never closed"), "{message}");
}

#[test]
fn what_is_sent_can_be_sent_twice() {
    let (_, passed) = logged(OF_EVERYTHING);
    let sites = passed.iter().filter_map(|one| match &one.what {
        What::Acted { site } => Some(site),
        _ => None,
    });
    for site in sites {
        let peer = Peer::start();
        let (result, applied) = mutant(&peer, OF_EVERYTHING, site, &Change::DoubleWrite);
        let (says, counts, fails) = match named(site).1 {
            "send_frame" => ("text two", 2, true),
            "send" if peer.count("text say one") == 2 => ("text say one", 2, false),
            "send" => ("text three", 2, false),
            // What is no writing is not doubled, and so not armed.
            _ => ("ping", 1, false),
        };
        assert_eq!(peer.count(says), counts, "{site:?}: {:?}", peer.seen());
        assert_eq!(applied.len(), counts - 1, "{site:?}: {applied:?}");
        assert_eq!(
            result.outcome == Outcome::Failed,
            fails,
            "{site:?}: {}",
            result.reason
        );
    }
}

#[test]
fn the_second_one_of_a_line_is_found_again_and_no_other() {
    let text = r#"local c = j:client("c")
    local ws = c:websocket("/ws")
    for _, word in ipairs { "one", "two", "three" } do
      ws:send(word)
    end
    ws:expect("three")"#;
    let place = Place::new("journeys/t.lua", 5);
    let passage = Passage::Action {
        place,
        call: "send".to_string(),
    };
    let site = |nth| Site {
        client: "c".to_string(),
        passage: passage.clone(),
        nth,
    };
    let peer = Peer::start();
    let (result, applied) = mutant(&peer, text, &site(2), &Change::RemoveAction);
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
    assert_eq!(applied, ["`:send` of c was left out"]);
    let texts: Vec<String> = peer
        .seen()
        .into_iter()
        .filter(|it| it.starts_with("text"))
        .collect();
    assert_eq!(texts, ["text one", "text three"]);
    // A site that does not occur arms nothing.
    let (result, applied) = mutant(&peer, text, &site(4), &Change::RemoveAction);
    assert_eq!((result.outcome, applied.len()), (Outcome::Passed, 0));
}

#[test]
fn the_values_of_the_script_are_written_down() {
    let (result, passed) = logged(
        r#"local made = { j:unique("bob-"), j:unique_ip(), j.random:uuid(), j.fake:name() }
        j.random:integer(1, 2)
        j:note(table.concat(made, "|"))"#,
    );
    let made: Vec<&str> = passed
        .iter()
        .filter_map(|one| match &one.what {
            What::Made { value, place } => {
                assert_eq!(place.as_ref().map(|place| place.line), Some(2));
                Some(value.as_str())
            }
            _ => None,
        })
        .collect();
    assert_eq!(crate::bench::notes(&result), [made.join("|")]);
    assert_eq!(made.len(), 4);
}

/// The walk with waits cut to 80 ms, but those of one line to another time. Line 3, which opens the
/// stream, is left alone: a busy machine takes its time.
fn capped(text: &str, line: u32, known: Duration) -> JourneyResult {
    let place = Place::new("journeys/t.lua", line);
    let opening = Place::new("journeys/t.lua", 3);
    let caps = Arc::new(Caps {
        by_place: HashMap::from([(opening, Duration::from_secs(5)), (place, known)]),
        otherwise: Duration::from_millis(80),
    });
    walk(&Peer::start(), text, move || Altered {
        caps: Some(caps.clone()),
        ..Altered::default()
    })
}

#[test]
fn what_is_waited_for_is_cut_short_by_its_line() {
    let known = Duration::from_millis(400);
    let wait =
        |call: &str| format!("local c = j:client('c')\nlocal ws = c:websocket('/ws')\n{call}");
    for call in [
        "ws:expect('never')",
        "ws:expect('never', { exactly = 2 })",
        "ws:expect_next('never')",
        "ws:expect_all { 'never' }",
        "ws:expect_sequence { 'never', 'ever' }",
        "ws:expect_close()",
        "j:eventually({ every = '5ms' }, function() j:expect(1, 2) end)",
    ] {
        for (line, at_least) in [(1, 80), (4, 400)] {
            let result = capped(&wait(call), line, known);
            assert_eq!(result.outcome, Outcome::Failed, "{call}: {}", result.reason);
            let last = expected(&result).pop().expect("an expectation").clone();
            assert!(last.promise.contains("never") || last.promise.contains("still so"));
            assert_eq!(last.cut_by, None, "{call}");
            let waited = Duration::from_nanos(last.waited).as_millis();
            assert!((at_least..1500).contains(&waited), "{call}: {waited} ms");
        }
    }
    let hangs = capped("j:client('c'):get('/hang')", 1, known);
    let message = &failures(&hangs)[0].problem.message;
    assert!(message.contains("80 ms"), "{message}");
}

#[test]
fn a_window_that_proves_an_absence_is_whole() {
    let result = capped(
        "local c = j:client('c')
        local ws = c:websocket('/ws')
        ws:send('one')
        ws:expect('one', { exactly = 1, settle = '250ms' })
        ws:expect_none('never', { during = '250ms' })
        j:never({ during = '250ms' }, function() j:expect(1, 2) end)
        local before = j:elapsed()
        j:sleep('250ms')
        j:expect(j:elapsed() - before, match.gte(0.25))",
        5,
        Duration::from_secs(2),
    );
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
    let counted = expected(&result).into_iter().filter(|it| it.counts);
    let waited: Vec<u128> = counted
        .map(|it| Duration::from_nanos(it.waited).as_millis())
        .collect();
    assert!(
        waited[..3].iter().all(|waited| *waited >= 250),
        "{waited:?}"
    );
}
