//! Ranks, and in how many ways they can add up.

use super::count;

/// The rank of each value from 1 on; equal values share the mean of theirs. Values are finite.
pub(super) fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut ranks = vec![0.0; values.len()];
    let mut done = 0;
    // By value and not by its bits: 0 and -0 are equal.
    for equal in order.chunk_by(|one, other| values[*one] == values[*other]) {
        let middle = count(done) + (count(equal.len()) + 1.0) / 2.0;
        for place in equal {
            ranks[*place] = middle;
        }
        done += equal.len();
    }
    ranks
}

/// The sum of `t^3 - t` over groups of equal ranks.
pub(super) fn tied(ranks: &[f64]) -> f64 {
    let mut sorted = ranks.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .chunk_by(|one, other| one == other)
        .map(|equal| count(equal.len()).powi(3) - count(equal.len()))
        .sum()
}

/// At each place the number of ways to choose `picks` of the ranks so that twice their sum is that
/// place; twice, as shared ranks are halves.
pub(super) fn sums_of_ranks(ranks: &[f64], picks: usize) -> Vec<f64> {
    let most = ranks.len() * (ranks.len() + 1) + 1;
    let mut ways = vec![vec![0.0; most]; picks + 1];
    ways[0][0] = 1.0;
    for rank in ranks {
        let twice = (2.0 * rank) as usize;
        // Downwards, so that no rank is chosen twice.
        for picked in (1..=picks).rev() {
            let (fewer, more) = ways.split_at_mut(picked);
            let (from, to) = (&fewer[picked - 1], &mut more[0]);
            for (to, from) in to[twice..].iter_mut().zip(from) {
                *to += from;
            }
        }
    }
    ways.swap_remove(picks)
}
