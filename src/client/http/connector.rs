//! Makes the connections that the pool asks for: the way there, and TLS on it, each phase stamped.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;

use crate::client::link::Link;
use crate::client::resolve::Resolve;
use crate::client::route::{Route, To, Unreached};
use crate::client::tls::{Unsecured, shake_hands, shown};
use crate::client::turns::Turns;

use super::marks::Marks;

/// How long a connection that nobody waits for any more may take to come up for the pool.
const UNASKED: Duration = Duration::from_secs(30);
/// By how much the exchange's own deadline comes first: it knows better what to say.
const AFTER: Duration = Duration::from_secs(1);

/// One way to connect.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) resolver: Arc<dyn Resolve>,
    pub(super) route: Arc<Route>,
    /// For TLS; nothing where the pool is for plain connections.
    pub(super) tls: Option<Arc<ClientConfig>>,
    /// Plain HTTP/1.1, which a proxy takes without a tunnel.
    pub(super) plain: bool,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unconnected {
    #[error(transparent)]
    Unreached(#[from] Unreached),
    #[error(transparent)]
    Unsecured(#[from] Unsecured),
}

/// A connection, with TLS or without.
pub(super) enum Carrier {
    Plain { link: Link, absolute: bool },
    Secured(Box<TlsStream<Link>>),
}

/// A connection that gives its neighbours a turn: HTTP/1.1 reads on by itself for as long as
/// something is there that is no answer yet, interim answers without end, say.
pub(super) struct Wire {
    carrier: Carrier,
    /// For whom it was made, until something was written.
    unasked: Option<Arc<Marks>>,
    /// Its turn, since every read found something.
    turn: Option<Turns>,
    /// The turn is the neighbours'.
    resting: Option<Resting>,
}

/// A pause after which the runtime has looked at its timers too; a mere wake-up would come first.
type Resting = Pin<Box<dyn Future<Output = ()> + Send>>;

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<Wire>;
    type Error = Unconnected;
    type Future = Pin<Box<dyn Future<Output = Result<TokioIo<Wire>, Unconnected>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Unconnected>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        let marks = Marks::current();
        Box::pin(async move {
            let wire = connector.connect(&uri, marks.as_deref()).await;
            if let Some(marks) = &marks {
                marks.connected(wire.is_ok());
            }
            wire.map(|wire| {
                TokioIo::new(Wire {
                    unasked: marks,
                    ..wire
                })
            })
        })
    }
}

impl Connector {
    async fn connect(self, uri: &Uri, marks: Option<&Marks>) -> Result<Wire, Unconnected> {
        let deadline = match marks {
            Some(marks) => {
                marks.connecting();
                marks.deadline() + AFTER
            }
            None => Instant::now() + UNASKED,
        };
        let to = destination(uri, self.plain);
        let watch = |phase| {
            if let Some(marks) = marks {
                marks.phase(phase);
            }
        };
        let resolver = &*self.resolver;
        let reached = self.route.reach(resolver, to, deadline, &watch).await?;
        let Some(config) = self.tls else {
            return Ok(Wire::over(Carrier::Plain {
                link: reached.link,
                absolute: reached.absolute,
            }));
        };
        if let Some(marks) = marks {
            marks.securing();
        }
        let secured = shake_hands(reached.link, to.host, config).await?;
        Ok(Wire::over(Carrier::Secured(secured)))
    }
}

/// Where a request goes.
pub(super) fn destination(uri: &Uri, plain: bool) -> To<'_> {
    let host = uri.host().unwrap_or_default();
    let usual = match uri.scheme_str() {
        Some("https") => 443,
        _ => 80,
    };
    To {
        host: host.trim_start_matches('[').trim_end_matches(']'),
        port: uri.port_u16().unwrap_or(usual),
        plain,
    }
}

impl Wire {
    fn over(carrier: Carrier) -> Self {
        Self {
            carrier,
            unasked: None,
            turn: None,
            resting: None,
        }
    }
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        self.carrier.connected()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.turn.take_if(|turn| turn.is_over()).is_some() {
            wire.resting = Some(Box::pin(tokio::task::yield_now()));
        }
        if let Some(resting) = &mut wire.resting {
            ready!(resting.as_mut().poll(context));
            wire.resting = None;
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut wire.carrier).poll_read(context, buffer);
        if buffer.filled().len() > before
            && let Some(marks) = wire.unasked.take()
        {
            marks.spoke_unasked();
        }
        wire.turn = match read {
            Poll::Ready(_) => Some(wire.turn.take().unwrap_or_else(Turns::new)),
            Poll::Pending => None,
        };
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.unasked = None;
        Pin::new(&mut wire.carrier).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.unasked = None;
        Pin::new(&mut wire.carrier).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.carrier.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().carrier).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().carrier).poll_shutdown(context)
    }
}
impl Connection for Carrier {
    fn connected(&self) -> Connected {
        match self {
            Self::Plain { absolute, .. } => Connected::new().proxy(*absolute),
            Self::Secured(stream) => {
                let peer = shown(stream);
                let connected = match peer.alpn.as_deref() {
                    Some("h2") => Connected::new().negotiated_h2(),
                    _ => Connected::new(),
                };
                connected.extra(peer)
            }
        }
    }
}

impl AsyncRead for Carrier {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { link, .. } => Pin::new(link).poll_read(context, buffer),
            Self::Secured(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Carrier {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain { link, .. } => Pin::new(link).poll_write(context, bytes),
            Self::Secured(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain { link, .. } => Pin::new(link).poll_write_vectored(context, slices),
            Self::Secured(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { link, .. } => Pin::new(link).poll_flush(context),
            Self::Secured(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { link, .. } => Pin::new(link).poll_shutdown(context),
            Self::Secured(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
