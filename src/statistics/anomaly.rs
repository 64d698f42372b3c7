//! One new value against a history with one value per release: is it one of them?
//!
//! Which rule answers depends on how much there is to compare with: below 5 values none, from 5 on
//! the prediction interval, which warns at most, from 10 on median and MAD, which may fail a gate.
//! A history of one value only has a rule of its own. Nothing is flagged that stays within both
//! floors, so that a history that happens to be quiet does not make an alarm of nothing.

use super::interval;
use super::median::{self, Spread};
use super::sample::usable;

/// Fewer values than this are only observed.
pub const JUDGE_FROM: usize = 5;
/// From this many values on an alarm may fail a gate.
pub const FAIL_FROM: usize = 10;

/// What a change has to exceed before it counts at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Changes up to this are none, in the unit of the values; finite and not below 0.
    pub absolute: f64,
    /// Changes up to this share of the expected value are none; finite and not below 0. A constant
    /// history knows no noise, and asks for the absolute floor only.
    pub relative: f64,
    /// Whether values are compared by their logarithm, as latencies are: twice as long and half as
    /// long are equally far. Where a value of the history or the new one is not above 0, they are
    /// compared as they are.
    pub logarithmic: bool,
    /// The modified z score from which on median and MAD flag a value, above 0: [`median::CUT`], or
    /// [`median::quiet_cut`] for few false alarms on short histories.
    pub cut: f64,
}

impl Rule {
    /// For counts: any whole step is a change.
    pub const COUNTS: Self = Self {
        absolute: 0.5,
        relative: 0.0,
        logarithmic: false,
        cut: median::CUT,
    };
    /// For durations in milliseconds: 15 ms and 10 %, on the scale of logarithms.
    pub const MILLISECONDS: Self = Self {
        absolute: 15.0,
        relative: 0.1,
        logarithmic: true,
        cut: median::CUT,
    };

    fn sound(&self) -> bool {
        let floor = |floor: f64| floor.is_finite() && floor >= 0.0;
        floor(self.absolute) && floor(self.relative) && self.cut > 0.0
    }
}

/// Which rule flagged a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Median and MAD. The score is the modified z score.
    Mad,
    /// The prediction interval. The score is in standard deviations of a new value.
    Interval,
    /// The history is one value only. The score is the change itself.
    Constant,
}

/// What a value is, next to its history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Judgement {
    /// One of them.
    Unremarkable(Expected),
    /// Too short a history to say.
    NotEnough {
        /// How many values there are.
        have: usize,
        /// How many there have to be.
        need: usize,
    },
    /// Not one of them.
    Flagged {
        /// Which rule says so.
        how: How,
        /// How far it is off, above 0 when it is too great; see [`How`] for the unit.
        score: f64,
        /// What was expected instead.
        expected: Expected,
        /// Whether the history is long enough for this to fail a gate.
        may_fail: bool,
    },
    /// A value or a floor is not finite, or a floor is below 0: there is nothing to compare.
    Unusable,
}

/// What a history leads one to expect, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The value in the middle: median, mean (of logarithms, where they are compared), or the one
    /// value there is.
    pub value: f64,
    /// Smaller values are flagged.
    pub low: f64,
    /// Greater values are flagged.
    pub high: f64,
}

/// Judges one new value by its history, which must not contain it: one value per release, in any
/// order (see [`median::one_per_group`]).
pub fn judge(history: &[f64], value: f64, rule: &Rule) -> Judgement {
    let known = history.iter().all(|value| value.is_finite());
    if !rule.sound() || !value.is_finite() || !known {
        return Judgement::Unusable;
    }
    if history.len() < JUDGE_FROM {
        return Judgement::NotEnough {
            have: history.len(),
            need: JUDGE_FROM,
        };
    }
    let Some(Measured {
        how,
        expected,
        score,
    }) = measure(history, value, rule)
    else {
        return Judgement::Unusable;
    };
    if expected.low <= value && value <= expected.high {
        return Judgement::Unremarkable(expected);
    }
    Judgement::Flagged {
        how,
        score,
        expected,
        may_fail: history.len() >= FAIL_FROM,
    }
}

struct Measured {
    how: How,
    expected: Expected,
    score: f64,
}

/// Center and unit of a history, on the scale that is compared.
struct Located {
    how: How,
    center: f64,
    unit: f64,
    most: f64,
}

fn measure(history: &[f64], value: f64, rule: &Rule) -> Option<Measured> {
    let positive = value > 0.0 && history.iter().all(|value| *value > 0.0);
    if !(rule.logarithmic && positive) {
        return on_scale(history, value, rule, |x| x, |x| x);
    }
    let logarithms: Vec<f64> = history.iter().map(|value| value.ln()).collect();
    // A constant history says its value to the last bit, which exp(ln(x)) does not.
    if super::sample::constant(history) {
        return on_scale(history, value, rule, |x| x, |x| x);
    }
    on_scale(&logarithms, value, rule, f64::ln, f64::exp)
}

/// Measures a value against a history that is already on its scale.
fn on_scale(
    history: &[f64],
    value: f64,
    rule: &Rule,
    to: fn(f64) -> f64,
    from: fn(f64) -> f64,
) -> Option<Measured> {
    let located = locate(history, rule.cut)?;
    let middle = from(located.center);
    if matches!(located.how, How::Constant) {
        return Some(Measured {
            how: How::Constant,
            expected: Expected {
                value: middle,
                low: middle - rule.absolute,
                high: middle + rule.absolute,
            },
            score: value - middle,
        });
    }
    let reach = located.most * located.unit;
    let floor = rule.absolute.max(rule.relative * middle.abs());
    let expected = Expected {
        value: middle,
        low: from(located.center - reach).min(middle - floor),
        high: from(located.center + reach).max(middle + floor),
    };
    let score = (to(value) - located.center) / located.unit;
    usable(&[expected.low, middle, expected.high, score]).then_some(Measured {
        how: located.how,
        expected,
        score,
    })
}

/// The rule that a history is long enough for.
fn locate(history: &[f64], cut: f64) -> Option<Located> {
    let (center, unit) = match median::spread(history)? {
        Spread::Constant { center } => {
            return Some(Located {
                how: How::Constant,
                center,
                unit: 0.0,
                most: 0.0,
            });
        }
        Spread::Wide { center, unit, .. } => (center, unit),
    };
    if history.len() >= FAIL_FROM {
        return Some(Located {
            how: How::Mad,
            center,
            unit,
            most: cut,
        });
    }
    let interval = interval::prediction(history)?;
    Some(Located {
        how: How::Interval,
        center: interval.mean,
        unit: interval.unit,
        most: interval.most,
    })
}

#[cfg(test)]
mod noise;
#[cfg(test)]
mod tests;
