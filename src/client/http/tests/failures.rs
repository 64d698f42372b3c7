//! What a hostile or absent server gets called.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::server::{Act, Server, ok, say};
use super::{ProblemKind, Setup, field, get, request};
use crate::client::http::RequestBody;
use crate::client::resolve::{Addresses, Resolve};

const SHORT: Duration = Duration::from_millis(200);

/// A resolver that knows one thing.
struct Fixed(fn() -> Addresses);

impl Resolve for Fixed {
    fn resolve(&self, _: &str) -> Addresses {
        (self.0)()
    }
}

async fn free_address() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a port");
    listener.local_addr().expect("its address")
}

#[tokio::test]
async fn nobody_listening_refuses_the_connection() {
    let url = format!("http://{}/up", free_address().await);
    let bench = Setup::at(&url).make();
    let (kind, message) = bench.fail(get(&url)).await;
    assert_eq!(kind, ProblemKind::Connect);
    assert_eq!(message, format!("GET {url} refused the connection"));
    assert_eq!(bench.recorded(), ["3: 0 hop 0 GET", "0 connect"]);
}

#[tokio::test]
async fn a_name_without_an_address_is_dns() {
    for (resolver, why) in [
        (
            Fixed(|| Box::pin(async { Err(io::Error::other("no such name")) })),
            "no such name",
        ),
        (
            Fixed(|| Box::pin(async { Ok(Vec::new()) })),
            "it has no address",
        ),
    ] {
        let mut setup = Setup::at("http://nowhere.test");
        setup.resolver = Arc::new(resolver);
        let (kind, message) = setup.make().fail(get("http://nowhere.test/")).await;
        assert_eq!(kind, ProblemKind::Dns);
        let expected =
            format!("GET http://nowhere.test/ found no address of `nowhere.test`: {why}");
        assert_eq!(message, expected);
    }
}

#[tokio::test]
async fn garbage_is_protocol_and_silence_is_closed() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/garbage" => vec![
            Act::Say(b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec()),
            Act::Close,
        ],
        "/header" => say("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"),
        "/half" => vec![Act::Say(b"HTTP/1.1 200 OK\r\nX-".to_vec()), Act::Close],
        "/reset" => vec![Act::Reset],
        _ => vec![Act::Close],
    })
    .await;
    let bench = Setup::of(&server).make();
    for (path, kind, end) in [
        (
            "/garbage",
            ProblemKind::Protocol,
            "answered with what is not HTTP/1.1: ",
        ),
        (
            "/header",
            ProblemKind::Protocol,
            "answered with what is not HTTP/1.1: ",
        ),
        (
            "/half",
            ProblemKind::Closed,
            "closed the connection before the answer's head",
        ),
        (
            "/close",
            ProblemKind::Closed,
            "closed the connection before the answer's head",
        ),
        (
            "/reset",
            ProblemKind::Closed,
            "reset the connection before the answer's head",
        ),
    ] {
        let url = server.url(path);
        let (found, message) = bench.fail(get(&url)).await;
        assert_eq!(found, kind, "{message}");
        assert!(
            message.starts_with(&format!("GET {url} {end}")),
            "{message}"
        );
    }
    assert_eq!(server.seen().len(), 5, "nothing is sent again");
}

#[tokio::test]
async fn a_kept_connection_that_ends_instead_of_answering_is_closed_and_not_tried_again() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/first" => ok(""),
        _ => vec![Act::Close],
    })
    .await;
    let bench = Setup::of(&server).make();
    bench.get(&server.url("/first")).await.expect("an answer");
    let (kind, _) = bench.fail(request("POST", &server.url("/second"))).await;
    assert_eq!(kind, ProblemKind::Closed);
    let seen: Vec<_> = server.seen().iter().map(|asked| asked.connection).collect();
    assert_eq!(seen, [0, 0]);
}

#[tokio::test]
async fn a_deadline_says_in_which_phase_it_came() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/head" => vec![Act::Hang],
        _ => {
            let mut acts = say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell");
            acts.push(Act::Hang);
            acts
        }
    })
    .await;
    let bench = Setup::of(&server).make();
    for (path, phase) in [
        ("/head", "waiting for the answer's head"),
        ("/body", "reading the body, 4 bytes of it had come"),
    ] {
        let url = server.url(path);
        let mut request = get(&url);
        request.deadline = Instant::now() + SHORT;
        let (kind, message) = bench.fail(request).await;
        assert_eq!(kind, ProblemKind::Timeout);
        let start = format!("GET {url} did not answer within ");
        assert!(
            message.starts_with(&start) && message.ends_with(&format!(" ms ({phase})")),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_deadline_while_resolving_or_connecting_says_so() {
    let mut setup = Setup::at("http://slow.test");
    setup.resolver = Arc::new(Fixed(|| Box::pin(std::future::pending())));
    let mut resolving = get("http://slow.test/");
    resolving.deadline = Instant::now() + SHORT;
    let (kind, message) = setup.make().fail(resolving).await;
    assert_eq!(kind, ProblemKind::Timeout);
    assert!(message.ends_with("(resolving the name)"), "{message}");

    let (address, _kept) = full_listener();
    let url = format!("http://{address}/");
    let mut connecting = get(&url);
    connecting.deadline = Instant::now() + SHORT;
    let (kind, message) = Setup::at(&url).make().fail(connecting).await;
    assert_eq!(kind, ProblemKind::Timeout);
    assert!(message.ends_with("(connecting)"), "{message}");
}

/// A listener whose queue is full: further connections are neither made nor refused.
fn full_listener() -> (SocketAddr, Vec<socket2::Socket>) {
    let socket = || {
        socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket")
    };
    let listener = socket();
    listener
        .bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
        .expect("a port");
    listener.listen(0).expect("it listens");
    let address = listener.local_addr().expect("its address");
    let mut kept = vec![listener];
    for _ in 0..4 {
        let filler = socket();
        filler.set_nonblocking(true).expect("it can be told");
        // In progress is what it says; that is enough to take a place.
        let _ = filler.connect(&address);
        kept.push(filler);
    }
    (address.as_socket().expect("an IP address"), kept)
}

#[tokio::test]
async fn what_is_no_request_is_the_scripts_fault_and_is_not_sent() {
    let server = Server::start(|_| ok("")).await;
    let url = server.url("/");
    let bench = Setup::of(&server).make();
    let with = |headers: &[(&str, &str)]| {
        let mut request = request("POST", &url);
        request.headers = headers
            .iter()
            .map(|(name, value)| field(name, value))
            .collect();
        request.body = RequestBody::Whole("hello".into());
        request
    };
    for (wrong, what) in [
        (request("GE T", &url), "`GE T` is no method"),
        (request("CONNECT", &url), "`CONNECT` is no method"),
        (get("/relative"), "`/relative` is no URL"),
        (with(&[("a b", "c")]), "`a b` is no name"),
        (with(&[("x", "a\r\nb: c")]), "the header `x` cannot be sent"),
        (
            with(&[("content-length", "4")]),
            "`content-length` is counted",
        ),
        (
            with(&[("transfer-encoding", "chunked")]),
            "`transfer-encoding` follows",
        ),
        (
            get(&url.replace("http:", "ws:")),
            "a request cannot go to `ws:`",
        ),
    ] {
        let (kind, message) = bench.fail(wrong).await;
        assert_eq!(kind, ProblemKind::Script, "{message}");
        assert!(message.starts_with(what), "{message}");
    }
    assert!(server.seen().is_empty() && bench.recorded().is_empty());
}

#[tokio::test]
async fn streams_and_foreign_hosts_are_refused_by_name() {
    let server = Server::start(|_| ok("")).await;
    let bench = Setup::of(&server).make();
    for (url, kind, start) in [
        (
            server.url("/").replace("http:", "wss:"),
            ProblemKind::Script,
            "a request cannot go to `wss:`",
        ),
        (
            server.named("localhost", "/"),
            ProblemKind::Host,
            "the host `localhost` is not of target `demo`",
        ),
        (
            "ftp://127.0.0.1/".into(),
            ProblemKind::Host,
            "`ftp:` cannot be reached",
        ),
    ] {
        let (found, message) = bench.fail(get(&url)).await;
        assert_eq!(found, kind, "{message}");
        assert!(message.starts_with(start), "{message}");
    }
    let mut request = get(&server.url("/"));
    request.headers = vec![field("HOST", "evil.test")];
    assert_eq!(bench.fail(request).await.0, ProblemKind::Host);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn giving_up_ends_the_connection() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("its address"));
    let bench = Setup::at(&url).make();
    let asking = bench.get(&url);
    tokio::pin!(asking);
    let asked = async {
        let mut socket = listener.accept().await.expect("a connection").0;
        let mut head = [0; 1024];
        let read = tokio::io::AsyncReadExt::read(&mut socket, &mut head).await;
        assert!(read.expect("a request") > 0);
        socket
    };
    let mut socket = tokio::select! {
        socket = asked => socket,
        answer = &mut asking => panic!("nobody answered, and yet {answer:?}"),
    };
    asking.set(bench.get("http://127.0.0.1:1/"));
    let mut rest = Vec::new();
    let end = tokio::io::AsyncReadExt::read_to_end(&mut socket, &mut rest);
    tokio::time::timeout(super::AMPLE, end)
        .await
        .expect("an end")
        .expect("a clean one");
    assert!(rest.is_empty());
}
