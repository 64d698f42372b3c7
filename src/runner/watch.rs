//! The watchdog: sees that a worker has fallen silent although the time of one of its journeys is
//! over. Only C code that hangs can do that; it cannot be ended, so the run is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::model::{Nanos, duration};
use crate::record::emitter::Clock;

/// How often a living worker says so.
pub(super) const BEAT: Duration = Duration::from_millis(20);
/// How long a worker may be silent once the time of one of its journeys is over. Generous: a
/// machine that is busy with other things must not end a run.
const SILENCE: Duration = Duration::from_secs(3);

/// The sign of life of a worker, written by it and read by the dispatcher.
#[derive(Debug, Clone, Default)]
pub(super) struct Pulse(Arc<AtomicU64>);

impl Pulse {
    /// The worker is alive now.
    pub(super) fn beat(&self, clock: &Clock) {
        self.0.store(clock.now(), Ordering::Relaxed);
    }

    /// Whether the worker hangs: silent for long, and the earliest of its journeys' deadlines is
    /// over.
    pub(super) fn hangs(&self, now: Nanos, earliest_deadline: Option<Nanos>) -> bool {
        let silence = duration::nanos(SILENCE);
        let silent = now.saturating_sub(self.0.load(Ordering::Relaxed)) > silence;
        silent && earliest_deadline.is_some_and(|deadline| now.saturating_sub(deadline) > silence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_silence_past_a_deadline_is_a_hang() {
        let pulse = Pulse::default();
        let second = 1_000_000_000;
        assert!(!pulse.hangs(60 * second, None), "nothing runs there");
        assert!(
            !pulse.hangs(60 * second, Some(59 * second)),
            "the deadline is just over"
        );
        assert!(pulse.hangs(60 * second, Some(50 * second)));
        pulse.0.store(59 * second, Ordering::Relaxed);
        assert!(!pulse.hangs(60 * second, Some(50 * second)), "it is alive");
    }
}
