use super::super::sample::near;
use super::*;

const HISTORY: [f64; 10] = [
    102.0, 98.0, 101.0, 99.0, 100.0, 103.0, 97.0, 100.0, 101.0, 99.0,
];

#[test]
fn a_value_is_scored_against_its_history() {
    assert_eq!(median(&HISTORY), Some(100.0));
    assert_eq!(median_deviation(&HISTORY), Some(1.0));
    for (value, score, flagged) in [
        (104.0, 2.6980, false),
        (107.0, 4.7215, true),
        (85.0, -10.1175, true),
    ] {
        let found = modified_z(&HISTORY, value).expect("an answer");
        near(found, score);
        assert_eq!(found.abs() > CUT, flagged, "{value}");
    }
}

#[test]
fn an_outlier_inside_the_series_moves_neither_median_nor_mad() {
    let series = [10.0, 11.0, 9.0, 10.0, 12.0, 10.0, 9.0, 11.0, 10.0, 50.0];
    assert_eq!(median(&series), Some(10.0));
    assert_eq!(median_deviation(&series), Some(1.0));
    near(modified_z(&series, 50.0).expect("an answer"), 26.98);
    near(modified_z(&series, 12.0).expect("an answer"), 1.349);
}

#[test]
fn the_two_constants_are_one_another_turned_over() {
    near(FROM_MEDIAN_DEVIATION * NORMAL_SHARE, 1.0);
    let Some(Spread::Wide { unit, scale, .. }) = spread(&HISTORY) else {
        panic!("it spreads");
    };
    near(unit, FROM_MEDIAN_DEVIATION);
    assert_eq!(scale, Scale::MedianDeviation);
}

#[test]
fn without_mad_the_mean_deviation_serves() {
    let history = [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 7.0];
    assert_eq!(median_deviation(&history), Some(0.0));
    near(mean_deviation(&history).expect("an answer"), 0.285_714);
    near(
        modified_z(&history, 7.0).expect("an answer"),
        2.0 / (1.2533 * 2.0 / 7.0),
    );
    assert!(matches!(
        spread(&history),
        Some(Spread::Wide {
            scale: Scale::MeanDeviation,
            ..
        })
    ));
}

#[test]
fn a_constant_history_has_no_score() {
    assert_eq!(spread(&[0.1; 20]), Some(Spread::Constant { center: 0.1 }));
    assert_eq!(modified_z(&[0.1; 20], 9.0), None);
    assert_eq!(spread(&[3.0]), Some(Spread::Constant { center: 3.0 }));
}

#[test]
fn what_has_no_answer_is_none() {
    for values in [&[][..], &[f64::NAN, 1.0], &[1.0, f64::NEG_INFINITY]] {
        assert_eq!(median(values), None);
        assert_eq!(median_deviation(values), None);
        assert_eq!(mean_deviation(values), None);
        assert_eq!(spread(values), None);
    }
    assert_eq!(modified_z(&HISTORY, f64::NAN), None);
    assert_eq!(modified_z(&HISTORY, f64::INFINITY), None);
    // Too far apart for a float to hold the distance.
    assert_eq!(modified_z(&[f64::MAX, -f64::MAX, -f64::MAX], 1.0), None);
}

#[test]
fn a_chatty_release_counts_once() {
    let values = [
        ("r1", 10.0),
        ("r2", 20.0),
        ("r2", 22.0),
        ("r2", f64::INFINITY),
        ("r2", 90.0),
        ("r1", 12.0),
        ("r3", f64::NAN),
    ];
    assert_eq!(one_per_group(&values), [("r1", 11.0), ("r2", 22.0)]);
    assert!(one_per_group::<u8>(&[]).is_empty());
}
