//! Page-Hinkley: a rise against the mean so far, without a history to begin with.
//!
//! Source: Page (1954) and Hinkley, "Inference about the change-point from cumulative sum tests"
//! (1971): `m` adds up `x - mean so far - slack`, the mean with the value itself; what counts is
//! `m` above the least it ever was.

use super::sample::{count, finite, usable};

/// `m - min(m)` after each value; a rise when it is beyond the alarm (lambda). For a fall, give
/// the values with their sign turned. None for values that mean nothing or a slack (delta) below 0.
pub fn page_hinkley(values: &[f64], slack: f64) -> Option<Vec<f64>> {
    if !usable(values) || slack.is_nan() || slack < 0.0 {
        return None;
    }
    let (mut mean, mut sum, mut least) = (0.0, 0.0, f64::INFINITY);
    values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            mean += (value - mean) / count(index + 1);
            sum += value - mean - slack;
            least = sum.min(least);
            finite(sum - least)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::near;
    use super::*;

    const VALUES: [f64; 9] = [10.0, 11.0, 10.0, 9.0, 10.0, 15.0, 16.0, 15.0, 16.0];

    #[test]
    fn a_rise_alarms_at_the_eighth_value() {
        let found = page_hinkley(&VALUES, 0.5).expect("an answer");
        let wanted = [0.0, 0.0, 0.0, 0.0, 0.0, 3.6667, 7.5952, 10.0952, 13.1508];
        for (found, wanted) in found.iter().zip(wanted) {
            near(*found, wanted);
        }
        assert_eq!(found.iter().position(|sum| *sum > 10.0), Some(7));
    }

    #[test]
    fn a_fall_is_a_rise_of_the_values_turned() {
        let turned: Vec<f64> = VALUES.iter().map(|value| 20.0 - value).collect();
        let rises = page_hinkley(&turned, 0.5).expect("an answer");
        assert!(rises.iter().all(|sum| *sum < 2.0), "{rises:?}");
        let turned: Vec<f64> = turned.iter().map(|value| -value).collect();
        near(page_hinkley(&turned, 0.5).expect("an answer")[7], 10.0952);
    }

    #[test]
    fn what_has_no_answer_is_none() {
        assert_eq!(page_hinkley(&[], 0.5), None);
        assert_eq!(page_hinkley(&[f64::NAN], 0.5), None);
        assert_eq!(page_hinkley(&VALUES, -1.0), None);
        assert_eq!(page_hinkley(&VALUES, f64::NAN), None);
        assert_eq!(page_hinkley(&[7.0], 0.5), Some(vec![0.0]));
    }
}
