//! A server in front of another one that takes TLS off, or speaks HTTP/2 itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::super::config::provider;
use super::{Authority, Shown};

/// What the server does.
#[derive(Clone)]
pub(crate) struct Front {
    /// The protocols it grants; none: it does not negotiate.
    pub(crate) grants: Vec<&'static str>,
    /// How long it lets the handshake wait.
    pub(crate) delay: Duration,
    /// How long it lets the head of an answer over HTTP/2 wait.
    pub(crate) head: Duration,
    /// Where HTTP/1.1 is passed on to.
    pub(crate) to: SocketAddr,
    config: Arc<ServerConfig>,
}

impl Front {
    /// Shows a certificate, grants HTTP/1.1 and passes all on.
    pub(crate) fn new(shown: &Shown, to: SocketAddr) -> Self {
        Self::made(shown, to, None)
    }

    /// The same, and lets only those in who show a certificate of `clients`.
    pub(crate) fn strict(shown: &Shown, to: SocketAddr, clients: &Authority) -> Self {
        Self::made(shown, to, Some(clients))
    }

    fn made(shown: &Shown, to: SocketAddr, clients: Option<&Authority>) -> Self {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                let trusted = clients.trusted().roots.expect("its own");
                roots.add(trusted[0].clone()).expect("a root");
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
                        .build()
                        .expect("a verifier");
                builder.with_client_cert_verifier(verifier)
            }
        };
        let config = builder
            .with_single_cert(shown.chain(), shown.private())
            .expect("a certificate and its key");
        Self {
            grants: vec!["http/1.1"],
            delay: Duration::ZERO,
            head: Duration::ZERO,
            to,
            config: Arc::new(config),
        }
    }

    /// Listens with TLS; the port.
    pub(crate) async fn listen(self) -> u16 {
        let (listener, port) = listener().await;
        self.listen_on(std::future::ready(listener));
        port
    }

    /// The same on a listener that may come later.
    pub(crate) fn listen_on(self, listener: impl Future<Output = TcpListener> + Send + 'static) {
        let mut config = (*self.config).clone();
        config.alpn_protocols = self
            .grants
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            let listener = listener.await;
            while let Ok((tcp, _)) = listener.accept().await {
                tokio::spawn(self.clone().take(tcp, acceptor.clone()));
            }
        });
    }

    async fn take(self, tcp: TcpStream, acceptor: TlsAcceptor) {
        tokio::time::sleep(self.delay).await;
        let mut tls = match acceptor.accept(tcp).into_fallible().await {
            Ok(tls) => tls,
            Err((_, mut tcp)) => {
                // Reads on, so that what it said is not lost to a reset.
                let _ = tcp.read_to_end(&mut Vec::new()).await;
                return;
            }
        };
        if tls.get_ref().1.alpn_protocol() == Some(b"h2") {
            return http2(tls, self.head).await;
        }
        let mut plain = TcpStream::connect(self.to).await.expect("the one behind");
        let (mut from, mut back) = tokio::io::split(&mut tls);
        let (mut answers, mut questions) = plain.split();
        // The first end is the end, and without a goodbye of TLS, as with most servers.
        tokio::select! {
            _ = tokio::io::copy(&mut from, &mut questions) => {}
            _ = tokio::io::copy(&mut answers, &mut back) => {}
        }
    }
}

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    (listener, port)
}

/// Listens for HTTP/2 without TLS and without asking; the port.
pub(crate) async fn plain_http2() -> u16 {
    let (listener, port) = listener().await;
    plain_http2_on(std::future::ready(listener), Duration::ZERO);
    port
}

/// The same on a listener that may come later, with a wait before the head of each answer.
pub(crate) fn plain_http2_on(
    listener: impl Future<Output = TcpListener> + Send + 'static,
    head: Duration,
) {
    tokio::spawn(async move {
        let listener = listener.await;
        while let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(http2(tcp, head));
        }
    });
}

/// Accepts connections and never says a word; the port.
pub(crate) async fn silent() -> u16 {
    let (listener, port) = listener().await;
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((tcp, _)) = listener.accept().await {
            held.push(tcp);
        }
    });
    port
}

/// Accepts connections, reads the first bytes and ends them; the port.
pub(crate) async fn rude() -> u16 {
    let (listener, port) = listener().await;
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let _ = tcp.read(&mut [0; 4096]).await;
        }
    });
    port
}

/// Answers every request over HTTP/2 with its path and two trailers.
async fn http2<S: AsyncRead + AsyncWrite + Unpin>(stream: S, head: Duration) {
    let Ok(mut connection) = h2::server::handshake(stream).await else {
        return;
    };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        tokio::time::sleep(head).await;
        let response = http::Response::builder().header("x-spoken", "two");
        let response = response.body(()).expect("a response");
        let Ok(mut stream) = respond.send_response(response, false) else {
            return;
        };
        let path = Bytes::from(request.uri().path().to_string());
        let mut trailers = http::HeaderMap::new();
        trailers.insert("grpc-status", http::HeaderValue::from_static("0"));
        trailers.insert("grpc-message", http::HeaderValue::from_static("fine"));
        if stream.send_data(path, false).is_err() || stream.send_trailers(trailers).is_err() {
            return;
        }
    }
}
