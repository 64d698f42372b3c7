//! The texts of numbers, of what they were compared with and of what came of it.

use std::collections::BTreeMap;

use super::{Change, all, of_facts, of_place, some};
use crate::model::JourneyId;
use crate::model::number::history::Past;
use crate::model::number::{
    Accepted, Baseline, Comparison, Measured, NumberKey, References, Source, Worth,
};

/// Changes the texts of a number that was measured.
pub(in crate::record) fn of_measured(number: &mut Measured, by: &mut dyn Change) {
    of_key(&mut number.key, by);
    some(&mut number.unit, by);
    of_worth(&mut number.worth, by);
}

/// Changes the texts of a number that was compared.
pub(in crate::record) fn of_comparison(number: &mut Comparison, by: &mut dyn Change) {
    of_key(&mut number.key, by);
    some(&mut number.unit, by);
    // A number whose digits are a secret is left out, and so is what it was.
    if number.now.as_ref().is_some_and(|it| is_secret(it, by)) {
        number.now = None;
    }
    number.against.retain(|it| !is_secret(&it.worth, by));
    if let Some(worth) = &mut number.now {
        of_worth(worth, by);
    }
    for against in &mut number.against {
        by.text(&mut against.release);
        of_worth(&mut against.worth, by);
    }
    by.text(&mut number.text);
    some(&mut number.since, by);
    of_place(&mut number.place, by);
}

/// Changes the texts of all that numbers are compared with.
pub(in crate::record) fn of_references(references: &mut References, by: &mut dyn Change) {
    of_facts(&mut references.context, by);
    let baselines = [
        &mut references.baseline,
        &mut references.previous,
        &mut references.anchor,
    ];
    for baseline in baselines.into_iter().flatten() {
        of_baseline(baseline, by);
    }
    of_past(&mut references.past, by);
    all(&mut references.remarks, by);
}

fn of_baseline(baseline: &mut Baseline, by: &mut dyn Change) {
    match &mut baseline.source {
        Source::File(file) => by.text(file),
        Source::History | Source::Before => {}
    }
    by.text(&mut baseline.release);
    some(&mut baseline.commit, by);
    all(&mut baseline.commits, by);
    of_facts(&mut baseline.context, by);
    of_facts(&mut baseline.outcomes, by);
    for number in &mut baseline.numbers {
        let Accepted {
            journey,
            key,
            origin: _,
            kind: _,
            unit,
            tolerance: _,
            core: _,
            worth,
            release,
        } = number;
        some(release, by);
        of_journey(journey, by);
        of_key(key, by);
        some(unit, by);
        of_worth(worth, by);
    }
}

fn of_past(past: &mut Past, by: &mut dyn Change) {
    for release in &mut past.releases {
        by.text(&mut release.id);
        some(&mut release.commit, by);
    }
    for series in &mut past.series {
        of_journey(&mut series.journey, by);
        of_key(&mut series.key, by);
        for point in &mut series.points {
            some(&mut point.mark, by);
        }
    }
    for outcomes in &mut past.outcomes {
        of_journey(&mut outcomes.journey, by);
    }
}

fn of_journey(journey: &mut JourneyId, by: &mut dyn Change) {
    by.text(&mut journey.file);
    by.text(&mut journey.name);
}

fn of_key(key: &mut NumberKey, by: &mut dyn Change) {
    by.text(&mut key.name);
    of_facts(&mut key.by, by);
}

/// True if a change would take digits out of it.
fn is_secret(worth: &Worth, by: &mut dyn Change) -> bool {
    let mut changes = |text: String| {
        let mut changed = text.clone();
        by.text(&mut changed);
        changed != text
    };
    match worth {
        Worth::Number(exact) => changes(exact.to_string()),
        Worth::Share(share) => changes(share.part.to_string()) || changes(share.of.to_string()),
        Worth::Cohorts(cohorts) => cohorts.values().any(|count| changes(count.to_string())),
        Worth::Fingerprint(_) => false,
    }
}

fn of_worth(worth: &mut Worth, by: &mut dyn Change) {
    match worth {
        // A number that is a secret is taken out where it is recorded: its text is known there.
        Worth::Number(_) | Worth::Share(_) => {}
        Worth::Fingerprint(print) => all(&mut print.members, by),
        Worth::Cohorts(cohorts) => {
            let mut changed = BTreeMap::new();
            for (mut name, count) in std::mem::take(cohorts) {
                by.text(&mut name);
                *changed.entry(name).or_default() += count;
            }
            *cohorts = changed;
        }
    }
}
