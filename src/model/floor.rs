//! Floor checks: does the service answer at all?

use serde::{Deserialize, Serialize};

use super::Nanos;

/// One check of the floor, resolved against its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorCheck {
    /// As a person knows it: `chat`, or the path if no service is named.
    pub name: String,
    /// The absolute URL that is asked.
    pub url: String,
    /// Which answers count as up.
    pub up: UpWhen,
    /// Nanoseconds the answer may take, redirects included.
    pub within: Nanos,
}

/// Which status means that the floor is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpWhen {
    /// 200 to 299, redirects followed: a named floor check.
    Success,
    /// Anything below 500: the check of a target that names none.
    AnswersAtAll,
}

/// What one floor check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorResult {
    /// Name of the check.
    pub name: String,
    /// The URL that was asked.
    pub url: String,
    /// Nanoseconds it took.
    pub took: Nanos,
    /// Nothing if up, else why it counts as down: `GET … refused the connection`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
    /// It could not even be asked because a setting is wrong: a proxy that refuses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ours: bool,
}

/// All floor checks of a target at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorReport {
    /// In the order of the target.
    pub checks: Vec<FloorResult>,
}

impl FloorReport {
    /// The floor is up when all its checks are.
    pub fn is_up(&self) -> bool {
        self.checks.iter().all(|check| check.down.is_none())
    }

    /// It is not up, and all that keeps it from being so is ours: nobody knows how the target is.
    pub fn is_unasked(&self) -> bool {
        let mut down = self.checks.iter().filter(|check| check.down.is_some());
        !self.is_up() && down.all(|check| check.ours)
    }

    /// How many are up.
    pub fn up_count(&self) -> usize {
        self.checks
            .iter()
            .filter(|check| check.down.is_none())
            .count()
    }

    /// The longest check's nanoseconds: they run side by side.
    pub fn took(&self) -> Nanos {
        self.checks
            .iter()
            .map(|check| check.took)
            .max()
            .unwrap_or(0)
    }
}
