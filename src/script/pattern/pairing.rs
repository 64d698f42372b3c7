//! Which item goes to which pattern, so that as many as possible find a partner (`unordered`).
//! A greedy choice would give a picky pattern's only partner to an undemanding one.

/// The partner of each row, for the largest set of pairs. `fits[row][column]` says which pair up.
pub(super) fn pair(fits: &[Vec<bool>], columns: usize) -> Vec<Option<usize>> {
    let mut owner: Vec<Option<usize>> = vec![None; columns];
    for row in 0..fits.len() {
        let mut tried = vec![false; columns];
        find(row, fits, &mut tried, &mut owner);
    }
    let mut partner = vec![None; fits.len()];
    for (column, row) in owner.iter().enumerate() {
        if let Some(row) = row {
            partner[*row] = Some(column);
        }
    }
    partner
}

/// Finds a column for a row, moving earlier rows to other columns if need be. Walks with its own
/// stack: a long list of patterns must not use up the thread's.
fn find(start: usize, fits: &[Vec<bool>], tried: &mut [bool], owner: &mut [Option<usize>]) {
    // (row, next column to try); the column a row waits for stands in the entry above it.
    let mut stack: Vec<(usize, usize)> = vec![(start, 0)];
    while let Some((row, column)) = stack.last_mut() {
        if *column >= tried.len() {
            stack.pop();
            continue;
        }
        let here = *column;
        *column += 1;
        if tried[here] || !fits[*row][here] {
            continue;
        }
        tried[here] = true;
        match owner[here] {
            Some(other) => stack.push((other, 0)),
            None => {
                // Every row of the stack takes the column it tried last.
                for (row, next) in &stack {
                    owner[*next - 1] = Some(*row);
                }
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size of the largest set of pairs, by trying everything.
    fn most(fits: &[Vec<bool>], taken: u32) -> usize {
        let Some((row, rest)) = fits.split_first() else {
            return 0;
        };
        let free = row
            .iter()
            .enumerate()
            .filter(|(column, fit)| **fit && taken & (1 << column) == 0);
        free.map(|(column, _)| 1 + most(rest, taken | (1 << column)))
            .max()
            .unwrap_or(0)
            .max(most(rest, taken))
    }

    #[test]
    fn no_other_choice_pairs_more() {
        for bits in 0_u32..1 << 12 {
            let fits: Vec<Vec<bool>> = (0..3)
                .map(|row| (0..4).map(move |column| bits & (1 << (row * 4 + column)) != 0))
                .map(Iterator::collect)
                .collect();
            let partners = pair(&fits, 4);
            let pairs: Vec<(usize, usize)> = partners
                .iter()
                .enumerate()
                .filter_map(|(row, column)| column.map(|column| (row, column)))
                .collect();
            assert!(pairs.iter().all(|(row, column)| fits[*row][*column]));
            let columns: std::collections::HashSet<usize> =
                pairs.iter().map(|(_, column)| *column).collect();
            assert_eq!(columns.len(), pairs.len(), "no column twice");
            assert_eq!(pairs.len(), most(&fits, 0), "{fits:?}");
        }
    }
}
