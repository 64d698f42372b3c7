//! How often pure noise is flagged.

use std::f64::consts::TAU;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::super::interval::prediction;
use super::super::median::{CUT, modified_z, quiet_cut};
use super::*;

/// One value of the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut StdRng) -> f64 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    radius * (TAU * random.random::<f64>()).cos()
}

/// The share of `histories` of `n` normal values whose next normal value is flagged.
fn flagged(seed: u64, histories: u32, n: usize, flags: fn(&[f64], f64) -> bool) -> f64 {
    let mut random = StdRng::seed_from_u64(seed);
    let mut history = vec![0.0; n];
    let mut found = 0;
    for _ in 0..histories {
        history.fill_with(|| normal(&mut random));
        found += u32::from(flags(&history, normal(&mut random)));
    }
    f64::from(found) / f64::from(histories)
}

fn by_interval(history: &[f64], value: f64) -> bool {
    let interval = prediction(history).expect("an answer");
    value < interval.low() || value > interval.high()
}

fn by_mad(history: &[f64], value: f64) -> bool {
    modified_z(history, value).expect("an answer").abs() > CUT
}

fn as_the_gate_does(history: &[f64], value: f64) -> bool {
    let rule = Rule {
        absolute: 0.0,
        relative: 0.0,
        ..Rule::COUNTS
    };
    matches!(judge(history, value, &rule), Judgement::Flagged { .. })
}

/// Three standard errors of a rate that was counted over 2,000 histories.
fn three_errors(rate: f64) -> f64 {
    3.0 * (rate * (1.0 - rate) / 2000.0).sqrt()
}

fn holds(n: usize, wanted: f64, flags: fn(&[f64], f64) -> bool) {
    let found = flagged(1, 2000, n, flags);
    assert!(
        (found - wanted).abs() <= three_errors(wanted),
        "of {n} values {found}, wanted {wanted}"
    );
}

#[test]
fn the_interval_flags_noise_as_often_as_it_says_whatever_the_history() {
    for n in [5, 9, 10, 20] {
        holds(n, 0.0027, by_interval);
    }
}

/// How often median and MAD flag normal noise at the cut of 3.5. No formula gives it: these were
/// counted as the tests count, over 1,000,000 histories with another seed,
/// `flagged(8, 1_000_000, n, by_mad)`, so that their own standard error is below 0.0004. The rate
/// falls as histories grow: 0.0027 of 50 values, and 0.0005 of very many.
const BY_MAD: [(usize, f64); 4] = [(5, 0.1212), (9, 0.0446), (10, 0.0327), (20, 0.0104)];

#[test]
fn median_and_mad_flag_noise_as_often_as_a_larger_count_says() {
    for (n, rate) in BY_MAD {
        holds(n, rate, by_mad);
    }
}

#[test]
fn the_gate_flags_noise_as_often_as_the_rule_that_it_uses() {
    for (n, by_mad) in BY_MAD {
        let rate = if n < FAIL_FROM { 0.0027 } else { by_mad };
        holds(n, rate, as_the_gate_does);
    }
}

#[test]
fn the_quiet_cut_flags_three_sigma_of_noise_whatever_the_history() {
    fn quietly(history: &[f64], value: f64) -> bool {
        let cut = quiet_cut(history.len()).expect("ten values or more");
        modified_z(history, value).expect("it spreads").abs() > cut
    }
    for n in [10, 12, 20, 30, 50] {
        holds(n, 0.0027, quietly);
    }
    assert_eq!((quiet_cut(9), quiet_cut(1000)), (None, Some(CUT)));
    // Between two lengths the longer one's cut would flag too much.
    assert_eq!(quiet_cut(19), quiet_cut(17));
}
