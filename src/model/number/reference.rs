//! What the numbers of a run are compared with, and by which policy. It stands in the header of the
//! trace, so that a replay needs neither the history nor the baseline file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::history::Past;
use super::{NumberKey, NumberKind, Origin, Tolerance, Worth};
use crate::model::JourneyId;

/// Everything that the numbers of a run are compared with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct References {
    /// What is done about what changed without being declared.
    pub policy: Policy,
    /// What distinguishes this run from others that cannot be compared with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
    /// What was last accepted, or the last good release of the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// The release before that one, for when the last release turns out to be the one at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Baseline>,
    /// The release that was pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Baseline>,
    /// What earlier releases measured.
    #[serde(default, skip_serializing_if = "Past::is_empty")]
    pub past: Past,
    /// Why something is not compared: a history that cannot be read, another context.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// What is done about numbers that nobody declared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Free numbers and shapes that changed.
    pub drift: OnChange,
    /// Durations and other numbers that are far from what is usual.
    pub anomaly: OnChange,
}

/// What a change means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnChange {
    /// It is kept in the reports' files and said nowhere else.
    Observe,
    /// It is said.
    #[default]
    Warn,
    /// Its journey has failed.
    Fail,
}

impl OnChange {
    /// The name that settings and files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    /// The policy of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Observe, Self::Warn, Self::Fail]
            .into_iter()
            .find(|it| it.name() == name)
    }
}

/// The numbers of one release.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Where they come from.
    pub source: Source,
    /// The release that had them.
    pub release: String,
    /// Its commit, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// When they were measured: nanoseconds since the Unix epoch.
    pub at: u64,
    /// Commits since then up to the one at hand, newest first and in short, if a git checkout knows
    /// them; the first few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<String>,
    /// How many commits there are in all, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits_in_all: Option<u64>,
    /// What distinguishes them from others that cannot be compared with them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
    /// The numbers, sorted by journey, origin and key.
    pub numbers: Vec<Accepted>,
    /// Outcomes of journeys then, for `--phase`: by journey, as reports name them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: BTreeMap<String, String>,
}

/// Where a baseline comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The history.
    #[default]
    History,
    /// A file that is checked in, as it is named from the project.
    File(String),
    /// The run `--phase before`.
    Before,
}

/// A number of a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// Whose it is.
    pub journey: JourneyId,
    /// Which.
    pub key: NumberKey,
    /// Where it came from.
    pub origin: Origin,
    /// What kind of thing it was.
    pub kind: NumberKind,
    /// What one of it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it might differ by, then.
    pub tolerance: Tolerance,
    /// Without it nothing was known of its journey.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub core: bool,
    /// What it was.
    pub worth: Worth,
    /// The release that measured it, where that is an older one than that of the baseline: the
    /// newest did not walk its journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

impl Accepted {
    /// The release that measured it.
    pub fn release_in<'a>(&'a self, baseline: &'a Baseline) -> &'a str {
        self.release.as_deref().unwrap_or(&baseline.release)
    }
}
