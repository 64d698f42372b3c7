//! Attempts of a case beside the one that it tells of, as Maven's Surefire writes them and Jenkins
//! reads them: `flakyFailure` and `flakyError` before an attempt that passed, `rerunFailure` and
//! `rerunError` where none did.

use crate::model::Outcome;
use crate::model::run::{Attempt, JourneyResult, Run};
use crate::report::failure;
use crate::report::style::Style;

use super::budget::Budget;
use super::clean::attribute;
use super::{kind_of, output};

/// One such attempt.
pub(super) struct Rerun {
    /// `flakyFailure`
    pub(super) element: &'static str,
    pub(super) message: String,
    pub(super) kind: &'static str,
    /// All that is to be said of it.
    pub(super) text: String,
    pub(super) output: String,
}

/// The attempts of a journey that did not pass, in order, without the one that the case itself is
/// about.
pub(super) fn of_journey(run: &Run, journey: &JourneyResult, budget: &Budget) -> Vec<Rerun> {
    let is_flaky = journey.outcome == Outcome::Flaky;
    // A case that passed is about none of them.
    let told = match is_flaky && !run.is_red(journey) {
        true => None,
        false => journey.told().map(|attempt| attempt.number),
    };
    let others = journey.not_passed().filter(|it| Some(it.number) != told);
    others
        .filter_map(|attempt| {
            let element = element(attempt.outcome, is_flaky)?;
            let alone = alone(journey, attempt);
            Some(Rerun {
                element,
                message: attribute(&failure::headline(run, &alone)),
                kind: kind_of(run, &alone),
                text: budget.failure(&failure::body(run, &alone, &Style::plain())),
                output: budget.output(&output::of_attempt(run, attempt).join("\n\n")),
            })
        })
        .collect()
}

fn element(outcome: Outcome, is_flaky: bool) -> Option<&'static str> {
    match (outcome, is_flaky) {
        (Outcome::Failed, true) => Some("flakyFailure"),
        (Outcome::Failed, false) => Some("rerunFailure"),
        (Outcome::Errored(_), true) => Some("flakyError"),
        (Outcome::Errored(_), false) => Some("rerunError"),
        (Outcome::Passed | Outcome::Flaky | Outcome::Skipped, _) => None,
    }
}

/// The journey as if this attempt had been its only one.
fn alone(journey: &JourneyResult, attempt: &Attempt) -> JourneyResult {
    JourneyResult {
        planned: journey.planned.clone(),
        outcome: attempt.outcome,
        reason: attempt.reason.clone(),
        took: attempt.took,
        started: attempt.started,
        attempts: vec![attempt.clone()],
        numbers: Vec::new(),
        gate: journey.gate,
    }
}
