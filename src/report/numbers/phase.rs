//! The two runs around a deploy: which outcomes changed between them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::header::Phase;
use crate::model::number::{Baseline, Source};
use crate::model::run::{JourneyResult, Run};
use crate::model::{JourneyId, Outcome};

use super::{baseline, release};

/// What the run after a deploy says of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Around<'a> {
    /// The release before; empty if nobody knows it.
    pub(in crate::report) before: &'a str,
    /// The release after.
    pub(in crate::report) after: Option<&'a str>,
    /// How many journeys are known of both runs.
    pub(in crate::report) compared: usize,
    /// Journeys whose outcome is another one, in the order of the plan.
    pub(in crate::report) changed: Vec<Changed<'a>>,
    /// Journeys of the run before that this one does not plan.
    pub(in crate::report) not_walked: usize,
}

/// A journey that ended otherwise before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct Changed<'a> {
    /// Index into [`Run::journeys`].
    pub(in crate::report) index: usize,
    /// Which.
    pub(in crate::report) journey: &'a JourneyId,
    /// Its outcome before, as reports name it.
    pub(in crate::report) before: &'a str,
    /// Its outcome now.
    pub(in crate::report) after: Outcome,
}

/// What the run after a deploy says of the one before; nothing for every other run.
pub(in crate::report) fn around(run: &Run) -> Option<Around<'_>> {
    match run.header.phase? {
        Phase::After => {}
        Phase::Before => return None,
    }
    let baseline = baseline(run)?;
    match baseline.source {
        Source::Before => {}
        Source::History | Source::File(_) => return None,
    }
    let mut compared = 0;
    let mut changed = Vec::new();
    for (index, id, after) in worst(run) {
        let Some(before) = before(baseline, id) else {
            continue;
        };
        compared += 1;
        if before != after.name() {
            changed.push(Changed {
                index,
                journey: id,
                before,
                after,
            });
        }
    }
    let planned: BTreeSet<String> = run
        .journeys
        .iter()
        .map(|it| it.planned.journey.id.to_string())
        .collect();
    let gone = |name: &&String| !planned.contains(*name);
    Some(Around {
        before: &baseline.release,
        after: release(run),
        compared,
        changed,
        not_walked: baseline.outcomes.keys().filter(gone).count(),
    })
}

fn before<'a>(baseline: &'a Baseline, id: &JourneyId) -> Option<&'a str> {
    baseline.outcomes.get(&id.to_string()).map(String::as_str)
}

/// The outcome of each journey, of repetitions the worst, in the order of the plan.
fn worst(run: &Run) -> Vec<(usize, &JourneyId, Outcome)> {
    let mut all: Vec<(usize, &JourneyId, Outcome)> = Vec::new();
    let mut known: BTreeMap<&JourneyId, usize> = BTreeMap::new();
    for (index, journey) in run.journeys.iter().enumerate() {
        let JourneyResult {
            planned, outcome, ..
        } = journey;
        let at = *known.entry(&planned.journey.id).or_insert_with(|| {
            all.push((index, &planned.journey.id, *outcome));
            all.len() - 1
        });
        if let Some(entry) = all.get_mut(at)
            && rank(*outcome) > rank(entry.2)
        {
            *entry = (index, &planned.journey.id, *outcome);
        }
    }
    all
}

fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Skipped => 0,
        Outcome::Passed => 1,
        Outcome::Flaky => 2,
        Outcome::Errored(_) => 3,
        Outcome::Failed => 4,
    }
}

impl Around<'_> {
    /// `r41 → r42: 2 of 12 journeys ended otherwise`
    pub(in crate::report) fn headline(&self) -> String {
        let name = |text: &str| match text {
            "" => "?".to_string(),
            text => text.to_string(),
        };
        let noun = if self.compared == 1 {
            "journey"
        } else {
            "journeys"
        };
        let what = match self.changed.len() {
            0 => format!("all {} {noun} ended as before", self.compared),
            count => format!("{count} of {} {noun} ended otherwise", self.compared),
        };
        let mut text = format!(
            "{} → {}: {what}",
            name(self.before),
            name(self.after.unwrap_or_default())
        );
        if self.not_walked > 0 {
            text.push_str(&format!("; {} not walked now", self.not_walked));
        }
        text
    }
}
