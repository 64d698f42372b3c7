//! Through proxies that behave, refuse and break: what the target sees, and whose doing it is.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::server::{Server, ok};
use super::*;
use crate::client::http::HttpVersion;
use crate::client::tls::Profile;
use crate::client::tls::tests::Authority;
use crate::client::tls::tests::server::Front;
use crate::model::proxy::Proxy;

/// A proxy on a raw socket that notes the head of what it is asked.
struct Between {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

/// What it does with a connection once it has read a head.
#[derive(Clone, Copy)]
enum Then {
    /// Says this and closes.
    Says(&'static str),
    /// Never says anything.
    Hangs,
    /// Opens the tunnel, to that port whatever the name.
    Opens(u16),
}

impl Between {
    async fn start(then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let log = heads.clone();
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                tokio::spawn(serve(tcp, then, log.clone()));
            }
        });
        Self { port, heads }
    }

    fn proxy(&self) -> Proxy {
        self.as_user("")
    }

    fn as_user(&self, user: &str) -> Proxy {
        Proxy::parse(&format!("http://{user}127.0.0.1:{}", self.port)).expect("a proxy")
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no panic").clone()
    }
}

async fn serve(mut tcp: TcpStream, then: Then, log: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match tcp.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    log.lock()
        .expect("no panic")
        .push(String::from_utf8(head).expect("a head is text"));
    match then {
        // Who is refused may be gone already.
        Then::Says(text) => drop(tcp.write_all(text.as_bytes()).await),
        Then::Hangs => std::future::pending().await,
        Then::Opens(port) => {
            let mut behind = TcpStream::connect(("127.0.0.1", port))
                .await
                .expect("it listens");
            let said = tcp
                .write_all(b"HTTP/1.1 200 Go on\r\nVia: test\r\n\r\n")
                .await;
            said.expect("it is taken");
            let _ = copy_bidirectional(&mut tcp, &mut behind).await;
        }
    }
}

fn through(url: &str, proxy: Proxy) -> Bench {
    let mut setup = Setup::at(url);
    setup.connecting.route.proxy = Some(proxy);
    setup.make()
}

fn shouts(text: &'static str) -> Then {
    Then::Says(text)
}

#[tokio::test]
async fn plain_http_goes_to_the_proxy_as_it_is_with_its_user() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    let between = Between::start(shouts(answer)).await;
    let url = "http://nowhere.test:8080/a?b=c";
    let bench = through(url, between.as_user("ann:secret@"));
    let response = bench.get(url).await.expect("an answer");
    assert_eq!(response.body, "hi");
    // The name is the proxy's to resolve.
    assert_eq!(response.phases.dns, None);
    assert!(response.phases.connect.is_some());
    let head = between.heads().concat();
    assert!(
        head.starts_with("GET http://nowhere.test:8080/a?b=c HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains("host: nowhere.test:8080\r\n"), "{head}");
    assert!(
        head.contains("proxy-authorization: Basic YW5uOnNlY3JldA==\r\n"),
        "{head}"
    );
    // What was sent, as a script and the trace see it, is what was meant for the target.
    let told = response.request.headers.iter();
    assert!(told.clone().all(|(name, _)| name != "proxy-authorization"));
}

#[tokio::test]
async fn tls_runs_inside_a_tunnel_in_whatever_version() {
    for (http, spoken) in [(HttpVersion::Any, "2"), (HttpVersion::One, "1.1")] {
        let authority = Authority::new("ours");
        let server = Server::start(|_| ok("inside")).await;
        let port = match http {
            HttpVersion::Any | HttpVersion::Two => http2::both(&authority, server.address).await,
            HttpVersion::One => {
                let shown = authority.good(&["a.test"]);
                Front::new(&shown, server.address).listen().await
            }
        };
        let between = Between::start(Then::Opens(port)).await;
        let mut setup = Setup::at("https://a.test/");
        setup.connecting.tls = authority.trusted();
        setup.connecting.http = http;
        setup.connecting.route.proxy = Some(between.as_user("ann:secret@"));
        let bench = setup.make();
        let response = bench.get("https://a.test/").await.expect("an answer");
        assert_eq!(response.version, spoken);
        assert!(response.tls.is_some() && response.phases.tls.is_some());
        assert_eq!(
            between.heads(),
            ["CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\
                 Proxy-Authorization: Basic YW5uOnNlY3JldA==\r\n\r\n"]
        );
        // The proxy's password stays with the proxy.
        let told = response.request.headers.iter();
        assert!(told.clone().all(|(name, _)| name != "proxy-authorization"));
        // A second request rides through the same tunnel.
        bench.get("https://a.test/").await.expect("an answer");
        assert_eq!(between.heads().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_is_ours_and_an_unreached_target_the_targets() {
    for (says, kind, said) in [
        (
            "HTTP/1.1 403 Filtered\r\nContent-Length: 3\r\n\r\nno!",
            ProblemKind::Config,
            "does not let us through to a.test:443 (403 Filtered)",
        ),
        (
            "HTTP/1.1 407 Who\r\n\r\n",
            ProblemKind::Config,
            "wants a user and a password (407)",
        ),
        (
            "HTTP/1.0 405 Not a proxy\r\n\r\n",
            ProblemKind::Config,
            "answered CONNECT to a.test:443 with 405 Not a proxy",
        ),
        (
            "HTTP/1.1 502\r\n\r\n",
            ProblemKind::Connect,
            "could not reach a.test:443 (502)",
        ),
        (
            "HTTP/1.1 500 Unable to connect\r\n\r\n",
            ProblemKind::Connect,
            "could not reach",
        ),
        (
            "HTTP/1.1 503 Unavailable\r\n\r\n",
            ProblemKind::Connect,
            "could not reach",
        ),
        (
            "HTTP/1.1 504 Slow\r\n\r\n",
            ProblemKind::Connect,
            "could not reach",
        ),
        (
            "",
            ProblemKind::Config,
            "closed the connection without an answer to CONNECT",
        ),
        (
            "HTTP/1.1 200 O",
            ProblemKind::Config,
            "in the middle of its answer",
        ),
        (
            "SSH-2.0-OpenSSH_9\r\n",
            ProblemKind::Config,
            "gave what is not HTTP",
        ),
        (
            "HTTP/1.1 yes\r\n\r\n",
            ProblemKind::Config,
            "gave what is not HTTP",
        ),
    ] {
        let between = Between::start(shouts(says)).await;
        let bench = through("https://a.test/", between.proxy());
        let (found, message) = bench.fail(get("https://a.test/")).await;
        assert_eq!(found, kind, "{says:?}: {message}");
        let proxy = format!("GET https://a.test/: the proxy 127.0.0.1:{} ", between.port);
        assert!(
            message.starts_with(&proxy) && message.contains(said),
            "{message}"
        );
    }
}

#[tokio::test]
async fn wrong_credentials_are_named_as_such_and_not_shown() {
    let says = shouts("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
    for url in ["https://a.test/", "http://a.test/"] {
        let between = Between::start(says).await;
        let bench = through(url, between.as_user("ann:secret@"));
        let (kind, message) = bench.fail(get(url)).await;
        assert_eq!(kind, ProblemKind::Config, "{message}");
        assert!(
            message.contains("does not accept its user and password"),
            "{message}"
        );
        assert!(!message.contains("secret"), "{message}");
    }
}

#[tokio::test]
async fn a_proxy_that_never_answers_is_a_timeout_and_one_that_is_not_there_ours() {
    let between = Between::start(Then::Hangs).await;
    let mut setup = Setup::at("https://a.test/");
    // Without roots to load there is nothing to wait for but the proxy.
    setup.connecting.tls = Profile::new().insecure();
    setup.connecting.route.proxy = Some(between.proxy());
    let bench = setup.make();
    let soon = Instant::now() + Duration::from_secs(1);
    let asked = Request::new("GET", "https://a.test/", soon);
    let (kind, message) = bench.fail(asked).await;
    assert_eq!(kind, ProblemKind::Timeout, "{message}");
    assert!(message.contains("waiting for the proxy"), "{message}");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    for url in ["https://a.test/", "http://a.test/"] {
        let proxy = Proxy::parse(&format!("http://127.0.0.1:{port}")).expect("a proxy");
        let (kind, message) = through(url, proxy).fail(get(url)).await;
        assert_eq!(kind, ProblemKind::Config, "{message}");
        assert!(message.contains("cannot be reached"), "{message}");
    }
}

#[tokio::test]
async fn a_request_never_rides_on_a_connection_of_another_way() {
    let server = Server::start(|_| ok("")).await;
    let bench = Setup::of(&server).make();
    let url = server.url("/");
    let between = Between::start(Then::Opens(server.address.port())).await;
    let mut pinned = get(&url);
    let mut connecting = bench.client.connecting().clone();
    let names = [("other.test".to_string(), [127, 0, 0, 1].into())];
    connecting.route.pinned = crate::client::resolve::Pinned::new(names);
    pinned.connecting = Some(connecting.clone());
    let mut tunnelled = get(&url);
    connecting.route.proxy = Some(between.proxy());
    let here = [("127.0.0.1".to_string(), [127, 0, 0, 1].into())];
    connecting.route.pinned = crate::client::resolve::Pinned::new(here);
    tunnelled.connecting = Some(connecting);
    for request in [get(&url), pinned.clone(), tunnelled.clone()] {
        bench.send(request).await.expect("an answer");
    }
    let connections = |server: &Server| -> Vec<usize> {
        server.seen().iter().map(|asked| asked.connection).collect()
    };
    assert_eq!(connections(&server), [0, 1, 2]);
    // The same ways again ride on what is there.
    for request in [tunnelled, pinned, get(&url)] {
        bench.send(request).await.expect("an answer");
    }
    assert_eq!(connections(&server), [0, 1, 2, 2, 1, 0]);
    // A name whose address is ours to say is not the proxy's, not even for plain HTTP.
    assert!(between.heads().concat().starts_with("CONNECT 127.0.0.1:"));
}
