//! Seasons: the same slot of the cycle (the hour of the week) is the history, when there are cycles
//! enough. A control measured at the same moment is better where one can be had.

/// How many full cycles there have to be.
pub const LEAST_CYCLES: usize = 3;

/// What the next value is to be compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Season {
    /// The values of the same slot, oldest first, [`LEAST_CYCLES`] or more.
    SameSlot(Vec<f64>),
    /// Not enough full cycles: compare with a control, or not at all.
    NotEnough {
        /// How many there are.
        have: usize,
        /// How many there have to be.
        need: usize,
    },
}

/// The values of the slot that the next value falls into, from a history without gaps, oldest
/// first, with `cycle` slots per cycle. A cycle of no slots has no full cycles.
pub fn same_slot(history: &[f64], cycle: usize) -> Season {
    let have = history.len().checked_div(cycle).unwrap_or(0);
    if have < LEAST_CYCLES {
        return Season::NotEnough {
            have,
            need: LEAST_CYCLES,
        };
    }
    let first = history.len() % cycle;
    Season::SameSlot(history[first..].iter().copied().step_by(cycle).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_full_cycles_are_enough_and_two_are_not() {
        // Three slots a cycle; the last digit says which.
        let history = [10.0, 11.0, 12.0, 20.0, 21.0, 22.0, 30.0, 31.0, 32.0, 40.0];
        assert_eq!(
            same_slot(&history, 3),
            Season::SameSlot(vec![11.0, 21.0, 31.0])
        );
        assert_eq!(
            same_slot(&history[..9], 3),
            Season::SameSlot(vec![10.0, 20.0, 30.0])
        );
        assert_eq!(
            same_slot(&history[..8], 3),
            Season::NotEnough { have: 2, need: 3 }
        );
    }

    #[test]
    fn a_cycle_of_one_is_the_whole_history_and_of_none_is_nothing() {
        assert_eq!(
            same_slot(&[1.0, 2.0, 3.0], 1),
            Season::SameSlot(vec![1.0, 2.0, 3.0])
        );
        for (history, cycle) in [(&[][..], 3), (&[1.0, 2.0, 3.0], 0)] {
            assert_eq!(
                same_slot(history, cycle),
                Season::NotEnough { have: 0, need: 3 }
            );
        }
    }
}
