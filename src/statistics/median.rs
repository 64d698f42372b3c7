//! Median and MAD: what is usual, told by values of which up to half may be nonsense.
//!
//! Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993): the modified z score,
//! its cut at 3.5, and the mean absolute deviation when more than half of the values are equal.

use super::sample::{finite, mean, sorted};

/// MAD of a normal sample = 0.6745 of its standard deviation.
pub const NORMAL_SHARE: f64 = 0.6745;
/// The standard deviation of a normal sample = 1.4826 of its MAD.
pub const FROM_MEDIAN_DEVIATION: f64 = 1.4826;
/// The standard deviation of a normal sample = 1.2533 of its mean absolute deviation.
pub const FROM_MEAN_DEVIATION: f64 = 1.2533;
/// A modified z score beyond this is an outlier.
pub const CUT: f64 = 3.5;

/// From how many values on which cut flags 0.27 % of normal noise, as three standard deviations
/// promise. Counted: of 1,000,000 histories of normal values, seed 8, with one more value each, the
/// score that 0.27 % exceed; its last digit but one is sure.
const QUIET: [(usize, f64); 9] = [
    (10, 6.86),
    (12, 6.01),
    (14, 5.40),
    (17, 4.97),
    (20, 4.49),
    (25, 4.16),
    (30, 3.91),
    (40, 3.65),
    (50, CUT),
];

/// The cut that flags at most 0.27 % of normal noise against `n` values, where [`CUT`] flags 3.3 %
/// of it against 10 and 1 % against 20: for a gate that must not cry wolf. Never below [`CUT`];
/// none below 10 values, where the prediction interval judges.
pub fn quiet_cut(n: usize) -> Option<f64> {
    let enough = QUIET.iter().rev().find(|(least, _)| *least <= n);
    enough.map(|(_, cut)| *cut)
}

/// What a modified z score was measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The median absolute deviation.
    MedianDeviation,
    /// The mean absolute deviation: more than half of the history is one value.
    MeanDeviation,
}

/// Where a history lies and how far it spreads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// It spreads: `score = (value - center) / unit`.
    Wide {
        /// The median, in the unit of the values.
        center: f64,
        /// What one step of the score is, in the unit of the values; above 0.
        unit: f64,
        /// What `unit` comes from.
        scale: Scale,
    },
    /// Every value of it is the same one, so that no score exists.
    Constant {
        /// That value.
        center: f64,
    },
}

/// The middle value, or the mean of the two middle ones; none of an empty or not finite sample.
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values)?;
    let middle = sorted.len() / 2;
    Some(if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    })
}

/// The median of the distances to the median (MAD).
pub fn median_deviation(values: &[f64]) -> Option<f64> {
    median(&distances(values)?)
}

/// The mean of the distances to the median.
pub fn mean_deviation(values: &[f64]) -> Option<f64> {
    mean(&distances(values)?)
}

fn distances(values: &[f64]) -> Option<Vec<f64>> {
    let center = median(values)?;
    Some(values.iter().map(|value| (value - center).abs()).collect())
}

/// Where a history lies and how far it spreads; none of an empty or not finite one.
pub fn spread(history: &[f64]) -> Option<Spread> {
    let center = median(history)?;
    let by_median = median_deviation(history)? / NORMAL_SHARE;
    let (unit, scale) = if by_median > 0.0 {
        (by_median, Scale::MedianDeviation)
    } else {
        let by_mean = mean_deviation(history)? * FROM_MEAN_DEVIATION;
        (by_mean, Scale::MeanDeviation)
    };
    // Equal values have a unit of 0; those that differ by less than a float can divide by are the
    // same for this question.
    if unit < f64::MIN_POSITIVE {
        return Some(Spread::Constant { center });
    }
    finite(unit).map(|unit| Spread::Wide {
        center,
        unit,
        scale,
    })
}

/// The modified z score of a value that is not part of the history: `0.6745 (x - median) / MAD`,
/// by the mean absolute deviation when MAD is 0. None when the history is constant too: then only
/// a floor can say whether the value is another one.
pub fn modified_z(history: &[f64], value: f64) -> Option<f64> {
    match spread(history)? {
        Spread::Wide { center, unit, .. } => finite((value - center) / unit),
        Spread::Constant { .. } => None,
    }
}

/// One value per group, the median of its repeats, in the order in which groups first appear: so
/// that a release that ran often does not outweigh one that ran once. Not finite values are left
/// out, and a group of nothing else with them.
pub fn one_per_group<K: PartialEq + Clone>(values: &[(K, f64)]) -> Vec<(K, f64)> {
    let mut groups: Vec<(K, Vec<f64>)> = Vec::new();
    for (key, value) in values.iter().filter(|(_, value)| value.is_finite()) {
        match groups.iter_mut().find(|(known, _)| known == key) {
            Some((_, repeats)) => repeats.push(*value),
            None => groups.push((key.clone(), vec![*value])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(key, repeats)| median(&repeats).map(|value| (key, value)))
        .collect()
}

#[cfg(test)]
mod tests;
