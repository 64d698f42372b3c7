//! What is seen while a run runs: on a terminal one line per journey in flight and one bar for the
//! whole, elsewhere one plain line when a journey ends. It is told every event, in the order of the
//! trace, and never asks.

mod bars;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Write;

use indicatif::ProgressDrawTarget;

use crate::judge::outcome::of_attempt;
use crate::model::event::{
    AttemptId, Cause, Failure, NotRun, PlannedIndex, ReleaseCheck, RunHeader, StepId, Stop,
    WaitEnd, WaitPlan, WaitRound,
};
use crate::model::outcome::Whose;
use crate::model::release::When;
use crate::model::run::{Attempt, JourneyResult};
use crate::model::{Event, EventKind, FloorReport, Nanos, Outcome};

use super::names::Labels;
use super::release::Rounds;
use super::style::{Style, one_line};
use super::{console, release, row};
use bars::Bars;

/// Shows a run while it runs.
pub struct Live {
    style: Style,
    /// What is planned, and how it is called.
    plan: Option<(RunHeader, Labels)>,
    going: BTreeMap<AttemptId, Going>,
    rounds: Rounds,
    /// Something stands above the journeys, and no blank line below it.
    unparted: bool,
    show: Show,
}

enum Show {
    Lines(Box<dyn Write + Send>),
    Bars(Bars),
}

/// An attempt in flight.
struct Going {
    planned: PlannedIndex,
    number: u32,
    started: Nanos,
    failures: Vec<Failure>,
    steps: Vec<(StepId, String)>,
}

impl Live {
    /// Plain lines, for a file or a pipeline. What cannot be written is lost: the run goes on.
    pub fn lines(out: Box<dyn Write + Send>, style: Style) -> Self {
        Self::new(Show::Lines(out), style)
    }

    /// Moving lines on a terminal; all are gone when the run ends, to make room for its summary.
    pub fn bars(target: ProgressDrawTarget, style: Style) -> Self {
        let bars = Bars::new(target, style.unicode);
        Self::new(Show::Bars(bars), style)
    }

    fn new(show: Show, style: Style) -> Self {
        Self {
            style,
            plan: None,
            going: BTreeMap::new(),
            rounds: Rounds::default(),
            unparted: false,
            show,
        }
    }

    /// Shows what happened, if it changes anything that is seen.
    pub fn event(&mut self, event: &Event) {
        match (&event.kind, event.attempt) {
            (EventKind::RunStarted(header), _) => self.begin(header),
            (EventKind::WaitStarted(plan), _) => self.wait(plan, event.at),
            (EventKind::WaitAsked(round), _) => self.waiting(round, event.at),
            (EventKind::WaitEnded(end), _) => self.waited(end),
            (EventKind::FloorChecked { report }, _) => self.floor(report),
            (EventKind::ReleaseChecked(check), _) => self.release(check),
            (EventKind::NotRun { planned, why }, _) => self.not_run(*planned, why),
            (EventKind::RunEnded { .. }, _) => self.end(),
            (kind, Some(attempt)) => self.of_attempt(attempt, kind, event.at),
            (_, None) => {}
        }
    }

    fn begin(&mut self, header: &RunHeader) {
        let text = console::header(header, &self.style);
        self.plan = Some((header.clone(), Labels::of(header)));
        match &mut self.show {
            Show::Lines(_) => self.print(&text),
            Show::Bars(bars) => bars.begin(&text, header.planned.len(), self.style.columns()),
        }
    }

    fn floor(&mut self, report: &FloorReport) {
        let text = console::floor_line(report, &self.style);
        self.above(text);
    }

    fn release(&mut self, check: &ReleaseCheck) {
        if let (When::Before, Some((header, _))) = (check.when, &self.plan) {
            let text = release::line(&check.answer, header.deploy.as_ref(), &self.style);
            self.above(text);
        }
    }

    fn wait(&mut self, plan: &WaitPlan, at: Nanos) {
        self.rounds.begin(plan, at);
        let text = release::waiting(plan);
        match &mut self.show {
            Show::Lines(_) => self.print(&[text]),
            Show::Bars(bars) => bars.waiting(&text),
        }
    }

    fn waiting(&mut self, round: &WaitRound, at: Nanos) {
        let Some(said) = self.rounds.said(round, at) else {
            return;
        };
        let lines = said.lines(&self.style);
        match &mut self.show {
            Show::Lines(_) if said.is_news => self.print(&lines),
            Show::Lines(_) => {}
            Show::Bars(bars) => bars.waiting_more(lines.first().map_or("", String::as_str)),
        }
    }

    fn waited(&mut self, end: &WaitEnd) {
        if let Show::Bars(bars) = &mut self.show {
            bars.waited();
        }
        let text = release::waited(end, &self.style);
        self.above(text);
    }

    /// Lines above those of the journeys.
    fn above(&mut self, text: Vec<String>) {
        self.unparted = true;
        match &mut self.show {
            Show::Lines(_) => self.print(&text),
            Show::Bars(bars) => bars.above(&text),
        }
    }

    /// A blank line between those above and the first of the journeys.
    fn part(&mut self) {
        if self.unparted {
            self.above(vec![String::new()]);
            self.unparted = false;
        }
    }

    fn of_attempt(&mut self, attempt: AttemptId, kind: &EventKind, at: Nanos) {
        if let EventKind::AttemptStarted { planned, number } = kind {
            if matches!(self.show, Show::Bars(_)) {
                self.part();
            }
            let going = Going {
                planned: *planned,
                number: *number,
                started: at,
                failures: Vec::new(),
                steps: Vec::new(),
            };
            self.going.insert(attempt, going);
            return self.in_flight(attempt);
        }
        let Some(going) = self.going.get_mut(&attempt) else {
            return;
        };
        match kind {
            EventKind::StepStarted { step, name, .. } => going.steps.push((*step, one_line(name))),
            EventKind::StepEnded { step, .. } => going.steps.retain(|(known, _)| known != step),
            EventKind::Failed(failure) => going.failures.push(failure.as_ref().clone()),
            EventKind::AttemptEnded { cause } => return self.ended(attempt, cause, at),
            _ => return,
        }
        self.in_flight(attempt);
    }

    /// Redraws the line of an attempt.
    fn in_flight(&mut self, attempt: AttemptId) {
        let (Some(going), Some((header, labels)), Show::Bars(bars)) =
            (self.going.get(&attempt), &self.plan, &mut self.show)
        else {
            return;
        };
        let index = usize::try_from(going.planned).unwrap_or(usize::MAX);
        let Some(planned) = header.planned.get(index) else {
            return;
        };
        let step = going.steps.last().map_or("", |(_, name)| name.as_str());
        bars.in_flight(attempt, &row::in_flight(labels, planned, step, &self.style));
    }

    fn ended(&mut self, attempt: AttemptId, cause: &Cause, at: Nanos) {
        let Some(going) = self.going.remove(&attempt) else {
            return;
        };
        let judged = of_attempt(&going.failures, Some(cause), None);
        let took = at.saturating_sub(going.started);
        let attempts = vec![Attempt {
            number: going.number,
            outcome: judged.outcome,
            started: going.started,
            took,
            failures: going.failures,
            decisive: judged.decisive,
            events: Vec::new(),
        }];
        self.done(
            Some(attempt),
            going.planned,
            judged.outcome,
            judged.reason,
            took,
            attempts,
        );
    }

    fn not_run(&mut self, planned: PlannedIndex, why: &NotRun) {
        let (outcome, reason) = match why {
            NotRun::Skipped(reason) => (Outcome::Skipped, reason.clone()),
            // Nothing is seen of them but one reason for all, which the end of the text gives.
            NotRun::FloorDown | NotRun::Release if matches!(self.show, Show::Lines(_)) => return,
            NotRun::FloorDown => (Outcome::Errored(Whose::Target), "the floor is down".into()),
            NotRun::Release => (Outcome::Errored(Whose::Target), "another release".into()),
            NotRun::Stopped(stop) => (Outcome::Skipped, Stop::reason(*stop).to_string()),
        };
        self.done(None, planned, outcome, reason, 0, Vec::new());
    }

    fn done(
        &mut self,
        attempt: Option<AttemptId>,
        planned: PlannedIndex,
        outcome: Outcome,
        reason: String,
        took: Nanos,
        attempts: Vec<Attempt>,
    ) {
        self.part();
        let Some((header, labels)) = &self.plan else {
            return;
        };
        let index = usize::try_from(planned).unwrap_or(usize::MAX);
        let Some(planned) = header.planned.get(index) else {
            return;
        };
        let result = JourneyResult {
            planned: planned.clone(),
            outcome,
            reason,
            took,
            started: 0,
            attempts,
        };
        let mut lines = row::ended(labels, &result, &self.style);
        match &mut self.show {
            Show::Lines(_) => self.print(&lines),
            Show::Bars(bars) => {
                // The summary says why one was skipped.
                lines.truncate(1);
                bars.done(attempt, &lines.concat());
            }
        }
    }

    fn end(&mut self) {
        match &mut self.show {
            // What follows begins with a blank line of its own.
            Show::Lines(_) => {}
            Show::Bars(bars) => bars.clear(),
        }
    }

    fn print(&mut self, lines: &[String]) {
        if let Show::Lines(out) = &mut self.show {
            let mut text = lines.join("\n");
            text.push('\n');
            // Nobody is left to be told; the reports say all this again.
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        }
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}
