//! All that is known of a number or a journey through the releases, before it is text or JSON.

use std::path::Path;

use super::find::Subject;
use crate::cli::numbers::commits::{self, Commits, Revision};
use crate::model::number::history::{OutcomeOf, Outcomes, Past, Point, Release, Series};
use crate::model::number::{Accepted, Baseline, NumberKind};
use crate::numbers::blame::{Broken, Moved, broken, moved};

/// What is said of it.
pub(super) struct Told<'a> {
    /// The releases that are known, oldest first.
    pub(super) releases: &'a [Release],
    /// What it is, and what it came to.
    pub(super) what: What<'a>,
}

/// A number or a journey.
pub(super) enum What<'a> {
    Number(Number<'a>),
    Journey(Journey<'a>),
}

/// A number through the releases.
pub(super) struct Number<'a> {
    pub(super) series: &'a Series,
    /// What kind it is, if the newest good run measured it.
    pub(super) kind: Option<NumberKind>,
    /// What one of it is.
    pub(super) unit: Option<&'a str>,
    /// How many decimals the newest good run gave it.
    pub(super) decimals: usize,
    /// Who moved it, oldest first, with the commits among which is the one that did.
    pub(super) moved: Vec<(Moved, Option<Commits>)>,
}

/// A journey through the releases.
pub(super) struct Journey<'a> {
    pub(super) outcomes: &'a Outcomes,
    /// When it was broken, oldest first, with the commits among which is the one that did it.
    pub(super) broken: Vec<(Broken, Option<Commits>)>,
}

impl<'a> Told<'a> {
    /// Of what was found in the past; `newest` is what the newest good run measured.
    pub(super) fn of(
        root: &Path,
        past: &'a Past,
        subject: Subject<'a>,
        newest: Option<&'a Baseline>,
    ) -> Self {
        let releases = &past.releases[..];
        let suspects =
            |good: u32, bad: u32| suspects(root, at(releases, good)?, at(releases, bad)?);
        let what = match subject {
            Subject::Number(series) => {
                let known = newest.and_then(|newest| accepted(newest, series));
                let moved = moved(series).into_iter().map(|it| {
                    let commits = suspects(it.held, it.since);
                    (it, commits)
                });
                What::Number(Number {
                    series,
                    kind: known.map(|it| it.kind),
                    unit: known.and_then(|it| it.unit.as_deref()),
                    decimals: known.map_or(0, decimals),
                    moved: moved.collect(),
                })
            }
            Subject::Journey(outcomes) => {
                let broken = broken(&outcomes.of).into_iter().map(|it| {
                    let commits = it.held.and_then(|held| suspects(held.release, it.since));
                    (it, commits)
                });
                What::Journey(Journey {
                    outcomes,
                    broken: broken.collect(),
                })
            }
        };
        Self { releases, what }
    }

    /// A release by its index.
    pub(super) fn release(&self, index: u32) -> Option<&'a Release> {
        at(self.releases, index)
    }

    /// The name of a release by its index.
    pub(super) fn name(&self, index: u32) -> &'a str {
        self.release(index).map_or("?", |it| it.id.as_str())
    }
}

impl Number<'_> {
    /// What it was in a release.
    pub(super) fn point(&self, release: u32) -> Option<&Point> {
        self.series.points.iter().find(|it| it.release == release)
    }
}

impl Journey<'_> {
    /// How it went in a release.
    pub(super) fn went(&self, release: u32) -> Option<&OutcomeOf> {
        self.outcomes.of.iter().find(|it| it.release == release)
    }
}

fn at(releases: &[Release], index: u32) -> Option<&Release> {
    releases.get(usize::try_from(index).ok()?)
}

fn accepted<'a>(newest: &'a Baseline, series: &Series) -> Option<&'a Accepted> {
    newest.numbers.iter().find(|it| {
        it.journey == series.journey && it.origin == series.origin && it.key == series.key
    })
}

fn decimals(known: &Accepted) -> usize {
    if known.kind != NumberKind::Decimal {
        return 0;
    }
    let text = known.worth.to_string();
    text.split_once('.')
        .map_or(0, |(_, decimals)| decimals.len())
}

fn suspects(root: &Path, good: &Release, bad: &Release) -> Option<Commits> {
    let (good, bad) = (revision(good), revision(bad));
    commits::between(root, &good, &bad)
}

fn revision(release: &Release) -> Revision<'_> {
    Revision {
        commit: release.commit.as_deref(),
        release: &release.id,
    }
}
