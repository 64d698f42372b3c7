//! What an attempt walked through, small enough to be kept for every attempt of a long run: equal
//! texts are shared between attempts.

use std::sync::Arc;

use super::event::{StepId, StepRole};
use super::{Nanos, Place};

/// One step of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number within the attempt.
    pub id: StepId,
    /// What its journey says of it.
    pub stretch: Arc<Stretch>,
    /// Place of its start in the run-wide order.
    pub seq: u64,
    /// Nanoseconds since the run's start.
    pub started: Nanos,
    /// Nanoseconds it took, and false if an error left it; nothing for one that never ended.
    pub ended: Option<(Nanos, bool)>,
}

/// What is the same each time that a step is walked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// The step around it.
    pub parent: Option<StepId>,
    /// As the script names it.
    pub name: String,
    /// What kind of stretch it is.
    pub role: StepRole,
    /// Where it stands.
    pub place: Option<Place>,
}

/// Something that a journey says beside its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Place in the run-wide order.
    pub seq: u64,
    /// What.
    pub what: What,
}

/// What a journey says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// `j:note`
    Note(Arc<str>),
    /// `j:record`
    Number {
        /// Its name.
        name: Arc<str>,
        /// JSON text, exactly as recorded.
        value: Arc<str>,
    },
    /// `j:attach`
    Attached {
        /// Its name.
        name: Arc<str>,
        /// How many bytes.
        size: u64,
    },
}
