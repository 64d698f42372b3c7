//! Whether two releases have the same split of cohorts: chi-square of homogeneity over a table of
//! two rows (Pearson 1900).

use super::distribution::chi_square_above;

/// How probable a difference as large is if both columns of counts come from one split. `pairs`
/// holds one pair of counts per cohort; a cohort that both lack counts for nothing. None where there
/// are fewer than two cohorts, or nobody on a side.
pub fn homogeneity(pairs: &[(u64, u64)]) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of people are far below 2^53"
    )]
    let number = |count: u64| count as f64;
    let pairs: Vec<(f64, f64)> = pairs
        .iter()
        .filter(|(one, other)| *one > 0 || *other > 0)
        .map(|(one, other)| (number(*one), number(*other)))
        .collect();
    let (one, other): (f64, f64) = pairs
        .iter()
        .fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    if pairs.len() < 2 || one == 0.0 || other == 0.0 {
        return None;
    }
    let cell = |count: f64, row: f64, column: f64| {
        let expected = row * column / (one + other);
        (count - expected).powi(2) / expected
    };
    let statistic: f64 = pairs
        .iter()
        .map(|pair| {
            let row = pair.0 + pair.1;
            cell(pair.0, row, one) + cell(pair.1, row, other)
        })
        .sum();
    let freedom = u32::try_from(pairs.len() - 1).ok()?;
    chi_square_above(statistic, f64::from(freedom))
}

#[cfg(test)]
mod tests {
    use super::homogeneity;

    #[test]
    fn two_splits_are_held_against_each_other() {
        // 43 and 9 against 44 and 4: x2 = 1.7774 with one degree of freedom.
        let p = homogeneity(&[(43, 44), (9, 4)]).expect("a table");
        assert!((p - 0.1825).abs() < 5e-4, "{p}");
        let same = homogeneity(&[(500, 50), (500, 50)]).expect("a table");
        assert!((same - 1.0).abs() < 1e-9, "{same}");
        let skewed = homogeneity(&[(5_200, 5_000), (4_800, 5_000)]).expect("a table");
        // x2 = 8.0032.
        assert!((skewed - 0.00467).abs() < 5e-5, "{skewed}");
        assert_eq!(homogeneity(&[(3, 4)]), None);
        assert_eq!(homogeneity(&[(3, 0), (4, 0)]), None);
    }
}
