//! What the parts of the runner say to each other. Never seen by a reporter.

use super::look::Look;
use crate::model::event::{AttemptId, Cause, Class, PlannedIndex, Stop};

/// Number of a worker, from 0.
pub(super) type WorkerId = usize;

/// What the dispatcher is told.
#[derive(Debug)]
pub(super) enum Message {
    /// Floor and release were asked.
    Looked(Look),
    /// An attempt ended, its cleanup included.
    Ended {
        /// Which.
        attempt: AttemptId,
        /// Why.
        cause: Cause,
        /// The gravest of the failures it kept.
        gravest: Option<Class>,
    },
    /// The run is to stop; a second time it is to stop at once.
    Stop(Stop),
}

/// What a worker is told.
#[derive(Debug)]
pub(super) enum Job {
    /// Ask floor and release.
    Look,
    /// Execute a planned journey.
    Attempt {
        /// The number of this attempt.
        attempt: AttemptId,
        /// Which planned journey.
        planned: PlannedIndex,
        /// From 1; a retry is another attempt.
        number: u32,
    },
}
