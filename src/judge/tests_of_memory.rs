//! What is kept of an attempt, and what is let go: a long run must not keep everything.

use std::sync::Arc;

use super::builder::{Builder, MS, failure, planned, silent_departure};
use super::judge;
use crate::model::event::{Cause, Payload, Phases, StepRole};
use crate::model::run::Attempt;
use crate::model::walked::What;
use crate::model::{Event, EventKind, Outcome, ProblemKind};

/// An attempt with a step in a step, a number, a note and an attachment; `cause` ends it.
fn walk(builder: &mut Builder, attempt: u32, cause: Cause) {
    let who = Some(attempt);
    builder.start(attempt);
    for (step, parent, name) in [(0, None, "outer"), (1, Some(0), "inner")] {
        builder.say(
            who,
            EventKind::StepStarted {
                step,
                parent,
                name: name.into(),
                role: StepRole::Step,
                place: None,
            },
        );
    }
    builder.expect_met(attempt);
    let (name, value) = ("answer".to_string(), "42".to_string());
    builder.say(
        who,
        EventKind::Recorded {
            name,
            value,
            number: None,
            place: None,
        },
    );
    let text = format!("note of {attempt}");
    builder.say(who, EventKind::Noted { text, place: None });
    builder.say(
        who,
        EventKind::Attached {
            name: "page".into(),
            media: "text/html".into(),
            payload: Payload {
                size: 7,
                ..Payload::default()
            },
        },
    );
    builder.at(5 * MS);
    builder.say(who, EventKind::StepEnded { step: 1, ok: true });
    builder.at(9 * MS);
    builder.say(who, EventKind::StepEnded { step: 0, ok: true });
    builder.end(attempt, cause);
}

fn attempt(events: &[Event], journey: usize) -> Attempt {
    judge(events).journeys[journey].attempts[0].clone()
}

#[test]
fn an_attempt_that_passed_keeps_its_steps_and_words_and_no_events() {
    let mut builder = Builder::run(vec![planned("j.lua", "one")]);
    walk(&mut builder, 0, Cause::Completed);
    let it = attempt(&builder.finish(None), 0);
    assert_eq!(it.outcome, Outcome::Passed);
    assert!(it.events.is_empty(), "{:?}", it.events);
    let steps: Vec<_> = it
        .steps
        .iter()
        .map(|step| (step.stretch.name.as_str(), step.stretch.parent, step.ended))
        .collect();
    let (outer, inner) = (Some((9 * MS, true)), Some((5 * MS, true)));
    assert_eq!(steps, [("outer", None, outer), ("inner", Some(0), inner)]);
    assert_eq!(it.expected, 1);
    let [number, note, attached] = it.said.as_slice() else {
        panic!("{:?}", it.said)
    };
    let (name, value) = ("answer".into(), "42".into());
    assert_eq!(number.what, What::Number { name, value });
    assert_eq!(note.what, What::Note("note of 0".into()));
    let (name, size) = ("page".into(), 7);
    assert_eq!(attached.what, What::Attached { name, size });
}

#[test]
fn an_attempt_that_did_not_pass_keeps_every_event_as_long_as_there_is_room() {
    let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
    silent_departure(&mut builder, 0);
    let soft = failure(ProblemKind::Expectation, "kept by soft");
    builder.start(1).fail(1, soft).end(1, Cause::Completed);
    let events = builder.finish(None);
    for journey in [0, 1] {
        let own = |event: &&Event| event.attempt == u32::try_from(journey).ok();
        let own: Vec<Event> = events.iter().filter(own).cloned().collect();
        assert_eq!(attempt(&events, journey).events, own, "journey {journey}");
    }
}

/// Attempts that fail, each with a page of 60,000 bytes.
fn failing(count: u32) -> Vec<Event> {
    let journey = planned("j.lua", "one");
    let mut builder = Builder::run(vec![journey; count as usize]);
    for attempt in 0..count {
        builder.start(attempt);
        let page = Payload {
            size: 60_000,
            kept: "x".repeat(60_000),
            base64: false,
        };
        let got = EventKind::ResponseReceived {
            client: 0,
            exchange: 0,
            status: 200,
            version: "1.1".into(),
            headers: Vec::new(),
            body: page,
            phases: Phases::default(),
        };
        builder.say(Some(attempt), got);
        let broken = failure(ProblemKind::Expectation, "broken");
        builder.fail(attempt, broken).end(attempt, Cause::Failed);
    }
    builder.finish(None)
}

#[test]
fn a_run_of_failures_keeps_pages_whole_as_long_as_there_is_room() {
    let run = judge(&failing(2000));
    let attempts = run.journeys.iter().map(|it| &it.attempts[0]);
    let kept: Vec<usize> = attempts
        .map(|attempt| match &attempt.events[1].kind {
            EventKind::ResponseReceived { body, .. } => body.kept.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!((kept[0], kept[500]), (60_000, 60_000));
    assert!(kept[1999] < 1100, "{} bytes", kept[1999]);
    let all: usize = kept.iter().sum();
    assert!(all < 36 << 20, "{all} bytes");
}

#[test]
fn nothing_but_the_events_of_a_green_attempt_depends_on_their_order() {
    let mut builder = Builder::run(vec![planned("j.lua", "one")]);
    walk(&mut builder, 0, Cause::Completed);
    let mut events = builder.finish(None);
    let straight = judge(&events);
    events[1..].reverse();
    assert_eq!(judge(&events), straight);
}

#[test]
fn what_attempts_have_in_common_is_kept_once() {
    let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
    for number in [0, 1] {
        walk(&mut builder, number, Cause::Completed);
    }
    let events = builder.finish(None);
    let (one, two) = (attempt(&events, 0), attempt(&events, 1));
    assert_eq!(one.steps[0].stretch, two.steps[0].stretch);
    let run = judge(&events);
    let steps = |at: usize| &run.journeys[at].attempts[0].steps[1].stretch;
    assert!(Arc::ptr_eq(steps(0), steps(1)));
    let values = |at: usize| match &run.journeys[at].attempts[0].said[0].what {
        What::Number { value, .. } => value.clone(),
        other => panic!("{other:?}"),
    };
    assert!(Arc::ptr_eq(&values(0), &values(1)));
}

#[test]
fn repetitions_share_their_journey_in_the_header() {
    let mut header = super::builder::header(vec![
        planned("j.lua", "one"),
        planned("j.lua", "one"),
        planned("j.lua", "two"),
    ]);
    header.share_journeys();
    let journey = |at: usize| &header.planned[at].journey;
    assert!(Arc::ptr_eq(journey(0), journey(1)));
    assert_eq!(journey(2).id.name, "two");
}
