//! A finished run, folded from its trace by `judge`: what every report is a pure function of.

use serde::{Deserialize, Serialize};

use super::event::{Event, Failure, Planned, RunHeader, Stop};
use super::release::ReleaseReport;
use super::{Diagnostic, FloorReport, Nanos, Outcome, Verdict};

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
}

/// One execution of one journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// Its outcome.
    pub outcome: Outcome,
    /// Nanoseconds since the run's start.
    pub started: Nanos,
    /// Nanoseconds it took, cleanup included.
    pub took: Nanos,
    /// Its failures that count, in order; the first one that decides the outcome is
    /// [`Attempt::decisive`].
    pub failures: Vec<Failure>,
    /// Index of the failure that decides the outcome.
    pub decisive: Option<usize>,
    /// All of its events, in order of `seq`.
    pub events: Vec<Event>,
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
