//! Gathers the events of attempts while a trace is read, and gives an attempt away when it ended:
//! only those in flight are held, and of each of them a beginning and an end.

use std::collections::{BTreeMap, VecDeque};

use crate::model::event::{AttemptId, Payload, PlannedIndex};
use crate::model::run::{Attempt, Run};
use crate::model::{Event, EventKind};

use super::wire::cut;

/// Events that are kept of the beginning of an attempt, and of its end.
const FIRST: usize = 1_000;
const LAST: usize = 2_000;
/// Bytes of payloads that the end of an attempt may hold; older ones are cut.
const HELD: usize = 4 << 20;
const OLD: usize = 1 << 10;

/// The attempts in flight.
pub(super) struct Gathering<'a> {
    run: &'a Run,
    open: BTreeMap<AttemptId, Kept>,
}

/// One attempt as its trace tells it.
pub(super) struct Told<'a> {
    /// Which journey.
    pub(super) planned: PlannedIndex,
    /// Which of its attempts, from 1.
    pub(super) number: u32,
    /// What the judge made of it.
    pub(super) attempt: Option<&'a Attempt>,
    /// Its events, in order.
    pub(super) events: Vec<Event>,
    /// How many more there were in the middle.
    pub(super) missing: usize,
}

#[derive(Default)]
struct Kept {
    begun: Option<(PlannedIndex, u32)>,
    first: Vec<Event>,
    last: VecDeque<Event>,
    missing: usize,
    /// Bytes of payloads in `last`, and how many of its oldest events were cut for them.
    held: usize,
    cut: usize,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self {
            run,
            open: BTreeMap::new(),
        }
    }

    /// Takes the next event; an attempt, if it ended with it.
    pub(super) fn push(&mut self, event: Event) -> Option<Told<'a>> {
        let attempt = event.attempt?;
        let ended = matches!(event.kind, EventKind::AttemptEnded { .. });
        self.open.entry(attempt).or_default().push(event);
        if !ended {
            return None;
        }
        let kept = self.open.remove(&attempt)?;
        kept.told(self.run)
    }

    /// What never ended: the trace was cut short.
    pub(super) fn finish(self) -> impl Iterator<Item = Told<'a>> {
        let run = self.run;
        self.open.into_values().filter_map(|kept| kept.told(run))
    }
}

impl Kept {
    fn push(&mut self, event: Event) {
        if let EventKind::AttemptStarted { planned, number } = &event.kind {
            self.begun = Some((*planned, *number));
        }
        // Clients and streams are what all the rest refers to.
        if self.first.len() < FIRST || names(&event) {
            self.first.push(event);
            return;
        }
        self.held += size(&event);
        self.last.push_back(event);
        if self.last.len() > LAST {
            self.held -= self.last.pop_front().as_ref().map_or(0, size);
            self.cut = self.cut.saturating_sub(1);
            self.missing += 1;
        }
        while self.held > HELD {
            let Some(old) = self.last.get_mut(self.cut) else {
                break;
            };
            let before = size(old);
            each_payload(old, &mut |payload| cut(payload, OLD));
            self.held -= before - size(old);
            self.cut += 1;
        }
    }

    /// Nothing for the rest of a stream that outlived its attempt.
    fn told(self, run: &Run) -> Option<Told<'_>> {
        let (planned, number) = self.begun?;
        let mut events = self.first;
        events.extend(self.last);
        events.sort_by_key(|event| event.seq);
        let journey = run.journeys.get(usize::try_from(planned).ok()?)?;
        Some(Told {
            planned,
            number,
            attempt: journey.attempts.iter().find(|it| it.number == number),
            events,
            missing: self.missing,
        })
    }
}

fn names(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::ClientMade { .. } | EventKind::StreamOpening { .. }
    )
}

fn size(event: &Event) -> usize {
    let payload = match &event.kind {
        EventKind::RequestSent { body, .. } | EventKind::ResponseReceived { body, .. } => body,
        EventKind::FrameSent { payload, .. }
        | EventKind::FrameReceived { payload, .. }
        | EventKind::Attached { payload, .. } => payload,
        _ => return 0,
    };
    payload.kept.len()
}

fn each_payload(event: &mut Event, change: &mut dyn FnMut(&mut Payload)) {
    match &mut event.kind {
        EventKind::RequestSent { body, .. } | EventKind::ResponseReceived { body, .. } => {
            change(body);
        }
        EventKind::FrameSent { payload, .. }
        | EventKind::FrameReceived { payload, .. }
        | EventKind::Attached { payload, .. } => change(payload),
        _ => {}
    }
}
