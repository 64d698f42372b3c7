//! Two samples of the same number: by how much one is shifted against the other, and how sure that
//! is, without asking for a normal distribution. `control` is what was, `canary` what is judged.
//!
//! Sources: Mann and Whitney (1947) for U; Hodges and Lehmann (1963) for the shift and its interval
//! by order statistics; Cliff (1993) for delta. Kayenta's judge finds the shift by a root instead,
//! see [`by_root`].

mod ranks;
mod root;

pub use root::by_root;

use super::distribution::{ln_choose, normal_above, normal_with_above};
use super::sample::{count, finite, mean, usable};
use ranks::{midranks, sums_of_ranks, tied};

/// The most values of both sides together for which every arrangement is counted.
const EXACT_UP_TO: usize = 50;
/// The most pairs of values that are held at once.
const MOST_PAIRS: usize = 4_000_000;

/// Mann-Whitney's test: whether one side tends to be greater.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// In how many pairs the canary is greater, ties as halves.
    pub u: f64,
    /// Two-sided p by counting every arrangement of the ranks that were seen, ties and all; none
    /// above 50 values.
    pub exact: Option<f64>,
    /// Two-sided p by the normal distribution, with correction for ties and continuity.
    pub continuity: f64,
    /// The same without the correction for continuity.
    pub plain: f64,
}

impl MannWhitney {
    /// The p to go by: the exact one where there is one.
    pub fn p(&self) -> f64 {
        self.exact.unwrap_or(self.continuity)
    }
}

/// A shift and where it may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// By how much the canary is greater, in the unit of the values.
    pub estimate: f64,
    /// The smallest shift that fits.
    pub low: f64,
    /// The greatest shift that fits.
    pub high: f64,
    /// How sure it is that the shift is in between; less than was asked for when there are too few
    /// values for that.
    pub confidence: f64,
}

/// Compares two samples by their ranks; none for an empty side and for values that are not finite.
pub fn mann_whitney(control: &[f64], canary: &[f64]) -> Option<MannWhitney> {
    if !usable(control) || !usable(canary) {
        return None;
    }
    let (n, m) = (count(control.len()), count(canary.len()));
    let all = [canary, control].concat();
    let ranks = midranks(&all);
    let sum: f64 = ranks[..canary.len()].iter().sum();
    let u = sum - m * (m + 1.0) / 2.0;
    let ties = tied(&ranks) / ((n + m) * (n + m - 1.0));
    let sigma = (n * m / 12.0 * (n + m + 1.0 - ties)).sqrt();
    let apart = (u - n * m / 2.0).abs();
    let normal = |apart: f64| {
        if sigma > 0.0 {
            normal_above(apart / sigma).map(|tail| (2.0 * tail).min(1.0))
        } else {
            // Every value is the same one.
            Some(1.0)
        }
    };
    Some(MannWhitney {
        u,
        exact: (all.len() <= EXACT_UP_TO).then(|| exact_p(&ranks, canary.len())),
        continuity: normal((apart - 0.5).max(0.0))?,
        plain: normal(apart)?,
    })
}

/// The share of arrangements whose sum of the first `picks` ranks is at least as far from the
/// middle as the one that was seen.
fn exact_p(ranks: &[f64], picks: usize) -> f64 {
    let sums = sums_of_ranks(ranks, picks);
    // Ranks count twice here, so that halves are whole; the middle is then picks (N + 1).
    let middle = count(picks * (ranks.len() + 1));
    let seen: f64 = ranks[..picks].iter().map(|rank| 2.0 * rank).sum();
    let far = (seen - middle).abs();
    let (mut beyond, mut all) = (0.0, 0.0);
    for (sum, ways) in sums.iter().enumerate() {
        all += ways;
        if (count(sum) - middle).abs() >= far {
            beyond += ways;
        }
    }
    beyond / all
}

/// The smallest two-sided p that so many values can have, `2 / C(n + m, n)`: says in advance what
/// cannot be decided. None for an empty side.
pub fn reachable_p(n: usize, m: usize) -> Option<f64> {
    let (n, m) = (u64::try_from(n).ok()?, u64::try_from(m).ok()?);
    if n == 0 || m == 0 {
        return None;
    }
    Some((2.0 * (-ln_choose(n.checked_add(m)?, n)).exp()).min(1.0))
}

/// Hodges and Lehmann's shift, the median of all differences canary - control, with its interval
/// by order statistics at `confidence`. None for an empty side, values that are not finite, more
/// than 4 million pairs, and unless 0 < `confidence` < 1.
pub fn hodges_lehmann(control: &[f64], canary: &[f64], confidence: f64) -> Option<Shift> {
    let differences = differences(control, canary)?;
    let alpha = 1.0 - confidence;
    if !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let pairs = differences.len();
    let (place, confidence) = if control.len() + canary.len() <= EXACT_UP_TO {
        exact_place(control.len(), canary.len(), alpha)
    } else {
        (
            normal_place(control.len(), canary.len(), alpha)?,
            confidence,
        )
    };
    // More than half of the differences cannot be left out on one side.
    let place = place.clamp(1, pairs.div_ceil(2));
    Some(Shift {
        estimate: super::median::median(&differences)?,
        low: differences[place - 1],
        high: differences[pairs - place],
        confidence,
    })
}

/// All differences canary - control, from small to large.
fn differences(control: &[f64], canary: &[f64]) -> Option<Vec<f64>> {
    let pairs = control.len().checked_mul(canary.len())?;
    if pairs > MOST_PAIRS {
        return None;
    }
    let all: Vec<f64> = canary
        .iter()
        .flat_map(|one| control.iter().map(move |other| one - other))
        .collect();
    super::sample::sorted(&all)
}

/// Which difference from either end bounds the interval, and how sure that is: the smallest u with
/// P(U <= u) >= alpha / 2, and at least the first.
fn exact_place(n: usize, m: usize, alpha: f64) -> (usize, f64) {
    let ranks: Vec<f64> = (1..=n + m).map(count).collect();
    let sums = sums_of_ranks(&ranks, n);
    let all: f64 = sums.iter().sum();
    // Ranks count twice here, and no sum is below that of the first n.
    let ways: Vec<f64> = sums[n * (n + 1)..].iter().step_by(2).copied().collect();
    let mut at_most = 0.0;
    let reached = ways.iter().position(|one| {
        at_most += one / all;
        at_most >= alpha / 2.0
    });
    let place = reached.unwrap_or(0).max(1);
    let below: f64 = ways.iter().take(place).sum();
    (place, (1.0 - 2.0 * below / all).max(0.0))
}

fn normal_place(n: usize, m: usize, alpha: f64) -> Option<usize> {
    let (n, m) = (count(n), count(m));
    let reach = normal_with_above(alpha / 2.0)? * (n * m * (n + m + 1.0) / 12.0).sqrt();
    Some((n * m / 2.0 - reach).max(0.0) as usize)
}

/// Cliff's delta: in which share of pairs the canary is greater, less that in which it is smaller;
/// 1 when all are, -1 when none is. None for an empty side and for values that are not finite.
pub fn cliffs_delta(control: &[f64], canary: &[f64]) -> Option<f64> {
    let pairs = count(control.len()) * count(canary.len());
    Some(2.0 * mann_whitney(control, canary)?.u / pairs - 1.0)
}

/// The mean of the canary over that of the control; none when that is 0, for an empty side and for
/// values that are not finite.
pub fn mean_ratio(control: &[f64], canary: &[f64]) -> Option<f64> {
    finite(mean(canary)? / mean(control)?)
}

#[cfg(test)]
mod tests;
