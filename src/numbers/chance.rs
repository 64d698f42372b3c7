//! How probable a difference is if nothing changed: for tolerances that allow for chance.

use std::collections::BTreeMap;

use crate::model::number::Share;
use crate::statistics::{counts, homogeneity};

/// For two shares: Fisher's exact test, two-sided, or the normal one where it has too many outcomes.
pub(super) fn of_shares(now: Share, then: Share) -> Option<f64> {
    counts::two_rates(now.part, now.of, then.part, then.of)
}

/// For two counts of independent events over equal stretches: given their sum, each is binomial
/// with one half.
pub(super) fn of_counts(now: u64, then: u64) -> Option<f64> {
    counts::two_poisson(now, 1.0, then, 1.0)
}

/// For the counts of cohorts of two releases: chi-square of homogeneity. A cohort that is not there
/// is one with none.
pub(super) fn of_cohorts(now: &BTreeMap<String, u64>, then: &BTreeMap<String, u64>) -> Option<f64> {
    let names: std::collections::BTreeSet<&String> = now.keys().chain(then.keys()).collect();
    let count = |of: &BTreeMap<String, u64>, name: &String| of.get(name).copied().unwrap_or(0);
    let pairs: Vec<(u64, u64)> = names
        .into_iter()
        .map(|name| (count(now, name), count(then, name)))
        .collect();
    homogeneity::homogeneity(&pairs)
}
