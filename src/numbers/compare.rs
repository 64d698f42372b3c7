//! Holds a declared number against what it is compared with.

use crate::model::number::{
    Accepted, Against, Baseline, Comparison, Measured, NumberKey, Origin, References, Source,
    Standing, Which,
};
use crate::model::{JourneyId, Place};

use super::since::since;
use super::within::{Within, in_range, within};
use super::words;

/// Whose numbers are compared, in which release, and with what.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Whose they are.
    pub journey: &'a JourneyId,
    /// The release at hand, as far as it is known.
    pub release: Option<&'a str>,
    /// What they are compared with.
    pub references: &'a References,
}

impl<'a> Case<'a> {
    /// What they are compared with first.
    pub fn baseline(&self) -> Option<&'a Baseline> {
        baseline(self.references, self.release)
    }

    /// The baseline and the anchor. The run before a deploy takes the place of no baseline that was
    /// accepted: both are held to.
    fn references(&self) -> impl Iterator<Item = (Which, &'a Baseline)> {
        let baseline = self.baseline();
        let is_after = baseline.is_some_and(|it| it.source == Source::Before);
        let accepted = self.references.previous.as_ref().filter(|_| is_after);
        let anchor = self.references.anchor.as_ref();
        baseline
            .into_iter()
            .chain(accepted)
            .map(|it| (Which::Baseline, it))
            .chain(anchor.map(|it| (Which::Anchor, it)))
    }

    /// What a number was there.
    pub fn accepted(
        &self,
        baseline: &'a Baseline,
        key: &NumberKey,
        origin: Origin,
    ) -> Option<&'a Accepted> {
        let mut own = self.own(baseline);
        own.find(|it| it.origin == origin && it.key == *key)
    }

    /// The numbers of its journey there. What older releases filled in is none of the release at
    /// hand.
    fn own(&self, baseline: &'a Baseline) -> impl Iterator<Item = &'a Accepted> {
        let (journey, at_hand) = (self.journey, self.release);
        let remembered = baseline.source == Source::History;
        let is_at_hand = move |it: &Accepted| {
            remembered && it.release.is_some() && it.release.as_deref() == at_hand
        };
        let own = baseline.numbers.iter();
        own.filter(move |it| it.journey == *journey && !is_at_hand(it))
    }
}

/// What the numbers of a release are compared with first. What the history says of the release at
/// hand is no baseline: nothing learns from what is being judged.
pub fn baseline<'a>(references: &'a References, release: Option<&str>) -> Option<&'a Baseline> {
    let all = [&references.baseline, &references.previous];
    all.into_iter().flatten().find(|it| match it.source {
        Source::History => Some(it.release.as_str()) != release,
        Source::File(_) | Source::Before => true,
    })
}

/// A number that was measured, compared.
pub fn compared(measured: &Measured, place: Option<Place>, case: Case<'_>) -> Comparison {
    let mut one = Comparison {
        key: measured.key.clone(),
        origin: measured.origin,
        kind: measured.kind,
        unit: measured.unit.clone(),
        tolerance: measured.tolerance.clone(),
        core: measured.core,
        now: Some(measured.worth.clone()),
        against: Vec::new(),
        standing: Standing::New,
        text: String::new(),
        since: None,
        place,
    };
    if in_range(&measured.tolerance, &measured.worth) == Within::No {
        one.standing = Standing::Moved;
        one.text = words::outside(measured);
        return one;
    }
    for (which, baseline) in case.references() {
        let Some(then) = case.accepted(baseline, &measured.key, measured.origin) else {
            continue;
        };
        let held = match then.kind == measured.kind && then.unit == measured.unit {
            true => within(&measured.tolerance, &measured.worth, &then.worth),
            false => Within::NotComparable,
        };
        let against = Against {
            which,
            release: then.release_in(baseline).to_string(),
            worth: then.worth.clone(),
            within: held == Within::Yes,
        };
        one.against.push(against);
        let (standing, text) = match held {
            Within::Yes => (Standing::Unchanged, String::new()),
            Within::No => (
                Standing::Moved,
                words::moved(measured, then, which, then.release_in(baseline)),
            ),
            Within::NotComparable => (
                Standing::NotComparable,
                words::not_comparable(measured, then, then.release_in(baseline)),
            ),
        };
        // The first that does not hold is told; an anchor that holds excuses no baseline.
        if matches!(one.standing, Standing::New | Standing::Unchanged) {
            (one.standing, one.text) = (standing, text);
            if standing == Standing::Moved {
                one.since = since(measured, &then.worth, case);
            }
        }
    }
    one
}

/// The declared numbers that were measured before and are not measured now, in the order of the
/// baseline. `measured` are those that were.
pub fn missing(measured: &[&NumberKey], case: Case<'_>) -> Vec<Comparison> {
    let mut found: Vec<Comparison> = Vec::new();
    for (which, baseline) in case.references() {
        let own = case
            .own(baseline)
            .filter(|it| it.origin == Origin::Declared && !measured.contains(&&it.key));
        for then in own {
            let against = Against {
                which,
                release: then.release_in(baseline).to_string(),
                worth: then.worth.clone(),
                within: false,
            };
            match found.iter_mut().find(|it| it.key == then.key) {
                Some(known) => known.against.push(against),
                None => found.push(lacking(then, against)),
            }
        }
    }
    found
}

fn lacking(then: &Accepted, against: Against) -> Comparison {
    Comparison {
        key: then.key.clone(),
        origin: then.origin,
        kind: then.kind,
        unit: then.unit.clone(),
        tolerance: then.tolerance.clone(),
        core: then.core,
        now: None,
        standing: Standing::Missing,
        text: words::lacking(then, &against.release),
        against: vec![against],
        since: None,
        place: None,
    }
}

#[cfg(test)]
mod tests;
