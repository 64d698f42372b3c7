//! The one place that every event of a run passes: masked, cut, written, and only then shown to
//! whoever judges and reports.
//!
//! Many threads say what happened and one file takes it. A write costs more than an event, so that
//! a worker's events are written together: when it has nothing left to do, after a turn that was
//! long, and before anybody hears how an attempt ended. A killed process loses no more than the
//! turn it was in; a worker that hangs in its turn has its events written by the dispatcher.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use crate::model::{Event, EventKind};

use super::emitter::{Hider, Record, Sink};
use super::mask::{Mask, cap};
use super::secret::NoSecret;
use super::trace::TraceFile;

/// Is shown every event as it stands in the trace. It must not record events itself.
pub type Consumer = Box<dyn FnMut(&Event) + Send>;

/// Records the events of one run.
pub struct Recorder {
    behind: Mutex<Behind>,
    /// Many threads mask at once; only a new secret has to wait for them.
    known: RwLock<Known>,
}

/// The secrets, and whether one of them may stand in what was recorded before.
#[derive(Default)]
struct Known {
    mask: Mask,
    /// An event was masked.
    begun: AtomicBool,
    /// A secret became known after that.
    late: bool,
}

/// What only one thread at a time may touch.
struct Behind {
    trace: Option<TraceFile>,
    consumers: Vec<Consumer>,
    /// The run is over for those who report.
    closed: bool,
}

impl Recorder {
    /// A recorder that writes to `trace`, if there is one, and shows each event to `consumers` in
    /// their order.
    pub fn new(trace: Option<TraceFile>, mask: Mask, consumers: Vec<Consumer>) -> Arc<Self> {
        Arc::new(Self {
            behind: Mutex::new(Behind {
                trace,
                consumers,
                closed: false,
            }),
            known: RwLock::new(Known {
                mask,
                ..Known::default()
            }),
        })
    }

    /// Drops what comes from now on, from a worker that was left behind: the reports are written
    /// without it, and a replay must see what they saw.
    pub fn close(&self) {
        let mut behind = held(&self.behind);
        behind.settle();
        behind.closed = true;
    }

    /// Hides a secret in every event from now on. What was recorded before is masked when the run is
    /// over, by who asks for [`Recorder::late`].
    pub fn hide(&self, secret: impl AsRef<[u8]>) -> Result<(), NoSecret> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = !known.mask.knows(secret.as_ref());
        known.mask.hide(secret)?;
        known.late |= is_new && *known.begun.get_mut();
        Ok(())
    }

    /// All secrets, if one of them became known after something had been recorded.
    pub fn late(&self) -> Option<Mask> {
        let known = self.known();
        known.late.then(|| known.mask.clone())
    }

    /// A text without the secrets of the run.
    pub fn masked(&self, text: &str) -> String {
        let masked = self.known().mask.masked(text);
        masked.unwrap_or_else(|| text.to_string())
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hides secrets for whoever meets them on the way.
    pub fn hider(self: &Arc<Self>) -> Hider {
        let recorder = Arc::clone(self);
        Arc::new(move |secret| recorder.hide(secret))
    }

    /// This recorder as the sink of an emitter.
    pub fn sink(self: &Arc<Self>) -> Sink {
        Arc::clone(self) as Sink
    }

    /// Why the trace could not be written, if it could not.
    pub fn trouble(&self) -> Option<String> {
        held(&self.behind).trouble()
    }
}

impl Record for Recorder {
    /// Takes an event. It may block while others are written; it drops nothing
    /// until [`Recorder::close`].
    fn record(&self, mut event: Event) {
        let known = self.known();
        // The lock orders this against the secret that comes too late for this event.
        known.begun.store(true, Ordering::Relaxed);
        known.mask.apply(&mut event);
        drop(known);
        cap(&mut event);
        held(&self.behind).take(event);
    }

    fn settle(&self) {
        held(&self.behind).settle();
    }
}

impl Behind {
    fn take(&mut self, mut event: Event) {
        if self.closed {
            return;
        }
        // The last line says what became of the trace itself, so what failed before must stand in
        // it, and what fails with it must still reach the judge.
        let is_last = matches!(event.kind, EventKind::RunEnded { .. });
        if is_last {
            self.settle();
            add_trouble(&mut event, self.trouble());
        }
        if let Some(trace) = &mut self.trace {
            trace.add(&event);
        }
        if is_urgent(&event) {
            self.settle();
        }
        if is_last {
            add_trouble(&mut event, self.trouble());
        }
        for consumer in &mut self.consumers {
            consumer(&event);
        }
    }

    fn settle(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.settle();
        }
    }

    fn trouble(&self) -> Option<String> {
        let trace = self.trace.as_ref()?;
        trace.trouble().map(str::to_string)
    }
}

/// What nobody may hear of before it is in the file: how an attempt ended, and what is said of the
/// run itself.
fn is_urgent(event: &Event) -> bool {
    event.attempt.is_none() || matches!(event.kind, EventKind::AttemptEnded { .. })
}

fn add_trouble(event: &mut Event, trouble: Option<String>) {
    if let (EventKind::RunEnded { troubles, .. }, Some(trouble)) = (&mut event.kind, trouble)
        && !troubles.contains(&trouble)
    {
        troubles.push(trouble);
    }
}

/// A thread that panicked while it recorded must not silence the others.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
