//! How far two parts of a series diverge: `Q = mn / (m + n) (2A - B - C)`, A the mean distance
//! between them, B and C the mean distances within each.

use std::ops::Range;

use super::super::sample::{count, finite, usable};

/// Q of two parts; none for an empty part and for values that are not finite.
pub fn divergence(left: &[f64], right: &[f64]) -> Option<f64> {
    if !usable(left) || !usable(right) {
        return None;
    }
    let values = [left, right].concat();
    let distances = Distances::of(&values);
    finite(distances.divergence(0, left.len(), values.len()))
}

/// Q of both parts of a series for each split, from one value on the left to one on the right;
/// empty below two values. None for values that are not finite.
pub fn by_split(values: &[f64]) -> Option<Vec<f64>> {
    if values.len() < 2 {
        return values.iter().all(|value| value.is_finite()).then(Vec::new);
    }
    if !usable(values) {
        return None;
    }
    let distances = Distances::of(values);
    (1..values.len())
        .map(|split| finite(distances.divergence(0, split, values.len())))
        .collect()
}

/// All distances between values of a series, added up so that any rectangle of them costs nothing.
pub(super) struct Distances {
    /// How many values there are.
    length: usize,
    /// At `row * (length + 1) + column` the sum of all above and to the left.
    sums: Vec<f64>,
}

impl Distances {
    pub(super) fn of(values: &[f64]) -> Self {
        let width = values.len() + 1;
        let mut sums = vec![0.0; width * width];
        for (row, one) in values.iter().enumerate() {
            let mut along = 0.0;
            for (column, other) in values.iter().enumerate() {
                along += (one - other).abs();
                sums[(row + 1) * width + column + 1] = sums[row * width + column + 1] + along;
            }
        }
        Self {
            length: values.len(),
            sums,
        }
    }

    /// The sum of distances between two stretches.
    fn between(&self, rows: Range<usize>, columns: Range<usize>) -> f64 {
        let at = |row: usize, column: usize| self.sums[row * (self.length + 1) + column];
        at(rows.end, columns.end) - at(rows.start, columns.end) - at(rows.end, columns.start)
            + at(rows.start, columns.start)
    }

    /// The mean distance within a stretch, over pairs; 0 of a single value.
    fn within(&self, part: Range<usize>) -> f64 {
        let n = count(part.len());
        if part.len() < 2 {
            return 0.0;
        }
        // The rectangle holds each pair twice.
        self.between(part.clone(), part) / (n * (n - 1.0))
    }

    /// Q of `start..middle` and `middle..end`.
    pub(super) fn divergence(&self, start: usize, middle: usize, end: usize) -> f64 {
        let (m, n) = (count(middle - start), count(end - middle));
        let across = self.between(start..middle, middle..end) / (m * n);
        m * n / (m + n) * (2.0 * across - self.within(start..middle) - self.within(middle..end))
    }

    /// Where a stretch diverges most, and how much: over all splits, and all ends of the right
    /// part, so that a short change in the middle is found too. None below two values.
    pub(super) fn candidate(&self, part: Range<usize>) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for middle in part.start + 1..part.end {
            for end in middle + 1..=part.end {
                let found = self.divergence(part.start, middle, end);
                if best.is_none_or(|(_, most)| found > most) {
                    best = Some((middle, found));
                }
            }
        }
        best
    }
}
