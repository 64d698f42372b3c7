//! The prediction interval: where one new value falls when it comes from where the others came
//! from. For short histories, and honest about how short they are.
//!
//! Source: Student (1908), for a new value as in Hahn and Meeker, "Statistical Intervals" (1991):
//! `|x - mean| > t(0.99865; n - 1) s sqrt(1 + 1/n)` happens to 0.27 % of normal values, whatever
//! n is. That is what "three sigma" promises and does not hold when s comes from few values.

use super::distribution::{t_above, t_with_above};
use super::sample::{count, deviation, finite, mean};

/// The chance of a new value on either side, beyond three standard deviations of a normal.
pub const TAIL: f64 = 0.00135;

/// Where one new value is to be expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The mean of the history.
    pub mean: f64,
    /// One standard deviation of a new value, `s sqrt(1 + 1/n)`; 0 for a constant history.
    pub unit: f64,
    /// How many units an expected value is away at most.
    pub most: f64,
}

impl Interval {
    /// The smallest value that is to be expected.
    pub fn low(&self) -> f64 {
        self.mean - self.most * self.unit
    }

    /// The greatest value that is to be expected.
    pub fn high(&self) -> f64 {
        self.mean + self.most * self.unit
    }

    /// How many units away a value is; none when the unit is 0 or the value is not finite.
    pub fn score(&self, value: f64) -> Option<f64> {
        (self.unit > 0.0)
            .then(|| (value - self.mean) / self.unit)
            .and_then(finite)
    }
}

/// Where one new value is to be expected, with a false alarm in 0.27 % of normal values. None
/// below two values and for values that are not finite.
pub fn prediction(history: &[f64]) -> Option<Interval> {
    let n = count(history.len());
    let unit = finite(deviation(history)? * (1.0 + 1.0 / n).sqrt())?;
    Some(Interval {
        mean: mean(history)?,
        unit,
        most: t_with_above(TAIL, n - 1.0)?,
    })
}

/// By how many s a new value may leave the mean of `n` values: `t(0.99865; n - 1) sqrt(1 + 1/n)`.
/// None below two values.
pub fn multiplier(n: usize) -> Option<f64> {
    if n < 2 {
        return None;
    }
    let n = count(n);
    Some(t_with_above(TAIL, n - 1.0)? * (1.0 + 1.0 / n).sqrt())
}

/// How often a plain z score with the standard deviation of the population (divisor n) flags one
/// new normal value against `n` past ones: P(|T| > z sqrt((n - 1) / (n + 1))) for Student's t with
/// n - 1 degrees. Here to show why nothing in this crate uses a plain z. None below two values.
pub fn false_alarms_of_plain_z(n: usize, z: f64) -> Option<f64> {
    if n < 2 || z < 0.0 {
        return None;
    }
    let n = count(n);
    t_above(z * ((n - 1.0) / (n + 1.0)).sqrt(), n - 1.0).map(|tail| 2.0 * tail)
}

/// The greatest `(x - mean) / s` that any of `n` values can have against all `n` of them, itself
/// included: `(n - 1) / sqrt(n)`. Source: Shiffler, "Maximum Z Scores and Outliers" (1988). None
/// of no values.
pub fn greatest_z_inside(n: usize) -> Option<f64> {
    (n > 0).then(|| (count(n) - 1.0) / count(n).sqrt())
}

#[cfg(test)]
mod tests;
