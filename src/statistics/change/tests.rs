use super::super::sample::{close, near};
use super::*;

const SERIES: [f64; 10] = [10.0, 11.0, 10.0, 9.0, 10.0, 15.0, 16.0, 15.0, 14.0, 15.0];

fn indexes(values: &[f64], options: &Options) -> Vec<usize> {
    let found = change_points(values, options).expect("an answer");
    found.iter().map(|point| point.index).collect()
}

/// Noise without chance: a small wave that never repeats within a window.
fn wave(index: usize) -> f64 {
    let index = f64::from(u32::try_from(index).expect("a short series"));
    (index * 2.399_963).sin() * 0.5
}

#[test]
fn the_divergence_says_what_the_table_says() {
    let found = by_split(&SERIES).expect("an answer");
    let wanted = [2.55, 3.2571, 7.2, 12.72, 21.0, 12.72, 7.2, 3.2571, 2.55];
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        near(*found, wanted);
    }
    near(
        divergence(&SERIES[..5], &SERIES[5..]).expect("an answer"),
        21.0,
    );
}

#[test]
fn a_short_change_in_the_middle_is_the_candidate() {
    let values = [1.0, 1.0, 1.0, 1.0, 5.0, 5.0, 1.0, 1.0, 1.0, 1.0];
    let (index, most) = Distances::of(&values)
        .candidate(0..10)
        .expect("two values or more");
    // The right part ends with the change: 4 2 / 6 (2 4).
    assert_eq!(index, 4);
    near(most, 32.0 / 3.0);
    assert_eq!(Distances::of(&values).candidate(3..4), None);
}

#[test]
fn the_first_value_of_the_new_regime_is_the_change_point() {
    let found = change_points(&SERIES, &Options::default()).expect("an answer");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].index, 5);
    close(found[0].p, 1.570e-6);
    near(found[0].before, 10.0);
    near(found[0].after, 15.0);
    near(found[0].relative().expect("not from 0"), 0.5);
    near(found[0].magnitude(), 0.5);
}

#[test]
fn a_step_of_three_percent_at_the_eighth_of_twelve_releases_is_named() {
    let values: Vec<f64> = (0..12)
        .map(|at| wave(at) + if at < 7 { 100.0 } else { 103.0 })
        .collect();
    let found = change_points(&values, &Options::default()).expect("an answer");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].index, 7);
    assert!((found[0].relative().expect("not from 0") - 0.03).abs() < 0.003);
}

#[test]
fn noise_alone_has_no_change_point() {
    let values: Vec<f64> = (0..200).map(|at| 100.0 + wave(at)).collect();
    assert!(indexes(&values, &Options::default()).is_empty());
}

#[test]
fn steps_far_apart_are_found_across_windows() {
    let level = |at: usize| match at {
        0..60 => 100.0,
        60..90 => 110.0,
        90..170 => 104.0,
        _ => 120.0,
    };
    let values: Vec<f64> = (0..230).map(|at| level(at) + wave(at)).collect();
    assert_eq!(indexes(&values, &Options::default()), [60, 90, 170]);
    // Narrower windows find the same ones.
    let narrow = Options {
        window: 20,
        ..Options::default()
    };
    assert_eq!(indexes(&values, &narrow), [60, 90, 170]);
}

#[test]
fn changes_that_are_too_small_to_matter_are_merged_away() {
    let level = |at: usize| match at {
        0..20 => 100.0,
        20..40 => 101.5,
        _ => 150.0,
    };
    let values: Vec<f64> = (0..60).map(|at| level(at) + wave(at)).collect();
    assert_eq!(indexes(&values, &Options::default()), [20, 40]);
    let large = Options {
        magnitude: 0.1,
        ..Options::default()
    };
    assert_eq!(indexes(&values, &large), [40]);
    let huge = Options {
        magnitude: 1.0,
        ..Options::default()
    };
    assert!(indexes(&values, &huge).is_empty());
}

#[test]
fn weak_points_pass_first_and_have_to_hold_in_the_end() {
    // A step that is significant at 0.01 and not at 0.001.
    let values = [10.0, 10.4, 9.6, 10.2, 11.0, 10.9, 11.3, 10.6];
    let at = |p| Options {
        p,
        ..Options::default()
    };
    assert_eq!(weak_points(&values, 50, first_pass(0.001)), [4]);
    assert!(indexes(&values, &at(0.001)).is_empty());
    assert_eq!(indexes(&values, &at(0.04)), [4]);
    near(first_pass(0.001), 0.01);
    near(first_pass(0.1), 0.2);
    near(first_pass(0.7), 0.7);
}

#[test]
fn a_constant_series_that_steps_has_a_point_for_sure() {
    let mut values = vec![1.0; 20];
    values.push(2.0);
    let found = change_points(&values, &Options::default()).expect("an answer");
    assert_eq!((found.len(), found[0].index, found[0].p), (1, 20, 0.0));
    assert!(indexes(&[7.0; 30], &Options::default()).is_empty());
    // From nothing there is no share, and back there is.
    let mut values = vec![0.0; 5];
    values.extend([3.0; 5]);
    let found = change_points(&values, &Options::default()).expect("an answer");
    assert_eq!((found[0].index, found[0].relative()), (5, None));
    near(found[0].magnitude(), 1.0);
}

#[test]
fn short_series_have_no_points_and_bad_ones_no_answer() {
    for values in [&[][..], &[1.0], &[1.0, 9.0]] {
        assert!(indexes(values, &Options::default()).is_empty());
    }
    for values in [&[f64::NAN, 1.0, 2.0][..], &[1.0, f64::INFINITY, 2.0]] {
        assert_eq!(change_points(values, &Options::default()), None);
        assert_eq!(by_split(values), None);
        assert_eq!(divergence(values, &[1.0]), None);
    }
    for options in [
        Options {
            window: 1,
            ..Options::default()
        },
        Options {
            p: 0.0,
            ..Options::default()
        },
        Options {
            p: f64::NAN,
            ..Options::default()
        },
        Options {
            magnitude: f64::NAN,
            ..Options::default()
        },
    ] {
        assert_eq!(change_points(&SERIES, &options), None, "{options:?}");
    }
    let endless = Options {
        window: usize::MAX,
        ..Options::default()
    };
    assert_eq!(indexes(&SERIES, &endless), [5]);
    assert_eq!(by_split(&[1.0]), Some(Vec::new()));
    assert_eq!(by_split(&[f64::NAN]), None);
    assert_eq!(divergence(&[], &[1.0]), None);
}
