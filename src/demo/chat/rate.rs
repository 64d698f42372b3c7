//! The rate limit of one client: a fixed window that opens with its first message. Plain data.

use std::time::Duration;

/// How many messages came in the window that is open.
#[derive(Debug, Default)]
pub(super) struct Window {
    opened: Option<Duration>,
    messages: usize,
}

impl Window {
    /// Counts a message at `at` and says whether it is within the limit. A rejected one counts too.
    pub(super) fn allows(&mut self, at: Duration, length: Duration, limit: usize) -> bool {
        match self.opened {
            Some(opened) if at.saturating_sub(opened) < length => {}
            Some(_) | None => {
                self.opened = Some(at);
                self.messages = 0;
            }
        }
        self.messages = self.messages.saturating_add(1);
        self.messages <= limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_sixth_within_a_window_is_one_too_many_and_the_window_is_fixed() {
        let mut window = Window::default();
        let at = Duration::from_millis;
        for millis in [100, 200, 300, 400, 1099] {
            assert!(window.allows(at(millis), SECOND, 5), "{millis}");
        }
        assert!(!window.allows(at(1099), SECOND, 5));
        // A window opens with a message, not with the clock, and does not slide.
        for millis in [1100, 1101, 1102, 1103, 1104] {
            assert!(window.allows(at(millis), SECOND, 5), "{millis}");
        }
        assert!(!window.allows(at(2099), SECOND, 5));
    }
}
