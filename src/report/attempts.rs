//! What attempts before the last one came to, and whether an outcome counts: a word each.

use crate::model::event::Planned;
use crate::model::outcome::Whose;
use crate::model::run::{Attempt, JourneyResult, Run};
use crate::model::{Gate, Outcome};

use super::style::duration;

/// `attempt 1 of 3 failed: alice never heard "bob left"`
pub(super) fn shortly(attempt: &Attempt, planned: &Planned) -> String {
    let numbered = numbered(attempt.number, planned);
    format!("{numbered} {}: {}", attempt.outcome.name(), attempt.reason)
}

/// `attempt 2 of 3`
pub(super) fn numbered(number: u32, planned: &Planned) -> String {
    let most = planned.retries.saturating_add(1).max(number);
    format!("attempt {number} of {most}")
}

/// Every attempt of a journey that has several, a line each, and what came of the others.
pub(super) fn all(run: &Run, result: &JourneyResult) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if result.attempts.len() > 1 {
        lines.extend(result.attempts.iter().map(|attempt| {
            let (number, outcome) = (attempt.number, attempt.outcome.name());
            let took = duration(attempt.took);
            match attempt.reason.as_str() {
                "" => format!("{number} {outcome} ({took})"),
                reason => format!("{number} {outcome} ({took}): {reason}"),
            }
        }));
    }
    if let (Some(stop), Some(last)) = (run.stop, result.attempts.last()) {
        let next = last.number.saturating_add(1);
        if is_tried_again(last.outcome) && last.number <= result.planned.retries {
            lines.push(format!("{next} was not begun: {}", stop.reason()));
        }
    }
    lines
}

fn is_tried_again(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Failed | Outcome::Errored(Whose::Target) => true,
        Outcome::Passed
        | Outcome::Flaky
        | Outcome::Skipped
        | Outcome::Errored(Whose::Ours | Whose::Interrupt) => false,
    }
}

/// `in quarantine until 2026-12-31 (40 days left): the chat loses pings`; nothing without one.
pub(super) fn quarantine(result: &JourneyResult) -> Option<String> {
    let declared = result.planned.journey.quarantine.as_ref()?;
    let (expires, reason) = (declared.expires, &declared.reason);
    let days = |count: u32| match count {
        1 => "1 day".to_string(),
        _ => format!("{count} days"),
    };
    match result.gate {
        Gate::Gates => None,
        Gate::Quarantined(0) => Some(format!("in quarantine until today, {expires}: {reason}")),
        Gate::Quarantined(left) => Some(format!(
            "in quarantine until {expires} ({} left): {reason}",
            days(left)
        )),
        Gate::Expired(ago) => Some(format!(
            "its quarantine ended {expires} ({} ago), so it counts again: {reason}",
            days(ago)
        )),
    }
}
