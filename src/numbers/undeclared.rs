//! What nobody thought to declare: counts and shapes that drifted, timings that are unusual. Only
//! what was the same in every release says something when it is another one; what always differs is
//! held against what is usual for it.

mod gone;

use crate::model::JourneyId;
use crate::model::number::history::Point;
use crate::model::number::{
    Against, Comparison, Exact, Fingerprint, Measured, NumberKind, Origin, Source, Standing,
    Tolerance, Which, Worth,
};
use crate::statistics::anomaly::{self, Judgement, Rule};
use crate::statistics::median::quiet_cut;

use self::gone::{gone, lost};
use super::fingerprint::difference;
use super::index::{Index, OfJourney};
use super::told;

/// So many releases must have been alike before another one is a drift.
const ALIKE: usize = 5;

/// Sizes of bodies: what a date or an id adds is nothing.
const BYTES: Rule = Rule {
    absolute: 64.0,
    relative: 0.1,
    logarithmic: false,
    cut: Rule::COUNTS.cut,
};

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What.
    pub comparison: Comparison,
    /// Enough is known for it to fail a gate.
    pub may_fail: bool,
}

/// What of an attempt that passed is not as it was, in order of origin and key.
pub fn undeclared(measured: &[Measured], journey: &JourneyId, index: &Index<'_>) -> Vec<Found> {
    let Some(known) = index.of(journey) else {
        return Vec::new();
    };
    let mut found: Vec<Found> = measured
        .iter()
        .filter_map(|one| match one.origin {
            Origin::Declared => observed(one, known, index),
            Origin::Free => counted(one, known, index),
            Origin::Timing => unusual(one, known, index),
            Origin::Shape => shaped(one, known, index),
        })
        .collect();
    found.extend(gone(measured, known, index));
    found.extend(lost(measured, known, index));
    found.sort_by(|one, other| {
        let key = |it: &Found| (it.comparison.origin, it.comparison.key.clone());
        key(one).cmp(&key(other))
    });
    found
}

/// A declared number that may be whatever it is.
fn observed(one: &Measured, known: &OfJourney<'_>, index: &Index<'_>) -> Option<Found> {
    match one.tolerance {
        Tolerance::Observed => unusual(one, known, index),
        Tolerance::Exact
        | Tolerance::Absolute(_)
        | Tolerance::Relative(_)
        | Tolerance::Range { .. }
        | Tolerance::Growing
        | Tolerance::Falling
        | Tolerance::Binomial(_)
        | Tolerance::Poisson(_)
        | Tolerance::Split(_) => None,
    }
}

fn counted(one: &Measured, known: &OfJourney<'_>, index: &Index<'_>) -> Option<Found> {
    let accepted = known.accepted.get(&(one.origin, &one.key));
    if let Some((baseline, accepted)) = index.baseline.zip(accepted)
        && baseline.source == Source::Before
    {
        let differs = accepted.worth != one.worth;
        let text = told::count(&one.key, one.worth.to_float(), accepted.worth.to_float(), 1);
        return differs.then(|| {
            let against = against(&baseline.release, &accepted.worth);
            drift(one, Standing::Moved, text, vec![against], None)
        });
    }
    // A person accepted the count as it is.
    if accepted.is_some_and(|accepted| accepted.worth == one.worth) {
        return None;
    }
    let series = known.series.get(&(one.origin, &one.key))?;
    let points = index.points(series);
    let now = one.worth.to_float()?;
    match constant(&points, known) {
        Some(usual) if same(usual, now) => None,
        Some(usual) => {
            let text = told::count(&one.key, Some(now), Some(usual), points.len());
            let against = points.last().and_then(|last| at(index, last, usual));
            let since = None;
            Some(drift(
                one,
                Standing::Moved,
                text,
                against.into_iter().collect(),
                since,
            ))
        }
        None => unusual(one, known, index),
    }
}

/// The value that every release had, if it was one and there are enough.
fn constant(points: &[&Point], known: &OfJourney<'_>) -> Option<f64> {
    let first = points.first()?.value?;
    let everywhere = points.len() >= ALIKE && points.len() == known.releases.len();
    let alike = points
        .iter()
        .all(|it| it.value.is_some_and(|it| same(it, first)));
    (everywhere && alike).then_some(first)
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

fn shaped(one: &Measured, known: &OfJourney<'_>, index: &Index<'_>) -> Option<Found> {
    let Worth::Fingerprint(now) = &one.worth else {
        return None;
    };
    let points = known
        .series
        .get(&(one.origin, &one.key))
        .map(|series| index.points(series));
    let points = points.unwrap_or_default();
    // What comes and goes has been seen before.
    if points
        .iter()
        .any(|it| it.mark.as_deref() == Some(now.digest.as_str()))
    {
        return None;
    }
    let Some(accepted) = known.accepted.get(&(one.origin, &one.key)) else {
        let is_new = points.is_empty() && known.releases.len() >= ALIKE;
        let text = told::new_shape(&one.key, known.releases.len());
        return is_new.then(|| drift(one, Standing::New, text, Vec::new(), None));
    };
    let Worth::Fingerprint(then) = &accepted.worth else {
        return None;
    };
    if then.digest == now.digest {
        return None;
    }
    let (lost, come) = difference(then, now);
    let release = index
        .baseline
        .map(|it| accepted.release_in(it))
        .unwrap_or_default();
    let had = told::had(everywhere(&points, known, then, index), release);
    let text = format!("{}{had}", told::shape(&one.key, &lost, &come));
    let against = vec![against(release, &accepted.worth)];
    Some(drift(one, Standing::Moved, text, against, None))
}

/// The first and the last release, if all of them had this shape.
fn everywhere<'a>(
    points: &[&Point],
    known: &OfJourney<'_>,
    then: &Fingerprint,
    index: &Index<'a>,
) -> Option<(&'a str, &'a str)> {
    let alike = |point: &&Point| point.mark.as_deref() == Some(then.digest.as_str());
    let all = points.len() == known.releases.len() && points.iter().all(alike);
    let (first, last) = points.first().zip(points.last()).filter(|_| all)?;
    release(index, first).zip(release(index, last))
}

/// What is far from what is usual for it. Of durations only what takes longer is told.
fn unusual(one: &Measured, known: &OfJourney<'_>, index: &Index<'_>) -> Option<Found> {
    let series = known.series.get(&(one.origin, &one.key))?;
    let points = index.points(series);
    let (rule, scale) = match one.kind {
        NumberKind::Duration => (Rule::MILLISECONDS, 1_000.0),
        NumberKind::Size => (BYTES, 1.0),
        NumberKind::Count
        | NumberKind::Ratio
        | NumberKind::Decimal
        | NumberKind::Fingerprint
        | NumberKind::Cohort => (Rule::COUNTS, 1.0),
    };
    let history: Vec<f64> = points
        .iter()
        .filter_map(|it| Some(it.value? * scale))
        .collect();
    let now = one.worth.to_float()? * scale;
    // Three in a thousand, whatever the length: a run judges many numbers, and a gate stands on it.
    let rule = Rule {
        cut: quiet_cut(history.len()).unwrap_or(rule.cut),
        ..rule
    };
    let (expected, may_fail, above) = match anomaly::judge(&history, now, &rule) {
        Judgement::Flagged {
            how: _,
            score,
            expected,
            may_fail,
        } => (expected, may_fail, score > 0.0),
        Judgement::Unremarkable(_) | Judgement::NotEnough { .. } | Judgement::Unusable => {
            return None;
        }
    };
    if one.kind == NumberKind::Duration && !above {
        return None;
    }
    let text = told::unusual(one, now, expected, history.len());
    let usual = Exact::of_float(expected.value / scale).map(Worth::Number);
    let last = points.last().and_then(|last| release(index, last));
    let against = last
        .zip(usual)
        .map(|(release, worth)| against(release, &worth));
    let mut found = drift(
        one,
        Standing::Anomaly,
        text,
        against.into_iter().collect(),
        None,
    );
    found.may_fail = may_fail;
    Some(found)
}

fn drift(
    one: &Measured,
    standing: Standing,
    text: String,
    against: Vec<Against>,
    since: Option<String>,
) -> Found {
    Found {
        comparison: Comparison {
            key: one.key.clone(),
            origin: one.origin,
            kind: one.kind,
            unit: one.unit.clone(),
            tolerance: one.tolerance.clone(),
            core: one.core,
            now: Some(one.worth.clone()),
            against,
            standing,
            text,
            since,
            place: None,
        },
        may_fail: true,
    }
}

fn against(release: &str, worth: &Worth) -> Against {
    Against {
        which: Which::Baseline,
        release: release.to_string(),
        worth: worth.clone(),
        within: false,
    }
}

fn at(index: &Index<'_>, point: &Point, value: f64) -> Option<Against> {
    let worth = Worth::Number(Exact::of_float(value)?);
    Some(against(release(index, point)?, &worth))
}

fn release<'a>(index: &Index<'a>, point: &Point) -> Option<&'a str> {
    let at = usize::try_from(point.release).ok()?;
    index
        .references
        .past
        .releases
        .get(at)
        .map(|it| it.id.as_str())
}

#[cfg(test)]
mod noise;
#[cfg(test)]
mod tests;
