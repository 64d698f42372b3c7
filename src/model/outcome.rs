//! Outcomes of journeys, the verdict of a run and the exit code it leads to.

use serde::{Deserialize, Serialize};

/// What became of one journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every expectation was met.
    Passed,
    /// The floor is up and the ceiling is broken.
    Failed,
    /// It could not be judged.
    Errored(Whose),
    /// It did not run, for a reason.
    Skipped,
    /// It passed after an attempt that did not. Of a journey only: an attempt is never flaky.
    Flaky,
}

/// Whose doing it is that a journey could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The target's: its floor is down.
    Target,
    /// Ours: a script, a setting, a limit.
    Ours,
    /// Somebody interrupted the run.
    Interrupt,
}

impl Outcome {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored(_) => "errored",
            Self::Skipped => "skipped",
            Self::Flaky => "flaky",
        }
    }
}

/// What a flaky journey means for the verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFlaky {
    /// Nothing but a warning.
    #[default]
    Warn,
    /// That of a failed one.
    Fail,
}

impl OnFlaky {
    /// True for what nobody need be told.
    pub fn is_default(&self) -> bool {
        *self == Self::Warn
    }
}

/// The verdict of a run: the exit code and the reason for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All passed: exit 0.
    Passed,
    /// At least one journey failed: exit 1.
    Failed,
    /// Nothing wrong was found in the target but something could not run: exit 2.
    CouldNotRun,
    /// Could not be judged because of the target: exit 3.
    CouldNotJudge,
    /// Interrupted, whatever was found until then: exit 130.
    Interrupted,
}

impl Verdict {
    /// The process exit code, as the design's table has it.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::CouldNotRun => 2,
            Self::CouldNotJudge => 3,
            Self::Interrupted => 130,
        }
    }
}
