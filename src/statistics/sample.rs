//! Mean and spread of a sample, written so that equal values have no spread at all.

/// Whether there is at least one value and every value is finite.
pub fn usable(values: &[f64]) -> bool {
    !values.is_empty() && values.iter().all(|value| value.is_finite())
}

/// Whether there is at least one value and all are equal.
pub fn constant(values: &[f64]) -> bool {
    usable(values) && values.windows(2).all(|pair| pair[0] == pair[1])
}

/// The arithmetic mean; none of an empty or not finite sample, or when the sum overflows.
pub fn mean(values: &[f64]) -> Option<f64> {
    if !usable(values) {
        return None;
    }
    // Taken from the first value on: the mean of equal values is that value to the last bit.
    let first = values[0];
    let rest: f64 = values.iter().map(|value| value - first).sum();
    finite(first + rest / count(values.len()))
}

/// The standard deviation of a sample, divisor n - 1; none below two values.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let squares = squares(values)?;
    (values.len() >= 2)
        .then(|| (squares / count(values.len() - 1)).sqrt())
        .and_then(finite)
}

/// The standard deviation of a whole population, divisor n; 0 for a single value.
pub fn population_deviation(values: &[f64]) -> Option<f64> {
    finite((squares(values)? / count(values.len())).sqrt())
}

/// The sum of squared distances to the mean.
pub(super) fn squares(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    finite(values.iter().map(|value| (value - mean).powi(2)).sum())
}

/// The values from small to large; none when one of them is not finite or there are none.
pub fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    usable(values).then(|| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted
    })
}

/// A value that means something, or nothing.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A number of things as what one divides by.
pub(super) fn count(length: usize) -> f64 {
    length as f64
}

/// A count as a number.
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

/// Whether a value is a probability.
pub(super) fn is_probability(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

#[cfg(test)]
pub(super) fn near(found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 1e-4,
        "found {found}, wanted {wanted}"
    );
}

/// For values so small that 1e-4 would hold anything: within a thousandth of the value itself.
#[cfg(test)]
pub(super) fn close(found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 1e-3 * wanted.abs(),
        "found {found}, wanted {wanted}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_no_spread_to_the_last_bit() {
        let values = [0.1; 7];
        assert_eq!(mean(&values), Some(0.1));
        assert_eq!(deviation(&values), Some(0.0));
        assert_eq!(population_deviation(&values), Some(0.0));
        assert!(constant(&values));
        assert!(!constant(&[0.1, 0.2]));
    }

    #[test]
    fn the_two_deviations_differ_by_their_divisor() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&values), Some(5.0));
        assert_eq!(population_deviation(&values), Some(2.0));
        near(
            deviation(&values).expect("an answer"),
            (32.0_f64 / 7.0).sqrt(),
        );
    }

    #[test]
    fn what_has_no_answer_is_none() {
        for values in [
            &[][..],
            &[f64::NAN],
            &[1.0, f64::INFINITY],
            &[f64::MAX, -f64::MAX],
        ] {
            assert_eq!(deviation(values), None, "{values:?}");
        }
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[f64::NAN, 1.0]), None);
        assert!(!constant(&[]));
        assert_eq!(deviation(&[3.0]), None);
        assert_eq!(population_deviation(&[3.0]), Some(0.0));
        assert_eq!(sorted(&[1.0, f64::NAN]), None);
        assert_eq!(sorted(&[2.0, -1.0]), Some(vec![-1.0, 2.0]));
    }
}
