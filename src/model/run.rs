//! A finished run, folded from its trace by `judge`: what every report is a pure function of.

use serde::{Deserialize, Serialize};

use super::event::{Event, Failure, Planned, RunHeader, Stop};
use super::number::{Comparison, Measured};
use super::outcome::OnFlaky;
use super::release::ReleaseReport;
use super::told::LetGo;
use super::walked::{Said, Step};
use super::{Diagnostic, FloorReport, Gate, Nanos, Outcome, Verdict};

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What was run, and against what; nothing if the trace has no header.
    pub header: RunHeader,
    /// Why it could not start.
    pub could_not_start: Vec<Diagnostic>,
    /// The floor before the journeys; nothing if it was never asked.
    pub floor: Option<FloorReport>,
    /// Which releases answered, and how long was waited for them.
    pub release: ReleaseReport,
    /// One per planned journey, in the order of the plan.
    pub journeys: Vec<JourneyResult>,
    /// What stopped the run early.
    pub stop: Option<Stop>,
    /// What went wrong beside the journeys.
    pub troubles: Vec<String>,
    /// Nanoseconds from start to end.
    pub took: Nanos,
    /// False if the trace has no end: a killed process.
    pub complete: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// Which features were verified.
    pub coverage: Coverage,
}

impl Run {
    /// True if a journey alone keeps the run from being green.
    pub fn is_red(&self, journey: &JourneyResult) -> bool {
        let counts = match journey.outcome {
            Outcome::Failed | Outcome::Errored(_) => true,
            Outcome::Flaky => self.header.flaky == OnFlaky::Fail,
            Outcome::Passed | Outcome::Skipped => false,
        };
        counts && journey.gate.gates()
    }
}

/// What became of one planned journey.
#[derive(Debug, Clone, PartialEq)]
pub struct JourneyResult {
    /// What was planned.
    pub planned: Planned,
    /// The outcome.
    pub outcome: Outcome,
    /// Why, in one line, for all but a passed one.
    pub reason: String,
    /// Nanoseconds of its last attempt.
    pub took: Nanos,
    /// Nanoseconds since the run's start at which its first attempt began.
    pub started: Nanos,
    /// Its attempts, in order; none if it did not run.
    pub attempts: Vec<Attempt>,
    /// Its numbers, compared: those that were declared, then what was counted without asking, then
    /// shapes and timings.
    pub numbers: Vec<Comparison>,
    /// Whether its outcome counts for the verdict.
    pub gate: Gate,
}

impl JourneyResult {
    /// The attempt whose outcome the journey's is: the last one that says something about the
    /// target. A retry that was stopped, or that skipped itself, disproves no failure.
    pub fn decisive(&self) -> Option<&Attempt> {
        decisive(&self.attempts)
    }

    /// The attempt that a report tells of: of a flaky journey the last one that did not pass, else
    /// the one that decides.
    pub fn told(&self) -> Option<&Attempt> {
        match self.outcome {
            Outcome::Flaky => self.not_passed().last(),
            Outcome::Passed | Outcome::Failed | Outcome::Errored(_) | Outcome::Skipped => {
                self.decisive()
            }
        }
    }

    /// It passed although nothing was expected of the target: its green says nothing.
    pub fn expected_nothing(&self) -> bool {
        match self.outcome {
            Outcome::Passed => self.attempts.iter().all(|one| one.expected == 0),
            Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) | Outcome::Skipped => false,
        }
    }

    /// Its attempts that did not pass, in order.
    pub fn not_passed(&self) -> impl Iterator<Item = &Attempt> {
        let passed = |one: &&Attempt| one.outcome != Outcome::Passed;
        self.attempts.iter().filter(passed)
    }
}

/// The attempt that decides the outcome of its journey, see [`JourneyResult::decisive`].
pub fn decisive(attempts: &[Attempt]) -> Option<&Attempt> {
    let telling = attempts.iter().rev().find(|one| one.says_something());
    telling.or_else(|| attempts.last())
}

/// One execution of one journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// Its outcome, never flaky.
    pub outcome: Outcome,
    /// Why, in one line, for all but a passed one.
    pub reason: String,
    /// Nanoseconds since the run's start.
    pub started: Nanos,
    /// Nanoseconds it took, cleanup included.
    pub took: Nanos,
    /// Its failures that count, in order; the first one that decides the outcome is
    /// [`Attempt::decisive`].
    pub failures: Vec<Failure>,
    /// Index of the failure that decides the outcome.
    pub decisive: Option<usize>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// What it said beside them, in order.
    pub said: Vec<Said>,
    /// How many expectations were decided in it, whatever they came to.
    pub expected: u64,
    /// Everything that it measured, declared or not, in order of origin and key.
    pub measured: Vec<Measured>,
    /// Its declared numbers, compared.
    pub compared: Vec<Comparison>,
    /// Its events, in order of `seq`; none for one that passed or skipped itself, for a long run
    /// would keep too much. When there is no room for all, those that reports tell of.
    pub events: Vec<Event>,
    /// What reports would have told of, were it still among the events.
    pub let_go: Vec<LetGo>,
}

impl Attempt {
    /// False for one that was stopped or skipped itself before it found anything.
    pub fn says_something(&self) -> bool {
        self.outcome == Outcome::Passed || self.decisive.is_some()
    }
}

/// Which features of the project were verified by this run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Verified, in the order of the project.
    pub verified: Vec<String>,
    /// Covered by a journey that failed, errored or did not run.
    pub broken: Vec<String>,
    /// Covered by no journey of this run.
    pub not_covered: Vec<String>,
    /// Named by a journey's `covers` and unknown to the project.
    pub unknown: Vec<String>,
}
