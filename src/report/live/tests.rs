//! What is written while a run runs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressDrawTarget, TermLike};

use super::Live;
use crate::judge::builder::{Builder, MS, failure, floor, mixed, planned};
use crate::model::event::{Cause, NotRun, StepRole, Stop, WaitEnd, WaitPlan, WaitRound};
use crate::model::release::{ReleaseAnswer, WaitOutcome};
use crate::model::{Event, EventKind, ProblemKind};
use crate::report::Style;

/// Keeps what is written, as a file or as a terminal.
#[derive(Debug, Clone, Default)]
struct Paper(Arc<Mutex<String>>);

impl Paper {
    fn text(&self) -> String {
        self.0.lock().expect("nobody panics").clone()
    }

    fn add(&self, text: &str) -> io::Result<()> {
        self.0.lock().expect("nobody panics").push_str(text);
        Ok(())
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(std::str::from_utf8(bytes).expect("it is UTF-8"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TermLike for Paper {
    fn width(&self) -> u16 {
        80
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(&format!("{text}\n"))
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(text)
    }
    fn clear_line(&self) -> io::Result<()> {
        self.add("<cleared>")
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn without_a_terminal_each_journey_is_one_line_when_it_ends() {
    let paper = Paper::default();
    let mut live = Live::lines(Box::new(paper.clone()), Style::plain());
    let mut seen = Vec::new();
    for event in mixed("\u{1b}[2J\n forged") {
        let before = paper.text().lines().count();
        live.event(&event);
        let lines = paper.text().lines().count() - before;
        let (ends, end) = match event.kind {
            EventKind::AttemptEnded { .. } | EventKind::NotRun { .. } => (true, false),
            EventKind::RunEnded { .. } => (false, true),
            _ => (false, false),
        };
        seen.extend(ends.then_some(lines));
        if !ends && !end && event.attempt.is_some() {
            assert_eq!(lines, 0, "{event:?}");
        }
    }
    // The first is parted from the floor by a blank line, the one that was skipped has its reason
    // below it.
    assert_eq!(seen, [2, 1, 1, 2]);
    insta::assert_snapshot!(paper.text());
}

fn drawn(events: &[Event]) -> (Paper, Live) {
    let paper = Paper::default();
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(paper.clone()), 255);
    let mut live = Live::bars(target, Style::plain());
    for event in events {
        live.event(event);
    }
    (paper, live)
}

#[test]
fn on_a_terminal_the_step_in_flight_is_seen_and_gone_at_the_end() {
    let events = mixed("x");
    let in_flight = events
        .iter()
        .position(|event| matches!(event.kind, EventKind::StepStarted { .. }))
        .expect("it has a step");
    let (paper, mut live) = drawn(&events[..=in_flight]);
    let going = live.going.get(&1).expect("it is in flight");
    assert_eq!(
        going.steps.last().map(|it| it.1.as_str()),
        Some("alice sees bob leave, exactly once")
    );
    for event in &events[in_flight + 1..] {
        live.event(event);
    }
    assert!(live.going.is_empty());
    let text = paper.text();
    assert!(
        text.contains("target demo (embedded, 127.0.0.1:40123)"),
        "{text}"
    );
    assert!(text.contains("of 4"), "{text}");
    assert!(
        text.contains("✓ chat_presence   a polite goodbye is announced"),
        "{text}"
    );
    assert!(text.ends_with("<cleared>"), "{text}");
}

#[test]
fn a_terminal_that_shows_ascii_alone_is_drawn_nothing_else() {
    let mut builder = Builder::run(vec![planned("j.lua", "überall … genau einmal")]);
    builder.start(0);
    let name = "die Nachricht kommt an – überall, ".repeat(5);
    let kind = EventKind::StepStarted {
        step: 0,
        parent: None,
        name,
        role: StepRole::Step,
        place: None,
    };
    builder.say(Some(0), kind);
    let paper = Paper::default();
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(paper.clone()), 255);
    let ascii = Style {
        unicode: false,
        ..Style::plain()
    };
    let mut live = Live::bars(target, ascii);
    for event in &builder.finish(None) {
        live.event(event);
    }
    let text = paper.text();
    assert!(text.contains("die Nachricht"), "{text}");
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn a_step_that_ends_gives_the_line_back_to_the_one_around_it() {
    let mut builder = Builder::run(vec![planned("j.lua", "one")]);
    builder.start(0);
    let kind = |step, parent, name: &str| EventKind::StepStarted {
        step,
        parent,
        name: name.into(),
        role: StepRole::Step,
        place: None,
    };
    builder.say(Some(0), kind(0, None, "outer"));
    builder.say(Some(0), kind(1, Some(0), "inner"));
    builder.say(Some(0), EventKind::StepEnded { step: 1, ok: true });
    let (_paper, live) = drawn(&builder.cut());
    let steps: Vec<&str> = live.going[&0]
        .steps
        .iter()
        .map(|it| it.1.as_str())
        .collect();
    assert_eq!(steps, ["outer"]);
}

/// A journey that fails, is tried again, and is left at that when the run is stopped.
fn tried_again() -> Vec<Event> {
    let mut journey = planned("j.lua", "one");
    journey.retries = 2;
    let mut builder = Builder::run(vec![journey, planned("j.lua", "two")]);
    for attempt in 0..2 {
        builder.at(u64::from(attempt) * 10 * MS);
        builder.start_again(attempt, 0, attempt + 1);
        let step = EventKind::StepStarted {
            step: 0,
            parent: None,
            name: "bob reads it".into(),
            role: StepRole::Step,
            place: None,
        };
        builder.say(Some(attempt), step);
        builder.fail(attempt, failure(ProblemKind::Expectation, "never came"));
        builder.at(u64::from(attempt) * 10 * MS + 4 * MS);
        let (cause, retried) = (Cause::Failed, true);
        builder.say(Some(attempt), EventKind::AttemptEnded { cause, retried });
    }
    builder.not_run(0, NotRun::Stopped(Stop::MaxTime));
    builder.not_run(1, NotRun::Stopped(Stop::MaxTime));
    builder.finish(Some(Stop::MaxTime))
}

#[test]
fn an_attempt_that_is_tried_again_is_a_line_and_its_journey_ends_once() {
    let paper = Paper::default();
    let mut live = Live::lines(Box::new(paper.clone()), Style::plain());
    for event in tried_again() {
        live.event(&event);
    }
    let text = paper.text();
    let lines: Vec<&str> = text.lines().skip(3).map(str::trim_end).collect();
    let line = |mark: &str| format!(" {mark} j   one{}4 ms", " ".repeat(65));
    assert_eq!(
        lines,
        [
            line("↻").as_str(),
            "   attempt 1 of 3 failed: never came",
            &line("↻"),
            "   attempt 2 of 3 failed: never came",
            &line("✗"),
            &format!(" - j   two{}skipped", " ".repeat(62)),
            "   stopped by --max-time",
        ]
    );
    assert!(live.earlier.is_empty());
}

#[test]
fn on_a_terminal_the_number_of_a_further_attempt_is_seen() {
    let events = tried_again();
    let steps: Vec<usize> = (0..events.len())
        .filter(|at| matches!(events[*at].kind, EventKind::StepStarted { .. }))
        .collect();
    let (_, live) = drawn(&events[..=steps[0]]);
    assert_eq!(live.line_of(0).as_deref(), Some("j   one   bob reads it"));
    let (_, live) = drawn(&events[..=steps[1]]);
    let shown = live.line_of(1);
    assert_eq!(
        shown.as_deref(),
        Some("j   one   attempt 2 of 3: bob reads it")
    );
    assert!(live.line_of(0).is_none(), "the first one is gone");
    let (paper, live) = drawn(&events);
    assert!(live.going.is_empty());
    assert!(paper.text().contains("✗ j   one"), "{}", paper.text());
}

fn round(at: u64, releases: &[&str], in_a_row: u32) -> Event {
    let releases = releases.iter().map(ToString::to_string).collect();
    let answer = ReleaseAnswer {
        releases,
        problem: None,
    };
    let floor = floor(None);
    Event {
        seq: at,
        at: at * 1000 * MS,
        attempt: None,
        kind: EventKind::WaitAsked(WaitRound {
            floor,
            answer,
            in_a_row,
        }),
    }
}

/// A wait whose release changes after 12 s of the same.
fn waiting() -> Vec<Event> {
    let mut builder = Builder::run(vec![planned("j.lua", "one")]);
    builder.say(
        None,
        EventKind::WaitStarted(WaitPlan {
            at_most: 120_000 * MS,
            every: 1000 * MS,
            release: Some("r41".into()),
            answers: 2,
        }),
    );
    let mut events = builder.cut();
    events.extend((0..=12).map(|at| round(at, &["r40"], 0)));
    events.push(round(13, &["r40", "r41"], 0));
    events.push(round(14, &["r41"], 1));
    events
}

fn waited() -> EventKind {
    EventKind::WaitEnded(WaitEnd {
        rounds: 16,
        took: 15_000 * MS,
        end: WaitOutcome::Ready,
    })
}

#[test]
fn a_log_of_waiting_says_what_changes_and_is_never_silent_for_long() {
    let paper = Paper::default();
    let mut live = Live::lines(Box::new(paper.clone()), Style::plain());
    for event in waiting() {
        live.event(&event);
    }
    let mut builder = Builder::run(Vec::new());
    builder.say(None, waited());
    live.event(&builder.cut()[1]);
    let text = paper.text();
    let lines: Vec<&str> = text.lines().skip(3).collect();
    assert_eq!(
        lines,
        [
            " wait     up to 2 min for the floor and 2 answers of r41 in a row",
            "              0 ms   r40",
            "              10 s   r40",
            "              13 s   r40 and r41",
            "              14 s   r41, 1 of 2",
            " wait     ok    after 15 s, 16 rounds",
        ]
    );
}

#[test]
fn on_a_terminal_the_wait_moves_and_is_gone_when_it_is_over() {
    // What is drawn is kept from coming too fast, so there are few rounds.
    let events = waiting();
    let few = [&events[..2], &events[events.len() - 1..]].concat();
    let (paper, mut live) = drawn(&few);
    let text = paper.text();
    assert!(text.contains("2 answers of r41 in a row   "), "{text}");
    assert!(text.contains("14 s   r41, 1 of 2"), "{text}");
    let before = text.len();
    let mut builder = Builder::run(Vec::new());
    builder.say(None, waited());
    builder.floor(floor(None));
    for event in &builder.cut()[1..] {
        live.event(event);
    }
    let last = &paper.text()[before..];
    let last = last.rsplit("<cleared>").next().expect("a last drawing");
    assert!(last.contains("wait     ok    after 15 s"), "{last}");
    assert!(!last.contains("r41"), "{last}");
}
