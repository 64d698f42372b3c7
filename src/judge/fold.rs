//! Takes the events of a run one by one and makes of them a finished [`Run`].
//!
//! A trace may be cut short anywhere (a killed process) and its lines may stand slightly out of
//! order, so nothing here relies on an event having come before another.

use std::collections::BTreeMap;

use crate::model::event::{AttemptId, NotRun, Planned, PlannedIndex, RunHeader, Stop};
use crate::model::outcome::Whose;
use crate::model::run::{Attempt, JourneyResult, Run};
use crate::model::{Diagnostic, Event, EventKind, FloorReport, Gate, Nanos, Outcome};

use super::attempts::of_attempts;
use super::gather::{Gathered, Shared};
use super::outcome::{CUT_SHORT, first_down};
use super::release::Heard;
use super::{coverage, numbers, verdict};

/// Of so many attempts what nobody declared is measured: those of a run of ten thousand would not
/// find room, and say no more.
const MOST_METERS: usize = 1_000;

/// The events so far.
#[derive(Debug, Default)]
pub struct Fold {
    header: Option<RunHeader>,
    could_not_start: Vec<Diagnostic>,
    floor: Option<FloorReport>,
    releases: Heard,
    not_run: BTreeMap<PlannedIndex, (NotRun, Nanos)>,
    attempts: BTreeMap<AttemptId, Gathered>,
    shared: Shared,
    end: Option<End>,
    /// What no event tells of.
    beside: Vec<String>,
    interrupted: bool,
    last: Nanos,
}

#[derive(Debug)]
struct End {
    at: Nanos,
    stop: Option<Stop>,
    troubles: Vec<String>,
}

impl Fold {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with room for so many bytes of events of attempts that do not pass.
    #[cfg(test)]
    pub(crate) fn with_room(room: usize) -> Self {
        Self {
            shared: Shared::with_room(room),
            ..Self::default()
        }
    }

    /// Takes the next event.
    pub fn push(&mut self, event: &Event) {
        self.last = self.last.max(event.at);
        self.releases.push(event);
        if let Some(attempt) = event.attempt {
            let gathered = self.attempts.entry(attempt).or_default();
            return gathered.push(event, &mut self.shared);
        }
        match &event.kind {
            EventKind::RunStarted(header) => {
                self.shared.meters = header.numbers.as_ref().map_or(0, |_| MOST_METERS);
                self.header = Some(header.as_ref().clone());
            }
            EventKind::CouldNotStart { errors } => self.could_not_start.extend_from_slice(errors),
            EventKind::FloorChecked { report } => self.floor = Some(report.clone()),
            EventKind::NotRun { planned, why } => {
                self.not_run.insert(*planned, (why.clone(), event.at));
            }
            EventKind::RunEnded {
                stop,
                troubles,
                facts: _,
            } => {
                self.end = Some(End {
                    at: event.at,
                    stop: *stop,
                    troubles: troubles.clone(),
                });
            }
            // These are kept in `releases`.
            EventKind::WaitStarted(_)
            | EventKind::WaitAsked(_)
            | EventKind::WaitEnded(_)
            | EventKind::ReleaseChecked(_)
            | EventKind::ReleaseSeen(_) => {}
            // What belongs to an attempt but names none says nothing about any journey.
            EventKind::AttemptStarted { .. }
            | EventKind::ClientMade { .. }
            | EventKind::StepStarted { .. }
            | EventKind::StepEnded { .. }
            | EventKind::RequestSent { .. }
            | EventKind::ResponseReceived { .. }
            | EventKind::RequestFailed { .. }
            | EventKind::StreamOpening { .. }
            | EventKind::StreamOpened { .. }
            | EventKind::StreamFailed { .. }
            | EventKind::FrameSent { .. }
            | EventKind::FrameReceived { .. }
            | EventKind::StreamActed { .. }
            | EventKind::StreamEnded { .. }
            | EventKind::StreamStopped { .. }
            | EventKind::Expected(_)
            | EventKind::Polled { .. }
            | EventKind::Caught { .. }
            | EventKind::Noted { .. }
            | EventKind::Recorded { .. }
            | EventKind::NumberCompared(_)
            | EventKind::Attached { .. }
            | EventKind::BranchCancelled { .. }
            | EventKind::FaultApplied { .. }
            | EventKind::Failed(_)
            | EventKind::AttemptEnded { .. } => {}
        }
    }

    /// Adds what went wrong when the last event had been recorded already.
    pub fn add_trouble(&mut self, trouble: impl Into<String>) {
        self.beside.push(trouble.into());
    }

    /// Somebody stopped what was left to do when the last event had been recorded already.
    pub fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// Judges what came.
    pub fn finish(self) -> Run {
        let complete = self.end.is_some();
        let (took, mut stop, mut troubles) = match self.end {
            Some(end) => (end.at, end.stop, end.troubles),
            None => (self.last, None, Vec::new()),
        };
        troubles.extend(self.beside);
        if self.interrupted {
            stop = Some(Stop::Interrupted);
        }
        let header = self.header.unwrap_or_else(no_header);
        let whose = whose(&self.attempts);
        let planned = |attempt: AttemptId| {
            let index = usize::try_from(*whose.get(&attempt)?).ok()?;
            header.planned.get(index)
        };
        let release = self.releases.finish(&header, self.floor.as_ref(), planned);
        let mut tried = by_journey(self.attempts, stop);
        let ended = Ended {
            floor: self.floor.as_ref(),
            release: release.errored.as_deref(),
            stop,
            could_not_start: !self.could_not_start.is_empty(),
        };
        let mut journeys: Vec<JourneyResult> = header
            .planned
            .iter()
            .zip(0..)
            .map(|(planned, index)| match tried.remove(&index) {
                Some(attempts) => of_attempts(planned, attempts, header.started),
                None => untried(planned, self.not_run.get(&index), &ended, header.started),
            })
            .collect();
        numbers::judge(&mut journeys, &header, &release);
        let verdict = verdict::of_run(verdict::Facts {
            journeys: &journeys,
            floor: self.floor.as_ref(),
            wrong_release: release.errored.is_some(),
            stop,
            idle: header.idle.is_some(),
            flaky: header.flaky,
            hampered: ended.could_not_start || !troubles.is_empty() || !complete,
        });
        Run {
            coverage: coverage::of_run(&header.features, &journeys),
            header,
            could_not_start: self.could_not_start,
            floor: self.floor,
            release,
            journeys,
            stop,
            troubles,
            took,
            complete,
            verdict,
        }
    }
}

/// How the run as a whole went, for journeys that have no attempt.
struct Ended<'a> {
    floor: Option<&'a FloorReport>,
    release: Option<&'a str>,
    stop: Option<Stop>,
    could_not_start: bool,
}

/// Which planned journey each attempt executes.
fn whose(attempts: &BTreeMap<AttemptId, Gathered>) -> BTreeMap<AttemptId, PlannedIndex> {
    let known = attempts.iter();
    known
        .filter_map(|(id, gathered)| Some((*id, gathered.planned()?)))
        .collect()
}

fn by_journey(
    attempts: BTreeMap<AttemptId, Gathered>,
    stop: Option<Stop>,
) -> BTreeMap<PlannedIndex, Vec<Attempt>> {
    let mut tried: BTreeMap<PlannedIndex, Vec<Attempt>> = BTreeMap::new();
    for gathered in attempts.into_values() {
        if let Some((planned, attempt)) = gathered.finish(stop) {
            tried.entry(planned).or_default().push(attempt);
        }
    }
    for attempts in tried.values_mut() {
        attempts.sort_by_key(|attempt| attempt.number);
    }
    tried
}

fn untried(
    planned: &Planned,
    not_run: Option<&(NotRun, Nanos)>,
    ended: &Ended<'_>,
    started: u64,
) -> JourneyResult {
    let (outcome, reason) = match not_run.map(|(why, _)| why) {
        Some(NotRun::Skipped(reason)) => (Outcome::Skipped, reason.clone()),
        Some(NotRun::FloorDown) => {
            let down = ended.floor.and_then(first_down);
            let unasked = ended.floor.is_some_and(FloorReport::is_unasked);
            let (whose, what) = match unasked {
                true => (Whose::Ours, "the floor could not be asked"),
                false => (Whose::Target, "the floor is down"),
            };
            let reason = match down {
                Some(down) => format!("{what}: {down}"),
                None => what.to_string(),
            };
            (Outcome::Errored(whose), reason)
        }
        Some(NotRun::Release) => {
            let reason = ended.release.unwrap_or("another release answered");
            (Outcome::Errored(Whose::Target), reason.to_string())
        }
        Some(NotRun::Stopped(stop)) => (Outcome::Skipped, stop.reason().to_string()),
        None => match (&planned.skip, ended.stop) {
            (Some(reason), _) => (Outcome::Skipped, reason.clone()),
            (None, Some(stop)) => (Outcome::Skipped, stop.reason().to_string()),
            (None, None) if ended.could_not_start => (
                Outcome::Errored(Whose::Ours),
                "the run could not start".to_string(),
            ),
            (None, None) => (Outcome::Errored(Whose::Ours), CUT_SHORT.to_string()),
        },
    };
    JourneyResult {
        gate: Gate::of(planned.journey.quarantine.as_ref(), started),
        planned: planned.clone(),
        outcome,
        reason,
        took: 0,
        started: not_run.map_or(0, |(_, at)| *at),
        attempts: Vec::new(),
        numbers: Vec::new(),
    }
}

/// Stands in for the header of a trace that has none.
fn no_header() -> RunHeader {
    RunHeader {
        jaunt: env!("CARGO_PKG_VERSION").to_string(),
        ..RunHeader::default()
    }
}
