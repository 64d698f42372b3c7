//! What the benches share: a server on a thread of its own that waits where it is told to and says
//! how long it really waited, a client against it, and the figures of a table.
#![expect(
    clippy::unwrap_used,
    dead_code,
    reason = "a bench ends at the first surprise, and neither uses all of this"
)]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use jaunt::client::cookies::Jar;
use jaunt::client::guard::Guard;
use jaunt::client::http::{Connecting, HttpClient, HttpVersion, Request, Response, Settings};
use jaunt::client::resolve::{Addresses, Resolve};
use jaunt::client::tls::Profile;
use jaunt::model::Target;
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How long the server and the resolver wait.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Delays {
    pub(crate) dns: Duration,
    pub(crate) tls: Duration,
    pub(crate) head: Duration,
}

/// How long they really waited the last time: a timer of the runtime is up to 1 ms late.
#[derive(Debug, Default)]
pub(crate) struct Waited(Mutex<Delays>);

impl Waited {
    pub(crate) fn last(&self) -> Delays {
        *self.0.lock().unwrap()
    }

    async fn wait(&self, delay: Duration, note: impl FnOnce(&mut Delays, Duration)) {
        let began = Instant::now();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        note(&mut self.0.lock().unwrap(), began.elapsed());
    }
}

/// A server for `a.test`, over TLS or without, that speaks one version of HTTP.
pub(crate) struct Server {
    url: String,
    delays: Delays,
    http: HttpVersion,
    profile: Profile,
    pub(crate) waited: Arc<Waited>,
}

impl Server {
    pub(crate) fn start(over_tls: bool, http: HttpVersion, delays: Delays) -> Self {
        let shown = rcgen::generate_simple_self_signed(vec!["a.test".to_string()]).unwrap();
        let profile = Profile::new()
            .trusting(shown.cert.pem().as_bytes())
            .unwrap();
        let key = PrivatePkcs8KeyDer::from(shown.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![shown.cert.der().clone()], key.into())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = over_tls.then(|| TlsAcceptor::from(Arc::new(config)));
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let waited = Arc::new(Waited::default());
        let serving = Serving {
            acceptor,
            delays,
            two: http == HttpVersion::Two,
            waited: waited.clone(),
        };
        std::thread::spawn(move || run(serving.listen(listener)));
        let scheme = if over_tls { "https" } else { "http" };
        Self {
            url: format!("{scheme}://a.test:{port}"),
            delays,
            http,
            profile,
            waited,
        }
    }

    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// A client that was never connected.
    pub(crate) fn client(&self, guard: &Arc<Guard>) -> HttpClient {
        HttpClient::new(Settings {
            releases: None,
            border: None,
            client: 0,
            guard: guard.clone(),
            jar: Jar::new(),
            target_headers: Vec::new(),
            client_headers: Vec::new(),
            emitter: None,
            exchanges: Rc::new(Cell::new(0)),
            resolver: Arc::new(Names {
                delay: self.delays.dns,
                waited: self.waited.clone(),
            }),
            connecting: Connecting {
                http: self.http,
                tls: self.profile.clone(),
                ..Connecting::default()
            },
        })
    }

    pub(crate) fn guard(&self) -> Arc<Guard> {
        let target = Target {
            name: "bench".into(),
            url: self.url.clone(),
            services: BTreeMap::new(),
            any_service: false,
            headers: Vec::new(),
            vars: BTreeMap::new(),
            secrets: Default::default(),
            masked: Vec::new(),
            floor: Vec::new(),
            version: None,
            allow_hosts: Vec::new(),
            others: Default::default(),
            tls: Default::default(),
            proxy: None,
            sockets: Default::default(),
            embedded: false,
        };
        Arc::new(Guard::new(&target).unwrap())
    }

    pub(crate) async fn get(&self, client: &HttpClient) -> Response {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        let request = Request::new("GET", format!("{}/", self.url), deadline);
        client.request(request).await.unwrap()
    }
}

/// Runs on one thread, as a worker does.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, future)
}

struct Names {
    delay: Duration,
    waited: Arc<Waited>,
}

impl Resolve for Names {
    fn resolve(&self, _: &str) -> Addresses {
        let (delay, waited) = (self.delay, self.waited.clone());
        Box::pin(async move {
            waited.wait(delay, |last, took| last.dns = took).await;
            Ok(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
        })
    }
}

#[derive(Clone)]
struct Serving {
    acceptor: Option<TlsAcceptor>,
    delays: Delays,
    two: bool,
    waited: Arc<Waited>,
}

impl Serving {
    async fn listen(self, listener: std::net::TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        while let Ok((tcp, _)) = listener.accept().await {
            tcp.set_nodelay(true).unwrap();
            tokio::task::spawn_local(self.clone().take(tcp));
        }
    }

    async fn take(self, tcp: TcpStream) {
        let Some(acceptor) = self.acceptor.clone() else {
            return self.speak(tcp).await;
        };
        let note = |last: &mut Delays, took| last.tls = took;
        self.waited.wait(self.delays.tls, note).await;
        // Those beside the measured one are ended in the middle of what they do.
        if let Ok(tls) = acceptor.accept(tcp).await {
            self.speak(tls).await;
        }
    }

    async fn speak<S: AsyncRead + AsyncWrite + Unpin>(self, stream: S) {
        match self.two {
            true => self.http2(stream).await,
            false => self.http1(stream).await,
        }
    }

    async fn head(&self) {
        let note = |last: &mut Delays, took| last.head = took;
        self.waited.wait(self.delays.head, note).await;
    }

    async fn http1<S: AsyncRead + AsyncWrite + Unpin>(self, mut stream: S) {
        let mut asked = Vec::new();
        while stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0) {
            if asked.ends_with(b"\r\n\r\n") {
                asked.clear();
                self.head().await;
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                if stream.write_all(answer).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
        }
    }

    async fn http2<S: AsyncRead + AsyncWrite + Unpin>(self, stream: S) {
        let Ok(mut connection) = h2::server::handshake(stream).await else {
            return;
        };
        while let Some(Ok((_, mut respond))) = connection.accept().await {
            self.head().await;
            let Ok(mut body) = respond.send_response(http::Response::new(()), false) else {
                return;
            };
            let _ = body.send_data(Bytes::from_static(b"ok"), true);
        }
    }
}

/// The median and the 95th percentile.
pub(crate) fn figures(mut times: Vec<Duration>) -> [Duration; 2] {
    times.sort();
    [times[times.len() / 2], times[times.len() * 95 / 100]]
}

/// `0.12 ms`, or microseconds where those say more.
pub(crate) fn shown(time: Duration) -> String {
    match time.as_micros() {
        0..100 => format!("{:.1} µs", time.as_secs_f64() * 1e6),
        _ => format!("{:.2} ms", time.as_secs_f64() * 1e3),
    }
}
