//! When the phases of one exchange began and ended.
//!
//! The pool asks for a connection somewhere inside itself. A task-local names the exchange for
//! which it is polled, so that the connector knows whose clock it stamps.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::client::tcp::Phase;
use crate::model::Nanos;
use crate::model::event::Phases;

tokio::task_local! {
    static CURRENT: Arc<Marks>;
}

/// The stamps of one exchange.
#[derive(Debug)]
pub(super) struct Marks {
    started: Instant,
    deadline: tokio::time::Instant,
    stamps: Mutex<Stamps>,
}

#[derive(Debug, Default)]
struct Stamps {
    stage: Stage,
    resolving: Option<Instant>,
    resolved: Option<Instant>,
    connecting: Option<Instant>,
    securing: Option<Instant>,
    connected: Option<Instant>,
    head: Option<Instant>,
    spoke_unasked: bool,
}

/// What an exchange is waiting for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// The name's addresses.
    Resolving,
    /// A connection.
    Connecting,
    /// A connection to the proxy.
    ToProxy,
    /// The proxy's answer to `CONNECT`.
    Tunnelling,
    /// The TLS handshake on it.
    Securing,
    /// The head of the answer; so too while the request is being sent, and from the start where a
    /// connection is reused.
    #[default]
    Head,
    /// The rest of the body.
    Body,
}

impl Marks {
    /// An exchange that starts now.
    pub(super) fn start(deadline: tokio::time::Instant) -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            deadline,
            stamps: Mutex::default(),
        })
    }

    /// When it must be over.
    pub(super) fn deadline(&self) -> tokio::time::Instant {
        self.deadline
    }

    /// Runs a future as part of this exchange, wherever it is polled.
    pub(super) fn scope<F: Future>(
        self: &Arc<Self>,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.clone(), future)
    }

    /// The exchange that is being polled, if one is.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// A connection is needed.
    pub(super) fn connecting(&self) {
        let mut stamps = self.lock();
        stamps.stage = Stage::Connecting;
        stamps.connecting = Some(Instant::now());
    }

    /// What is being done for the connection.
    pub(super) fn phase(&self, phase: Phase) {
        let mut stamps = self.lock();
        stamps.stage = match phase {
            Phase::Resolving => {
                stamps.resolving = Some(Instant::now());
                Stage::Resolving
            }
            Phase::Resolved => {
                stamps.resolved = Some(Instant::now());
                Stage::Connecting
            }
            Phase::ToProxy => Stage::ToProxy,
            Phase::Tunnelling => Stage::Tunnelling,
        };
    }

    /// The way is there, and the TLS handshake begins.
    pub(super) fn securing(&self) {
        let mut stamps = self.lock();
        stamps.stage = Stage::Securing;
        stamps.securing = Some(Instant::now());
    }

    /// The connection is there, or failed.
    pub(super) fn connected(&self, ok: bool) {
        let mut stamps = self.lock();
        // A connection may come up for the pool after another one has answered already.
        if stamps.head.is_none() {
            stamps.stage = Stage::Head;
            stamps.connected = ok.then(Instant::now);
        }
    }

    /// The answer's head is waited for, again where it was there.
    pub(super) fn waiting(&self) {
        self.lock().stage = Stage::Head;
    }

    /// The answer's head is there.
    pub(super) fn head(&self) {
        let mut stamps = self.lock();
        stamps.stage = Stage::Body;
        stamps.head = Some(Instant::now());
    }

    /// The other side of a new connection spoke before anything was written to it.
    pub(super) fn spoke_unasked(&self) {
        self.lock().spoke_unasked = true;
    }

    /// Whether it did.
    pub(super) fn has_spoken_unasked(&self) -> bool {
        self.lock().spoke_unasked
    }

    /// What it waits for now.
    pub(super) fn stage(&self) -> Stage {
        self.lock().stage
    }

    /// The phases as they are now, none counted in another. Without a connection of its own there
    /// is no `dns`, no `connect` and no `tls`.
    pub(super) fn phases(&self) -> Phases {
        let stamps = self.lock();
        let own = stamps.connected;
        let dns = own.and(span(stamps.resolving, stamps.resolved));
        let securing = own.and(stamps.securing);
        // An address in text is not looked up: then connecting begins at once.
        let connect = span(stamps.resolved.or(stamps.connecting), securing.or(own));
        Phases {
            dns,
            connect,
            tls: span(securing, own),
            first_byte: span(own.or(Some(self.started)), stamps.head),
            total: nanos(self.started.elapsed()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Stamps> {
        // Stamps are plain values: one who panicked while holding them left nothing half done.
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn span(from: Option<Instant>, to: Option<Instant>) -> Option<Nanos> {
    Some(nanos(to?.saturating_duration_since(from?)))
}

/// A duration as the trace counts it.
pub(super) fn nanos(duration: Duration) -> Nanos {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
