//! Which version of HTTP is spoken, and what it carries.

use std::net::SocketAddr;

use super::secure::bench;
use super::server::{Act, Server, ok, say};
use super::{Setup, get};
use crate::client::http::{Connecting, HttpVersion};
use crate::client::tls::tests::Authority;
use crate::client::tls::tests::server::{Front, plain_http2};
use crate::model::ProblemKind;

/// Grants both versions.
pub(super) async fn both(authority: &Authority, to: SocketAddr) -> u16 {
    let mut front = Front::new(&authority.good(&["a.test"]), to);
    front.grants = vec!["h2", "http/1.1"];
    front.listen().await
}

#[tokio::test]
async fn tls_offers_both_and_each_can_be_required() {
    let authority = Authority::new("ours");
    let server = Server::start(|_| ok("one")).await;
    let port = both(&authority, server.address).await;
    for (http, version, alpn, body) in [
        (HttpVersion::Any, "2", "h2", "/"),
        (HttpVersion::Two, "2", "h2", "/"),
        (HttpVersion::One, "1.1", "http/1.1", "one"),
    ] {
        let (bench, url) = bench(port, authority.trusted(), http);
        let response = bench.get(&url).await.expect("an answer");
        assert_eq!(response.version, version, "{http:?}");
        assert_eq!(&response.body[..], body.as_bytes());
        let peer = response.tls.expect("over TLS");
        assert_eq!(peer.alpn.as_deref(), Some(alpn));
    }
}

#[tokio::test]
async fn a_request_may_speak_another_version_than_its_client() {
    let authority = Authority::new("ours");
    let server = Server::start(|_| ok("one")).await;
    let port = both(&authority, server.address).await;
    let (bench, url) = bench(port, authority.trusted(), HttpVersion::Two);
    let mut request = get(&url);
    request.connecting = Some(Connecting {
        http: HttpVersion::One,
        tls: authority.trusted(),
        ..bench.client.connecting().clone()
    });
    let response = bench.client.request(request).await.expect("an answer");
    assert_eq!(response.version, "1.1");
    assert_eq!(bench.get(&url).await.expect("an answer").version, "2");
}

#[tokio::test]
async fn http2_that_is_not_granted_is_a_broken_protocol() {
    let authority = Authority::new("ours");
    let server = Server::start(|asked| match asked.path.as_str() {
        "*" => vec![Act::Say(b"HTTP/1.1 400 No\r\n\r\n".to_vec()), Act::Hang],
        _ => ok(""),
    })
    .await;
    let shown = authority.good(&["a.test"]);
    for grants in [vec!["http/1.1"], vec![]] {
        let mut front = Front::new(&shown, server.address);
        front.grants = grants.clone();
        let (bench, url) = bench(front.listen().await, authority.trusted(), HttpVersion::Two);
        let (kind, message) = bench.fail(get(&url)).await;
        assert_eq!(kind, ProblemKind::Protocol, "{grants:?}: {message}");
    }
    let rude = Server::start(|_| vec![Act::Close]).await;
    for server in [&server, &rude] {
        let mut setup = Setup::of(server);
        setup.connecting.http = HttpVersion::Two;
        let (kind, message) = setup.make().fail(get(&server.url("/"))).await;
        assert_eq!(kind, ProblemKind::Protocol, "{message}");
        assert!(message.contains("did not grant HTTP/2"), "{message}");
    }
}

#[tokio::test]
async fn without_tls_http2_is_spoken_without_asking() {
    let url = format!("http://127.0.0.1:{}/x", plain_http2().await);
    let mut setup = Setup::at(&url.replace("/x", ""));
    setup.connecting.http = HttpVersion::Two;
    let response = setup.make().get(&url).await.expect("an answer");
    assert_eq!((response.version, &response.body[..]), ("2", &b"/x"[..]));
    assert_eq!(response.header("x-spoken").next(), Some(&b"two"[..]));
    assert_eq!(
        response.trailers,
        [
            ("grpc-status".to_string(), b"0".to_vec()),
            ("grpc-message".to_string(), b"fine".to_vec()),
        ]
    );
}

#[tokio::test]
async fn trailers_follow_the_chunks_of_http1_too() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/with" => say(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n\
             2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n",
        ),
        _ => ok(""),
    })
    .await;
    let bench = Setup::of(&server).make();
    let response = bench.get(&server.url("/with")).await.expect("an answer");
    assert_eq!(&response.body[..], b"ok");
    assert_eq!(response.trailers, [("x-sum".to_string(), b"7".to_vec())]);
    let response = bench.get(&server.url("/none")).await.expect("an answer");
    assert_eq!(response.trailers, []);
}
