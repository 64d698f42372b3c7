use super::super::sample::{close, near};
use super::*;

#[test]
fn fisher_says_what_the_table_says() {
    for (k1, n1, n2, wanted) in [
        (3, 50, 50, 0.242_424),
        (5, 50, 50, 0.05628),
        (6, 50, 50, 0.026_661),
        (4, 20, 20, 0.10603),
        (5, 20, 20, 0.047_124),
        (5, 10, 10, 0.03251),
    ] {
        near(fisher(k1, n1, 0, n2).expect("an answer"), wanted);
        close(fisher(k1, n1, 0, n2).expect("an answer"), wanted);
        // Neither the order of the sides nor what one calls a hit matters.
        close(fisher(0, n2, k1, n1).expect("an answer"), wanted);
        close(fisher(n1 - k1, n1, n2, n2).expect("an answer"), wanted);
        assert_eq!(two_rates(k1, n1, 0, n2), fisher(k1, n1, 0, n2));
    }
}

#[test]
fn the_tails_say_what_the_table_says() {
    close(poisson_at_least(12, 5.0).expect("an answer"), 0.005_453);
    close(poisson_at_most(0, 5.0).expect("an answer"), 0.006_738);
    close(
        binomial_at_least(8, 200, 0.01).expect("an answer"),
        0.001_012_6,
    );
    near(
        binomial_at_most(7, 200, 0.01).expect("an answer"),
        1.0 - 0.001_012_6,
    );
}

#[test]
fn a_split_of_cohorts_says_what_the_table_says() {
    let even = [0.5, 0.5];
    let fine = split(&[5050, 4950], &even).expect("an answer");
    near(fine.statistic, 1.0);
    near(fine.p, 0.31731);
    assert!(fine.p > SPLIT_ALARM);
    let skewed = split(&[5200, 4800], &even).expect("an answer");
    near(skewed.statistic, 16.0);
    close(skewed.p, 6.334e-5);
    assert!(skewed.p < SPLIT_ALARM);
    // Shares are of any unit, and there may be more than two.
    assert_eq!(
        split(&[5050, 4950], &[1.0, 1.0]).expect("an answer").p,
        fine.p
    );
    near(
        split(&[90, 10, 100], &[45.0, 5.0, 50.0])
            .expect("an answer")
            .p,
        1.0,
    );
}

#[test]
fn a_thin_split_of_two_is_judged_exactly() {
    let thin = split(&[4, 0], &[1.0, 1.0]).expect("an answer");
    near(thin.thinnest, 2.0);
    near(thin.p, 0.125);
}

/// Adds up every outcome that is at most as likely, one by one.
fn by_hand(likelihoods: &[f64], k: usize) -> f64 {
    let seen = likelihoods[k] * SAME;
    likelihoods.iter().filter(|one| **one <= seen).sum()
}

#[test]
fn two_sided_is_the_sum_of_all_that_is_at_most_as_likely() {
    for (n, p) in [
        (1, 0.5),
        (7, 0.5),
        (8, 0.5),
        (15, 0.1),
        (40, 0.93),
        (200, 0.01),
    ] {
        let chances = binomial(n, p).expect("an answer");
        let all: Vec<f64> = (0..=n).map(|k| chances.exactly(k)).collect();
        for k in 0..=n {
            let found = two_sided_binomial(k, n, p).expect("an answer");
            let wanted = by_hand(&all, usize::try_from(k).expect("an answer"));
            assert!((found - wanted).abs() < 1e-9, "{k} of {n} at {p}: {found}");
        }
    }
    for expected in [0.3, 1.0, 5.0, 24.2] {
        let chances = poisson(expected).expect("an answer");
        let all: Vec<f64> = (0..400).map(|k| chances.exactly(k)).collect();
        for k in 0..60 {
            let found = two_sided_poisson(k, expected).expect("an answer");
            let wanted = by_hand(&all, usize::try_from(k).expect("an answer"));
            assert!((found - wanted).abs() < 1e-9, "{k} at {expected}: {found}");
        }
    }
}

#[test]
fn a_false_alarm_is_no_more_frequent_than_said() {
    for alarm in [0.05, 0.01, 0.0027] {
        let chances = binomial(50, 0.3).expect("an answer");
        let rate: f64 = (0..=50)
            .filter(|k| two_sided_binomial(*k, 50, 0.3).expect("an answer") < alarm)
            .map(|k| chances.exactly(k))
            .sum();
        assert!(rate <= alarm && rate > alarm / 10.0, "{alarm}: {rate}");
        let chances = poisson(12.0).expect("an answer");
        let rate: f64 = (0..200)
            .filter(|k| two_sided_poisson(*k, 12.0).expect("an answer") < alarm)
            .map(|k| chances.exactly(k))
            .sum();
        assert!(rate <= alarm && rate > alarm / 10.0, "{alarm}: {rate}");
    }
}

#[test]
fn large_counts_are_still_right() {
    // The median of a symmetric binomial, and of a Poisson, by the normal they have become.
    for n in [10_000_u64, 1_000_000, 100_000_000] {
        let half = binomial_at_most(n / 2, n, 0.5).expect("an answer");
        let wanted = 0.5 + 0.5 * binomial(n, 0.5).expect("an answer").exactly(n / 2);
        assert!((half - wanted).abs() < 1e-4, "{n}: {half}");
        let three = n / 2 + 3 * n.isqrt() / 2;
        let tail = binomial_at_least(three, n, 0.5).expect("an answer");
        assert!((tail - 0.00135).abs() < 1e-4, "{n}: {tail}");
        let tail = poisson_at_least(n + 3 * n.isqrt(), number(n)).expect("an answer");
        assert!((tail - 0.00135).abs() < 1e-4, "{n}: {tail}");
        near(two_sided_poisson(n, number(n)).expect("an answer"), 1.0);
    }
    // Where Fisher ends and the normal begins, both say the same.
    let normal = two_rates(120_000, 240_000, 119_000, 240_000).expect("an answer");
    close(normal, 0.003_928);
    close(
        fisher(120_000, 240_000, 119_000, 240_000).expect("an answer"),
        normal,
    );
    // Few hits stay exact however many attempts there were: 2^-20 on either side.
    close(
        two_rates(0, 5_000_000_000, 20, 5_000_000_000).expect("an answer"),
        2.0 * 0.5_f64.powi(20),
    );
    assert_eq!(two_rates(0, 60_000, 0, 60_000), Some(1.0));
    let endless = u64::MAX / 4;
    near(
        two_rates(endless / 2, endless, endless / 2, endless).expect("an answer"),
        1.0,
    );
    assert_eq!(fisher(endless / 2, endless, endless / 2, endless), None);
    near(
        two_sided_binomial(endless / 2, endless, 0.5).expect("an answer"),
        1.0,
    );
    let three = 500_000_000_000_000 + 3 * 15_811_388;
    near(
        two_sided_binomial(three, 1_000_000_000_000_000, 0.5).expect("an answer"),
        0.0027,
    );
}

#[test]
fn two_counts_are_compared_by_what_they_were_exposed_to() {
    near(two_poisson(10, 1.0, 10, 1.0).expect("an answer"), 1.0);
    near(two_poisson(10, 1.0, 20, 2.0).expect("an answer"), 1.0);
    // As 12 of 15 heads of a fair coin.
    near(
        two_poisson(12, 60.0, 3, 60.0).expect("an answer"),
        2.0 * 576.0 / 32768.0,
    );
    assert_eq!(two_poisson(0, 1.0, 0, 5.0), Some(1.0));
}

#[test]
fn the_edges_have_answers() {
    assert_eq!(two_sided_binomial(0, 0, 0.5), Some(1.0));
    assert_eq!(two_sided_binomial(0, 9, 0.0), Some(1.0));
    assert_eq!(two_sided_binomial(1, 9, 0.0), Some(0.0));
    assert_eq!(two_sided_binomial(9, 9, 1.0), Some(1.0));
    assert_eq!(two_sided_binomial(8, 9, 1.0), Some(0.0));
    assert_eq!(two_sided_poisson(0, 0.0), Some(1.0));
    assert_eq!(two_sided_poisson(1, 0.0), Some(0.0));
    assert_eq!(poisson_at_least(1, 0.0), Some(0.0));
    assert_eq!(poisson_at_most(3, 0.0), Some(1.0));
    assert_eq!(binomial_at_least(4, 3, 0.5), Some(0.0));
    assert_eq!(binomial_at_least(0, 3, 0.5), Some(1.0));
    assert_eq!(binomial_at_most(4, 3, 0.5), Some(1.0));
    assert_eq!(two_sided_poisson(u64::MAX, 5.0), Some(0.0));
    assert_eq!(fisher(0, 0, 0, 0), Some(1.0));
}

#[test]
fn what_has_no_answer_is_none() {
    for p in [-0.1, 1.1, f64::NAN] {
        assert_eq!(two_sided_binomial(1, 2, p), None);
        assert_eq!(binomial_at_least(1, 2, p), None);
        assert_eq!(binomial_at_least(3, 2, p), None);
        assert_eq!(binomial_at_most(1, 2, p), None);
    }
    for expected in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(two_sided_poisson(1, expected), None);
        assert_eq!(poisson_at_least(1, expected), None);
        assert_eq!(poisson_at_most(1, expected), None);
    }
    assert_eq!(two_sided_binomial(3, 2, 0.5), None);
    assert_eq!(fisher(3, 2, 0, 5), None);
    assert_eq!(fisher(1, u64::MAX, 1, 5), None);
    assert_eq!(two_rates(0, 0, 1, 5), None);
    assert_eq!(two_rates(6, 5, 1, 5), None);
    for exposure in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(two_poisson(1, exposure, 1, 1.0), None);
    }
    assert_eq!(split(&[5], &[1.0]), None);
    assert_eq!(split(&[5, 5], &[1.0]), None);
    assert_eq!(split(&[5, 5], &[1.0, 0.0]), None);
    assert_eq!(split(&[5, 5], &[1.0, f64::NAN]), None);
    assert_eq!(split(&[0, 0], &[1.0, 1.0]), None);
    assert_eq!(split(&[u64::MAX, 1], &[1.0, 1.0]), None);
}
