//! What comes after an attempt: another one, the end of the run, or nothing.

use crate::model::Gate;
use crate::model::event::{Cause, Class, Planned, RunHeader};
use crate::model::outcome::OnFlaky;

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending<'a> {
    /// From 1.
    pub number: u32,
    /// Why.
    pub cause: &'a Cause,
    /// The gravest of the failures it kept.
    pub gravest: Option<Class>,
}

/// True if the journey is tried again: what the target did wrong may have been chance, a mistake
/// of ours is none. What was stopped from outside stays stopped.
pub(super) fn is_retried(planned: &Planned, ending: Ending<'_>) -> bool {
    let ended_itself = match ending.cause {
        Cause::Completed | Cause::Failed | Cause::Skipped(_) => true,
        Cause::Stopped(_) | Cause::Panicked(_) => false,
    };
    let by_target = match ending.gravest {
        Some(Class::Failed | Class::FloorDown) => true,
        Some(Class::Ours) | None => false,
    };
    ended_itself && by_target && ending.number <= planned.retries
}

/// True if the journey, which is not tried again, keeps the run from being green.
pub(super) fn breaks(header: &RunHeader, planned: &Planned, ending: Ending<'_>) -> bool {
    let gate = Gate::of(planned.journey.quarantine.as_ref(), header.started);
    // A number above 1 says that the attempt before did not pass.
    let retry = ending.number > 1;
    let green = ending.gravest.is_none()
        && match ending.cause {
            Cause::Completed => !retry || header.flaky == OnFlaky::Warn,
            Cause::Skipped(_) => !retry,
            Cause::Failed | Cause::Stopped(_) | Cause::Panicked(_) => false,
        };
    !green && gate.gates()
}
