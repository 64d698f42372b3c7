//! How many journeys came to what: the same numbers in every report.

use serde::Serialize;

use crate::model::Outcome;
use crate::model::run::JourneyResult;

/// Journeys by outcome; one in quarantine counts by its outcome and once more as such.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    pub(super) planned: usize,
    pub(super) passed: usize,
    pub(super) flaky: usize,
    pub(super) failed: usize,
    pub(super) errored: usize,
    pub(super) skipped: usize,
    pub(super) quarantined: usize,
}

impl Counts {
    pub(super) fn of(journeys: &[JourneyResult]) -> Self {
        let mut counts = Self {
            planned: journeys.len(),
            quarantined: journeys.iter().filter(|it| !it.gate.gates()).count(),
            ..Self::default()
        };
        for journey in journeys {
            match journey.outcome {
                Outcome::Passed => counts.passed += 1,
                Outcome::Flaky => counts.flaky += 1,
                Outcome::Failed => counts.failed += 1,
                Outcome::Errored(_) => counts.errored += 1,
                Outcome::Skipped => counts.skipped += 1,
            }
        }
        counts
    }
}
