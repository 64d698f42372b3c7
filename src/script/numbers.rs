//! Compares the numbers that a journey declared, when it has ended, and keeps as failures what moved
//! and what was not measured.

use std::rc::Rc;
use std::sync::Arc;

use super::api::journey::cleanup::keep_failure;
use super::errors::Taken;
use super::host::{Host, Leaving};
use crate::model::event::FailureRole;
use crate::model::number::history::Past;
use crate::model::number::{Baseline, Comparison, NumberKey, References, Standing};
use crate::model::{EventKind, JourneyId, Problem, ProblemKind};
use crate::numbers::compare::{Case, compared, missing};

/// Compares what was recorded. Of a journey that came to its end, what is lacking is known too.
/// Gives false if one of them keeps it from passing.
pub async fn compare(host: &Rc<Host>, journey: &JourneyId, whole: bool) -> bool {
    let Some(references) = host.numbers.clone() else {
        return true;
    };
    let mut all_well = true;
    // Of a baseline of many journeys only its own lines are looked through for each number.
    let references = own(&references, journey);
    for comparison in comparisons(host, journey, &references, whole) {
        let problem = problem(&comparison);
        let place = comparison.place.clone();
        host.emit(EventKind::NumberCompared(Box::new(comparison)));
        let Some(problem) = problem else { continue };
        all_well = false;
        let taken = Taken {
            problem,
            expectation: None,
            frames: place.into_iter().collect(),
            end: None,
        };
        keep_failure(host, taken, FailureRole::Number, Leaving::default()).await;
    }
    all_well
}

/// What is known of one journey.
fn own(references: &Arc<References>, journey: &JourneyId) -> References {
    let of = |baseline: &Option<Baseline>| {
        baseline.as_ref().map(|it| Baseline {
            source: it.source.clone(),
            release: it.release.clone(),
            numbers: it
                .numbers
                .iter()
                .filter(|number| number.journey == *journey)
                .cloned()
                .collect(),
            ..Baseline::default()
        })
    };
    let series = references.past.series.iter();
    References {
        baseline: of(&references.baseline),
        previous: of(&references.previous),
        anchor: of(&references.anchor),
        past: Past {
            releases: references.past.releases.clone(),
            series: series
                .filter(|it| it.journey == *journey)
                .cloned()
                .collect(),
            ..Past::default()
        },
        ..References::default()
    }
}

fn comparisons(
    host: &Host,
    journey: &JourneyId,
    references: &References,
    whole: bool,
) -> Vec<Comparison> {
    let release = host.release();
    let case = Case {
        journey,
        release: release.as_deref(),
        references,
    };
    let recorded = host.recorded.borrow();
    let mut all: Vec<Comparison> = recorded
        .iter()
        .map(|(measured, place)| compared(measured, place.clone(), case))
        .collect();
    if whole {
        let keys: Vec<&NumberKey> = recorded.iter().map(|(measured, _)| &measured.key).collect();
        all.extend(missing(&keys, case));
    }
    all
}

/// What keeps the journey from passing, if something does.
fn problem(one: &Comparison) -> Option<Problem> {
    let Comparison { key, text, .. } = one;
    match one.standing {
        Standing::Moved => {
            let message = format!("`{key}` moved: {text}");
            Some(Problem::new(ProblemKind::Number, message))
        }
        Standing::Missing if one.core => {
            let message =
                format!("`{key}` was {text}: it is a core number, without which nothing is known");
            Some(Problem::new(ProblemKind::NotMeasured, message))
        }
        Standing::NotComparable => {
            let message = format!(
                "`{key}` cannot be compared: {text}; `jaunt baseline accept` takes it as it is now"
            );
            Some(Problem::new(ProblemKind::NotMeasured, message))
        }
        Standing::Unchanged | Standing::Missing | Standing::New | Standing::Anomaly => None,
    }
}
