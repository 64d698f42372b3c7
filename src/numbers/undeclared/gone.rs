//! What was there and is not any more: counts, messages, answers.

use crate::model::number::history::Series;
use crate::model::number::{
    Accepted, Comparison, Measured, NumberKey, NumberKind, Origin, Source, Standing, Tolerance,
};

use super::{ALIKE, Found, against, constant};
use crate::numbers::index::{Index, OfJourney};
use crate::numbers::told;

/// What was the same in every release and is not there any more.
pub(super) fn gone(measured: &[Measured], known: &OfJourney<'_>, index: &Index<'_>) -> Vec<Found> {
    let here = |origin: Origin, key: &NumberKey| {
        measured
            .iter()
            .any(|it| it.origin == origin && it.key == *key)
    };
    let lost = known
        .series
        .iter()
        .filter(|((origin, key), _)| match origin {
            Origin::Free | Origin::Shape => !here(*origin, key),
            // Which timings there are follows from what was counted; declared ones are told elsewhere.
            Origin::Timing | Origin::Declared => false,
        });
    lost.filter(|((origin, key), _)| !is_accepted_as_gone(*origin, key, known, index))
        .filter_map(|((origin, key), series)| {
            let points = index.points(series);
            let everywhere = points.len() >= ALIKE && points.len() == known.releases.len();
            let (kind, text) = match origin {
                Origin::Free => {
                    let usual = constant(&points, known)?;
                    let text = told::count(key, None, Some(usual), points.len());
                    (NumberKind::Count, text)
                }
                Origin::Shape | Origin::Timing | Origin::Declared => {
                    (NumberKind::Fingerprint, told::no_more(key, points.len()))
                }
            };
            let one = lacking(series, kind);
            everywhere.then_some(Found {
                comparison: Comparison {
                    standing: Standing::Missing,
                    text,
                    ..one
                },
                may_fail: true,
            })
        })
        .collect()
}

/// What the baseline has of a journey that no release is remembered of, and this run has not: shapes,
/// and the counts of the run before a deploy.
pub(super) fn lost(measured: &[Measured], known: &OfJourney<'_>, index: &Index<'_>) -> Vec<Found> {
    let Some(baseline) = index.baseline else {
        return Vec::new();
    };
    let counts = match baseline.source {
        Source::Before => true,
        Source::File(_) => false,
        // What is remembered is told above.
        Source::History => return Vec::new(),
    };
    let here = |it: &Accepted| {
        let same = |one: &Measured| one.origin == it.origin && one.key == it.key;
        measured.iter().any(same)
    };
    let missing = known.accepted.values().filter(|it| match it.origin {
        Origin::Shape => true,
        Origin::Free => counts,
        Origin::Timing | Origin::Declared => false,
    });
    let missing = missing.filter(|it| !here(it));
    // Of those that releases are remembered of, it is known whether they come and go.
    let missing = missing.filter(|it| !known.series.contains_key(&(it.origin, &it.key)));
    missing
        .map(|it| {
            let text = match it.origin {
                Origin::Free => told::count(&it.key, None, it.worth.to_float(), 1),
                Origin::Shape | Origin::Timing | Origin::Declared => told::no_more(&it.key, 1),
            };
            Found {
                comparison: Comparison {
                    key: it.key.clone(),
                    origin: it.origin,
                    kind: it.kind,
                    unit: None,
                    tolerance: Tolerance::Exact,
                    core: false,
                    now: None,
                    against: vec![against(&baseline.release, &it.worth)],
                    standing: Standing::Missing,
                    text,
                    since: None,
                    place: None,
                },
                may_fail: true,
            }
        })
        .collect()
}

/// A person accepted that there is none: the count is 0 in the file, or the file knows the shapes of
/// the journey and not this one.
fn is_accepted_as_gone(
    origin: Origin,
    key: &NumberKey,
    known: &OfJourney<'_>,
    index: &Index<'_>,
) -> bool {
    let by_file = index
        .baseline
        .is_some_and(|it| matches!(it.source, Source::File(_)));
    let accepted = known.accepted.get(&(origin, key));
    let knows_shapes = known.accepted.keys().any(|(it, _)| *it == Origin::Shape);
    match origin {
        Origin::Free => accepted.is_some_and(|it| it.worth.to_float() == Some(0.0)),
        Origin::Shape => by_file && knows_shapes && accepted.is_none(),
        Origin::Timing | Origin::Declared => false,
    }
}

fn lacking(series: &Series, kind: NumberKind) -> Comparison {
    Comparison {
        key: series.key.clone(),
        origin: series.origin,
        kind,
        unit: None,
        tolerance: Tolerance::Exact,
        core: false,
        now: None,
        against: Vec::new(),
        standing: Standing::Missing,
        text: String::new(),
        since: None,
        place: None,
    }
}
