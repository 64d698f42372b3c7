//! Gathers the events of one attempt as they come, and lets go of what no report will need.
//!
//! A run may walk ten thousand journeys, so an attempt that passed keeps its steps and what it
//! said, and nothing of what went over the wire: the trace file has it. An attempt that did not
//! pass keeps its events, for its report shows what every client saw: all of them as long as there
//! is room, then those that reports tell of.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use crate::model::event::{Cause, Failure, PlannedIndex, Stop};
use crate::model::number::{Comparison, Measured};
use crate::model::run::Attempt;
use crate::model::told::LetGo;
use crate::model::walked::{Said, Step, Stretch, What};
use crate::model::{Event, EventKind, Nanos};

use super::outcome::{Judged, of_attempt};
use super::thin::{cost, thin};
use crate::numbers::meter::Meter;

/// About how many bytes of events all attempts that did not pass keep whole.
const ROOM: usize = 32 << 20;
/// The same of one attempt, before it has ended.
const OWN_ROOM: usize = 8 << 20;
/// What an attempt may keep in any case before its events are looked through.
const LEAST: usize = 1 << 20;

/// What attempts have in common: texts, each kept once, and the room for events.
#[derive(Debug)]
pub(super) struct Shared {
    texts: HashSet<Arc<str>>,
    stretches: HashSet<Arc<Stretch>>,
    room: usize,
    /// Of so many attempts more what nobody declared is measured too: none if the numbers of the run
    /// are not compared.
    pub(super) meters: usize,
}

impl Default for Shared {
    fn default() -> Self {
        Self::with_room(ROOM)
    }
}

impl Shared {
    /// With room for so many bytes of events.
    pub(super) fn with_room(room: usize) -> Self {
        Self {
            texts: HashSet::new(),
            stretches: HashSet::new(),
            room,
            meters: 0,
        }
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        once(&mut self.texts, text, || Arc::from(text))
    }

    fn stretch(&mut self, stretch: Stretch) -> Arc<Stretch> {
        once(&mut self.stretches, &stretch.clone(), || Arc::new(stretch))
    }
}

fn once<T: Eq + Hash + ?Sized>(
    known: &mut HashSet<Arc<T>>,
    wanted: &T,
    new: impl FnOnce() -> Arc<T>,
) -> Arc<T> {
    if let Some(known) = known.get(wanted) {
        return Arc::clone(known);
    }
    let new = new();
    known.insert(Arc::clone(&new));
    new
}

/// The events of one attempt so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    begun: Option<(PlannedIndex, u32, Nanos)>,
    end: Option<(Cause, Nanos)>,
    last: Nanos,
    failures: Vec<(u64, Failure)>,
    steps: Vec<Step>,
    /// Ends of steps whose start has not come yet: number, time, and whether all was well.
    ends: Vec<(u32, Nanos, bool)>,
    said: Vec<Said>,
    expected: u64,
    measured: Vec<Measured>,
    meter: Option<Box<Meter>>,
    compared: Vec<(u64, Comparison)>,
    events: Vec<Event>,
    /// What the events cost that are kept.
    cost: usize,
    /// What they may cost before they are thinned again.
    most: usize,
    let_go: Vec<LetGo>,
}

impl Gathered {
    /// Which planned journey it executes, if that is known.
    pub(super) fn planned(&self) -> Option<PlannedIndex> {
        self.begun.map(|(planned, _, _)| planned)
    }

    /// Takes the next event.
    pub(super) fn push(&mut self, event: &Event, shared: &mut Shared) {
        self.last = self.last.max(event.at);
        if self.meter.is_none() && shared.meters > 0 && self.begun.is_none() {
            shared.meters -= 1;
            self.meter = Some(Box::default());
        }
        if let Some(meter) = &mut self.meter {
            meter.push(event);
        }
        match &event.kind {
            EventKind::AttemptStarted { planned, number } => {
                self.begun = Some((*planned, *number, event.at));
            }
            EventKind::AttemptEnded { cause, .. } => self.end = Some((cause.clone(), event.at)),
            EventKind::Failed(failure) => self.failures.push((event.seq, (**failure).clone())),
            EventKind::Expected(_) | EventKind::Polled { .. } => self.expected += 1,
            EventKind::Caught { by, .. } if by == "expect_error" => self.expected += 1,
            EventKind::StepStarted { .. } | EventKind::StepEnded { .. } => self.step(event, shared),
            EventKind::Noted { text, .. } => self.say(event.seq, What::Note(shared.text(text))),
            EventKind::Recorded {
                name,
                value,
                number,
                place: _,
            } => {
                if let Some(number) = number.as_deref() {
                    // Of the rounds of an `eventually` the last one counts.
                    match self.measured.iter_mut().find(|it| it.key == number.key) {
                        Some(earlier) => earlier.clone_from(number),
                        None => self.measured.push(number.clone()),
                    }
                }
                let (name, value) = (shared.text(name), shared.text(value));
                self.say(event.seq, What::Number { name, value });
            }
            EventKind::NumberCompared(comparison) => {
                self.compared.push((event.seq, comparison.as_ref().clone()));
            }
            EventKind::Attached { name, payload, .. } => {
                let (name, size) = (shared.text(name), payload.size);
                self.say(event.seq, What::Attached { name, size });
            }
            _ => {}
        }
        if self.is_green() {
            // Events of one attempt come in order but for the frames of a stream that outlives it,
            // so nothing that a report needs is lost here.
            self.events = Vec::new();
            self.let_go = Vec::new();
            self.steps.shrink_to_fit();
            self.said.shrink_to_fit();
        } else {
            self.events.push(event.clone());
            self.cost += cost(event);
            self.make_room(event, shared);
        }
    }

    /// Lets go of events when there is no room for all.
    fn make_room(&mut self, newest: &Event, shared: &mut Shared) {
        let ended = matches!(newest.kind, EventKind::AttemptEnded { .. });
        if ended && self.cost <= shared.room {
            shared.room -= self.cost;
        } else if ended || self.cost > self.most.max(OWN_ROOM.min(shared.room)).max(LEAST) {
            let mut events = std::mem::take(&mut self.events);
            events.sort_by_key(|event| event.seq);
            (self.events, self.let_go) = thin(events, std::mem::take(&mut self.let_go));
            self.cost = self.events.iter().map(cost).sum();
            // What cannot be thinned is not walked through again at every event.
            self.most = self.cost.saturating_mul(2);
        }
    }

    /// It ended, and nothing went wrong.
    fn is_green(&self) -> bool {
        let ended = matches!(self.end, Some((Cause::Completed | Cause::Skipped(_), _)));
        ended && self.failures.is_empty()
    }

    fn say(&mut self, seq: u64, what: What) {
        self.said.push(Said { seq, what });
    }

    fn step(&mut self, event: &Event, shared: &mut Shared) {
        match &event.kind {
            EventKind::StepStarted {
                step,
                parent,
                name,
                role,
                place,
            } => {
                let stretch = shared.stretch(Stretch {
                    parent: *parent,
                    name: name.clone(),
                    role: *role,
                    place: place.clone(),
                });
                let ended = self.ends.iter().find(|(id, _, _)| id == step);
                let ended = ended.map(|(_, at, ok)| (at.saturating_sub(event.at), *ok));
                self.steps.push(Step {
                    id: *step,
                    stretch,
                    seq: event.seq,
                    started: event.at,
                    ended,
                });
            }
            EventKind::StepEnded { step, ok } => {
                match self.steps.iter_mut().rfind(|known| known.id == *step) {
                    Some(known) => {
                        known.ended = Some((event.at.saturating_sub(known.started), *ok));
                    }
                    None => self.ends.push((*step, event.at, *ok)),
                }
            }
            _ => {}
        }
    }

    /// The attempt, judged; nothing if the trace does not say whose it is.
    pub(super) fn finish(self, run_stop: Option<Stop>) -> Option<(PlannedIndex, Attempt)> {
        let Self {
            begun,
            end,
            last,
            mut failures,
            mut steps,
            mut said,
            expected,
            mut measured,
            meter,
            mut compared,
            mut events,
            let_go,
            ends: _,
            cost: _,
            most: _,
        } = self;
        let (planned, number, started) = begun?;
        // The lines of a trace may stand slightly out of order.
        failures.sort_by_key(|(seq, _)| *seq);
        steps.sort_by_key(|step| step.seq);
        said.sort_by_key(|said| said.seq);
        compared.sort_by_key(|(seq, _)| *seq);
        events.sort_by_key(|event| event.seq);
        let failures: Vec<Failure> = failures.into_iter().map(|(_, failure)| failure).collect();
        let ended = end.as_ref().map_or(last, |(_, at)| *at);
        let Judged {
            outcome,
            reason,
            decisive,
        } = of_attempt(&failures, end.as_ref().map(|(cause, _)| cause), run_stop);
        let took = ended.saturating_sub(started);
        if let Some(meter) = meter {
            let walked = steps
                .iter()
                .filter_map(|it| Some((it.stretch.name.as_str(), it.ended?.0)));
            measured.extend(meter.finish(took, number, walked));
        }
        let attempt = Attempt {
            number,
            outcome,
            reason,
            started,
            took,
            failures,
            decisive,
            steps,
            said,
            expected,
            measured,
            compared: compared.into_iter().map(|(_, one)| one).collect(),
            events,
            let_go,
        };
        Some((planned, attempt))
    }
}
