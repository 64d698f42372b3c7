//! Journeys that failed for one and the same reason: the first is told in full, the others in a few
//! lines, so that what failed for another reason is not lost among them.

use std::collections::BTreeMap;

use crate::model::EventKind;
use crate::model::run::{Attempt, JourneyResult, Run};

/// From so many journeys with the same cause on, the others are told in brief.
const MANY: usize = 3;

/// How often each cause is there, and how often it has been told.
#[derive(Debug, Default)]
pub(super) struct Causes {
    all: BTreeMap<String, Cause>,
}

#[derive(Debug, Default)]
struct Cause {
    count: usize,
    is_told: bool,
}

impl Causes {
    pub(super) fn of(run: &Run) -> Self {
        let mut causes = Self::default();
        for cause in run.journeys.iter().filter_map(cause) {
            causes.all.entry(cause).or_default().count += 1;
        }
        causes
    }

    /// True for a journey whose cause has been told of another one and is that of many.
    pub(super) fn is_told(&mut self, journey: &JourneyResult) -> bool {
        let cause = cause(journey).and_then(|cause| self.all.get_mut(&cause));
        let Some(cause) = cause.filter(|cause| cause.count >= MANY) else {
            return false;
        };
        std::mem::replace(&mut cause.is_told, true)
    }
}

/// What a journey failed of, whichever client met it; that it was stopped, if that is all.
/// What was retried or does not gate has more to say than a few lines hold.
fn cause(journey: &JourneyResult) -> Option<String> {
    if journey.attempts.len() > 1 || !journey.gate.gates() {
        return None;
    }
    let attempt = journey.told()?;
    let failure = attempt.decisive.and_then(|at| attempt.failures.get(at));
    match failure {
        Some(failure) => {
            let message = without_client(attempt, &failure.problem.message);
            Some(format!("{} {message}", failure.problem.kind.name()))
        }
        None => Some(journey.reason.clone()),
    }
}

fn without_client<'a>(attempt: &Attempt, message: &'a str) -> &'a str {
    let names = attempt.events.iter().filter_map(|event| match &event.kind {
        EventKind::ClientMade { name, .. } => Some(name.as_str()),
        _ => None,
    });
    let rest = |name: &str| message.strip_prefix(name)?.strip_prefix(": ");
    names.filter_map(rest).next().unwrap_or(message)
}
