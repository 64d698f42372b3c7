//! From the attempts of a journey to its outcome.

use crate::model::event::Planned;
use crate::model::outcome::Whose;
use crate::model::run::{Attempt, JourneyResult, decisive};
use crate::model::{Gate, Outcome};

use super::outcome::CUT_SHORT;

/// What became of a journey with these attempts, in order, in a run that started then, in
/// nanoseconds since the Unix epoch.
pub fn of_attempts(planned: &Planned, attempts: Vec<Attempt>, started: u64) -> JourneyResult {
    let (outcome, reason) = match decisive(&attempts) {
        Some(one) if one.outcome == Outcome::Passed => passed(&attempts),
        Some(one) => (one.outcome, one.reason.clone()),
        None => (Outcome::Errored(Whose::Ours), CUT_SHORT.to_string()),
    };
    JourneyResult {
        gate: Gate::of(planned.journey.quarantine.as_ref(), started),
        planned: planned.clone(),
        outcome,
        reason,
        took: attempts.last().map_or(0, |last| last.took),
        started: attempts.iter().map(|one| one.started).min().unwrap_or(0),
        attempts,
        numbers: Vec::new(),
    }
}

/// What a last attempt that passed makes of those before it.
fn passed(attempts: &[Attempt]) -> (Outcome, String) {
    let broken = |one: &&Attempt| one.decisive.is_some();
    match attempts.iter().rfind(broken) {
        None => (Outcome::Passed, String::new()),
        Some(one) => {
            let reason = format!(
                "attempt {} {}: {}",
                one.number,
                one.outcome.name(),
                one.reason
            );
            (Outcome::Flaky, reason)
        }
    }
}
