//! EWMA: a moving mean that forgets, for small shifts that last.
//!
//! Source: Roberts, "Control Chart Tests Based on Geometric Moving Averages" (1959), with the
//! limits that start narrow and widen as in the NIST handbook, 6.3.2.4.

use super::sample::{finite, usable};

/// Twenty releases are the least that give `mean` and `deviation` of such a chart.
pub const LEAST: usize = 20;

/// What is usual, and how the chart looks at it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chart {
    /// The mean of the history.
    pub mean: f64,
    /// Its standard deviation, above 0.
    pub deviation: f64,
    /// The weight of a new value, above 0 and at most 1.
    pub weight: f64,
    /// How many standard deviations of the moving mean are usual, above 0.
    pub width: f64,
}

/// One value, as the chart sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The moving mean after this value.
    pub smoothed: f64,
    /// The smallest moving mean that is usual here.
    pub low: f64,
    /// The greatest moving mean that is usual here.
    pub high: f64,
}

impl Point {
    /// Whether the moving mean left what is usual.
    pub fn alarms(&self) -> bool {
        self.smoothed < self.low || self.smoothed > self.high
    }
}

/// Walks over the values: `z = weight x + (1 - weight) z` from the mean on, limits
/// `mean +- width deviation sqrt(weight / (2 - weight) (1 - (1 - weight)^(2t)))`. None for values
/// or a chart that mean nothing.
pub fn ewma(values: &[f64], chart: &Chart) -> Option<Vec<Point>> {
    let sound = usable(values)
        && chart.mean.is_finite()
        && chart.deviation > 0.0
        && chart.width > 0.0
        && chart.weight > 0.0
        && chart.weight <= 1.0;
    if !sound {
        return None;
    }
    let keep = 1.0 - chart.weight;
    let mut smoothed = chart.mean;
    let mut kept = 1.0;
    values
        .iter()
        .map(|value| {
            smoothed = finite(chart.weight * value + keep * smoothed)?;
            kept *= keep * keep;
            let share = chart.weight / (2.0 - chart.weight) * (1.0 - kept);
            let reach = finite(chart.width * chart.deviation * share.sqrt())?;
            Some(Point {
                smoothed,
                low: chart.mean - reach,
                high: chart.mean + reach,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::near;
    use super::*;

    const CHART: Chart = Chart {
        mean: 100.0,
        deviation: 2.0,
        weight: 0.2,
        width: 3.0,
    };
    const VALUES: [f64; 8] = [101.0, 99.0, 100.0, 103.0, 104.0, 105.0, 104.0, 106.0];

    #[test]
    fn a_small_shift_that_lasts_alarms_at_the_sixth_value() {
        let points = ewma(&VALUES, &CHART).expect("an answer");
        let wanted = [
            100.2, 99.96, 99.968, 100.5744, 101.2595, 102.0076, 102.4061, 103.1249,
        ];
        for (point, wanted) in points.iter().zip(wanted) {
            near(point.smoothed, wanted);
        }
        near(points[5].high, 101.9301);
        assert_eq!(points.iter().position(Point::alarms), Some(5));
    }

    #[test]
    fn it_alarms_downwards_too() {
        let down: Vec<f64> = VALUES.iter().map(|value| 200.0 - value).collect();
        let points = ewma(&down, &CHART).expect("an answer");
        assert_eq!(points.iter().position(Point::alarms), Some(5));
    }

    #[test]
    fn what_has_no_answer_is_none() {
        assert_eq!(ewma(&[], &CHART), None);
        assert_eq!(ewma(&[f64::NAN], &CHART), None);
        for chart in [
            Chart {
                deviation: 0.0,
                ..CHART
            },
            Chart {
                deviation: f64::NAN,
                ..CHART
            },
            Chart {
                mean: f64::INFINITY,
                ..CHART
            },
            Chart {
                weight: 0.0,
                ..CHART
            },
            Chart {
                weight: 1.5,
                ..CHART
            },
            Chart {
                width: -1.0,
                ..CHART
            },
        ] {
            assert_eq!(ewma(&VALUES, &chart), None, "{chart:?}");
        }
    }
}
