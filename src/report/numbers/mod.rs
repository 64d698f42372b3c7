//! What a report says of numbers: what was compared with what, what moved, what drifted, what is
//! unusual, and when a journey last held. A pure function of the finished run; it may use `model`.
//! How a number is put in words stands in `words`, how it went through the releases in `series`.

pub(super) mod console;
pub(super) mod held;
pub(super) mod phase;
pub(super) mod series;
pub(super) mod words;

#[cfg(test)]
pub(super) mod made;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_files;
#[cfg(test)]
mod tests_of_page;

pub use held::age;
pub use series::spark;

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::model::JourneyId;
use crate::model::number::{
    Baseline, Comparison, OnChange, Origin, Policy, Source, Standing, Which,
};
use crate::model::run::{JourneyResult, Run};

/// How many numbers came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Within their tolerance.
    pub unchanged: usize,
    /// Outside of it.
    pub moved: usize,
    /// Measured before and not now.
    pub missing: usize,
    /// With nothing to compare them with.
    pub new: usize,
    /// Far from what is usual.
    pub anomaly: usize,
    /// Of another kind or unit than before.
    pub not_comparable: usize,
}

impl Tally {
    fn add(&mut self, standing: Standing) {
        let count = match standing {
            Standing::Unchanged => &mut self.unchanged,
            Standing::Moved => &mut self.moved,
            Standing::Missing => &mut self.missing,
            Standing::New => &mut self.new,
            Standing::Anomaly => &mut self.anomaly,
            Standing::NotComparable => &mut self.not_comparable,
        };
        *count += 1;
    }

    /// How many there was something to compare with.
    pub fn compared(self) -> usize {
        self.unchanged + self.moved + self.missing + self.anomaly + self.not_comparable
    }

    /// How many there are.
    pub fn all(self) -> usize {
        self.compared() + self.new
    }
}

/// Something that numbers were compared with.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// The baseline, or the pinned release.
    pub which: Which,
    /// What it was.
    pub baseline: &'a Baseline,
}

/// A number that is worth a line, and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Index into [`Run::journeys`].
    pub index: usize,
    /// Whose it is.
    pub journey: &'a JourneyResult,
    /// What came of it.
    pub comparison: &'a Comparison,
}

/// What is to be said of the numbers of a run. A number that repetitions of a journey measured is
/// one number, as bad as its worst.
#[derive(Debug, Clone)]
pub struct Digest<'a> {
    /// What they were compared with, the baseline first; none if there was nothing.
    pub references: Vec<Reference<'a>>,
    /// Declared numbers.
    pub declared: Tally,
    /// What was counted, timed and seen without being asked for.
    pub beside: Tally,
    /// Declared numbers that are not what they were, gravest first.
    pub moved: Vec<Entry<'a>>,
    /// Free numbers and shapes that are not what they were.
    pub drift: Vec<Entry<'a>>,
    /// Numbers of any origin that are unusual.
    pub anomalies: Vec<Entry<'a>>,
    /// Why something is not compared.
    pub remarks: &'a [String],
    /// What is done about drift and anomalies.
    pub policy: Policy,
}

impl<'a> Digest<'a> {
    /// What was last accepted, or the last good release.
    pub fn baseline(&self) -> Option<&'a Baseline> {
        let mut all = self.references.iter();
        all.find(|it| it.which == Which::Baseline)
            .map(|it| it.baseline)
    }

    /// Drift, where people are to be told of it and not files alone.
    pub fn shown_drift(&self) -> &[Entry<'a>] {
        shown(self.policy.drift, &self.drift)
    }

    /// Anomalies, where people are to be told of them.
    pub fn shown_anomalies(&self) -> &[Entry<'a>] {
        shown(self.policy.anomaly, &self.anomalies)
    }
}

fn shown<'b, 'a>(policy: OnChange, entries: &'b [Entry<'a>]) -> &'b [Entry<'a>] {
    match policy {
        OnChange::Observe => &[],
        OnChange::Warn | OnChange::Fail => entries,
    }
}

/// The words for where a baseline comes from: `the history`, a file, `the run before`.
pub fn source(baseline: &Baseline) -> &str {
    match &baseline.source {
        Source::History => "the history",
        Source::File(file) => file,
        Source::Before => "the run before",
    }
}

/// The release that the run is of, if it is known which one.
pub fn release(run: &Run) -> Option<&str> {
    match &run.release.answered[..] {
        [one] => Some(one.release.as_str()),
        _ => run.header.deploy.as_ref().map(|it| it.id.as_str()),
    }
}

/// What is to be said; nothing if no number was recorded, compared or kept from being so.
pub fn digest(run: &Run) -> Option<Digest<'_>> {
    let references = run.header.numbers.as_deref();
    let numbers = worst(run);
    let remarks = references.map_or(&[][..], |it| &it.remarks);
    if numbers.is_empty() && remarks.is_empty() {
        return None;
    }
    let known = known(run);
    let mut digest = Digest {
        references: compared_with(run),
        declared: Tally::default(),
        beside: Tally::default(),
        moved: Vec::new(),
        drift: Vec::new(),
        anomalies: Vec::new(),
        remarks,
        policy: references.map_or_else(Policy::default, |it| it.policy),
    };
    for entry in numbers {
        let standing = entry.comparison.standing;
        let origin = entry.comparison.origin;
        match origin {
            Origin::Declared => digest.declared.add(standing),
            Origin::Free | Origin::Timing | Origin::Shape => digest.beside.add(standing),
        }
        match told(entry, &known) {
            Told::Not => {}
            Told::Moved => digest.moved.push(entry),
            Told::Drift => digest.drift.push(entry),
            Told::Anomaly => digest.anomalies.push(entry),
        }
    }
    digest.moved.sort_by(graver);
    Some(digest)
}

enum Told {
    Not,
    Moved,
    Drift,
    Anomaly,
}

/// Among what a number is told, if it is worth a line.
fn told(entry: Entry<'_>, known: &HashSet<&JourneyId>) -> Told {
    let Entry {
        journey,
        comparison,
        ..
    } = entry;
    match (comparison.standing, comparison.origin) {
        (Standing::Unchanged, _) => Told::Not,
        (Standing::Anomaly, _) => Told::Anomaly,
        (Standing::New, Origin::Declared | Origin::Timing) => Told::Not,
        (Standing::New, Origin::Free | Origin::Shape) => {
            match known.contains(&journey.planned.journey.id) {
                true => Told::Drift,
                false => Told::Not,
            }
        }
        (Standing::Moved | Standing::Missing | Standing::NotComparable, Origin::Declared) => {
            Told::Moved
        }
        (
            Standing::Moved | Standing::Missing | Standing::NotComparable,
            Origin::Free | Origin::Shape | Origin::Timing,
        ) => Told::Drift,
    }
}

/// The numbers of one journey that files list: all that were declared, and of the others those that
/// are worth a line.
pub(super) fn listed<'a>(
    journey: &'a JourneyResult,
    known: &HashSet<&JourneyId>,
) -> Vec<&'a Comparison> {
    let is_listed = |comparison: &&Comparison| {
        let entry = Entry {
            index: 0,
            journey,
            comparison,
        };
        comparison.origin == Origin::Declared || !matches!(told(entry, known), Told::Not)
    };
    journey.numbers.iter().filter(is_listed).collect()
}

/// What numbers are compared with first: the baseline, or the release before it where that is of the
/// very release at hand, which nothing is learnt from.
pub fn baseline(run: &Run) -> Option<&Baseline> {
    let references = run.header.numbers.as_deref()?;
    let current = release(run);
    let teaches = |it: &&Baseline| match it.source {
        Source::History => Some(it.release.as_str()) != current,
        Source::File(_) | Source::Before => true,
    };
    let all = [&references.baseline, &references.previous];
    all.into_iter().flatten().find(teaches)
}

/// Baseline and anchor, where there are such.
fn compared_with(run: &Run) -> Vec<Reference<'_>> {
    let anchor = run
        .header
        .numbers
        .as_deref()
        .and_then(|it| it.anchor.as_ref());
    let baseline = baseline(run).map(|it| (Which::Baseline, it));
    let all = baseline
        .into_iter()
        .chain(anchor.map(|it| (Which::Anchor, it)));
    all.map(|(which, baseline)| Reference { which, baseline })
        .collect()
}

/// Journeys of which the baseline knows something that nobody declared: what is new in them drifts,
/// while in a journey that is new itself everything is new.
pub(super) fn known(run: &Run) -> HashSet<&JourneyId> {
    let numbers = baseline(run).into_iter().flat_map(|it| &it.numbers);
    numbers
        .filter(|it| matches!(it.origin, Origin::Free | Origin::Shape))
        .map(|it| &it.journey)
        .collect()
}

/// Each number once, in the order of the plan.
fn worst(run: &Run) -> Vec<Entry<'_>> {
    let mut all: Vec<Entry<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    for (index, journey) in run.journeys.iter().enumerate() {
        for comparison in &journey.numbers {
            let id = &journey.planned.journey.id;
            let entry = Entry {
                index,
                journey,
                comparison,
            };
            let at = *known
                .entry((id, comparison.origin, &comparison.key))
                .or_insert_with(|| {
                    all.push(entry);
                    all.len() - 1
                });
            if let Some(before) = all.get_mut(at)
                && rank(comparison.standing) > rank(before.comparison.standing)
            {
                *before = entry;
            }
        }
    }
    all
}

/// Every declared number once, in the order of the plan.
pub fn declared(run: &Run) -> Vec<Entry<'_>> {
    let mut all = worst(run);
    all.retain(|it| it.comparison.origin == Origin::Declared);
    all
}

fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Unchanged => 0,
        Standing::New => 1,
        Standing::Anomaly => 2,
        Standing::NotComparable => 3,
        Standing::Moved => 4,
        Standing::Missing => 5,
    }
}

/// Core numbers first, then what is missing, then what moved the furthest for what it was.
fn graver(one: &Entry<'_>, other: &Entry<'_>) -> std::cmp::Ordering {
    let key = |it: &Entry<'_>| (it.comparison.core, rank(it.comparison.standing));
    let far = |it: &Entry<'_>| words::change(it.comparison).map_or(0.0, f64::abs);
    key(other)
        .cmp(&key(one))
        .then_with(|| far(other).total_cmp(&far(one)))
}
