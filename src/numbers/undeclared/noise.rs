//! How often pure noise is told of as unusual: no more than is promised, whatever the length.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::tests::{left, measured, number, past, series};
use super::*;

/// One value of a normal distribution far from 0 (Box and Muller, 1958).
fn normal(random: &mut StdRng) -> f64 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    let normal = radius * (std::f64::consts::TAU * random.random::<f64>()).cos();
    // As coarse as what is counted; one half is nothing against its spread.
    (1e6 + 1e4 * normal).round()
}

/// How many of 2,000 histories of so many releases have a next value that is unusual.
fn flagged(releases: u32) -> (u32, bool) {
    let mut random = StdRng::seed_from_u64(1);
    let (mut count, mut may_fail) = (0, false);
    for _ in 0..2_000 {
        let history: Vec<f64> = (0..releases).map(|_| normal(&mut random)).collect();
        let references = past(releases, vec![series(left(), Origin::Free, &history)]);
        let index = Index::new(&references, Some("at hand"));
        let now = number(normal(&mut random));
        let now = measured(left(), Origin::Free, NumberKind::Count, now);
        let journey = &references.past.series[0].journey;
        let found = undeclared(&[now], journey, &index);
        count += u32::try_from(found.len()).expect("one at most");
        may_fail |= found.iter().any(|it| it.may_fail);
    }
    (count, may_fail)
}

#[test]
fn three_in_a_thousand_of_nothing_are_unusual_whatever_the_number_of_releases() {
    // 0.27 % of 2,000 are 5.4, and three standard errors of that are 6.96.
    for releases in [5, 9, 10, 12, 20, 30, 50] {
        let (count, may_fail) = flagged(releases);
        assert!(count <= 12, "{count} of 2,000 against {releases} releases");
        assert!(!may_fail || releases >= 10, "{releases}");
    }
}
