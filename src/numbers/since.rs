//! Which release was the first to have a number as it is now.

use crate::model::number::history::{Point, Series};
use crate::model::number::{Measured, Tolerance, Worth};

use super::compare::Case;

/// The first of the releases right before the one at hand that already had the number as it is now;
/// nothing if the release before had it otherwise, or nobody knows.
pub fn since(measured: &Measured, case: Case<'_>) -> Option<String> {
    let past = &case.references.past;
    let series = series(measured, case)?;
    let release = |point: &Point| past.releases.get(usize::try_from(point.release).ok()?);
    let earlier = series.points.iter().rev().filter(|point| {
        let id = release(point).map(|it| it.id.as_str());
        case.release.is_none() || id != case.release
    });
    let alike = earlier.take_while(|point| is_alike(measured, point));
    alike.last().and_then(release).map(|it| it.id.clone())
}

/// The number through the releases.
pub fn series<'a>(measured: &Measured, case: Case<'a>) -> Option<&'a Series> {
    let mut own = case.references.past.series_of(case.journey);
    own.find(|it| it.origin == measured.origin && it.key == measured.key)
}

fn is_alike(measured: &Measured, point: &Point) -> bool {
    match (&measured.worth, point.value, &point.mark) {
        (Worth::Fingerprint(print), _, Some(mark)) => print.digest == *mark,
        (Worth::Number(_) | Worth::Share(_), Some(then), _) => {
            let Some(now) = measured.worth.to_float() else {
                return false;
            };
            let by = match &measured.tolerance {
                Tolerance::Absolute(by) => by.to_float(),
                Tolerance::Relative(by) => by.to_float() * then.abs(),
                Tolerance::Exact
                | Tolerance::Range { .. }
                | Tolerance::Growing
                | Tolerance::Falling
                | Tolerance::Binomial(_)
                | Tolerance::Poisson(_)
                | Tolerance::Split(_)
                | Tolerance::Observed => 0.0,
            };
            // The history keeps floats: what differs by less than they can tell is alike.
            (now - then).abs() <= by.max(now.abs() * 1e-12)
        }
        _ => false,
    }
}
