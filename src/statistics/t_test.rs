//! Student's t of two samples.
//!
//! Source: Student (1908), with one variance pooled from both sides. Otava feeds the formula the
//! deviation of a population (divisor n), which makes t larger; both are here, under their names.

use super::distribution::t_above;
use super::sample::{count, finite, mean, squares};

/// What the deviation of a side is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divisor {
    /// n - 1, as Student does.
    Sample,
    /// n, as Hunter and Otava do.
    Population,
}

/// Two means, compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TTest {
    /// `(mean of the left - mean of the right) / its standard error`; infinite when neither side
    /// spreads and they differ.
    pub t: f64,
    /// How many values both sides have beyond two.
    pub freedom: usize,
    /// How likely means as far apart are when both sides are normal and the same, two-sided.
    pub p: f64,
}

/// Compares the means of two samples. None below three values together, for an empty side and for
/// values that are not finite.
pub fn t_test(left: &[f64], right: &[f64], divisor: Divisor) -> Option<TTest> {
    let apart = mean(left)? - mean(right)?;
    let freedom = (left.len() + right.len()).checked_sub(2)?;
    if freedom == 0 {
        return None;
    }
    let pooled = (weighed(left, divisor)? + weighed(right, divisor)?) / count(freedom);
    let error = (pooled * (1.0 / count(left.len()) + 1.0 / count(right.len()))).sqrt();
    if error == 0.0 {
        let (t, p) = if apart == 0.0 {
            (0.0, 1.0)
        } else {
            (apart * f64::INFINITY, 0.0)
        };
        return Some(TTest { t, freedom, p });
    }
    let t = finite(apart / error)?;
    let p = (2.0 * t_above(t.abs(), count(freedom))?).min(1.0);
    Some(TTest { t, freedom, p })
}

/// The variance of a side times n - 1.
fn weighed(side: &[f64], divisor: Divisor) -> Option<f64> {
    let squares = squares(side)?;
    Some(match divisor {
        Divisor::Sample => squares,
        Divisor::Population => squares * (count(side.len()) - 1.0) / count(side.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{close, near};
    use super::*;

    const LEFT: [f64; 5] = [10.0, 11.0, 10.0, 9.0, 10.0];
    const RIGHT: [f64; 5] = [15.0, 16.0, 15.0, 14.0, 15.0];

    #[test]
    fn student_and_otava_differ_by_their_divisor() {
        let student = t_test(&LEFT, &RIGHT, Divisor::Sample).expect("an answer");
        near(student.t, -11.1803);
        close(student.p, 3.669e-6);
        assert_eq!(student.freedom, 8);
        let otava = t_test(&LEFT, &RIGHT, Divisor::Population).expect("an answer");
        near(otava.t, -12.5);
        close(otava.p, 1.570e-6);
    }

    #[test]
    fn the_same_values_are_the_same() {
        let same = t_test(&LEFT, &LEFT, Divisor::Sample).expect("an answer");
        assert_eq!((same.t, same.p), (0.0, 1.0));
    }

    #[test]
    fn sides_without_a_spread_are_the_same_or_surely_not() {
        let same = t_test(&[0.1; 3], &[0.1; 4], Divisor::Sample).expect("an answer");
        assert_eq!((same.t, same.p), (0.0, 1.0));
        let other = t_test(&[1.0; 3], &[2.0], Divisor::Population).expect("an answer");
        assert_eq!((other.t, other.p), (f64::NEG_INFINITY, 0.0));
    }

    #[test]
    fn what_has_no_answer_is_none() {
        for (left, right) in [
            (&[][..], &RIGHT[..]),
            (&LEFT, &[]),
            (&[1.0], &[2.0]),
            (&[f64::NAN, 1.0], &RIGHT),
            (&LEFT, &[f64::INFINITY]),
        ] {
            assert_eq!(t_test(left, right, Divisor::Sample), None);
        }
    }
}
