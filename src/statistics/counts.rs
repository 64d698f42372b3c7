//! Counts and rates: how likely a count is when the rate is what it always was.
//!
//! Sources: Fisher (1922) for two rates; Przyborowski and Wilenski (1940) for two Poisson counts;
//! Pearson (1900) for the split of cohorts, with the alarm at 0.001 as in Fabijan et al.,
//! "Diagnosing Sample Ratio Mismatch" (2019). A two-sided p adds up every outcome that is at most
//! as likely as the one seen, as `fisher.test`, `binom.test` and `poisson.test` of R do.

use super::distribution::{Counted, binomial, chi_square_above, normal_above, poisson};
use super::sample::{count, finite, is_probability, number};

/// Two likelihoods within this factor are the same one, told apart by rounding only.
const SAME: f64 = 1.0 + 1e-7;
/// The most outcomes that are added up without being asked to.
const FISHER_UP_TO: u64 = 100_000;
/// The most outcomes that are added up at all: 80 megabytes of them.
const FISHER_AT_ALL: u64 = 10_000_000;
/// A split of cohorts with a p below this is not the one that was planned.
pub const SPLIT_ALARM: f64 = 0.001;
/// Below this many expected in a cohort, chi-square is no longer a good guess.
pub const LEAST_EXPECTED: f64 = 5.0;

/// P(X >= k) of `n` attempts with chance `p` each; none unless `p` is a probability.
pub fn binomial_at_least(k: u64, n: u64, p: f64) -> Option<f64> {
    if k > n {
        return is_probability(p).then_some(0.0);
    }
    Some(binomial(n, p)?.at_least(k))
}

/// P(X <= k) of `n` attempts with chance `p` each; none unless `p` is a probability.
pub fn binomial_at_most(k: u64, n: u64, p: f64) -> Option<f64> {
    Some(binomial(n, p)?.at_most(k.min(n)))
}

/// P(X >= k) of events of which `expected` happen on average; none unless that is finite and not
/// below 0.
pub fn poisson_at_least(k: u64, expected: f64) -> Option<f64> {
    if expected == 0.0 {
        return Some(if k == 0 { 1.0 } else { 0.0 });
    }
    Some(poisson(expected)?.at_least(k))
}

/// P(X <= k) of events of which `expected` happen on average; none unless that is finite and not
/// below 0.
pub fn poisson_at_most(k: u64, expected: f64) -> Option<f64> {
    if expected == 0.0 {
        return Some(1.0);
    }
    Some(poisson(expected)?.at_most(k))
}

/// How likely a count as odd as `k` of `n` is when the chance is `p`: an alarm below `a` is false
/// in at most the share `a` of cases. None when `k > n` or `p` is no probability.
pub fn two_sided_binomial(k: u64, n: u64, p: f64) -> Option<f64> {
    if k > n {
        return None;
    }
    let chances = binomial(n, p)?;
    // Nothing is left to chance, and the likelihoods have no logarithm.
    if p == 0.0 || p == 1.0 {
        let only = if p == 0.0 { 0 } else { n };
        return Some(if k == only { 1.0 } else { 0.0 });
    }
    Some(two_sided(&chances, k))
}

/// How likely a count as odd as `k` is when `expected` happen on average: an alarm below `a` is
/// false in at most the share `a` of cases. None unless `expected` is finite and not below 0.
pub fn two_sided_poisson(k: u64, expected: f64) -> Option<f64> {
    if expected == 0.0 {
        return Some(if k == 0 { 1.0 } else { 0.0 });
    }
    Some(two_sided(&poisson(expected)?, k))
}

/// The chance of everything at most as likely as `k`, of a distribution with one hill.
fn two_sided<D: Counted>(chances: &D, k: u64) -> f64 {
    if chances.is_normal() {
        return (2.0 * chances.at_most(k).min(chances.at_least(k))).min(1.0);
    }
    let likely = chances.exactly(k) * SAME;
    let top = chances.likeliest();
    if chances.exactly(top) <= likely {
        return 1.0;
    }
    let both = if k < top {
        chances.at_most(k) + above(chances, top, likely)
    } else {
        chances.at_least(k) + below(chances, top, likely)
    };
    both.min(1.0)
}

/// The chance of everything above `top` that is at most so likely.
fn above<D: Counted>(chances: &D, top: u64, likely: f64) -> f64 {
    let end = chances.greatest().unwrap_or(u64::MAX);
    // Steps that double find the end of the hill before halving looks for its edge.
    let mut step = 1_u64;
    let mut far = top;
    while chances.exactly(far) > likely {
        if far >= end {
            return 0.0;
        }
        far = far.saturating_add(step).min(end);
        step = step.saturating_mul(2);
    }
    let mut near = top;
    while far - near > 1 {
        let middle = near + (far - near) / 2;
        if chances.exactly(middle) > likely {
            near = middle;
        } else {
            far = middle;
        }
    }
    chances.at_least(far)
}

/// The chance of everything below `top` that is at most so likely.
fn below<D: Counted>(chances: &D, top: u64, likely: f64) -> f64 {
    if chances.exactly(0) > likely {
        return 0.0;
    }
    let (mut far, mut near) = (0, top);
    while near - far > 1 {
        let middle = far + (near - far) / 2;
        if chances.exactly(middle) > likely {
            near = middle;
        } else {
            far = middle;
        }
    }
    chances.at_most(far)
}

/// Fisher's exact two-sided p for `k1` of `n1` against `k2` of `n2`. None when a part is greater
/// than its whole, and for more than 10 million outcomes; [`two_rates`] has an answer for those.
pub fn fisher(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<f64> {
    if k1 > n1 || k2 > n2 {
        return None;
    }
    let hits = k1.checked_add(k2)?;
    n1.checked_add(n2)?;
    let (first, last) = (hits.saturating_sub(n2), hits.min(n1));
    if last - first > FISHER_AT_ALL {
        return None;
    }
    // From one outcome to the next, and only then set in proportion: exact for any n.
    let mut logarithm = 0.0;
    let mut outcomes = vec![0.0];
    for k in first..last {
        let more = (number(n1 - k) / number(k + 1)).ln();
        let less = (number(hits - k) / number(n2 - (hits - k - 1))).ln();
        logarithm += more + less;
        outcomes.push(logarithm);
    }
    let most = outcomes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let place = usize::try_from(k1 - first).ok()?;
    let seen = (outcomes.get(place)? - most).exp() * SAME;
    let (mut odd, mut all) = (0.0, 0.0);
    for outcome in outcomes {
        let likelihood = (outcome - most).exp();
        all += likelihood;
        if likelihood <= seen {
            odd += likelihood;
        }
    }
    Some(f64::min(odd / all, 1.0))
}

/// Whether `k1` of `n1` and `k2` of `n2` have the same rate, as a two-sided p: Fisher's exact one
/// while there are at most 100,000 outcomes to add up, and the normal one with the pooled rate and
/// Yates' correction when there are more hits and more misses than that. None when a side has no
/// attempts or a part is greater than its whole.
pub fn two_rates(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<f64> {
    if n1 == 0 || n2 == 0 || k1 > n1 || k2 > n2 {
        return None;
    }
    let (hits, all) = (k1.checked_add(k2)?, n1.checked_add(n2)?);
    if hits.min(all - hits).min(n1).min(n2) <= FISHER_UP_TO {
        return fisher(k1, n1, k2, n2);
    }
    let (k1, n1, k2, n2) = (number(k1), number(n1), number(k2), number(n2));
    let pooled = (k1 + k2) / (n1 + n2);
    let each = 1.0 / n1 + 1.0 / n2;
    let apart = ((k1 / n1 - k2 / n2).abs() - each / 2.0).max(0.0);
    let z = apart / (pooled * (1.0 - pooled) * each).sqrt();
    normal_above(z).map(|tail| (2.0 * tail).min(1.0))
}

/// Whether two counts have the same rate, as a two-sided p: `k1` in `exposure1` against `k2` in
/// `exposure2` (minutes, requests, users: the same unit on both sides, finite and above 0). Given
/// their sum, the first is binomial with chance `exposure1 / (exposure1 + exposure2)`.
pub fn two_poisson(k1: u64, exposure1: f64, k2: u64, exposure2: f64) -> Option<f64> {
    if !(exposure1 > 0.0 && exposure2 > 0.0) {
        return None;
    }
    let share = exposure1 / finite(exposure1 + exposure2)?;
    two_sided_binomial(k1, k1.checked_add(k2)?, share)
}

/// Whether cohorts are split as planned (sample-ratio mismatch).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// The sum of `(observed - expected)^2 / expected`.
    pub statistic: f64,
    /// How likely a split as uneven is when the plan holds; an alarm below [`SPLIT_ALARM`].
    pub p: f64,
    /// The smallest expected count. Below [`LEAST_EXPECTED`] the p of two cohorts is that of the
    /// exact binomial test, and that of more cohorts only a guess.
    pub thinnest: f64,
}

/// Compares the counts of cohorts with their planned shares, in the same order; shares are of any
/// common unit. None unless there are two cohorts or more, as many shares, all shares finite and
/// above 0, and somebody in a cohort.
pub fn split(observed: &[u64], shares: &[f64]) -> Option<Split> {
    let planned = shares.iter().all(|share| share.is_finite() && *share > 0.0);
    let total = observed
        .iter()
        .try_fold(0_u64, |sum, count| sum.checked_add(*count))?;
    if observed.len() < 2 || observed.len() != shares.len() || !planned || total == 0 {
        return None;
    }
    let whole = finite(shares.iter().sum())?;
    let mut statistic = 0.0;
    let mut thinnest = f64::INFINITY;
    for (observed, share) in observed.iter().zip(shares) {
        let expected = number(total) * (share / whole);
        statistic += (number(*observed) - expected).powi(2) / expected;
        thinnest = expected.min(thinnest);
    }
    let p = if observed.len() == 2 && thinnest < LEAST_EXPECTED {
        two_sided_binomial(observed[0], total, shares[0] / whole)?
    } else {
        chi_square_above(statistic, count(observed.len() - 1))?
    };
    Some(Split {
        statistic: finite(statistic)?,
        p,
        thinnest,
    })
}

#[cfg(test)]
mod tests;
