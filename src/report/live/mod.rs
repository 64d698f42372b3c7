//! What is seen while a run runs: on a terminal one line per journey in flight and one bar for the
//! whole, elsewhere one plain line when a journey ends. It is told every event, in the order of the
//! trace, and never asks.

mod bars;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Write;

use indicatif::ProgressDrawTarget;

use crate::judge::attempts::of_attempts;
use crate::judge::outcome::of_attempt;
use crate::model::event::{
    AttemptId, Cause, Failure, NotRun, Planned, PlannedIndex, ReleaseCheck, RunHeader, StepId,
    Stop, WaitEnd, WaitPlan, WaitRound,
};
use crate::model::outcome::Whose;
use crate::model::release::When;
use crate::model::run::{Attempt, JourneyResult};
use crate::model::{Event, EventKind, FloorReport, Gate, Nanos, Outcome};

use super::names::Labels;
use super::release::Rounds;
use super::style::{Style, one_line};
use super::{attempts, console, release, row};
use bars::Bars;

/// Gives a text without what became a secret since it was recorded.
pub type Hide = Box<dyn Fn(&str) -> String + Send>;

/// Shows a run while it runs.
pub struct Live {
    style: Style,
    hide: Option<Hide>,
    /// What is planned, and how it is called.
    plan: Option<(RunHeader, Labels)>,
    going: BTreeMap<AttemptId, Going>,
    /// Attempts of journeys that are tried again.
    earlier: BTreeMap<PlannedIndex, Vec<Attempt>>,
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
        let bars = Bars::new(target, style.clone());
        Self::new(Show::Bars(bars), style)
    }

    fn new(show: Show, style: Style) -> Self {
        Self {
            style,
            hide: None,
            plan: None,
            going: BTreeMap::new(),
            earlier: BTreeMap::new(),
            rounds: Rounds::default(),
            unparted: false,
            show,
        }
    }

    /// Hides secrets in what is told of attempts that ended, before it is broken into lines: across
    /// two of them nobody finds one.
    #[must_use]
    pub fn hiding(mut self, hide: Hide) -> Self {
        self.hide = Some(hide);
        self
    }

    fn hidden(&self, mut result: JourneyResult) -> JourneyResult {
        if let Some(hide) = &self.hide {
            let attempts = result.attempts.iter_mut().map(|it| &mut it.reason);
            for reason in attempts.chain([&mut result.reason]) {
                *reason = hide(reason);
            }
        }
        result
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
            EventKind::AttemptEnded { cause, retried } => {
                return self.ended(attempt, cause, *retried, at);
            }
            _ => return,
        }
        self.in_flight(attempt);
    }

    /// Redraws the line of an attempt.
    fn in_flight(&mut self, attempt: AttemptId) {
        let Some(line) = self.line_of(attempt) else {
            return;
        };
        if let Show::Bars(bars) = &mut self.show {
            bars.in_flight(attempt, &line);
        }
    }

    fn line_of(&self, attempt: AttemptId) -> Option<String> {
        let going = self.going.get(&attempt)?;
        let (planned, _) = self.planned(going.planned)?;
        let (_, labels) = self.plan.as_ref()?;
        let step = going.steps.last().map_or("", |(_, name)| name.as_str());
        let again = (going.number > 1).then(|| attempts::numbered(going.number, planned));
        let now: Vec<&str> = again.iter().map(String::as_str).chain([step]).collect();
        let now = now.join(": ");
        let now = now.trim_end_matches(": ");
        Some(row::in_flight(labels, planned, now, &self.style))
    }

    fn ended(&mut self, attempt: AttemptId, cause: &Cause, retried: bool, at: Nanos) {
        let Some(going) = self.going.remove(&attempt) else {
            return;
        };
        let judged = of_attempt(&going.failures, Some(cause), None);
        let tried = self.earlier.entry(going.planned).or_default();
        tried.push(Attempt {
            number: going.number,
            outcome: judged.outcome,
            reason: judged.reason,
            started: going.started,
            took: at.saturating_sub(going.started),
            failures: going.failures,
            decisive: judged.decisive,
            steps: Vec::new(),
            said: Vec::new(),
            expected: 0,
            measured: Vec::new(),
            compared: Vec::new(),
            events: Vec::new(),
            let_go: Vec::new(),
        });
        if retried {
            return self.retried(attempt, going.planned);
        }
        let attempts = std::mem::take(tried);
        self.earlier.remove(&going.planned);
        let of = |planned: &Planned, started| of_attempts(planned, attempts, started);
        self.done(Some(attempt), going.planned, of);
    }

    /// Says what came of an attempt that is tried again.
    fn retried(&mut self, attempt: AttemptId, planned: PlannedIndex) {
        let known = self.planned(planned).map(|(plan, started)| {
            let tried = self.earlier.get(&planned).cloned().unwrap_or_default();
            self.hidden(of_attempts(plan, tried, started))
        });
        if let Show::Bars(bars) = &mut self.show {
            return bars.gone(attempt);
        }
        if let (Some(result), Some((_, labels))) = (known, &self.plan) {
            self.print(&row::retried(labels, &result, &self.style));
        }
    }

    fn not_run(&mut self, index: PlannedIndex, why: &NotRun) {
        if let Some(tried) = self.earlier.remove(&index) {
            let of = |planned: &Planned, started| of_attempts(planned, tried, started);
            return self.done(None, index, of);
        }
        let (outcome, reason) = match why {
            NotRun::Skipped(reason) => (Outcome::Skipped, reason.clone()),
            // Nothing is seen of them but one reason for all, which the end of the text gives.
            NotRun::FloorDown | NotRun::Release if matches!(self.show, Show::Lines(_)) => return,
            NotRun::FloorDown => (Outcome::Errored(Whose::Target), "the floor is down".into()),
            NotRun::Release => (Outcome::Errored(Whose::Target), "another release".into()),
            NotRun::Stopped(stop) => (Outcome::Skipped, Stop::reason(*stop).to_string()),
        };
        self.done(None, index, |planned, started| JourneyResult {
            gate: Gate::of(planned.journey.quarantine.as_ref(), started),
            planned: planned.clone(),
            outcome,
            reason,
            took: 0,
            started: 0,
            attempts: Vec::new(),
            numbers: Vec::new(),
        });
    }

    /// A planned journey, and when the run started.
    fn planned(&self, index: PlannedIndex) -> Option<(&Planned, u64)> {
        let (header, _) = self.plan.as_ref()?;
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        Some((header.planned.get(index)?, header.started))
    }

    fn done(
        &mut self,
        attempt: Option<AttemptId>,
        planned: PlannedIndex,
        of: impl FnOnce(&Planned, u64) -> JourneyResult,
    ) {
        self.part();
        let Some((planned, started)) = self.planned(planned) else {
            return;
        };
        let result = self.hidden(of(planned, started));
        let Some((_, labels)) = &self.plan else {
            return;
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
            let text = self.style.shown(text);
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
