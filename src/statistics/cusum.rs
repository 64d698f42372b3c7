//! CUSUM: adds up what is too much (or too little) until it cannot be chance; for values, and for
//! a stream of passes and failures.
//!
//! Source: Page, "Continuous Inspection Schemes" (1954); the weights of passes and failures are
//! those of Wald's sequential probability ratio test (1945).

use super::sample::{finite, is_probability, usable};

/// Twenty releases are the least that give `mean` and `deviation` of such a chart.
pub const LEAST: usize = 20;

/// What is usual, and what is let pass. `allowance` and the alarm are in standard deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chart {
    /// The mean of the history.
    pub mean: f64,
    /// Its standard deviation, above 0.
    pub deviation: f64,
    /// What each value may be off for nothing (k), half of the shift that is looked for.
    pub allowance: f64,
}

/// What has added up after one value, in standard deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// Of values above the mean.
    pub up: f64,
    /// Of values below the mean.
    pub down: f64,
}

impl Sums {
    /// Whether either sum is beyond the alarm (h).
    pub fn beyond(&self, alarm: f64) -> bool {
        self.up > alarm || self.down > alarm
    }
}

/// Walks over the values: `S+ = max(0, S+ + z - k)`, `S- = max(0, S- - z - k)` with
/// `z = (x - mean) / deviation`. None for values or a chart that mean nothing.
pub fn cusum(values: &[f64], chart: &Chart) -> Option<Vec<Sums>> {
    let sound =
        usable(values) && chart.mean.is_finite() && chart.deviation > 0.0 && chart.allowance >= 0.0;
    if !sound {
        return None;
    }
    let mut sums = Sums { up: 0.0, down: 0.0 };
    values
        .iter()
        .map(|value| {
            let z = finite((value - chart.mean) / chart.deviation)?;
            sums.up = (sums.up + z - chart.allowance).max(0.0);
            sums.down = (sums.down - z - chart.allowance).max(0.0);
            Some(sums)
        })
        .collect()
}

/// What a pass and a failure add to the sum of a stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Of a pass, below 0.
    pub pass: f64,
    /// Of a failure, above 0.
    pub fail: f64,
}

impl Weights {
    /// To tell a failure rate of `bad` from an acceptable one: `ln((1 - bad) / (1 - good))` and
    /// `ln(bad / good)`. None unless 0 < `good` < `bad` < 1.
    pub fn between(good: f64, bad: f64) -> Option<Self> {
        let sound = is_probability(good) && is_probability(bad) && good > 0.0 && bad < 1.0;
        (sound && good < bad).then(|| Self {
            pass: ((1.0 - bad) / (1.0 - good)).ln(),
            fail: (bad / good).ln(),
        })
    }
}

/// The sum after each attempt, `true` being a pass: `S = max(0, S + weight)`.
pub fn cusum_of_passes(passes: &[bool], weights: Weights) -> Vec<f64> {
    let mut sum = 0.0_f64;
    passes
        .iter()
        .map(|pass| {
            sum = (sum + if *pass { weights.pass } else { weights.fail }).max(0.0);
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_10;

    use super::super::sample::near;
    use super::*;

    const CHART: Chart = Chart {
        mean: 100.0,
        deviation: 2.0,
        allowance: 0.5,
    };
    const VALUES: [f64; 8] = [101.0, 99.0, 100.0, 103.0, 104.0, 105.0, 104.0, 106.0];

    #[test]
    fn a_small_shift_that_lasts_alarms_at_the_sixth_value() {
        let sums = cusum(&VALUES, &CHART).expect("an answer");
        let wanted = [0.0, 0.0, 0.0, 1.0, 2.5, 4.5, 6.0, 8.5];
        for (sum, wanted) in sums.iter().zip(wanted) {
            near(sum.up, wanted);
        }
        assert_eq!(sums.iter().position(|sum| sum.beyond(4.0)), Some(5));
    }

    #[test]
    fn it_alarms_downwards_too() {
        let down: Vec<f64> = VALUES.iter().map(|value| 200.0 - value).collect();
        let sums = cusum(&down, &CHART).expect("an answer");
        near(sums[7].down, 8.5);
        assert_eq!(sums.iter().position(|sum| sum.beyond(4.0)), Some(5));
    }

    #[test]
    fn failures_add_up_and_passes_take_away() {
        let weights = Weights::between(0.01, 0.10).expect("an answer");
        near(weights.pass, -0.095_310);
        // ln 10 = 2.302585.
        near(weights.fail, LN_10);
        let mut passes = vec![true; 13];
        for failure in [0, 11, 12] {
            passes[failure] = false;
        }
        let sums = cusum_of_passes(&passes, weights);
        near(sums[0], LN_10);
        near(sums[10], 1.3495);
        near(sums[11], 3.6521);
        near(sums[12], 5.9547);
        assert_eq!(sums.iter().position(|sum| *sum > 4.5), Some(12));
        assert_eq!(cusum_of_passes(&[true; 3], weights), [0.0; 3]);
    }

    #[test]
    fn the_weights_of_the_other_pairs() {
        for (good, bad, pass, fail) in [
            (0.01, 0.05, -0.041_243, 1.609_438),
            (0.02, 0.20, -0.202_941, LN_10),
            (0.005, 0.05, -0.046_281, LN_10),
            (0.001, 0.01, -0.009_050, LN_10),
        ] {
            let weights = Weights::between(good, bad).expect("an answer");
            near(weights.pass, pass);
            near(weights.fail, fail);
        }
    }

    #[test]
    fn what_has_no_answer_is_none() {
        assert_eq!(cusum(&[], &CHART), None);
        assert_eq!(cusum(&[1.0, f64::INFINITY], &CHART), None);
        for chart in [
            Chart {
                deviation: 0.0,
                ..CHART
            },
            Chart {
                mean: f64::NAN,
                ..CHART
            },
            Chart {
                allowance: -0.1,
                ..CHART
            },
        ] {
            assert_eq!(cusum(&VALUES, &chart), None, "{chart:?}");
        }
        for (good, bad) in [
            (0.0, 0.1),
            (0.1, 0.1),
            (0.2, 0.1),
            (0.1, 1.0),
            (f64::NAN, 0.5),
        ] {
            assert_eq!(Weights::between(good, bad), None, "{good} {bad}");
        }
        assert!(
            cusum_of_passes(
                &[],
                Weights {
                    pass: -1.0,
                    fail: 1.0
                }
            )
            .is_empty()
        );
    }
}
