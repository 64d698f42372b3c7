//! The last items said in the room, in memory only. Plain data.

use std::collections::VecDeque;

use super::message::Said;

/// The item that `history-scrambled` loses, counted from 1.
const LOST: usize = 50;

/// A bounded list of messages and system lines.
#[derive(Debug, Default)]
pub(super) struct History {
    items: VecDeque<Said>,
}

impl History {
    /// Adds an item and forgets the oldest beyond `longest`.
    pub(super) fn push(&mut self, item: Said, longest: usize) {
        self.items.push_back(item);
        while self.items.len() > longest {
            self.items.pop_front();
        }
    }

    /// All items, oldest first; `scrambled` is the bug of that name.
    pub(super) fn items(&self, scrambled: bool) -> Vec<Said> {
        let mut items: Vec<Said> = self.items.iter().cloned().collect();
        if scrambled {
            if items.len() >= 2 {
                items.swap(0, 1);
            }
            if items.len() >= LOST {
                items.remove(LOST - 1);
            }
        }
        items
    }
}
