//! Many numbers judged at once: p values adjusted, so that the more one looks the less chance finds.
//!
//! Sources: Bonferroni (1936); Holm, "A Simple Sequentially Rejective Multiple Test Procedure"
//! (1979), for what may fail a gate; Benjamini and Hochberg, "Controlling the False Discovery Rate"
//! (1995), for what a report shows. Each gives one adjusted p per p, in the same order; those at or
//! below the level are rejected. None when one of them is no probability.

use super::sample::{count, is_probability};

/// `p m`: no false alarm in all of them together, at that level.
pub fn bonferroni(ps: &[f64]) -> Option<Vec<f64>> {
    let m = count(ps.len());
    sound(ps).then(|| ps.iter().map(|p| (p * m).min(1.0)).collect())
}

/// The greatest `p(i) (m - i + 1)` up to each: as sure as Bonferroni, and never weaker.
pub fn holm(ps: &[f64]) -> Option<Vec<f64>> {
    let mut adjusted = vec![0.0; ps.len()];
    let mut most = 0.0_f64;
    for (smaller, place) in order(ps)?.into_iter().enumerate() {
        most = most.max(ps[place] * count(ps.len() - smaller)).min(1.0);
        adjusted[place] = most;
    }
    Some(adjusted)
}

/// The smallest `p(i) m / i` from each on: of what is rejected, that share is false on average.
pub fn benjamini_hochberg(ps: &[f64]) -> Option<Vec<f64>> {
    let mut adjusted = vec![0.0; ps.len()];
    let mut least = 1.0_f64;
    for (smaller, place) in order(ps)?.into_iter().enumerate().rev() {
        least = least.min(ps[place] * count(ps.len()) / count(smaller + 1));
        adjusted[place] = least;
    }
    Some(adjusted)
}

fn sound(ps: &[f64]) -> bool {
    ps.iter().all(|p| is_probability(*p))
}

/// Where the p values stand, from small to large.
fn order(ps: &[f64]) -> Option<Vec<usize>> {
    sound(ps).then(|| {
        let mut places: Vec<usize> = (0..ps.len()).collect();
        places.sort_by(|one, other| ps[*one].total_cmp(&ps[*other]));
        places
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::near;
    use super::super::shift::reachable_p;
    use super::*;

    const PS: [f64; 10] = [
        0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216,
    ];

    fn rejected(adjusted: &[f64]) -> usize {
        adjusted.iter().filter(|p| **p <= 0.05).count()
    }

    #[test]
    fn holm_and_bonferroni_reject_one_and_benjamini_hochberg_two() {
        let adjusted = holm(&PS).expect("an answer");
        for (found, wanted) in adjusted.iter().zip([0.01, 0.072, 0.312]) {
            near(*found, wanted);
        }
        assert_eq!(rejected(&adjusted), 1);
        assert_eq!(rejected(&bonferroni(&PS).expect("an answer")), 1);
        let adjusted = benjamini_hochberg(&PS).expect("an answer");
        let wanted = [
            0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.1057, 0.216, 0.216, 0.216,
        ];
        for (found, wanted) in adjusted.iter().zip(wanted) {
            near(*found, wanted);
        }
        assert_eq!(rejected(&adjusted), 2);
    }

    #[test]
    fn the_order_of_the_numbers_is_kept() {
        let mut turned = PS;
        turned.reverse();
        for adjust in [holm, benjamini_hochberg, bonferroni] {
            let mut back = adjust(&turned).expect("an answer");
            back.reverse();
            assert_eq!(Some(back), adjust(&PS));
        }
    }

    #[test]
    fn ten_numbers_under_holm_need_six_against_six() {
        let reach = |n| {
            let ps = vec![reachable_p(n, n).expect("an answer"); 10];
            rejected(&holm(&ps).expect("an answer"))
        };
        assert_eq!((reach(5), reach(6)), (0, 10));
    }

    #[test]
    fn what_has_no_answer_is_none() {
        for adjust in [holm, benjamini_hochberg, bonferroni] {
            assert_eq!(adjust(&[]), Some(Vec::new()));
            assert_eq!(adjust(&[0.3]), Some(vec![0.3]));
            assert_eq!(adjust(&[1.0, 1.0]), Some(vec![1.0, 1.0]));
            for bad in [-0.1, 1.1, f64::NAN] {
                assert_eq!(adjust(&[0.5, bad]), None);
            }
        }
    }
}
