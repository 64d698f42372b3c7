use super::*;
use crate::model::JourneyId;
use crate::model::number::{NumberKey, Origin};

fn series(points: Vec<Point>) -> Series {
    Series {
        journey: JourneyId::default(),
        key: NumberKey::new("orders.total"),
        origin: Origin::Declared,
        points,
    }
}

/// One point for each release, from the one of index 1 on.
fn of(values: &[f64]) -> Series {
    let points = values.iter().zip(1..).map(|(value, release)| Point {
        release,
        value: Some(*value),
        mark: None,
        unlearnt: false,
    });
    series(points.collect())
}

fn held_and_since(moved: &[Moved]) -> Vec<(u32, u32)> {
    moved.iter().map(|it| (it.held, it.since)).collect()
}

/// Values that differ a little, always the same ones.
fn noisy(middle: f64, count: usize) -> Vec<f64> {
    let noise = [0.0, 0.7, -0.4, 0.2, -0.9, 0.5, -0.1, 0.9, -0.6];
    let each = noise.iter().cycle().take(count);
    each.map(|noise| middle + noise).collect()
}

#[test]
fn a_step_of_three_percent_at_the_eighth_of_twelve_releases_is_named() {
    let values = [vec![1000.0; 7], vec![1030.0; 5]].concat();
    let moved = moved(&of(&values));
    let [only] = &moved[..] else {
        panic!("{moved:?}")
    };
    assert_eq!((only.held, only.since, only.how), (7, 8, How::Step));
    assert_eq!(only.delta(), Some(30.0));
    assert_eq!(only.percent().as_deref(), Some("+3 %"));
}

#[test]
fn a_cent_is_a_cent() {
    let moved = moved(&of(&[1284.50, 1284.50, 1284.49]));
    assert_eq!(held_and_since(&moved), [(2, 3)]);
    assert_eq!(moved[0].delta(), Some(-0.01));
    assert_eq!(moved[0].percent().as_deref(), Some("-0.0008 %"));
}

#[test]
fn every_step_is_named_and_noise_has_none() {
    let back = [vec![5.0; 4], vec![9.0], vec![5.0; 3]].concat();
    assert_eq!(held_and_since(&moved(&of(&back))), [(4, 5), (5, 6)]);
    assert_eq!(moved(&of(&noisy(100.0, 12))), []);
    assert_eq!(moved(&of(&[3.0; 12])), []);
    assert_eq!(moved(&of(&[3.0])), []);
    assert_eq!(moved(&of(&[])), []);
}

#[test]
fn a_noisy_number_has_a_step_where_both_sides_are_far_apart() {
    let values = [noisy(100.0, 7), noisy(104.0, 5)].concat();
    let moved = moved(&of(&values));
    assert_eq!(held_and_since(&moved), [(7, 8)]);
    assert_eq!(moved[0].how, How::Step);
    let Change::Value { before, after } = moved[0].change else {
        panic!("{moved:?}")
    };
    assert_eq!((before, after), (100.0, 104.0));
}

#[test]
fn from_thirty_releases_on_there_are_change_points() {
    let values = [noisy(100.0, 20), noisy(101.5, 12)].concat();
    let moved = moved(&of(&values));
    assert_eq!(held_and_since(&moved), [(20, 21)]);
    assert!(matches!(moved[0].how, How::ChangePoint { p } if p < 0.001));
    // The same with two releases less is not far enough apart for a step.
    assert_eq!(super::moved(&of(&values[4..32])), []);
}

#[test]
fn a_step_in_the_last_release_needs_no_change_point() {
    let values = [vec![7.0; 39], vec![8.0]].concat();
    assert_eq!(held_and_since(&moved(&of(&values))), [(39, 40)]);
}

#[test]
fn another_fingerprint_is_a_move_without_a_difference() {
    let points = ["a", "a", "b", "b"].iter().zip([0, 1, 4, 5]);
    let points = points.map(|(mark, release)| Point {
        release,
        value: None,
        mark: Some((*mark).to_string()),
        unlearnt: false,
    });
    let moved = moved(&series(points.collect()));
    // Releases that measured nothing stand between the two.
    assert_eq!(held_and_since(&moved), [(1, 4)]);
    assert_eq!((moved[0].delta(), moved[0].percent()), (None, None));
}

fn went(release: u32, passed: u32, failed: u32) -> OutcomeOf {
    OutcomeOf {
        release,
        passed,
        failed,
        flaky: 0,
        held: u64::from(passed) * 100,
    }
}

#[test]
fn a_journey_is_broken_from_the_first_release_in_which_it_only_failed() {
    let all = [
        went(0, 2, 0),
        went(1, 1, 1),
        went(2, 0, 0),
        went(3, 0, 1),
        went(4, 0, 2),
    ];
    let open = Broken {
        held: Some(all[1]),
        since: 3,
        again: None,
    };
    assert_eq!(broken(&all), [open]);
    let more = [&all[..], &[went(5, 1, 0), went(6, 0, 1)]].concat();
    let closed = Broken {
        again: Some(5),
        ..open
    };
    let anew = Broken {
        held: Some(more[5]),
        since: 6,
        again: None,
    };
    assert_eq!(broken(&more), [closed, anew]);
    let never = Broken {
        held: None,
        since: 3,
        again: None,
    };
    assert_eq!(broken(&all[3..]), [never]);
    assert_eq!(broken(&all[..3]), []);
}
