//! Reports of attempts whose events were thinned say what they say of all events.

use super::{Style, json, junit, summary};
use crate::judge::builder::{Builder, MS, failure, planned, silent_departure};
use crate::judge::{Fold, judge};
use crate::model::event::{Cause, FailureRole, FrameKind, Payload, Phases};
use crate::model::run::Run;
use crate::model::{Event, EventKind, ProblemKind};

/// Three clients that talk and ask a lot, before and after what broke, with words longer than any
/// line.
fn loud(rounds: u64) -> Vec<Event> {
    let one = planned("j.lua", "a silent departure is announced, once");
    let two = planned("j.lua", "two");
    let mut builder = Builder::run(vec![one, two]);
    silent_departure_among(&mut builder, rounds);
    builder.start(1);
    let mut soft = failure(ProblemKind::Expectation, "kept by soft");
    soft.role = FailureRole::Soft;
    talk(&mut builder, 1, rounds);
    builder.fail(1, soft);
    talk(&mut builder, 1, rounds);
    builder.end(1, Cause::Completed);
    builder.finish(None)
}

fn silent_departure_among(builder: &mut Builder, rounds: u64) {
    let mut quiet = Builder::run(Vec::new());
    silent_departure(&mut quiet, 0);
    // Its places in the order change with what is put between, and with them what refers to them.
    let mut unmet = 0;
    for event in quiet.cut().into_iter().skip(1) {
        let mut kind = event.kind;
        let end = matches!(kind, EventKind::AttemptEnded { .. });
        if end || matches!(kind, EventKind::StreamEnded { .. }) {
            talk(builder, 0, rounds);
        }
        if let EventKind::Failed(failure) = &mut kind {
            failure.expectation = Some(unmet);
        }
        builder.at(event.at);
        let expected = matches!(kind, EventKind::Expected(_));
        let seq = builder.say(event.attempt, kind);
        unmet = if expected { seq } else { unmet };
    }
}

/// Requests, answers, notes and messages of a client that speaks up late, in turns.
fn talk(builder: &mut Builder, attempt: u32, rounds: u64) {
    let who = Some(attempt);
    let place = || None;
    let text = |text: String| Payload {
        size: text.len() as u64,
        kept: text,
        base64: false,
    };
    let name = "carol".to_string();
    builder.say(
        who,
        EventKind::ClientMade {
            client: 2,
            name,
            place: place(),
        },
    );
    for round in 0..rounds {
        let exchange = u32::try_from(round).expect("few rounds");
        builder.say(
            who,
            EventKind::RequestSent {
                client: 2,
                exchange,
                hop: 0,
                method: "GET".into(),
                url: format!("http://127.0.0.1/{round}"),
                headers: vec![("x".into(), "y".repeat(300))],
                body: Payload::default(),
                place: None,
            },
        );
        let payload = text(format!("{round} {}", "wörds ".repeat(300)));
        let (stream, frame) = (u32::try_from(round % 2).expect("0 or 1"), FrameKind::Text);
        let message = EventKind::FrameReceived {
            stream,
            frame,
            payload: payload.clone(),
            unanswered: false,
        };
        builder.say(who, message);
        if round % 7 == 0 {
            let text = format!("note {round}");
            builder.say(who, EventKind::Noted { text, place: None });
        }
        // Answers come long after their requests.
        let Some(exchange) = exchange.checked_sub(40) else {
            continue;
        };
        builder.say(
            who,
            EventKind::ResponseReceived {
                client: 2,
                exchange,
                status: 200,
                version: "1.1".into(),
                headers: vec![("x".into(), "y".repeat(300))],
                body: payload,
                phases: Phases {
                    total: MS,
                    ..Phases::default()
                },
            },
        );
    }
}

fn with_room(events: &[Event], room: usize) -> Run {
    let mut fold = Fold::with_room(room);
    for event in events {
        fold.push(event);
    }
    fold.finish()
}

fn reports(run: &Run) -> [String; 3] {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    [
        summary(run, &Style::plain()),
        text(junit(run).expect("JUnit")),
        text(json(run).expect("JSON")),
    ]
}

#[test]
fn a_thinned_attempt_is_told_as_a_whole_one() {
    for rounds in [0, 1, 9, 50, 300] {
        let events = loud(rounds);
        let (whole, thin) = (judge(&events), with_room(&events, 0));
        for (whole, thin) in reports(&whole).into_iter().zip(reports(&thin)) {
            assert!(whole == thin, "{rounds} rounds\n{whole}\n\n{thin}");
        }
    }
}

#[test]
fn what_is_kept_of_a_thinned_attempt_does_not_grow_with_its_length() {
    let cost = |rounds: u64| {
        let run = with_room(&loud(rounds), 0);
        let attempts = run.journeys.iter().flat_map(|it| &it.attempts);
        attempts.map(|it| format!("{it:?}").len()).sum::<usize>()
    };
    // Notes are kept, and are all that is.
    let (few, many) = (cost(300), cost(1500));
    assert!(many < few + few / 5 + 1500 * 60, "{few} and {many}");
    let events = with_room(&loud(1500), 0);
    let kept = events.journeys[0].attempts[0].events.len();
    assert!((100..400).contains(&kept), "{kept} events");
}

#[test]
fn an_attempt_is_thinned_before_it_has_ended() {
    // Some 20 MiB of an attempt that was cut short.
    let mut events = loud(1500);
    events.truncate(events.len() / 2);
    let run = judge(&events);
    let kept: usize = run
        .journeys
        .iter()
        .flat_map(|it| &it.attempts)
        .map(|it| format!("{it:?}").len())
        .sum();
    assert!(kept < 12 << 20, "{kept} bytes");
}
