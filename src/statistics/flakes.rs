//! Flakes: a journey that ends differently with the same revision and the same inputs.
//!
//! Sources: Wilson, "Probable Inference" (1927) for the interval of a rate; Clopper and Pearson
//! (1934) for the bound of a rate of which no case was seen.

use super::distribution::normal_with_above;
use super::sample::{is_probability, number};

/// Fewer runs than this put no journey into quarantine.
pub const QUARANTINE_RUNS: u64 = 20;
/// A journey is put into quarantine when its flake rate is surely above this.
pub const QUARANTINE_RATE: f64 = 0.01;
/// A journey comes out of quarantine when its flake rate is surely below this.
pub const RELEASE_RATE: f64 = 0.05;
/// How sure: one-sided, as only one bound of the rate is asked for.
pub const CONFIDENCE: f64 = 0.95;

/// Where a rate lies, as two probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The smallest rate that fits.
    pub low: f64,
    /// The greatest rate that fits.
    pub high: f64,
}

/// Wilson's interval of the rate behind `k` of `n`, with `confidence` that the rate is inside. For
/// a bound with one-sided confidence `c`, ask for `2 c - 1` and take one side. None without runs,
/// for `k > n`, and unless 0 < `confidence` < 1.
pub fn wilson(k: u64, n: u64, confidence: f64) -> Option<Bounds> {
    if n == 0 || k > n || !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let z = normal_with_above((1.0 - confidence) / 2.0)?;
    let (rate, n) = (number(k) / number(n), number(n));
    let scale = 1.0 + z * z / n;
    let middle = (rate + z * z / (2.0 * n)) / scale;
    let reach = z / scale * (rate * (1.0 - rate) / n + z * z / (4.0 * n * n)).sqrt();
    // At the edges the formula gives exactly 0 and 1, up to rounding.
    Some(Bounds {
        low: if k == 0 {
            0.0
        } else {
            (middle - reach).max(0.0)
        },
        high: if rate == 1.0 {
            1.0
        } else {
            (middle + reach).min(1.0)
        },
    })
}

/// The chance that a suite of `journeys` is red though nothing broke, when each flakes with chance
/// `rate`: `1 - (1 - rate)^journeys`. None unless `rate` is a probability.
pub fn suite_false_red(rate: f64, journeys: u32) -> Option<f64> {
    is_probability(rate).then(|| 1.0 - (1.0 - rate).powf(f64::from(journeys)))
}

/// The chance that a fault which shows with chance `fault` is reported green by up to `retries`
/// further attempts: `1 - fault^(retries + 1)`. None unless `fault` is a probability.
pub fn hidden_by_retries(fault: f64, retries: u32) -> Option<f64> {
    is_probability(fault).then(|| 1.0 - fault.powf(f64::from(retries) + 1.0))
}

/// Whether `flakes` in `runs` are enough to put a journey into quarantine: 20 runs or more, and
/// with 95 % one-sided confidence a flake rate above 1 %.
pub fn quarantine(flakes: u64, runs: u64) -> bool {
    runs >= QUARANTINE_RUNS
        && wilson(flakes, runs, 2.0 * CONFIDENCE - 1.0)
            .is_some_and(|bounds| bounds.low > QUARANTINE_RATE)
}

/// Whether a journey may leave quarantine: a fix is named, and no flake in so many runs that with
/// 95 % one-sided confidence the rate is below 5 %, which 59 runs are. Clopper and Pearson's bound:
/// `1 - (1 - confidence)^(1 / runs)`.
pub fn quarantine_ends(flakes: u64, runs: u64, fix_is_named: bool) -> bool {
    let bound = 1.0 - (1.0 - CONFIDENCE).powf(1.0 / number(runs));
    fix_is_named && flakes == 0 && runs > 0 && bound < RELEASE_RATE
}

#[cfg(test)]
mod tests;
