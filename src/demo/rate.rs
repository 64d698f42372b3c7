//! Limits over time: a fixed window that opens with its first event, a sliding one that looks back
//! from each event, and either of them for each address. Plain data; the time is told to them.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// Limits kept before the first look for some that can be forgotten.
const FIRST_CLEANING: usize = 64;

/// A limit of so many events in a length of time.
pub(super) trait Limit: Default {
    /// Counts an event at `at` and says whether it is within the limit.
    fn allows(&mut self, at: Duration, length: Duration, limit: usize) -> bool;

    /// Whether it holds nobody up any more, so that it may be forgotten.
    fn is_over(&self, at: Duration, length: Duration) -> bool;
}

/// How many events came in the window that is open.
#[derive(Debug, Default)]
pub(super) struct Window {
    opened: Option<Duration>,
    events: usize,
}

impl Limit for Window {
    /// A rejected event counts too.
    fn allows(&mut self, at: Duration, length: Duration, limit: usize) -> bool {
        if self.is_over(at, length) {
            self.opened = Some(at);
            self.events = 0;
        }
        self.events = self.events.saturating_add(1);
        self.events <= limit
    }

    fn is_over(&self, at: Duration, length: Duration) -> bool {
        self.opened
            .is_none_or(|opened| at.saturating_sub(opened) >= length)
    }
}

/// The moments of the events that were allowed lately.
#[derive(Debug, Default)]
pub(super) struct Sliding {
    allowed: VecDeque<Duration>,
}

impl Limit for Sliding {
    /// A rejected event does not count.
    fn allows(&mut self, at: Duration, length: Duration, limit: usize) -> bool {
        let past = |then: &Duration| at.saturating_sub(*then) >= length;
        while self.allowed.front().is_some_and(past) {
            self.allowed.pop_front();
        }
        let allows = self.allowed.len() < limit;
        if allows {
            self.allowed.push_back(at);
        }
        allows
    }

    fn is_over(&self, at: Duration, length: Duration) -> bool {
        let newest = self.allowed.back();
        newest.is_none_or(|newest| at.saturating_sub(*newest) >= length)
    }
}

/// A limit for each address, or for whatever else is told apart. Those that hold nobody up are
/// forgotten, so that many visitors who come once take no memory for ever.
#[derive(Debug)]
pub(super) struct Each<L> {
    limits: HashMap<String, L>,
    clean_at: usize,
}

impl<L> Default for Each<L> {
    fn default() -> Each<L> {
        Each {
            limits: HashMap::new(),
            clean_at: FIRST_CLEANING,
        }
    }
}

impl<L: Limit> Each<L> {
    /// Counts an event of that one and says whether it is within its limit.
    pub(super) fn allows(
        &mut self,
        who: &str,
        at: Duration,
        length: Duration,
        limit: usize,
    ) -> bool {
        if self.limits.len() >= self.clean_at {
            self.limits.retain(|_, limit| !limit.is_over(at, length));
            self.clean_at = FIRST_CLEANING.max(2 * self.limits.len());
        }
        let own = self.limits.entry(who.to_owned()).or_default();
        own.allows(at, length, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_sixth_within_a_window_is_one_too_many_and_the_window_is_fixed() {
        let mut window = Window::default();
        for millis in [100, 200, 300, 400, 1099] {
            assert!(window.allows(at(millis), SECOND, 5), "{millis}");
        }
        assert!(!window.allows(at(1099), SECOND, 5));
        // A window opens with an event, not with the clock, and does not slide.
        for millis in [1100, 1101, 1102, 1103, 1104] {
            assert!(window.allows(at(millis), SECOND, 5), "{millis}");
        }
        assert!(!window.allows(at(2099), SECOND, 5));
    }

    #[test]
    fn a_sliding_limit_looks_back_and_forgets_what_it_refused() {
        let mut sliding = Sliding::default();
        assert!(sliding.allows(at(0), SECOND, 2));
        assert!(sliding.allows(at(600), SECOND, 2));
        assert!(!sliding.allows(at(999), SECOND, 2));
        // The first is a second old: one place is free, and not two.
        assert!(sliding.allows(at(1000), SECOND, 2));
        assert!(!sliding.allows(at(1599), SECOND, 2));
        assert!(sliding.allows(at(1600), SECOND, 2));
    }

    #[test]
    fn each_address_has_its_own_limit_and_old_ones_are_forgotten() {
        let mut limits = Each::<Window>::default();
        assert!(limits.allows("a", at(0), SECOND, 1));
        assert!(!limits.allows("a", at(1), SECOND, 1));
        assert!(limits.allows("b", at(1), SECOND, 1));
        for number in 0..10_000 {
            let now = at(2_000 * number);
            assert!(limits.allows(&number.to_string(), now, SECOND, 1));
        }
        let kept = limits.limits.len();
        assert!(kept <= FIRST_CLEANING, "{kept} addresses are kept");
        // One that still holds somebody up is not forgotten.
        let now = at(100_000_000);
        assert!(limits.allows("late", now, SECOND, 1));
        for number in 0..500 {
            limits.allows(&format!("other {number}"), now, SECOND, 1);
        }
        assert!(!limits.allows("late", now, SECOND, 1));
    }
}
