//! Which journey comes next: in order of the plan, but one whose named thing is held waits while
//! others pass it.

use std::collections::{HashMap, VecDeque};

use crate::model::Journey;
use crate::model::event::PlannedIndex;

/// An attempt that waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// Of which planned journey.
    pub planned: PlannedIndex,
    /// From 1; a retry is another attempt.
    pub number: u32,
}

/// The journeys that still wait, and the things that running ones hold.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Turn>,
    held: HashMap<String, Held>,
}

/// How a named thing is held.
#[derive(Debug, Default)]
struct Held {
    alone: bool,
    shared: usize,
}

impl Queue {
    /// A queue of planned journeys, in order.
    pub(super) fn new(waiting: Vec<PlannedIndex>) -> Self {
        let first = |planned| Turn { planned, number: 1 };
        Self {
            waiting: waiting.into_iter().map(first).collect(),
            held: HashMap::new(),
        }
    }

    /// True if none waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes the next journey that may start now, and holds what it names.
    pub(super) fn next<'a>(
        &mut self,
        journey: impl Fn(PlannedIndex) -> &'a Journey,
    ) -> Option<Turn> {
        let at = self
            .waiting
            .iter()
            .position(|turn| self.may_start(journey(turn.planned)))?;
        let turn = self.waiting.remove(at)?;
        let journey = journey(turn.planned);
        if let Some(name) = &journey.lock {
            self.held.entry(name.clone()).or_default().alone = true;
        }
        if let Some(name) = &journey.share {
            self.held.entry(name.clone()).or_default().shared += 1;
        }
        Some(turn)
    }

    /// Puts another attempt before all that wait: a retry says most right behind what it repeats.
    pub(super) fn again(&mut self, turn: Turn) {
        self.waiting.push_front(turn);
    }

    /// A journey ended: what it held is free.
    pub(super) fn release(&mut self, journey: &Journey) {
        if let Some(held) = journey
            .lock
            .as_ref()
            .and_then(|name| self.held.get_mut(name))
        {
            held.alone = false;
        }
        if let Some(held) = journey
            .share
            .as_ref()
            .and_then(|name| self.held.get_mut(name))
        {
            held.shared = held.shared.saturating_sub(1);
        }
    }

    /// All that still wait; none of them will start.
    pub(super) fn drain(&mut self) -> Vec<PlannedIndex> {
        self.waiting.drain(..).map(|turn| turn.planned).collect()
    }

    fn may_start(&self, journey: &Journey) -> bool {
        let lock_free = journey
            .lock
            .as_ref()
            .and_then(|name| self.held.get(name))
            .is_none_or(|held| !held.alone && held.shared == 0);
        let share_free = journey
            .share
            .as_ref()
            .and_then(|name| self.held.get(name))
            .is_none_or(|held| !held.alone);
        lock_free && share_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{JourneyId, Place};

    fn journey(lock: Option<&str>, share: Option<&str>) -> Journey {
        Journey {
            id: JourneyId {
                file: "f.lua".into(),
                name: "n".into(),
            },
            place: Place::new("f.lua", 1),
            last_line: 1,
            covers: Vec::new(),
            tags: Vec::new(),
            owner: None,
            runbook: None,
            timeout: None,
            targets: None,
            lock: lock.map(str::to_string),
            share: share.map(str::to_string),
            ..Journey::default()
        }
    }

    fn next<'a>(
        queue: &mut Queue,
        look: impl Fn(PlannedIndex) -> &'a Journey,
    ) -> Option<PlannedIndex> {
        queue.next(look).map(|turn| turn.planned)
    }

    #[test]
    fn a_retry_comes_next_but_waits_for_what_it_needs() {
        let journeys = [journey(Some("room"), None), journey(Some("room"), None)];
        let look = |planned: PlannedIndex| &journeys[planned as usize];
        let mut queue = Queue::new(vec![0, 1]);
        assert_eq!(next(&mut queue, look), Some(0));
        let again = Turn {
            planned: 0,
            number: 2,
        };
        queue.again(again);
        assert_eq!(queue.next(look), None, "the room is still held");
        queue.release(look(0));
        assert_eq!(queue.next(look), Some(again));
        assert_eq!(queue.drain(), [1]);
    }

    #[test]
    fn a_lock_is_held_alone_and_a_share_together() {
        let journeys = [
            journey(None, Some("room")),
            journey(Some("room"), None),
            journey(None, Some("room")),
            journey(Some("other"), None),
        ];
        let look = |planned: PlannedIndex| &journeys[planned as usize];
        let mut queue = Queue::new(vec![0, 1, 2, 3]);
        assert_eq!(next(&mut queue, look), Some(0));
        // The room is shared: the one that wants it alone waits, the next sharer passes it.
        assert_eq!(next(&mut queue, look), Some(2));
        assert_eq!(next(&mut queue, look), Some(3));
        assert_eq!(next(&mut queue, look), None);
        queue.release(look(0));
        assert_eq!(next(&mut queue, look), None);
        queue.release(look(2));
        assert_eq!(next(&mut queue, look), Some(1));
        assert!(queue.is_empty());
    }

    #[test]
    fn nobody_shares_what_is_held_alone() {
        let journeys = [journey(Some("room"), None), journey(None, Some("room"))];
        let look = |planned: PlannedIndex| &journeys[planned as usize];
        let mut queue = Queue::new(vec![0, 1]);
        assert_eq!(next(&mut queue, look), Some(0));
        assert_eq!(next(&mut queue, look), None);
        queue.release(look(0));
        assert_eq!(next(&mut queue, look), Some(1));
    }
}
