//! The shift as Kayenta's judge estimates it: where the standardised rank sum crosses zero.
//!
//! Kayenta follows `wilcox.test` of R (not exact, with correction for continuity), but corrects
//! the estimate too. The rank sum is a staircase, so that where it is zero over a whole tread, the
//! answer depends on the steps of the search: they are those of Brent, "Algorithms for
//! Minimization Without Derivatives" (1973), chapter 4, to 1e-4.

use super::ranks::{midranks, tied};
use super::{Shift, count, normal_with_above, usable};

const TOLERANCE: f64 = 1e-4;
const MOST_STEPS: usize = 1001;

/// Estimate and interval of the shift of canary against control. None for an empty side, values
/// that are not finite, values that are all equal, and unless 0 < `confidence` < 1.
pub fn by_root(control: &[f64], canary: &[f64], confidence: f64) -> Option<Shift> {
    let sure = confidence > 0.0 && confidence < 1.0;
    if !usable(control) || !usable(canary) || !sure {
        return None;
    }
    let z = normal_with_above((1.0 - confidence) / 2.0)?;
    let sides = Sides { control, canary };
    let (from, to) = sides.ends();
    if !(from.is_finite() && to.is_finite()) {
        return None;
    }
    Some(Shift {
        estimate: sides.crosses(0.0, from, to)?,
        low: sides.bound(z, from, to)?,
        high: sides.bound(-z, from, to)?,
        confidence,
    })
}

struct Sides<'a> {
    control: &'a [f64],
    canary: &'a [f64],
}

impl Sides<'_> {
    /// The smallest and the greatest difference.
    fn ends(&self) -> (f64, f64) {
        let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (
            least(self.canary) - most(self.control),
            most(self.canary) - least(self.control),
        )
    }

    /// The standardised rank sum of the canary, shifted back by `shift`; none when all are equal.
    fn standardised(&self, shift: f64) -> Option<f64> {
        let (m, n) = (count(self.canary.len()), count(self.control.len()));
        let shifted = self.canary.iter().map(|value| value - shift);
        let all: Vec<f64> = shifted.chain(self.control.iter().copied()).collect();
        let ranks = midranks(&all);
        let sum: f64 = ranks[..self.canary.len()].iter().sum();
        let apart = sum - m * (m + 1.0) / 2.0 - m * n / 2.0;
        let correction = if apart == 0.0 {
            0.0
        } else {
            0.5 * apart.signum()
        };
        let ties = tied(&ranks) / ((m + n) * (m + n - 1.0));
        let sigma = (m * n / 12.0 * (m + n + 1.0 - ties)).sqrt();
        (sigma > 0.0).then(|| (apart - correction) / sigma)
    }

    /// Where the rank sum crosses a quantile, or the end at which it is already beyond.
    fn bound(&self, quantile: f64, from: f64, to: f64) -> Option<f64> {
        if self.standardised(from)? <= quantile {
            return Some(from);
        }
        if self.standardised(to)? >= quantile {
            return Some(to);
        }
        self.crosses(quantile, from, to)
    }

    fn crosses(&self, quantile: f64, from: f64, to: f64) -> Option<f64> {
        root(from, to, |shift| Some(self.standardised(shift)? - quantile))
    }
}

/// A point of the search: where, and what the function is there.
#[derive(Clone, Copy)]
struct Point {
    at: f64,
    value: f64,
}

/// Brent's search for a zero between two points: a step by interpolation where that is safe, by
/// halving where it is not.
fn root(from: f64, to: f64, function: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let point = |at: f64| {
        Some(Point {
            at,
            value: function(at)?,
        })
    };
    let (mut last, mut best) = (point(from)?, point(to)?);
    if last.value == 0.0 {
        return Some(last.at);
    }
    // Always on the other side of the zero than `best`.
    let mut across = last;
    for _ in 0..MOST_STEPS {
        let before = best.at - last.at;
        if across.value.abs() < best.value.abs() {
            (last, best, across) = (best, across, best);
        }
        let least = 2.0 * f64::EPSILON * best.at.abs() + TOLERANCE / 2.0;
        let half = (across.at - best.at) / 2.0;
        if half.abs() <= least || best.value == 0.0 {
            break;
        }
        let helpful = before.abs() >= least && last.value.abs() > best.value.abs();
        let step = helpful
            .then(|| interpolate(last, best, across, before, least))
            .flatten()
            .unwrap_or(half);
        last = best;
        best = point(
            best.at
                + if step.abs() < least {
                    least.copysign(step)
                } else {
                    step
                },
        )?;
        if best.value * across.value > 0.0 {
            across = last;
        }
    }
    Some(best.at)
}

/// The step to where a line through two points, or an inverse parabola through three, is zero;
/// none when it leads too far.
fn interpolate(last: Point, best: Point, across: Point, before: f64, least: f64) -> Option<f64> {
    let wide = across.at - best.at;
    let (mut over, mut under) = if last.at == across.at {
        let slope = best.value / last.value;
        (wide * slope, 1.0 - slope)
    } else {
        let (q, r) = (last.value / across.value, best.value / across.value);
        let s = best.value / last.value;
        (
            s * (wide * q * (q - r) - (best.at - last.at) * (r - 1.0)),
            (q - 1.0) * (r - 1.0) * (s - 1.0),
        )
    };
    if over > 0.0 {
        under = -under;
    } else {
        over = -over;
    }
    let near = over < 0.75 * wide * under - (least * under).abs() / 2.0;
    (near && over < (before * under / 2.0).abs()).then(|| over / under)
}
