//! The time the embedded target lives in: tokio's, so that tests can run it in virtual time, and
//! the epoch milliseconds derived from it, so that `ts` never goes back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// A clock that started with the target.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    started: Instant,
    epoch: Duration,
}

/// One moment, on both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Since the target started.
    pub(super) at: Duration,
    /// Milliseconds since the epoch: the `ts` of the protocol.
    pub(super) ts: u64,
}

impl Clock {
    pub(super) fn start() -> Clock {
        Clock {
            started: Instant::now(),
            epoch: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }

    pub(super) fn now(&self) -> Moment {
        let at = self.started.elapsed();
        Moment {
            at,
            ts: u64::try_from((self.epoch + at).as_millis()).unwrap_or(u64::MAX),
        }
    }
}
