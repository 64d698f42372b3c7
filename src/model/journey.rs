//! A declared journey: its name, place and options, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::target::Var;
use super::{Nanos, Place, Quarantine};

/// More retries than that would hide anything.
pub const MOST_RETRIES: u32 = 100;

/// `file::name`, which identifies one journey of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JourneyId {
    /// Relative to the project, with forward slashes.
    pub file: String,
    /// As given to `journey`, with its cell of a matrix: `log in [browser=ff]`.
    pub name: String,
}

impl std::fmt::Display for JourneyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}", self.file, self.name)
    }
}

/// A journey as its file declares it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// File and name.
    pub id: JourneyId,
    /// Where `journey(...)` is called.
    pub place: Place,
    /// The last line of its function, so that `file.lua:LINE` finds the journey around a line.
    pub last_line: u32,
    /// Features it verifies.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Words to select it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Where to look when it is red.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    /// Its own deadline, if it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Nanos>,
    /// Names of the targets it may run against; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<String>>,
    /// A named thing held alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
    /// A named thing held together with other sharers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
    /// Its interval as a probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Nanos>,
    /// Why it is not to run now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<String>,
    /// How often it is tried again after an attempt that did not pass, if it says so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// Its cell of a matrix: one value for each key; empty if it has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub matrix: BTreeMap<String, Var>,
    /// Why its outcome does not gate, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<Quarantine>,
}
