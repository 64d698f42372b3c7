//! A trace that is masked again lacks the secret and nothing else, or is what it was.

use std::fs;

use crate::model::Event;
use crate::model::event::Payload;
use crate::record::emitter;
use crate::record::every_kind::every_kind;
use crate::record::tests::written;
use crate::record::texts::{Change, change};
use crate::record::{Mask, NotMasked, Record as _, Recorder, mask_again, read};

/// Payloads of which nothing was cut.
struct Whole<'a>(&'a str);

impl Change for Whole<'_> {
    fn text(&mut self, _: &mut String) {}

    fn payload(&mut self, payload: &mut Payload) {
        *payload = emitter::payload(self.0.as_bytes());
    }
}

#[test]
fn what_was_recorded_before_a_secret_was_known_is_masked_again() {
    let mut early = Mask::none();
    early.hide("early-secret").expect("a secret");
    let recorded = |text: &str| {
        let mut events = every_kind(text);
        for event in &mut events {
            change(event, &mut Whole(text));
            early.apply(event);
        }
        events
    };
    let (_folder, path) = written(&recorded("early-secret, late-secret and more"));
    let mut both = early.clone();
    both.hide("late-secret").expect("a secret");
    let mut seen = Vec::new();
    mask_again(&path, &both, || false, |event| seen.push(event.clone())).expect("it can be masked");
    // What was masked before is as it was: nothing else is lost by it.
    let expected = recorded("early-secret, [masked] and more");
    let text = |events: &[Event]| serde_json::to_string(events).expect("events can be written");
    let sizes = regex::Regex::new("\"size\":[0-9]+").expect("a pattern");
    let same = |events: &[Event]| sizes.replace_all(&text(events), "").into_owned();
    assert_eq!(same(&seen), same(&expected));
    assert_eq!(read(&path).expect("it can be read").0, seen);
    let beside = fs::read_dir(path.parent().expect("a folder")).expect("a folder");
    assert_eq!(beside.count(), 1, "nothing is left beside it");
}

#[test]
fn a_trace_that_cannot_be_masked_again_stays() {
    let events = every_kind("late-secret");
    let (_folder, path) = written(&events);
    let mut mask = Mask::none();
    mask.hide("late-secret").expect("a secret");
    // Somebody stands where the new one would be.
    fs::create_dir(path.with_extension("masked.tmp")).expect("a folder");
    mask_again(&path, &mask, || false, |_| {}).expect_err("it cannot be written");
    assert_eq!(read(&path).expect("it can be read").0, events);
}

#[test]
fn masking_that_is_stopped_leaves_nothing_half_done() {
    let events = every_kind("late-secret");
    let (_folder, path) = written(&events);
    let mut mask = Mask::none();
    mask.hide("late-secret").expect("a secret");
    let seen = std::cell::Cell::new(0);
    let stopped = || seen.get() == 3;
    let masked = mask_again(&path, &mask, stopped, |_| seen.set(seen.get() + 1));
    assert!(matches!(masked, Err(NotMasked::Stopped)), "{masked:?}");
    assert_eq!(read(&path).expect("it can be read").0, events);
    assert!(!path.with_extension("masked.tmp").exists());
}

#[test]
fn a_secret_is_late_if_it_is_new_and_something_was_recorded() {
    let recorder = Recorder::new(None, Mask::none(), Vec::new());
    recorder.hide("before it began").expect("a secret");
    assert!(recorder.late().is_none());
    let mut events = every_kind("x");
    recorder.record(events.remove(0));
    recorder.hide("before it began").expect("a secret");
    assert!(recorder.late().is_none(), "it was hidden all along");
    recorder.hide("on the way").expect("a secret");
    let mask = recorder.late().expect("what was recorded may show it");
    assert!(mask.knows(b"on the way") && mask.knows(b"before it began"));
}
