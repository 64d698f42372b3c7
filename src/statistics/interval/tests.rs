use super::super::sample::near;
use super::*;

#[test]
fn the_multipliers_are_those_of_the_table() {
    for (n, wanted) in [
        (4, 10.307),
        (5, 7.252),
        (8, 4.805),
        (10, 4.294),
        (20, 3.532),
        (30, 3.335),
    ] {
        let found = multiplier(n).expect("an answer");
        assert!((found - wanted).abs() <= 5e-4, "{n}: {found}");
    }
    // Of many values it is the three sigma of a normal.
    assert!((multiplier(1_000_000).expect("an answer") - 3.0).abs() < 1e-3);
}

#[test]
fn a_plain_z_cries_wolf_on_short_histories() {
    let percents = [
        (5, 17.8, 7.1),
        (8, 12.1, 3.3),
        (10, 10.4, 2.4),
        (12, 9.3, 1.9),
        (20, 7.2, 1.0),
        (30, 6.3, 0.7),
        (60, 5.4, 0.5),
    ];
    for (n, beyond_2, beyond_3) in percents {
        for (z, wanted) in [(2.0, beyond_2), (3.0, beyond_3)] {
            let found = 100.0 * false_alarms_of_plain_z(n, z).expect("an answer");
            // Half of the last digit that the table shows; its 7.1 of five values is 7.048.
            assert!((found - wanted).abs() <= 0.053, "{n} {z}: {found}");
        }
    }
}

#[test]
fn ten_targets_each_five_minutes_flag_two_hundred_and_seventy_times_a_day() {
    let checks = 10.0 * 24.0 * 12.0;
    let flags = checks * false_alarms_of_plain_z(12, 2.0).expect("an answer");
    assert!((265.0..275.0).contains(&flags), "{flags}");
}

#[test]
fn a_value_inside_its_own_window_cannot_be_far_out() {
    for (n, wanted) in [(5, 1.789), (6, 2.041), (10, 2.846), (11, 3.015)] {
        let found = greatest_z_inside(n).expect("an answer");
        assert!((found - wanted).abs() <= 5e-4, "{n}: {found}");
    }
    let mut window = [0.0; 10];
    window[9] = 1e6;
    let z = (1e6 - mean(&window).expect("an answer")) / deviation(&window).expect("an answer");
    near(z, greatest_z_inside(10).expect("an answer"));
    assert!(z < 3.0);
}

#[test]
fn the_interval_holds_what_is_usual() {
    let history = [99.0, 101.0, 100.0, 98.0, 102.0];
    let interval = prediction(&history).expect("an answer");
    near(interval.mean, 100.0);
    let reach = multiplier(5).expect("an answer") * deviation(&history).expect("an answer");
    near(interval.high() - 100.0, reach);
    near(100.0 - interval.low(), reach);
    near(
        interval.score(100.0 + reach).expect("an answer"),
        interval.most,
    );
    assert_eq!(interval.score(f64::NAN), None);
}

#[test]
fn a_constant_history_is_a_point_without_a_score() {
    let interval = prediction(&[0.3; 6]).expect("an answer");
    assert_eq!((interval.low(), interval.high()), (0.3, 0.3));
    assert_eq!(interval.score(0.4), None);
}

#[test]
fn what_has_no_answer_is_none() {
    for history in [&[][..], &[1.0], &[1.0, f64::NAN], &[f64::MAX, -f64::MAX]] {
        assert_eq!(prediction(history), None, "{history:?}");
    }
    assert_eq!(multiplier(1), None);
    assert_eq!(false_alarms_of_plain_z(1, 2.0), None);
    assert_eq!(false_alarms_of_plain_z(5, f64::NAN), None);
    assert_eq!(greatest_z_inside(0), None);
}
