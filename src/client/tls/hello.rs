//! When a handshake began. Whoever makes the connection (reqwest, deep inside itself) tells nobody
//! that TCP is up; but the TLS library asks its session store just before it writes the first
//! message, and a task-local says on whose behalf.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use rustls::NamedGroup;
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;

tokio::task_local! {
    static WATCHED: Hello;
}

/// The moment at which one connection's handshake began.
#[derive(Debug, Clone, Default)]
pub struct Hello(Arc<OnceLock<Instant>>);

impl Hello {
    /// Runs a future that makes a connection, and notes when its handshake begins.
    pub fn watch<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        WATCHED.scope(self.clone(), future)
    }

    /// When it began; nothing before, or where there is none.
    pub fn at(&self) -> Option<Instant> {
        self.0.get().copied()
    }
}

/// A session store that keeps nothing and stamps the start of each handshake.
#[derive(Debug)]
pub(super) struct Stamping;

impl ClientSessionStore for Stamping {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        // Nobody watches a WebSocket's handshake: it times its own.
        let _ = WATCHED.try_with(|hello| hello.0.set(Instant::now()));
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, _: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        None
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _: ServerName<'static>, _: Tls13ClientSessionValue) {}

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        None
    }
}
