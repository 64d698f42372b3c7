//! Which features of the product this run verified.

use crate::model::Outcome;
use crate::model::run::{Coverage, JourneyResult};

/// A feature is verified when a journey that covers it passed or was flaky and none that gates
/// failed or errored. A project that names no features gets no statement about them.
pub fn of_run(features: &[String], journeys: &[JourneyResult]) -> Coverage {
    let mut coverage = Coverage::default();
    for feature in features {
        let list = match standing(feature, journeys) {
            Standing::Verified => &mut coverage.verified,
            Standing::Broken => &mut coverage.broken,
            Standing::NotCovered => &mut coverage.not_covered,
        };
        list.push(feature.clone());
    }
    if !features.is_empty() {
        coverage.unknown = unknown(features, journeys);
    }
    coverage
}

enum Standing {
    Verified,
    Broken,
    NotCovered,
}

fn standing(feature: &str, journeys: &[JourneyResult]) -> Standing {
    let (mut covered, mut passed, mut broken) = (false, false, false);
    for journey in journeys {
        if !journey
            .planned
            .journey
            .covers
            .iter()
            .any(|it| it == feature)
        {
            continue;
        }
        covered = true;
        match journey.outcome {
            Outcome::Passed | Outcome::Flaky => passed = true,
            Outcome::Failed | Outcome::Errored(_) => broken |= journey.gate.gates(),
            Outcome::Skipped => {}
        }
    }
    match (covered, passed && !broken) {
        (false, _) => Standing::NotCovered,
        (true, true) => Standing::Verified,
        (true, false) => Standing::Broken,
    }
}

fn unknown(features: &[String], journeys: &[JourneyResult]) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for name in journeys.iter().flat_map(|it| &it.planned.journey.covers) {
        if !features.contains(name) && !unknown.contains(name) {
            unknown.push(name.clone());
        }
    }
    unknown
}
