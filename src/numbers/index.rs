//! What is known of earlier releases, by journey, so that a run of many journeys finds it at once.

use std::collections::{BTreeSet, HashMap};

use crate::model::JourneyId;
use crate::model::number::history::{Point, Series};
use crate::model::number::{Accepted, Baseline, NumberKey, Origin, References, Source};

use super::compare;

/// One number of one journey.
type Named<'a> = (Origin, &'a NumberKey);

/// The references of a run, by journey.
#[derive(Debug)]
pub struct Index<'a> {
    /// What they are.
    pub references: &'a References,
    /// The release at hand, as far as it is known: nothing is learnt from it.
    pub release: Option<&'a str>,
    /// What numbers are compared with first.
    pub baseline: Option<&'a Baseline>,
    journeys: HashMap<&'a JourneyId, OfJourney<'a>>,
}

/// What is known of one journey.
#[derive(Debug, Default)]
pub struct OfJourney<'a> {
    /// Its numbers through the releases.
    pub series: HashMap<Named<'a>, &'a Series>,
    /// Its numbers in the baseline.
    pub accepted: HashMap<Named<'a>, &'a Accepted>,
    /// The releases that something was learnt of it from, but for the one at hand.
    pub releases: BTreeSet<u32>,
}

impl<'a> Index<'a> {
    /// Of the references of a run of a release.
    pub fn new(references: &'a References, release: Option<&'a str>) -> Self {
        let baseline = compare::baseline(references, release);
        let mut index = Self {
            references,
            release,
            baseline,
            journeys: HashMap::new(),
        };
        for series in &references.past.series {
            let learnt = index.points(series);
            let releases: Vec<u32> = learnt.iter().map(|point| point.release).collect();
            let own = index.journeys.entry(&series.journey).or_default();
            own.releases.extend(releases);
            own.series.insert((series.origin, &series.key), series);
        }
        for number in baseline.into_iter().flat_map(|it| &it.numbers) {
            let remembered = baseline.is_some_and(|it| it.source == Source::History);
            if remembered && number.release.is_some() && number.release.as_deref() == release {
                continue;
            }
            let own = index.journeys.entry(&number.journey).or_default();
            own.accepted.insert((number.origin, &number.key), number);
        }
        index
    }

    /// What is known of a journey.
    pub fn of(&self, journey: &JourneyId) -> Option<&OfJourney<'a>> {
        self.journeys.get(journey)
    }

    fn is_at_hand(&self, release: u32) -> bool {
        let release = usize::try_from(release).unwrap_or(usize::MAX);
        let known = self.references.past.releases.get(release);
        known.is_none_or(|it| Some(it.id.as_str()) == self.release)
    }

    /// The points of a series that may be learnt from: not the release at hand, nor what failed.
    pub fn points(&self, series: &'a Series) -> Vec<&'a Point> {
        let points = series.points.iter();
        points
            .filter(|point| !point.unlearnt && !self.is_at_hand(point.release))
            .collect()
    }
}
