//! The one place that every event of a run passes: masked, cut, written, and only then shown to
//! whoever judges and reports.
//!
//! Many threads say what happened and one file takes it. Whoever comes first writes for all who
//! came meanwhile, so that a busy run makes few writes and a quiet one waits for none; `record`
//! returns when its event is in the file.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::{Event, EventKind};

use super::emitter::{Hider, Sink};
use super::mask::{Mask, cap};
use super::secret::NoSecret;
use super::trace::TraceFile;

/// Is shown every event as it stands in the trace. It must not record events itself.
pub type Consumer = Box<dyn FnMut(&Event) + Send>;

/// Records the events of one run.
pub struct Recorder {
    waiting: Mutex<Vec<Event>>,
    behind: Mutex<Behind>,
    mask: Mutex<Mask>,
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
            waiting: Mutex::default(),
            behind: Mutex::new(Behind {
                trace,
                consumers,
                closed: false,
            }),
            mask: Mutex::new(mask),
        })
    }

    /// Takes an event. It may block while others are written; it drops nothing
    /// until [`Recorder::close`].
    pub fn record(&self, event: Event) {
        held(&self.waiting).push(event);
        let mut behind = held(&self.behind);
        let mut batch = std::mem::take(&mut *held(&self.waiting));
        if batch.is_empty() {
            return;
        }
        {
            let mask = held(&self.mask);
            for event in &mut batch {
                mask.apply(event);
                cap(event);
            }
        }
        behind.take(batch);
    }

    /// Drops what comes from now on, from a worker that was left behind: the reports are written
    /// without it, and a replay must see what they saw.
    pub fn close(&self) {
        held(&self.behind).closed = true;
    }

    /// Hides a secret in every event from now on.
    pub fn hide(&self, secret: impl AsRef<[u8]>) -> Result<(), NoSecret> {
        held(&self.mask).hide(secret)
    }

    /// A text without the secrets of the run.
    pub fn masked(&self, text: &str) -> String {
        let masked = held(&self.mask).masked(text);
        masked.unwrap_or_else(|| text.to_string())
    }

    /// Hides secrets for whoever meets them on the way.
    pub fn hider(self: &Arc<Self>) -> Hider {
        let recorder = Arc::clone(self);
        Arc::new(move |secret| recorder.hide(secret))
    }

    /// This recorder as the sink of an emitter.
    pub fn sink(self: &Arc<Self>) -> Sink {
        let recorder = Arc::clone(self);
        Arc::new(move |event| recorder.record(event))
    }

    /// Why the trace could not be written, if it could not.
    pub fn trouble(&self) -> Option<String> {
        held(&self.behind).trouble()
    }
}

impl Behind {
    fn take(&mut self, mut batch: Vec<Event>) {
        if self.closed {
            return;
        }
        // The last line says what became of the trace itself, so what failed before must stand in
        // it, and what fails with it must still reach the judge.
        let trouble = self.trouble();
        add_trouble(&mut batch, trouble.as_deref());
        if let Some(trace) = &mut self.trace {
            trace.append(&batch);
        }
        if trouble.is_none() {
            add_trouble(&mut batch, self.trouble().as_deref());
        }
        for event in &batch {
            for consumer in &mut self.consumers {
                consumer(event);
            }
        }
    }

    fn trouble(&self) -> Option<String> {
        let trace = self.trace.as_ref()?;
        trace.trouble().map(str::to_string)
    }
}

fn add_trouble(batch: &mut [Event], trouble: Option<&str>) {
    let Some(trouble) = trouble else { return };
    for event in batch {
        if let EventKind::RunEnded { troubles, .. } = &mut event.kind
            && !troubles.iter().any(|it| it == trouble)
        {
            troubles.push(trouble.to_string());
        }
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
