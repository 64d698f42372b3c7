use super::super::sample::{close, near};
use super::*;

const CONTROL: [f64; 8] = [12.1, 11.8, 12.4, 12.0, 11.9, 12.2, 12.3, 12.1];
const CANARY: [f64; 8] = [12.9, 13.1, 12.7, 13.4, 12.6, 13.0, 12.8, 13.2];
const TIED_A: [f64; 8] = [1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0];
const TIED_B: [f64; 8] = [2.0, 3.0, 4.0, 5.0, 5.0, 6.0, 7.0, 8.0];

#[test]
fn a_canary_that_is_greater_throughout() {
    let test = mann_whitney(&CONTROL, &CANARY).expect("an answer");
    assert_eq!(test.u, 64.0);
    close(test.exact.expect("few values"), 1.554e-4);
    close(test.continuity, 9.31e-4);
    assert_eq!(Some(test.p()), test.exact);
    assert_eq!(cliffs_delta(&CONTROL, &CANARY), Some(1.0));
    near(mean_ratio(&CONTROL, &CANARY).expect("an answer"), 1.07128);
}

#[test]
fn the_shift_and_its_interval_by_order_statistics() {
    let shift = hodges_lehmann(&CONTROL, &CANARY, 0.95).expect("an answer");
    near(shift.estimate, 0.85);
    near(shift.low, 0.6);
    near(shift.high, 1.1);
    assert!(
        shift.confidence >= 0.95 && shift.confidence < 0.97,
        "{shift:?}"
    );
}

#[test]
fn the_shift_and_its_interval_as_kayenta_finds_them() {
    let shift = by_root(&CONTROL, &CANARY, 0.95).expect("an answer");
    near(shift.estimate, 0.8660);
    near(shift.low, 0.6);
    near(shift.high, 1.1);
}

#[test]
fn ties_count_as_halves_and_narrow_the_normal() {
    let test = mann_whitney(&TIED_A, &TIED_B).expect("an answer");
    assert_eq!(test.u, 47.0);
    near(test.continuity, 0.123_871);
    near(test.plain, 0.111_433);
    // Turned over, only U changes.
    let turned = mann_whitney(&TIED_B, &TIED_A).expect("an answer");
    assert_eq!(turned.u, 64.0 - 47.0);
    near(turned.continuity, test.continuity);
    near(turned.exact.expect("few"), test.exact.expect("few"));
    near(
        cliffs_delta(&TIED_A, &TIED_B).expect("an answer"),
        2.0 * 47.0 / 64.0 - 1.0,
    );
}

#[test]
fn the_exact_p_is_the_share_of_all_arrangements() {
    // Every way to choose three of six, by hand.
    let (control, canary) = ([1.0, 3.0, 3.0], [2.0, 3.0, 4.0]);
    let all: Vec<f64> = canary.iter().chain(&control).copied().collect();
    let ranks = midranks(&all);
    let far = |sum: f64| (sum - 10.5).abs();
    let seen = far(ranks[..3].iter().sum());
    let (mut beyond, mut ways) = (0, 0);
    for mask in 0_u32..64 {
        if mask.count_ones() == 3 {
            let chosen = (0..6).filter(|at| mask & (1 << at) != 0);
            ways += 1;
            beyond += i32::from(far(chosen.map(|at| ranks[at]).sum()) >= seen);
        }
    }
    let test = mann_whitney(&control, &canary).expect("an answer");
    near(
        test.exact.expect("few values"),
        f64::from(beyond) / f64::from(ways),
    );
}

#[test]
fn fewer_than_four_a_side_never_reach_five_percent() {
    for (n, wanted) in [
        (3, 0.1),
        (4, 0.028_57),
        (5, 0.007_94),
        (6, 0.002_16),
        (7, 0.000_58),
    ] {
        let found = reachable_p(n, n).expect("an answer");
        assert!((found - wanted).abs() <= 5e-6, "{n}: {found}");
        assert_eq!(found <= 0.05, n >= 4);
        let low: Vec<f64> = (0..n).map(count).collect();
        let high: Vec<f64> = (n..2 * n).map(count).collect();
        close(mann_whitney(&low, &high).expect("an answer").p(), found);
    }
    assert_eq!(reachable_p(1, 1), Some(1.0));
    assert_eq!(reachable_p(0, 5), None);
}

#[test]
fn an_interval_says_when_it_is_less_sure_than_asked() {
    let shift = hodges_lehmann(&[1.0, 2.0, 3.0], &[11.0, 12.0, 13.0], 0.95).expect("an answer");
    near(shift.confidence, 0.9);
    near(shift.low, 8.0);
    near(shift.high, 12.0);
    let single = hodges_lehmann(&[1.0], &[3.0], 0.95).expect("an answer");
    assert_eq!(
        (single.low, single.high, single.confidence),
        (2.0, 2.0, 0.0)
    );
}

#[test]
fn many_values_go_by_the_normal_and_say_nearly_the_same() {
    let control: Vec<f64> = (0..60).map(|at| count(at) * 1.01).collect();
    let canary: Vec<f64> = (0..60).map(|at| count(at) + 10.0).collect();
    let test = mann_whitney(&control, &canary).expect("an answer");
    assert_eq!(test.exact, None);
    assert_eq!(test.p(), test.continuity);
    let by_order = hodges_lehmann(&control, &canary, 0.95).expect("an answer");
    let by_root = by_root(&control, &canary, 0.95).expect("an answer");
    assert!(
        (by_order.low - by_root.low).abs() < 0.2,
        "{by_order:?} {by_root:?}"
    );
    assert!(
        (by_order.high - by_root.high).abs() < 0.2,
        "{by_order:?} {by_root:?}"
    );
    assert!((by_order.estimate - by_root.estimate).abs() < 0.2);
    // Where counting ends, the normal one has the same place.
    let (place, _) = exact_place(25, 25, 0.05);
    let normal = normal_place(25, 25, 0.05).expect("an answer");
    assert!(place.abs_diff(normal) <= 1, "{place} {normal}");
}

#[test]
fn values_that_are_all_equal_are_not_shifted() {
    let test = mann_whitney(&[5.0; 6], &[5.0; 6]).expect("an answer");
    assert_eq!((test.u, test.p(), test.plain), (18.0, 1.0, 1.0));
    let shift = hodges_lehmann(&[5.0; 6], &[5.0; 6], 0.95).expect("an answer");
    assert_eq!((shift.estimate, shift.low, shift.high), (0.0, 0.0, 0.0));
    assert_eq!(by_root(&[5.0; 6], &[5.0; 6], 0.95), None);
    assert_eq!(cliffs_delta(&[5.0; 6], &[5.0; 6]), Some(0.0));
    // Zero is zero, whatever its sign.
    assert_eq!(cliffs_delta(&[0.0], &[-0.0]), Some(0.0));
}

#[test]
fn what_has_no_answer_is_none() {
    for bad in [&[][..], &[f64::NAN, 1.0], &[f64::INFINITY]] {
        assert_eq!(mann_whitney(bad, &CANARY), None);
        assert_eq!(mann_whitney(&CONTROL, bad), None);
        assert_eq!(hodges_lehmann(bad, &CANARY, 0.95), None);
        assert_eq!(by_root(&CONTROL, bad, 0.95), None);
        assert_eq!(cliffs_delta(bad, &CANARY), None);
        assert_eq!(mean_ratio(&CONTROL, bad), None);
    }
    for confidence in [0.0, 1.0, f64::NAN] {
        assert_eq!(hodges_lehmann(&CONTROL, &CANARY, confidence), None);
        assert_eq!(by_root(&CONTROL, &CANARY, confidence), None);
    }
    assert_eq!(mean_ratio(&[0.0, 0.0], &CANARY), None);
    let endless = vec![1.0; 2001];
    assert_eq!(hodges_lehmann(&endless, &endless, 0.95), None);
    assert_eq!(hodges_lehmann(&[f64::MAX], &[-f64::MAX], 0.95), None);
    assert_eq!(by_root(&[f64::MAX, 1.0], &[-f64::MAX, 2.0], 0.95), None);
}
