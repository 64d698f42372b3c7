//! What a diagram shows of a run.

use super::{Kind, Lanes, Size, State, mermaid, svg, text};
use crate::judge::builder::{Builder, MS, planned, silent_departure};
use crate::judge::judge;
use crate::model::event::{Expectation, FrameKind, Met, Payload};
use crate::model::{Event, EventKind};
use crate::report::Style;
use crate::report::style::columns;

const FILE: &str = "journeys/chat_presence.lua";

fn silent() -> Vec<Event> {
    let mut builder = Builder::run(vec![planned(FILE, "a silent departure is announced, once")]);
    silent_departure(&mut builder, 0);
    builder.finish(None)
}

pub(super) fn lanes_of(events: &[Event], size: Size) -> Lanes {
    let run = judge(events);
    let attempt = run.journeys[0].told().expect("it has an attempt");
    Lanes::of(&run.header, attempt, size)
}

fn drawn(events: &[Event], width: usize) -> String {
    let lanes = lanes_of(events, text::size_for(width));
    let lines = text::lines(&lanes, width, &Style::plain()).expect("it fits");
    lines.join("\n")
}

/// Changes the one unmet expectation.
fn expected(mut events: Vec<Event>, change: impl Fn(&mut Expectation)) -> Vec<Event> {
    for event in &mut events {
        if let EventKind::Expected(expectation) = &mut event.kind {
            change(expectation);
        }
    }
    events
}

#[test]
fn the_missing_message_is_drawn_and_named() {
    insta::assert_snapshot!("silent", drawn(&silent(), 78));
    let ascii = Style {
        unicode: false,
        ..Style::plain()
    };
    let lanes = lanes_of(&silent(), text::size_for(78));
    let lines = text::lines(&lanes, 78, &ascii).expect("it fits").join("\n");
    insta::assert_snapshot!("silent_ascii", lines);
    insta::assert_snapshot!("silent_narrow", drawn(&silent(), 52));
}

#[test]
fn too_few_columns_are_told_and_all_others_are_kept_to() {
    let lanes = lanes_of(&silent(), Size::CUT);
    assert_eq!(text::lines(&lanes, 40, &Style::plain()), None);
    for width in 52..140 {
        let lines = text::lines(&lanes, width, &Style::plain()).expect("it fits");
        for line in lines {
            assert!(columns(&line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn other_languages_say_the_same() {
    let lanes = lanes_of(&silent(), Size::CUT);
    insta::assert_snapshot!("silent_mermaid", mermaid::diagram(&lanes));
    let svg = svg::element(&lanes, "j1");
    for part in [
        "alice",
        "bob",
        "demo",
        "never told alice",
        "class=\"row missing\"",
    ] {
        assert!(svg.contains(part), "{part} in {svg}");
    }
    assert!(svg.contains("id=\"j1-head\"") && svg.contains("url(#j1-cross)"));
    assert_ne!(svg, svg::element(&lanes, "j2"), "ids are the caller's");
}

#[test]
fn late_is_shown_where_it_was_due_and_where_it_came() {
    let mut events = silent();
    let unmet = events
        .iter()
        .position(|event| matches!(event.kind, EventKind::Expected(_)))
        .expect("there is one");
    let came = r#"{"type":"system","text":"bob4k2m9x0qaz left"}"#;
    let seq = events[unmet].seq;
    for event in &mut events[unmet..] {
        event.seq += 1;
        if let EventKind::Failed(failure) = &mut event.kind {
            failure.expectation = Some(seq + 1);
        }
    }
    let message = Event {
        seq,
        at: 6000 * MS,
        attempt: Some(0),
        kind: EventKind::FrameReceived {
            stream: 0,
            frame: FrameKind::Text,
            payload: Payload {
                size: came.len() as u64,
                kept: came.into(),
                base64: false,
            },
            unanswered: false,
        },
    };
    events.insert(unmet, message);
    let late = expected(events.clone(), |it| {
        (it.result, it.decided_by) = (Met::Late(340 * MS), Some(seq));
    });
    let text = drawn(&late, 78);
    let lines: Vec<&str> = text.lines().collect();
    let (due, came) = (lines[lines.len() - 2], lines[lines.len() - 1]);
    assert!(
        due.contains("+5.66") && due.ends_with("was due now"),
        "{text}"
    );
    assert!(
        came.contains("+6.00") && came.ends_with("340 ms late"),
        "{text}"
    );

    // What came in the meantime stands between the two.
    let mut between = late;
    let mut other = between[unmet].clone();
    (other.seq, other.at) = (seq, 5700 * MS);
    between.insert(unmet, other);
    for event in &mut between[unmet + 1..] {
        event.seq += 1;
        match &mut event.kind {
            EventKind::Failed(failure) => failure.expectation = Some(seq + 2),
            EventKind::Expected(it) => it.decided_by = Some(seq + 1),
            _ => {}
        }
    }
    let text = drawn(&between, 78);
    let last: Vec<&str> = text.lines().rev().take(3).collect();
    assert!(
        last[2].ends_with("was due now") && last[1].contains("+5.70"),
        "{text}"
    );

    let twice = expected(events, |it| {
        (it.expected, it.got, it.decided_by) = (Some(1), Some(2), Some(seq));
    });
    let text = drawn(&twice, 78);
    assert!(text.ends_with("once too often"), "{text}");
    assert!(!text.contains('┄'), "nothing is missing: {text}");
}

#[test]
fn an_absence_that_nothing_proves_is_no_missing_message() {
    let events = expected(silent(), |it| {
        (it.expected, it.got, it.nearest) = (Some(0), None, None);
    });
    let lanes = lanes_of(&events, Size::CUT);
    assert!(lanes.rows.iter().all(|row| row.kind != Kind::Missing));
}

#[test]
fn a_loud_room_hides_neither_causes_nor_what_speaks_of_the_same() {
    let mut events = silent();
    let unmet = events
        .iter()
        .position(|event| matches!(event.kind, EventKind::Expected(_)))
        .expect("there is one");
    let chatter = |number: u64| Event {
        seq: events[unmet].seq,
        at: 3000 * MS + number,
        attempt: Some(0),
        kind: EventKind::FrameReceived {
            stream: 0,
            frame: FrameKind::Text,
            payload: Payload {
                size: 9,
                kept: format!("chatter {number}"),
                base64: false,
            },
            unanswered: false,
        },
    };
    let many: Vec<Event> = (0..500).map(chatter).collect();
    events.splice(unmet..unmet, many);
    let lanes = lanes_of(&events, Size::CUT);
    assert!(lanes.rows.len() <= Size::CUT.rows);
    let labels: Vec<&str> = lanes.rows.iter().map(|row| row.label.as_str()).collect();
    assert!(
        labels.contains(&"freezes") && labels.contains(&"FIN"),
        "{labels:?}"
    );
    assert!(labels.iter().any(|it| it.contains("joined")), "{labels:?}");
    let newest = labels.iter().filter(|it| it.contains("chatter")).count();
    assert!((1..=3).contains(&newest), "{labels:?}");
    let skipped: usize = lanes.rows.iter().map(|row| row.skipped).sum();
    assert_eq!(skipped + lanes.rows.len(), 500 + 7, "{labels:?}");
    assert_eq!(lanes.rows.last().map(|row| row.state), Some(State::Missing));
    let whole = lanes_of(&events, Size::WHOLE);
    assert!(whole.rows.len() > 500, "a page has room");
}

#[test]
fn clients_that_do_nothing_give_way() {
    let mut events = silent();
    for client in 2..9 {
        events.insert(
            4,
            Event {
                seq: 4,
                at: 0,
                attempt: Some(0),
                kind: EventKind::ClientMade {
                    client,
                    name: format!("idle {client}"),
                    place: None,
                },
            },
        );
    }
    let size = Size {
        clients: 2,
        ..Size::CUT
    };
    let lanes = lanes_of(&events, size);
    assert_eq!(lanes.names, ["alice", "bob", "demo"]);
    assert_eq!((lanes.clients, lanes.left_out), (2, 7));
}

#[test]
fn of_several_patterns_the_missing_ones_alone_are_drawn() {
    let several = r#"{ type = "hello" }, { type = "system", text = "bob4k2m9x0qaz left" }"#;
    let left = r#"{ type = "system", text = "bob4k2m9x0qaz left" }"#;
    let missing = |known: &[&str]| {
        let events = expected(silent(), |it| {
            (it.call, it.pattern) = ("expect_all".into(), several.into());
            (it.expected, it.got) = (Some(2), Some(1));
            it.missing = known.iter().map(ToString::to_string).collect();
        });
        let rows = lanes_of(&events, Size::CUT).rows.into_iter();
        let rows = rows.filter(|row| row.kind == Kind::Missing);
        rows.map(|row| row.label).collect::<Vec<_>>()
    };
    assert_eq!(missing(&[left]), [r#"system "bob4k2m9x0qaz left""#]);
    assert_eq!(
        missing(&[left; 9]).last().map(String::as_str),
        Some("6 more messages")
    );
    // A trace of an older jaunt does not say which.
    assert_eq!(missing(&[]), [r#"hello, system "bob4k2m9x0qaz left""#]);
}

#[test]
fn a_close_is_one_row_with_the_code_that_was_sent() {
    let frame = |kept: &str, size| Payload {
        size,
        kept: kept.into(),
        base64: true,
    };
    let ended = |by_us| crate::model::event::Ended {
        code: 1005,
        reason: String::new(),
        how: crate::model::event::How::Close,
        by_us,
    };
    let sent = EventKind::FrameSent {
        stream: 1,
        frame: FrameKind::Close,
        payload: frame("A+hieWU=", 5),
        by_itself: false,
    };
    let answered = EventKind::FrameReceived {
        stream: 1,
        frame: FrameKind::Close,
        payload: frame("", 0),
        unanswered: false,
    };
    let rows = |kinds: &[EventKind]| {
        let mut events = silent();
        let unmet = events
            .iter()
            .position(|event| matches!(event.kind, EventKind::Expected(_)));
        let unmet = unmet.expect("there is one");
        let seq = events[unmet].seq - 1;
        let new = kinds.iter().map(|kind| Event {
            seq,
            at: 3000 * MS,
            attempt: Some(0),
            kind: kind.clone(),
        });
        let new: Vec<Event> = new.collect();
        events.splice(unmet..unmet, new);
        let rows = lanes_of(&events, Size::WHOLE).rows.into_iter();
        let rows = rows.filter(|row| row.at == 3000 * MS);
        rows.map(|row| (row.label, row.from < row.to))
            .collect::<Vec<_>>()
    };
    let (by_us, by_far) = (true, false);
    let end = |by_us| EventKind::StreamEnded {
        stream: 1,
        ended: ended(by_us),
    };
    assert_eq!(
        rows(&[sent.clone(), answered.clone(), end(by_us)]),
        [("close frame 1000 bye".to_string(), true)]
    );
    assert_eq!(
        rows(&[answered, end(by_far)]),
        [("close frame".to_string(), false)]
    );
    // A goodbye that nothing answers is still seen.
    assert_eq!(rows(&[sent]), [("close frame 1000 bye".to_string(), true)]);
}

#[test]
fn four_clients_fit_a_page() {
    let mut lanes = lanes_of(&silent(), Size::WHOLE);
    lanes.names = ["alice", "bob", "carol", "dave", "demo"]
        .map(String::from)
        .to_vec();
    lanes.clients = 4;
    lanes.rows[0].label = "a long label ".repeat(20);
    lanes.rows[0].remark = "a long remark ".repeat(20);
    let svg = svg::element(&lanes, "j1");
    let width = svg
        .split(" width=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let width: usize = width.and_then(|it| it.parse().ok()).expect("a width");
    assert!(width <= 1_110, "{width}");
    assert!(svg.contains("<title>a long remark"), "whole in a tooltip");
}
