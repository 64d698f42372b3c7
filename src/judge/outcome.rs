//! The outcome of one attempt: the table of the API reference, section 2.

use crate::model::event::{Cause, Class, Failure, Stop};
use crate::model::outcome::Whose;
use crate::model::{FloorReport, Outcome};

/// What one attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its outcome.
    pub outcome: Outcome,
    /// Why, in one line; empty for a passed one.
    pub reason: String,
    /// Index of the failure that decided, if one did.
    pub decisive: Option<usize>,
}

/// The first check that is down, in words, or nothing if all are up.
pub fn first_down(floor: &FloorReport) -> Option<&str> {
    floor.checks.iter().find_map(|check| check.down.as_deref())
}

/// Judges one attempt. Without a `cause` the trace ends before the attempt does; `run_stop` is
/// what stopped the whole run, if anything did.
pub fn of_attempt(failures: &[Failure], cause: Option<&Cause>, run_stop: Option<Stop>) -> Judged {
    let gravest = failures
        .iter()
        .enumerate()
        .map(|(index, failure)| (failure.class(), index))
        .min();
    let ending = of_ending(cause, run_stop, gravest.is_some());
    match gravest {
        None => ending,
        Some((class, index)) => {
            let by_failure = of_failure(class, index, &failures[index]);
            let (failure, end) = (rank(by_failure.outcome), rank(ending.outcome));
            // At equal rank what ended it from outside says more than a cleanup that then failed;
            // where the trace holds no end, the failure says more.
            if failure < end || (failure == end && cause.is_none()) {
                by_failure
            } else {
                ending
            }
        }
    }
}

fn of_failure(class: Class, index: usize, failure: &Failure) -> Judged {
    let message = &failure.problem.message;
    let (outcome, reason) = match class {
        Class::Failed => (Outcome::Failed, message.clone()),
        Class::FloorDown => {
            let down = failure.floor.as_ref().and_then(first_down);
            let reason = format!("the floor is down: {}", down.unwrap_or(message));
            (Outcome::Errored(Whose::Target), reason)
        }
        Class::Ours => {
            let unasked = failure.floor.as_ref().filter(|floor| floor.is_unasked());
            let reason = match unasked.and_then(first_down) {
                Some(down) => format!("the floor could not be asked: {down}"),
                None => message.clone(),
            };
            (Outcome::Errored(Whose::Ours), reason)
        }
    };
    Judged {
        outcome,
        reason,
        decisive: Some(index),
    }
}

/// What the end alone says, failures aside.
fn of_ending(cause: Option<&Cause>, run_stop: Option<Stop>, has_failures: bool) -> Judged {
    let (outcome, reason) = match cause {
        Some(Cause::Completed) => (Outcome::Passed, String::new()),
        // The failure that ended it stands in an event of its own; without one the trace is odd.
        Some(Cause::Failed) if has_failures => (Outcome::Passed, String::new()),
        Some(Cause::Failed) => (
            Outcome::Errored(Whose::Ours),
            "the journey ended in a failure that the trace does not hold".to_string(),
        ),
        Some(Cause::Skipped(reason)) => (Outcome::Skipped, reason.clone()),
        Some(Cause::Stopped(stop)) => stopped(*stop),
        Some(Cause::Panicked(text)) => (
            Outcome::Errored(Whose::Ours),
            format!("a bug in jaunt: {text}"),
        ),
        None => match run_stop {
            Some(stop) => stopped(stop),
            None => (Outcome::Errored(Whose::Ours), CUT_SHORT.to_string()),
        },
    };
    Judged {
        outcome,
        reason,
        decisive: None,
    }
}

/// Said of a journey whose end the trace does not hold.
pub const CUT_SHORT: &str = "the run ended before this journey did";

fn stopped(stop: Stop) -> (Outcome, String) {
    let whose = match stop {
        Stop::Interrupted => Whose::Interrupt,
        Stop::FailFast | Stop::MaxTime | Stop::Watchdog => Whose::Ours,
    };
    (Outcome::Errored(whose), stop.reason().to_string())
}

/// Which of two outcomes of one attempt goes first: lower does.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Failed => 0,
        Outcome::Errored(Whose::Interrupt) => 1,
        Outcome::Errored(Whose::Target) => 2,
        Outcome::Errored(Whose::Ours) => 3,
        Outcome::Skipped => 4,
        Outcome::Passed | Outcome::Flaky => 5,
    }
}
