//! What is remembered of runs, and what a run is told of earlier releases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::places::Places;
use super::{Measured, NumberKey, Origin};
use crate::model::{JourneyId, Nanos};

/// A run as the history keeps it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    /// Identifies it.
    pub run: String,
    /// Name of the project.
    pub project: String,
    /// Name of the target.
    pub target: String,
    /// What it was of: the deploy, or what the target answered; nothing if neither is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The commit that `--commit` named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// `before` or `after`, if it was one of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// Nanoseconds since the Unix epoch.
    pub started: u64,
    /// Nanoseconds.
    pub took: Nanos,
    /// The process exit code it came to.
    pub exit_code: u8,
    /// Two releases answered, the floor was down, or it did not come to its end: nothing is learnt
    /// from it.
    pub unsound: bool,
    /// The seed.
    pub seed: String,
    /// The machine.
    pub host: String,
    /// Version of jaunt.
    pub jaunt: String,
    /// What distinguishes it from others that cannot be compared with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
    /// Its journeys, in order.
    pub journeys: Vec<StoredJourney>,
}

impl StoredRun {
    /// The release that it counts for: its own; else its commit; else it is a release of its own.
    pub fn release_name(&self) -> &str {
        self.release
            .as_deref()
            .or(self.commit.as_deref())
            .unwrap_or(&self.run)
    }
}

/// A journey of a run as the history keeps it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredJourney {
    /// Which.
    pub journey: JourneyId,
    /// Which repetition, from 1.
    pub repetition: u32,
    /// As reports name it: `passed`, `failed`, `errored`, `skipped`, `flaky`.
    pub outcome: String,
    /// It was in quarantine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quarantined: bool,
    /// Why, in one line; empty for one that passed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Nanoseconds of its last attempt.
    pub took: Nanos,
    /// How many attempts there were.
    pub attempts: u32,
    /// What it measured, declared or not, if it passed or failed for its numbers alone; of one that
    /// did not pass nothing is learnt.
    pub numbers: Vec<Measured>,
}

impl StoredJourney {
    /// True if a baseline may learn from it.
    pub fn teaches(&self) -> bool {
        self.outcome == "passed" && !self.quarantined
    }
}

/// What a run is told of earlier releases of its target: one value per release and number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// Releases in the order of their first run, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<Release>,
    /// The numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<Series>,
    /// The outcomes of journeys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcomes>,
    /// Where those of each journey stand.
    #[serde(skip)]
    pub places: Places,
}

impl Past {
    /// True if nothing is known.
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty()
    }
}

/// A release of the target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its name.
    pub id: String,
    /// Its commit, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// When its last run began: nanoseconds since the Unix epoch.
    pub at: u64,
}

/// One number through the releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Whose it is.
    pub journey: JourneyId,
    /// Which.
    pub key: NumberKey,
    /// Where it comes from.
    pub origin: Origin,
    /// One point per release that measured it, oldest first; what nobody learns from stands only
    /// where the release has nothing else.
    pub points: Vec<Point>,
}

/// What a number was in one release.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Index into [`Past::releases`].
    pub release: u32,
    /// The median of what the runs of the release measured, where it is a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What it was the last time, where it is none: a digest, counts of cohorts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Nothing learns from it: its journey failed for its numbers, or its release is labelled. It
    /// is what a person is shown, and what says since when a number is as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlearnt: bool,
}

/// How one journey went in the releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    /// Which.
    pub journey: JourneyId,
    /// How it went, oldest release first.
    pub of: Vec<OutcomeOf>,
}

/// How a journey went in one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeOf {
    /// Index into [`Past::releases`].
    pub release: u32,
    /// How often it passed.
    pub passed: u32,
    /// How often it failed.
    pub failed: u32,
    /// How often it was flaky.
    pub flaky: u32,
    /// When it last passed: nanoseconds since the Unix epoch; 0 if it never did.
    pub held: u64,
}
