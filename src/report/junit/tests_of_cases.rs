//! What a case has beside its outcome: properties, attempts that were retried, and its output.

use super::junit;
use super::tests::{Node, parse};
use crate::judge::builder::{Builder, MS, failure, floor, mixed, planned, silent_departure};
use crate::judge::judge;
use crate::model::event::{Cause, Planned, Stop};
use crate::model::outcome::OnFlaky;
use crate::model::{Event, EventKind, ProblemKind, Quarantine};
use crate::report::Style;

const FILE: &str = "journeys/chat_presence.lua";
const HOSTILE: &str = "\u{1b}[31mred\u{1b}[0m ]]> \u{0}\u{fffe} <b>&\"'";

fn read(events: &[Event]) -> Node {
    parse(&junit(&judge(events)).expect("it can be written"))
}

fn properties(of: &Node) -> Vec<(&str, &str)> {
    let all = of.child("properties").map(|it| it.children.as_slice());
    let all = all.unwrap_or_default().iter();
    all.map(|it| (it.get("name"), it.get("value"))).collect()
}

fn elements(case: &Node) -> Vec<&str> {
    case.children.iter().map(|it| it.name.as_str()).collect()
}

/// A journey whose attempts end as they are named: `failed`, `floor`, `ours`, or `passed`.
fn tried(attempts: &[&str], change: impl FnOnce(&mut Planned)) -> Builder {
    let mut plan = Planned {
        retries: 2,
        ..planned(FILE, "a journey")
    };
    change(&mut plan);
    let mut builder = Builder::run(vec![plan]);
    for (kind, at) in attempts.iter().zip(0..) {
        let now = u64::from(at) * 10 * MS;
        builder.at(now).start_again(at, 0, at + 1);
        let words = format!("attempt {} said {HOSTILE}", at + 1);
        let mut broken = match *kind {
            "ours" => failure(ProblemKind::Script, &words),
            _ => failure(ProblemKind::Expectation, &words),
        };
        if *kind == "floor" {
            broken.floor = Some(floor(Some("GET /health refused the connection")));
        }
        let note = format!("note {}", at + 1);
        let (text, place) = (note, None);
        builder.say(Some(at), EventKind::Noted { text, place });
        builder.expect_met(at).at(now + 4 * MS);
        match *kind {
            "passed" => builder.end(at, Cause::Completed),
            _ => builder.fail(at, broken).end(at, Cause::Failed),
        };
    }
    builder
}

fn fail_if_flaky(mut events: Vec<Event>) -> Vec<Event> {
    if let EventKind::RunStarted(header) = &mut events[0].kind {
        header.flaky = OnFlaky::Fail;
    }
    events
}

#[test]
fn a_suite_says_what_was_run_and_a_case_what_it_was() {
    let file = read(&mixed("words"));
    let [presence, _] = file.children.as_slice() else {
        panic!("{file:?}")
    };
    assert_eq!(
        properties(presence),
        [
            ("jaunt", "0.1.0"),
            ("run", "20261121-7f3a"),
            ("project", "chat-and-friends"),
            ("target", "demo"),
            ("url", "http://127.0.0.1:40123"),
            ("seed", "7f3a"),
            ("floor", "up (3 of 3)"),
        ]
    );
    let cases = file.cases();
    let failed = properties(cases[1]);
    assert_eq!(
        failed,
        [
            ("outcome", "failed"),
            ("owner", "chat-team"),
            ("runbook", "https://runbooks.example.com/chat-presence"),
            ("covers", "chat.presence"),
            ("floor", "up"),
        ]
    );
    assert_eq!(cases[1].get("owner"), "chat-team");
    let outcomes: Vec<&str> = cases.iter().map(|case| properties(case)[0].1).collect();
    assert_eq!(outcomes, ["passed", "failed", "errored", "skipped"]);
    let mut bare = planned(FILE, "bare");
    let journey = std::sync::Arc::make_mut(&mut bare.journey);
    (journey.owner, journey.runbook) = (None, None);
    journey.covers.clear();
    let mut builder = Builder::run(vec![bare]);
    builder.start(0).expect_met(0).end(0, Cause::Completed);
    let file = read(&builder.finish(None));
    assert_eq!(properties(file.cases()[0]), [("outcome", "passed")]);
    assert_eq!(file.cases()[0].get("owner"), "(absent)");
}

#[test]
fn a_flaky_case_passes_and_shows_each_attempt_that_did_not() {
    let events = tried(&["failed", "floor", "passed"], |_| {}).finish(None);
    let file = read(&events);
    assert_eq!((file.get("tests"), file.get("failures")), ("1", "0"));
    assert_eq!((file.get("errors"), file.get("skipped")), ("0", "0"));
    let case = file.cases()[0];
    assert_eq!(
        elements(case),
        ["properties", "flakyFailure", "flakyError", "system-out"]
    );
    assert!(properties(case).contains(&("outcome", "flaky")));
    assert!(properties(case).contains(&("attempts", "3")));
    let first = &case.children[1];
    assert_eq!(first.get("type"), "expectation");
    let message = first.get("message");
    assert!(message.starts_with("attempt 1 said red ]]> "), "{message}");
    assert!(message.ends_with("· floor up · demo"), "{message}");
    let trace = &first.child("stackTrace").expect("its text").text;
    assert!(trace.contains("attempt 1 said red ]]> "), "{trace}");
    assert!(
        trace.contains("jaunt run journeys/chat_presence.lua:14"),
        "{trace}"
    );
    let out = |of: &Node| {
        of.child("system-out")
            .expect("it said something")
            .text
            .clone()
    };
    assert!(out(first).contains("note: note 1"), "{}", out(first));
    let second = &case.children[2];
    assert_eq!(second.get("type"), "floor");
    assert!(second.get("message").contains("refused the connection"));
    assert!(out(second).contains("note: note 2") && !out(second).contains("note 1"));
    // The case's own output is that of the attempt that passed.
    assert!(out(case).contains("note: note 3") && !out(case).contains("note 1"));
}

#[test]
fn a_case_that_never_passed_is_about_its_last_attempt_and_shows_the_others() {
    let events = tried(&["floor", "failed", "failed"], |_| {}).finish(None);
    let file = read(&events);
    assert_eq!(file.get("failures"), "1");
    let case = file.cases()[0];
    assert_eq!(
        elements(case),
        [
            "properties",
            "failure",
            "rerunError",
            "rerunFailure",
            "system-out"
        ]
    );
    let messages: Vec<&str> = case.children[1..4]
        .iter()
        .map(|it| it.get("message"))
        .collect();
    assert!(messages[0].starts_with("attempt 3 said"), "{messages:?}");
    assert!(messages[1].starts_with("the floor is down"), "{messages:?}");
    assert!(messages[2].starts_with("attempt 2 said"), "{messages:?}");
}

#[test]
fn a_flaky_case_that_is_to_fail_fails_for_the_attempt_that_broke_it() {
    let events = tried(&["floor", "failed", "passed"], |_| {}).finish(None);
    let file = read(&fail_if_flaky(events));
    assert_eq!(file.get("failures"), "1");
    let case = file.cases()[0];
    assert_eq!(
        elements(case),
        ["properties", "failure", "flakyError", "system-out"]
    );
    assert_eq!(case.children[1].get("type"), "flaky");
    assert!(case.children[1].text.contains("attempt 2 said"));
}

#[test]
fn what_is_red_in_quarantine_is_skipped_and_says_all() {
    let events = tried(&["failed", "failed"], |plan| {
        let journey = std::sync::Arc::make_mut(&mut plan.journey);
        journey.quarantine = Some(Quarantine {
            reason: "the chat loses pings".into(),
            expires: "2026-12-31".parse().expect("a day"),
        });
    })
    .finish(None);
    let file = read(&events);
    assert_eq!((file.get("failures"), file.get("skipped")), ("0", "1"));
    let case = file.cases()[0];
    assert_eq!(
        elements(case),
        ["properties", "skipped", "rerunFailure", "system-out"]
    );
    let skipped = &case.children[1];
    assert_eq!(skipped.get("type"), "quarantined");
    for part in [
        "failed: attempt 2 said",
        "2026-12-31",
        "the chat loses pings",
    ] {
        assert!(skipped.get("message").contains(part), "{skipped:?}");
    }
    let out = &case.children[3].text;
    for text in [&skipped.text, out] {
        assert!(text.contains("attempt 2 said red ]]> "), "{text}");
        assert!(text.contains("again     jaunt run"), "{text}");
    }
    let outcomes = properties(case);
    assert_eq!(outcomes[0], ("outcome", "failed"));
    assert!(outcomes.iter().any(|(name, _)| *name == "quarantine"));
}

#[test]
fn the_output_of_a_red_case_says_why_first_and_last_and_what_each_client_saw() {
    let mut builder = Builder::run(vec![planned(FILE, "a silent departure")]);
    silent_departure(&mut builder, 0);
    let run = judge(&builder.finish(None));
    let file = parse(&junit(&run).expect("it can be written"));
    let out = &file.cases()[0].child("system-out").expect("it walked").text;
    let why = "failed: alice never heard \"bob4k2m9x0qaz left\" (waited 5.0 s) · floor up · demo";
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!((lines[0], lines[lines.len() - 1]), (why, why), "{out}");
    assert!(
        out.contains("… not done  alice sees bob leave, exactly once"),
        "{out}"
    );
    assert!(
        out.contains("what alice saw\n   +0.01  → open /chat/ws"),
        "{out}"
    );
    assert!(out.contains("what bob saw\n"), "{out}");
    assert!(out.contains("+0.02  · frozen: TCP stays open"), "{out}");
    let console = crate::report::summary(&run, &Style::plain());
    assert!(
        !console.contains("what alice saw\n"),
        "that much is for a file"
    );
}

#[test]
fn an_attempt_that_was_stopped_counts_as_one() {
    let mut builder = tried(&["failed"], |_| {});
    builder.start_again(1, 0, 2);
    builder.end(1, Cause::Stopped(Stop::Interrupted));
    let file = read(&builder.finish(Some(Stop::Interrupted)));
    let case = file.cases()[0];
    assert_eq!(elements(case)[1..3], ["failure", "rerunError"]);
    assert!(
        case.children[1]
            .get("message")
            .starts_with("attempt 1 said")
    );
    assert_eq!(case.children[2].get("type"), "interrupted");
}

#[test]
fn a_long_failure_loses_its_middle() {
    let mut builder = Builder::run(vec![planned(FILE, "one")]);
    let words = format!("first {} last", "broken ".repeat(30));
    let broken = failure(ProblemKind::Expectation, &words);
    builder.start(0);
    for _ in 0..1_000 {
        builder.fail(0, broken.clone());
    }
    builder.end(0, Cause::Failed);
    let file = read(&builder.finish(None));
    let text = &file.cases()[0].child("failure").expect("it failed").text;
    assert!(text.len() < 66_000, "{}", text.len());
    assert!(text.contains("bytes are left out"), "{text}");
    assert!(text.starts_with("   first broken") && text.contains("again     jaunt run"));
}
