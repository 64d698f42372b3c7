//! Numbers in the JSON report: what was compared with what, what came of it, when a journey last
//! held, and the run before the deploy.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::Place;
use crate::model::number::{Comparison, Policy, Which};
use crate::model::run::{JourneyResult, Run};
use crate::report::numbers::{self, Tally, held, source, words};

/// The whole run's.
#[derive(Serialize)]
pub(super) struct Numbers<'a> {
    against: Vec<Reference<'a>>,
    declared: Tally,
    undeclared: Tally,
    drift: usize,
    anomalies: usize,
    policy: Policy,
    commits: &'a [String],
    commits_in_all: Option<u64>,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct Reference<'a> {
    which: Which,
    release: &'a str,
    source: &'a str,
    commit: Option<&'a str>,
    /// As `started` of the run.
    at: String,
}

/// One number.
#[derive(Serialize)]
pub(super) struct Number<'a> {
    name: &'a str,
    by: &'a BTreeMap<String, String>,
    origin: &'static str,
    kind: &'static str,
    unit: Option<&'a str>,
    tolerance: String,
    core: bool,
    value: Option<String>,
    standing: &'static str,
    against: Vec<Was<'a>>,
    change: Option<f64>,
    text: &'a str,
    since: Option<&'a str>,
    place: Option<&'a Place>,
}

#[derive(Serialize)]
struct Was<'a> {
    which: Which,
    release: &'a str,
    value: String,
    within: bool,
}

/// When a journey that failed last held.
#[derive(Serialize)]
pub(super) struct HeldIn<'a> {
    release: Option<&'a str>,
    /// As `started` of the run.
    at: Option<String>,
    broken_since: Option<&'a str>,
    suspects: &'a [String],
    suspects_in_all: Option<u64>,
    text: String,
}

/// The run before a deploy and this one.
#[derive(Serialize)]
pub(super) struct Phased<'a> {
    phase: &'static str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    compared: usize,
    not_walked: usize,
    changed: Vec<Changed<'a>>,
}

#[derive(Serialize)]
struct Changed<'a> {
    file: &'a str,
    name: &'a str,
    before: &'a str,
    after: &'static str,
}

pub(super) fn of_run(run: &Run) -> Option<Numbers<'_>> {
    let digest = numbers::digest(run)?;
    let baseline = digest.baseline();
    let against = digest.references.iter().map(|it| Reference {
        which: it.which,
        release: &it.baseline.release,
        source: source(it.baseline),
        commit: it.baseline.commit.as_deref(),
        at: it.baseline.at.to_string(),
    });
    Some(Numbers {
        against: against.collect(),
        declared: digest.declared,
        undeclared: digest.beside,
        drift: digest.drift.len(),
        anomalies: digest.anomalies.len(),
        policy: digest.policy,
        commits: baseline.map_or(&[], |it| &it.commits),
        commits_in_all: baseline.and_then(|it| it.commits_in_all),
        remarks: digest.remarks,
    })
}

pub(super) fn number(comparison: &Comparison) -> Number<'_> {
    let against = comparison.against.iter().map(|it| Was {
        which: it.which,
        release: &it.release,
        value: it.worth.to_string(),
        within: it.within,
    });
    Number {
        name: &comparison.key.name,
        by: &comparison.key.by,
        origin: comparison.origin.name(),
        kind: comparison.kind.name(),
        unit: comparison.unit.as_deref(),
        tolerance: comparison.tolerance.to_string(),
        core: comparison.core,
        value: comparison.now.as_ref().map(ToString::to_string),
        standing: comparison.standing.name(),
        against: against.collect(),
        change: words::change(comparison),
        text: &comparison.text,
        since: comparison.since.as_deref(),
        place: comparison.place.as_ref(),
    }
}

pub(super) fn held<'a>(run: &'a Run, journey: &JourneyResult) -> Option<HeldIn<'a>> {
    let held = held::held(run, journey)?;
    let suspects = held.suspects.as_ref();
    Some(HeldIn {
        release: held.held_in,
        at: held.at.map(|at| at.to_string()),
        broken_since: held.broken_since,
        suspects: suspects.map_or(&[], |it| it.commits),
        suspects_in_all: suspects.map(|it| it.in_all),
        text: held.line(),
    })
}

pub(super) fn phase(run: &Run) -> Option<Phased<'_>> {
    let phase = run.header.phase?.name();
    let Some(around) = numbers::phase::around(run) else {
        return Some(Phased {
            phase,
            before: None,
            after: numbers::release(run),
            compared: 0,
            not_walked: 0,
            changed: Vec::new(),
        });
    };
    let changed = around.changed.iter().map(|it| Changed {
        file: &it.journey.file,
        name: &it.journey.name,
        before: it.before,
        after: it.after.name(),
    });
    Some(Phased {
        phase,
        before: Some(around.before),
        after: around.after,
        compared: around.compared,
        not_walked: around.not_walked,
        changed: changed.collect(),
    })
}
