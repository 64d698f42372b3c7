//! What a shift comes to: it regressed, it is still the same, or there is too little to say.
//!
//! Source: two one-sided tests, Schuirmann (1987): "still the same" is something to be shown, and
//! is shown when the whole interval lies within what is tolerated. That a difference is not
//! significant shows nothing.

use super::shift::Shift;

/// Which way a number gets worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worse {
    /// Greater is worse, as of durations and failures.
    Greater,
    /// Smaller is worse, as of revenue.
    Smaller,
    /// Any change is.
    Either,
}

/// What a shift comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is surely not 0, and its estimate is beyond what is tolerated, the wrong way.
    Regressed,
    /// The same the right way.
    Improved,
    /// It is surely within what is tolerated.
    Equivalent,
    /// Neither can be said: measure more.
    Inconclusive,
}

/// Decides by the interval of a shift: at a level of 5 %, ask for one with a confidence of 90 % to
/// show equivalence and of 95 % to show a regression. `tolerance` is the greatest shift either way
/// that does not matter, in the unit of the values. A shift less sure than `confidence` is
/// inconclusive, as is anything that is not finite or a tolerance below 0.
pub fn decide(shift: &Shift, tolerance: f64, worse: Worse, confidence: f64) -> Decision {
    let finite = [shift.low, shift.estimate, shift.high, tolerance]
        .iter()
        .all(|value| value.is_finite());
    let sure = shift.confidence >= confidence;
    if !finite || !sure || tolerance < 0.0 || shift.low > shift.high {
        return Decision::Inconclusive;
    }
    if -tolerance <= shift.low && shift.high <= tolerance {
        return Decision::Equivalent;
    }
    let greater = shift.low > 0.0 && shift.estimate > tolerance;
    let smaller = shift.high < 0.0 && shift.estimate < -tolerance;
    if !greater && !smaller {
        return Decision::Inconclusive;
    }
    match worse {
        Worse::Greater if smaller => Decision::Improved,
        Worse::Smaller if greater => Decision::Improved,
        Worse::Greater | Worse::Smaller | Worse::Either => Decision::Regressed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::shift::hodges_lehmann;
    use super::*;

    fn shift(low: f64, estimate: f64, high: f64) -> Shift {
        Shift {
            estimate,
            low,
            high,
            confidence: 0.95,
        }
    }

    fn decided(low: f64, estimate: f64, high: f64) -> Decision {
        decide(&shift(low, estimate, high), 1.0, Worse::Greater, 0.95)
    }

    #[test]
    fn a_regression_is_both_significant_and_large() {
        assert_eq!(decided(0.5, 1.5, 2.5), Decision::Regressed);
        // Significant, and too small to matter for sure.
        assert_eq!(decided(0.5, 0.8, 1.5), Decision::Inconclusive);
        // Large, and perhaps chance.
        assert_eq!(decided(-0.5, 1.5, 3.5), Decision::Inconclusive);
        assert_eq!(decided(0.0, 1.5, 3.5), Decision::Inconclusive);
    }

    #[test]
    fn the_same_is_shown_by_the_whole_interval() {
        assert_eq!(decided(-0.9, 0.0, 0.9), Decision::Equivalent);
        assert_eq!(decided(0.1, 0.5, 0.9), Decision::Equivalent);
        assert_eq!(decided(-1.0, 0.0, 1.0), Decision::Equivalent);
        assert_eq!(decided(-1.1, 0.0, 0.9), Decision::Inconclusive);
        // Nothing is tolerated, and nothing moved.
        let still = shift(0.0, 0.0, 0.0);
        assert_eq!(
            decide(&still, 0.0, Worse::Either, 0.95),
            Decision::Equivalent
        );
    }

    #[test]
    fn the_other_way_is_an_improvement_unless_any_way_is_worse() {
        let better = shift(-3.0, -2.0, -1.5);
        let decide = |shift, worse| decide(shift, 1.0, worse, 0.95);
        assert_eq!(decide(&better, Worse::Greater), Decision::Improved);
        assert_eq!(decide(&better, Worse::Smaller), Decision::Regressed);
        assert_eq!(decide(&better, Worse::Either), Decision::Regressed);
        let more = shift(1.5, 2.0, 3.0);
        assert_eq!(decide(&more, Worse::Smaller), Decision::Improved);
    }

    #[test]
    fn too_few_values_decide_nothing() {
        let few = hodges_lehmann(&[1.0, 2.0, 3.0], &[11.0, 12.0, 13.0], 0.95).expect("an answer");
        assert_eq!(
            decide(&few, 1.0, Worse::Greater, 0.95),
            Decision::Inconclusive
        );
        let more = hodges_lehmann(&[1.0, 2.0, 3.0, 4.0], &[11.0, 12.0, 13.0, 14.0], 0.95)
            .expect("an answer");
        assert_eq!(
            decide(&more, 1.0, Worse::Greater, 0.95),
            Decision::Regressed
        );
    }

    #[test]
    fn what_means_nothing_decides_nothing() {
        for bad in [
            shift(f64::NAN, 2.0, 3.0),
            shift(1.0, f64::INFINITY, 3.0),
            shift(3.0, 2.0, 1.0),
        ] {
            assert_eq!(
                decide(&bad, 1.0, Worse::Either, 0.95),
                Decision::Inconclusive
            );
        }
        let fine = shift(-0.1, 0.0, 0.1);
        for tolerance in [-1.0, f64::NAN] {
            assert_eq!(
                decide(&fine, tolerance, Worse::Either, 0.95),
                Decision::Inconclusive
            );
        }
    }
}
