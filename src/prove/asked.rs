//! What a proof is asked to do.

use std::sync::Arc;
use std::time::Duration;

use super::choose::Wanted;
use crate::model::event::{Planned, RunHeader};
use crate::model::proof::Score;
use crate::model::{Problem, Target};
use crate::record::Mask;
use crate::runner::Leased;
use crate::script::host::Waits;
use crate::script::sources::Sources;

/// Gives a target that an attempt has to itself.
pub type Lease = Arc<dyn Fn() -> Result<Leased, Problem> + Send + Sync>;

/// Everything a proof needs.
pub struct Asked {
    /// Who proves what against what; its `planned` is not looked at.
    pub header: RunHeader,
    /// The journeys.
    pub planned: Vec<Planned>,
    /// The target, resolved.
    pub target: Arc<Target>,
    /// Gives each walk an embedded target of its own, if the target is embedded: then no lock has to
    /// be held, and nothing that one mutant does is seen by another.
    pub lease: Option<Lease>,
    /// The project's files.
    pub sources: Sources,
    /// Default waits.
    pub waits: Waits,
    /// What is masked.
    pub mask: Mask,
    /// Walks in flight.
    pub jobs: usize,
    /// The least time between the starts of two walks: `--rate`.
    pub pace: Option<Duration>,
    /// Which mutants.
    pub wanted: Wanted,
    /// Waits of mutants are this much longer than the longest of the recorded walks.
    pub factor: f64,
    /// But never shorter than this.
    pub least: Duration,
    /// How long the whole proof may take.
    pub budget: Option<Duration>,
}

/// How far a proof has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Walks without a fault: how many are done of how many.
    Recording {
        /// Done.
        done: usize,
        /// Of so many.
        of: usize,
    },
    /// Mutants: how many are done of how many, and what became of them.
    Proving {
        /// Done.
        done: usize,
        /// Of so many.
        of: usize,
        /// So far.
        score: Score,
    },
}
