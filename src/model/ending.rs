//! Failures that count, and what ended an attempt or a run.

use serde::{Deserialize, Serialize};

use super::event::StepId;
use super::{Excerpt, FloorReport, Place, Problem};

/// Where a failure was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureRole {
    /// It ended the journey.
    Journey,
    /// `j:soft` kept it.
    Soft,
    /// A cleanup function ended in it.
    Cleanup,
    /// A stream stopped with it and nobody asked.
    Stream,
    /// A number moved or was not measured.
    Number,
}

/// One failure that counts: the judge needs nothing else to decide an attempt's outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong; its message is the broken promise.
    pub problem: Problem,
    /// Where it was kept.
    pub role: FailureRole,
    /// It happened inside `j:floor`.
    pub in_floor: bool,
    /// The step it happened in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// `seq` of the [`EventKind::Expected`](super::EventKind::Expected) that was unmet, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectation: Option<u64>,
    /// The line and what stands around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Further frames of the project's files, innermost first, without the excerpt's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<Place>,
    /// What the floor checks said right after it; nothing for problems of our own kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<FloorReport>,
}

/// What a failure means for its attempt, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The floor is up and the target did the wrong thing.
    Failed,
    /// The floor is down.
    FloorDown,
    /// The journey or a setting is wrong.
    Ours,
}

impl Failure {
    /// Which row of the table of outcomes it belongs to. A floor that nobody asked counts as up:
    /// what was promised was broken, and nothing says that the service was down. One that could not
    /// even be asked, for a reason of ours, says nothing about the target.
    pub fn class(&self) -> Class {
        let floor = self.floor.as_ref();
        let unasked = floor.is_some_and(FloorReport::is_unasked);
        if unasked || !self.problem.kind.is_targets() {
            Class::Ours
        } else if self.in_floor || floor.is_some_and(|floor| !floor.is_up()) {
            Class::FloorDown
        } else {
            Class::Failed
        }
    }
}

/// What ended an attempt. Failures that count stand in events of their own before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its last line was reached.
    Completed,
    /// A [`Failure`] with the role `journey` ended it, its deadline in a wait included.
    Failed,
    /// `j:skip(reason)`.
    Skipped(String),
    /// It was stopped from outside: `interrupted`, `--fail-fast`, `--max-time`, `watchdog`.
    Stopped(Stop),
    /// A defect of jaunt itself, caught.
    Panicked(String),
}

/// Why a run, or an attempt, was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// A signal.
    Interrupted,
    /// `--fail-fast` after another journey's failure.
    FailFast,
    /// `--max-time` is over.
    MaxTime,
    /// C code hung and the watchdog ended the process.
    Watchdog,
}

impl Stop {
    /// The reason as reports give it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::FailFast => "stopped by --fail-fast after another journey failed",
            Self::MaxTime => "stopped by --max-time",
            Self::Watchdog => {
                "stopped by the watchdog: a journey hung in code that cannot be interrupted"
            }
        }
    }
}

/// Why a planned journey was not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotRun {
    /// Skipped, with the reason.
    Skipped(String),
    /// The floor was down before the start: errored.
    FloorDown,
    /// Another release than the deployed one answered before the start, or none did: errored.
    Release,
    /// The run was stopped before it began: skipped with that reason.
    Stopped(Stop),
}
