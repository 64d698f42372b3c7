//! Which release was the first to have a number as it is now.

use crate::model::number::history::{Point, Series};
use crate::model::number::{Exact, Measured, Worth};

use super::compare::Case;
use super::within::{Within, within};

/// The first of the releases right before the one at hand that lay outside the tolerance of `then` as
/// well; nothing if the release before did not, or nobody knows.
pub fn since(measured: &Measured, then: &Worth, case: Case<'_>) -> Option<String> {
    let past = &case.references.past;
    let series = series(measured, case)?;
    let release = |point: &Point| past.releases.get(usize::try_from(point.release).ok()?);
    let earlier = series.points.iter().rev().filter(|point| {
        let id = release(point).map(|it| it.id.as_str());
        case.release.is_none() || id != case.release
    });
    let moved = earlier.take_while(|point| is_outside(measured, point, then));
    moved.last().and_then(release).map(|it| it.id.clone())
}

/// The number through the releases.
pub fn series<'a>(measured: &Measured, case: Case<'a>) -> Option<&'a Series> {
    let mut own = case.references.past.series_of(case.journey);
    own.find(|it| it.origin == measured.origin && it.key == measured.key)
}

fn is_outside(measured: &Measured, point: &Point, then: &Worth) -> bool {
    match (&measured.worth, point.value, &point.mark) {
        // Of what is no number only the mark is known: it is as it is now, or another one.
        (Worth::Fingerprint(print), _, Some(mark)) => print.digest == *mark,
        (Worth::Cohorts(_), _, Some(mark)) => measured.worth.to_string() == *mark,
        (Worth::Number(_) | Worth::Share(_), Some(value), _) => {
            let Some(value) = Exact::of_float(value).map(Worth::Number) else {
                return false;
            };
            within(&measured.tolerance, &value, then) == Within::No
        }
        _ => false,
    }
}
