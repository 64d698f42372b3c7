//! TLS over a connection that is ours.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::link::Link;
use crate::model::{Problem, ProblemKind};

use super::config::{Offer, config};
use super::fault::{Refusal, refusal_of};
use super::peer::{Peer, ShownCertificate, version};
use super::profile::Profile;

/// A connection with TLS on it, for a stream: its end is an end, said or not.
#[derive(Debug)]
pub struct Secured {
    inner: Box<TlsStream<Link>>,
}

/// Why a connection could not be made secure.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unsecured {
    /// The other end's doing.
    #[error("{}", .0.what)]
    Refused(Refusal),
    /// Ours.
    #[error("{0}")]
    Ours(Problem),
}

impl Unsecured {
    /// The problem of whatever `label` names.
    pub fn problem(&self, label: &str) -> Problem {
        match self {
            Self::Refused(refusal) => refusal.problem(label),
            Self::Ours(problem) => problem.clone(),
        }
    }
}

/// The handshake with `host` (a name, or an address without brackets). It has no deadline of its
/// own.
pub async fn shake_hands(
    link: Link,
    host: &str,
    config: Arc<ClientConfig>,
) -> Result<Box<TlsStream<Link>>, Unsecured> {
    let name = ServerName::try_from(host.to_string()).map_err(|_| {
        let message = format!("`{host}` is no name that a certificate could be for");
        Unsecured::Ours(Problem::new(ProblemKind::Script, message))
    })?;
    match TlsConnector::from(config).connect(name, link).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => {
            let refusal = refusal_of(&error).unwrap_or_else(Refusal::broken_off);
            Err(Unsecured::Refused(refusal))
        }
    }
}

/// Makes a connection to `host` (a name, or an address without brackets) secure, with HTTP/1.1
/// offered alone. `label` begins the sentence of a problem: `tls` with its reason, `protocol` if
/// HTTP/1.1 is not granted, `config` if there are no roots, `script` for a host that no certificate
/// can name. It has no deadline of its own.
pub async fn secure(
    link: Link,
    host: &str,
    profile: &Profile,
    label: &str,
) -> Result<Secured, Problem> {
    let config = config(profile, Offer::Http1).await?;
    let inner = shake_hands(link, host, config)
        .await
        .map_err(|unsecured| unsecured.problem(label))?;
    Ok(Secured { inner })
}

/// What the other end showed.
pub fn shown(stream: &TlsStream<Link>) -> Peer {
    let (_, session) = stream.get_ref();
    let alpn = session.alpn_protocol();
    let leaf = session.peer_certificates().and_then(<[_]>::first);
    Peer {
        version: version(session.protocol_version()),
        alpn: alpn.map(|name| String::from_utf8_lossy(name).into_owned()),
        certificate: leaf.and_then(|leaf| ShownCertificate::read(leaf)),
    }
}

impl Secured {
    /// The connection below.
    pub fn link(&self) -> &Link {
        self.inner.get_ref().0
    }

    /// What the other end showed.
    pub fn peer(&self) -> Peer {
        shown(&self.inner)
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut *self.inner).poll_read(context, buffer) {
            // A FIN without a goodbye of TLS before it is a FIN all the same: most servers end so.
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Poll::Ready(Ok(()))
            }
            other => other,
        }
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.inner).poll_shutdown(context)
    }
}
