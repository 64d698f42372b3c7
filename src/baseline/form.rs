//! The file as `serde` reads it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::number::{Exact, Fingerprint, NumberKind, Origin, Share, Tolerance, Worth};

/// Of the files that this jaunt writes and reads.
pub(super) const VERSION: u32 = 1;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub version: u32,
    pub target: String,
    #[serde(default)]
    pub accepted: Option<Part>,
    #[serde(default)]
    pub anchor: Option<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub release: String,
    #[serde(default)]
    pub commit: Option<String>,
    pub at: String,
    #[serde(default)]
    pub context: BTreeMap<String, String>,
    #[serde(default)]
    pub outcomes: BTreeMap<String, String>,
    #[serde(default)]
    pub journeys: BTreeMap<String, Vec<Line>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub name: String,
    #[serde(default)]
    pub by: BTreeMap<String, String>,
    #[serde(default)]
    pub origin: Origin,
    pub kind: NumberKind,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default = "exact")]
    pub tolerance: Tolerance,
    #[serde(default)]
    pub core: bool,
    #[serde(default)]
    pub release: Option<String>,
    pub value: Value,
}

fn exact() -> Tolerance {
    Tolerance::Exact
}

/// What a number was.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected text such as \"1284.50\", { part, of }, { digest, count, members } or { cohorts }"
)]
pub(super) enum Value {
    /// `"1284.50"`
    Number(Exact),
    /// `{ part = 37, of = 200 }`
    Share(Share),
    /// `{ digest = "…", count = 2, members = ["a", "b"] }`
    Fingerprint(Fingerprint),
    /// `{ cohorts = { a = 5050, b = 4950 } }`
    Cohorts {
        /// How many of each.
        cohorts: BTreeMap<String, u64>,
    },
}

impl From<Value> for Worth {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(exact) => Self::Number(exact),
            Value::Share(share) => Self::Share(share),
            Value::Fingerprint(print) => Self::Fingerprint(print),
            Value::Cohorts { cohorts } => Self::Cohorts(cohorts),
        }
    }
}
