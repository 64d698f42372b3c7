//! The first line of a trace: all that a report prints besides what happened.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::number::References;
use super::outcome::OnFlaky;
use super::release::Deploy;
use super::{Journey, Nanos};

/// All that a report prints besides what happened; the first line of a trace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunHeader {
    /// Major and minor version of the trace format: `1.0`. A newer major cannot be read.
    pub format: String,
    /// Version of jaunt that wrote it.
    pub jaunt: String,
    /// Identifies the run.
    pub run: String,
    /// Name of the project.
    pub project: String,
    /// Nanoseconds since the Unix epoch at the run's start.
    pub started: u64,
    /// The seed all random values follow.
    pub seed: String,
    /// Name of the machine, for JUnit.
    pub host: String,
    /// What was run against.
    pub target: TargetSummary,
    /// What is being judged, if `--deploy` says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy: Option<Deploy>,
    /// Features the project says its product has; empty if it says nothing.
    #[serde(default)]
    pub features: Vec<String>,
    /// What will be run or skipped, in order.
    pub planned: Vec<Planned>,
    /// The command line that repeats this run, without the program's name and selection.
    #[serde(default)]
    pub again: String,
    /// The part of the selection that this run walks; nothing for the whole of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Why nothing is planned although that is no mistake: this shard got none, or nothing failed
    /// in the run before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<String>,
    /// What a flaky journey means for the verdict.
    #[serde(default, skip_serializing_if = "OnFlaky::is_default")]
    pub flaky: OnFlaky,
    /// What its numbers are compared with; nothing if none are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<Arc<References>>,
    /// Whether it is one of two runs around a deploy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
}

/// Which of two runs around a deploy one is: `--phase`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The one whose numbers are kept.
    Before,
    /// The one that is compared with it.
    After,
}

impl Phase {
    /// The name that options and files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

impl RunHeader {
    /// Lets neighbours in the plan that are repetitions of one journey share it.
    pub fn share_journeys(&mut self) {
        for at in 1..self.planned.len() {
            let (before, rest) = self.planned.split_at_mut(at);
            if let (Some(known), Some(next)) = (before.last(), rest.first_mut())
                && known.journey == next.journey
            {
                next.journey = Arc::clone(&known.journey);
            }
        }
    }
}

/// One of the parts that a selection was split into, to be walked by runs of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which part, from 1.
    pub number: u32,
    /// How many parts there are.
    pub of: u32,
    /// How many journeys the whole selection has, repetitions counted.
    pub whole: u32,
    /// The place of each planned journey in the whole selection, from 0.
    pub places: Vec<u32>,
}

/// The part of a target that reports show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetSummary {
    /// Its name.
    pub name: String,
    /// Its base URL.
    pub url: String,
    /// Started by jaunt itself.
    pub embedded: bool,
    /// Names of the bugs that were switched on in an embedded target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bugs: Vec<String>,
    /// Whatever certificate it shows will do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
}

/// One journey of the run, or one repetition of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// What its file declares; shared, for a long plan names it in many places.
    pub journey: Arc<Journey>,
    /// Which repetition it is, from 1; shown as `#2` from the second on.
    pub repetition: u32,
    /// Nanoseconds an attempt may take.
    pub timeout: Nanos,
    /// Why it will not run at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<String>,
    /// How often it is tried again after an attempt that did not pass.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: u32,
    /// Its line declares other journeys too, so that only `file::name` means it alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shares_line: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Planned {
    /// Name with its repetition: `a polite goodbye is announced #2`.
    pub fn display_name(&self) -> String {
        match self.repetition {
            0 | 1 => self.journey.id.name.clone(),
            n => format!("{} #{n}", self.journey.id.name),
        }
    }
}
