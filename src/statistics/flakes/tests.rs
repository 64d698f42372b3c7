use super::super::sample::near;
use super::*;

#[test]
fn wilson_says_what_the_table_says() {
    for (k, n, low, high) in [
        (0, 10, 0.0, 0.277_533),
        (1, 10, 0.017_876, 0.404_150),
        (3, 20, 0.052_369, 0.360_419),
        (2, 200, 0.002_747, 0.035_722),
        (50, 100, 0.403_832, 0.596_168),
        (0, 100, 0.0, 0.036_993),
    ] {
        let bounds = wilson(k, n, 0.95).expect("an answer");
        near(bounds.low, low);
        near(bounds.high, high);
        // A rate of passes is one of failures turned over.
        let turned = wilson(n - k, n, 0.95).expect("an answer");
        near(turned.low, 1.0 - high);
        near(turned.high, 1.0 - low);
    }
    assert_eq!(wilson(0, 7, 0.95).expect("an answer").low, 0.0);
    assert_eq!(wilson(7, 7, 0.95).expect("an answer").high, 1.0);
}

#[test]
fn many_journeys_make_a_red_suite_of_nothing() {
    for (rate, journeys, percent) in [(0.005, 100, 39.4), (0.001, 200, 18.1), (0.01, 20, 18.2)] {
        let found = 100.0 * suite_false_red(rate, journeys).expect("an answer");
        assert!((found - percent).abs() <= 0.05, "{found}");
    }
    assert_eq!(suite_false_red(0.5, 0), Some(0.0));
}

#[test]
fn retries_hide_what_is_really_broken() {
    for (fault, retries, percent) in [(0.5, 2, 87.5), (0.2, 1, 96.0), (0.1, 2, 99.9)] {
        near(
            hidden_by_retries(fault, retries).expect("an answer"),
            percent / 100.0,
        );
    }
    assert_eq!(hidden_by_retries(1.0, 5), Some(0.0));
}

#[test]
fn into_quarantine_goes_what_surely_flakes() {
    let inside = wilson(3, 60, 0.90).expect("an answer");
    near(inside.low, 0.020_157);
    near(inside.high, 0.118_675);
    assert!(quarantine(3, 60));
    let outside = wilson(1, 60, 0.90).expect("an answer");
    near(outside.low, 0.003_727);
    near(outside.high, 0.071_315);
    assert!(!quarantine(1, 60));
    // Sure enough of one side, and not of both.
    assert!(quarantine(2, 60));
    assert!(wilson(2, 60, 0.95).expect("an answer").low < QUARANTINE_RATE);
    // Nineteen runs are not enough, whatever happened in them.
    assert!(!quarantine(19, 19));
    assert!(quarantine(20, 20));
    assert!(!quarantine(0, 0));
    assert!(!quarantine(30, 20));
}

#[test]
fn out_of_quarantine_goes_what_was_fixed_and_held() {
    assert!(quarantine_ends(0, 59, true));
    assert!(!quarantine_ends(0, 58, true));
    assert!(!quarantine_ends(0, 59, false));
    assert!(!quarantine_ends(1, 1000, true));
    assert!(!quarantine_ends(0, 0, true));
}

#[test]
fn what_has_no_answer_is_none() {
    assert_eq!(wilson(0, 0, 0.95), None);
    assert_eq!(wilson(2, 1, 0.95), None);
    for confidence in [0.0, 1.0, -1.0, f64::NAN] {
        assert_eq!(wilson(1, 2, confidence), None);
    }
    for rate in [-0.1, 1.1, f64::NAN] {
        assert_eq!(suite_false_red(rate, 3), None);
        assert_eq!(hidden_by_retries(rate, 3), None);
    }
}
