//! The handle through which an attempt says what happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::secret::NoSecret;
use crate::model::event::{AttemptId, Payload};
use crate::model::{Event, EventKind, Nanos};

/// Most bytes of one payload that a trace keeps.
pub const PAYLOAD_CAP: usize = 64 * 1024;

/// The clock and the order of a whole run, shared by all its threads.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
    next: AtomicU64,
}

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            next: AtomicU64::new(0),
        })
    }

    /// Nanoseconds since the start.
    pub fn now(&self) -> Nanos {
        self.at(Instant::now())
    }

    /// The same for a moment that was.
    pub fn at(&self, moment: Instant) -> Nanos {
        u64::try_from(moment.saturating_duration_since(self.started).as_nanos()).unwrap_or(u64::MAX)
    }

    /// The moment the run started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// The place of whatever happens next, which is not taken by asking.
    pub fn coming(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    /// The next place in the run-wide order.
    pub fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

/// When and in which order something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Place in the run-wide order.
    pub seq: u64,
    /// Nanoseconds since the run started.
    pub at: Nanos,
}

/// Takes events. It may block for a moment when the disk is slow, and never drops.
pub trait Record: Send + Sync {
    /// Takes an event.
    fn record(&self, event: Event);
    /// Writes down what was taken: whoever records calls it before it waits for anything.
    fn settle(&self) {}
}

impl<F: Fn(Event) + Send + Sync> Record for F {
    fn record(&self, event: Event) {
        self(event);
    }
}

/// Where events go.
pub type Sink = Arc<dyn Record>;

/// Takes a secret that is to be masked from now on.
pub type Hider = Arc<dyn Fn(&[u8]) -> Result<(), NoSecret> + Send + Sync>;

/// Takes secrets and forgets them, for who records nothing.
pub fn hides_nothing() -> Hider {
    Arc::new(|_| Ok(()))
}

/// Emits the events of one attempt, or of the run itself.
#[derive(Clone)]
pub struct Emitter {
    clock: Arc<Clock>,
    attempt: Option<AttemptId>,
    sink: Sink,
}

impl Emitter {
    /// An emitter for an attempt, or with `None` for the run.
    pub fn new(clock: Arc<Clock>, attempt: Option<AttemptId>, sink: Sink) -> Self {
        Self {
            clock,
            attempt,
            sink,
        }
    }

    /// Says that something happened, now.
    pub fn emit(&self, kind: EventKind) -> Stamp {
        let stamp = Stamp {
            seq: self.clock.next(),
            at: self.clock.now(),
        };
        self.sink.record(Event {
            seq: stamp.seq,
            at: stamp.at,
            attempt: self.attempt,
            kind,
        });
        stamp
    }

    /// The run's clock.
    pub fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }
}

impl std::fmt::Debug for Emitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Emitter")
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// What a trace keeps of some bytes.
pub fn payload(bytes: &[u8]) -> Payload {
    use base64::Engine as _;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut kept = &bytes[..bytes.len().min(PAYLOAD_CAP)];
    if kept.len() < bytes.len() {
        // A cut in the middle of a character must not turn a text into base64.
        if let Err(error) = std::str::from_utf8(kept)
            && error.error_len().is_none()
        {
            kept = &kept[..error.valid_up_to()];
        }
    }
    match std::str::from_utf8(kept) {
        Ok(text) => Payload {
            size,
            kept: text.to_string(),
            base64: false,
        },
        Err(_) => Payload {
            size,
            kept: base64::engine::general_purpose::STANDARD.encode(kept),
            base64: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_cut_between_characters_and_bytes_become_base64() {
        let long = "ü".repeat(PAYLOAD_CAP);
        let cut = payload(long.as_bytes());
        assert_eq!(cut.size, 2 * PAYLOAD_CAP as u64);
        assert!(!cut.base64 && cut.kept.len() <= PAYLOAD_CAP && cut.kept.ends_with('ü'));
        let odd = payload(
            &[b'a'; PAYLOAD_CAP - 1]
                .iter()
                .copied()
                .chain("üb".bytes())
                .collect::<Vec<_>>(),
        );
        assert!(!odd.base64 && odd.kept.ends_with('a'));
        assert_eq!(payload(&[0xff, 0]).kept, "/wA=");
    }
}
