//! HTTP over TLS: who is believed, who is let in, and what is said of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::server::{Server, ok};
use super::{Bench, Setup, get};
use crate::client::http::{Connecting, HttpVersion};
use crate::client::resolve::Pinned;
use crate::client::route::Route;
use crate::client::tls::Profile;
use crate::client::tls::tests::server::{Front, rude, silent};
use crate::client::tls::tests::{Authority, Shown};
use crate::model::fault::Fault;
use crate::model::{Problem, ProblemKind};

/// A client that finds `a.test` on this machine.
pub(super) fn bench(port: u16, tls: Profile, http: HttpVersion) -> (Bench, String) {
    bench_with(port, tls, http, Vec::new())
}

/// The same with faults at its border.
pub(super) fn bench_with(
    port: u16,
    tls: Profile,
    http: HttpVersion,
    faults: Vec<Fault>,
) -> (Bench, String) {
    let url = format!("https://a.test:{port}/");
    let mut setup = Setup::at(&url);
    setup.faults = faults;
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let route = Route {
        pinned: Pinned::new([("a.test".to_string(), here)]),
        ..Route::default()
    };
    setup.connecting = Connecting {
        http,
        tls,
        route,
        ..Connecting::default()
    };
    (setup.make(), url)
}

async fn front(shown: &Shown) -> (u16, Server) {
    let server = Server::start(|_| ok("inside")).await;
    let port = Front::new(shown, server.address).listen().await;
    (port, server)
}

async fn refused(port: u16, tls: Profile) -> Problem {
    let (bench, url) = bench(port, tls, HttpVersion::Any);
    bench.get(&url).await.expect_err("no answer")
}

fn reason(problem: &Problem) -> &str {
    assert_eq!(problem.kind, ProblemKind::Tls, "{problem}");
    problem.reason.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn an_answer_says_who_gave_it_on_a_reused_connection_too() {
    let authority = Authority::new("Example CA");
    let (port, server) = front(&authority.good(&["a.test", "b.test"])).await;
    let (bench, url) = bench(port, authority.trusted(), HttpVersion::Any);
    let first = bench.get(&url).await.expect("an answer");
    assert_eq!((first.version, &first.body[..]), ("1.1", &b"inside"[..]));
    let peer = first.tls.clone().expect("over TLS");
    assert_eq!(peer.version, Some("1.3"));
    assert_eq!(peer.alpn.as_deref(), Some("http/1.1"));
    let certificate = peer.certificate.clone().expect("one was shown");
    assert!(certificate.issuer.contains("Example CA"));
    assert_eq!(certificate.names, ["a.test", "b.test"]);
    assert!(certificate.days_left > 30_000);
    assert!(first.phases.tls.is_some() && first.phases.connect.is_some());

    let second = bench.get(&url).await.expect("an answer");
    assert_eq!(second.tls, Some(peer));
    assert_eq!((second.phases.tls, second.phases.connect), (None, None));
    assert_eq!(server.seen()[1].connection, 0);
}

#[tokio::test]
async fn without_tls_nothing_is_said_of_it() {
    let server = Server::start(|_| ok("")).await;
    let bench = Setup::of(&server).make();
    let response = bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!((response.tls, response.phases.tls), (None, None));
}

#[tokio::test]
async fn each_bad_certificate_has_its_reason() {
    let authority = Authority::new("ours");
    for (shown, wanted, said) in [
        (
            Authority::new("theirs").good(&["a.test"]),
            "unknown_issuer",
            "showed a certificate of an unknown issuer",
        ),
        (
            authority.signs(&["a.test"], (2019, 2020)),
            "expired",
            "showed a certificate that expired",
        ),
        (
            authority.signs(&["a.test"], (2110, 2120)),
            "not_yet_valid",
            "showed a certificate that becomes valid in",
        ),
        (
            authority.good(&["b.test", "c.test"]),
            "wrong_name",
            "showed a certificate for `b.test`, `c.test`, not for `a.test`",
        ),
    ] {
        let (port, server) = front(&shown).await;
        let problem = refused(port, authority.trusted()).await;
        assert_eq!(reason(&problem), wanted, "{problem}");
        assert!(problem.message.contains(said), "{problem}");
        assert!(
            problem.message.starts_with("GET https://a.test:"),
            "{problem}"
        );
        assert!(server.seen().is_empty());

        let (careless, url) = bench(port, Profile::new().insecure(), HttpVersion::Any);
        let response = careless.get(&url).await.expect("whoever it is");
        assert_eq!(&response.body[..], b"inside");
    }
}

#[tokio::test]
async fn who_must_show_a_certificate_gets_in_with_the_right_one_only() {
    let (authority, clients) = (Authority::new("ours"), Authority::new("clients"));
    let server = Server::start(|_| ok("inside")).await;
    let shown = authority.good(&["a.test"]);
    let port = Front::strict(&shown, server.address, &clients)
        .listen()
        .await;
    let with = |shown: &Shown| {
        let profile = authority.trusted();
        let both = profile.showing(shown.cert.as_bytes(), shown.key.as_bytes());
        both.expect("a pair")
    };

    let problem = refused(port, authority.trusted()).await;
    assert_eq!(reason(&problem), "client_certificate", "{problem}");
    assert!(problem.message.contains("wants a client certificate"));
    let stranger = Authority::new("strangers").good(&["alice"]);
    let problem = refused(port, with(&stranger)).await;
    assert_eq!(reason(&problem), "client_certificate", "{problem}");
    assert!(problem.message.contains("refused our client certificate"));
    assert!(server.seen().is_empty());

    let (bench, url) = bench(port, with(&clients.good(&["alice"])), HttpVersion::Any);
    let response = bench.get(&url).await.expect("it is let in");
    assert_eq!(&response.body[..], b"inside");
}

#[tokio::test]
async fn what_is_no_tls_is_a_failed_handshake() {
    let plain = Server::start(|_| ok("")).await;
    let speaks_first = {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        tokio::spawn(async move {
            let mut tcp = listener.accept().await.expect("a connection").0;
            let said = tokio::io::AsyncWriteExt::write_all(&mut tcp, b"220 mail.test ESMTP\r\n");
            said.await.expect("it is taken");
            let _ = tokio::io::AsyncReadExt::read(&mut tcp, &mut [0; 4096]).await;
        });
        port
    };
    let problem = refused(speaks_first, Profile::new().insecure()).await;
    assert_eq!(reason(&problem), "other");
    assert!(problem.message.contains("what is not TLS"), "{problem}");
    drop(plain);

    let problem = refused(rude().await, Profile::new().insecure()).await;
    assert_eq!(reason(&problem), "other");
    assert!(
        problem
            .message
            .contains("ended the connection during the TLS handshake"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_handshake_without_an_end_is_a_timeout_that_says_so() {
    let (bench, url) = bench(silent().await, Profile::new().insecure(), HttpVersion::Any);
    let mut request = get(&url);
    request.deadline = tokio::time::Instant::now() + Duration::from_millis(80);
    let problem = bench.client.request(request).await.expect_err("nothing");
    assert_eq!(problem.kind, ProblemKind::Timeout);
    assert!(
        problem.message.contains("in the TLS handshake"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_request_may_trust_others_than_its_client() {
    let authority = Authority::new("ours");
    let (port, server) = front(&authority.good(&["a.test"])).await;
    let stranger = Authority::new("theirs");
    let (bench, url) = bench(port, stranger.trusted(), HttpVersion::Any);
    assert!(bench.get(&url).await.is_err());
    let mut request = get(&url);
    request.connecting = Some(Connecting {
        tls: authority.trusted(),
        ..bench.client.connecting().clone()
    });
    bench.client.request(request).await.expect("an answer");
    assert!(bench.get(&url).await.is_err(), "only that request");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_redirect_to_https_is_followed() {
    let authority = Authority::new("ours");
    let (port, _server) = front(&authority.good(&["a.test"])).await;
    let away = format!("https://a.test:{port}/");
    let location = away.clone();
    let plain = Server::start(move |_| super::server::to(302, &location)).await;
    let (bench, _) = bench(port, authority.trusted(), HttpVersion::Any);
    let start = format!("http://a.test:{}/", plain.address.port());
    let response = bench.get(&start).await.expect("an answer");
    assert_eq!(response.url, away);
    assert!(response.tls.is_some());
}

/// For tests that need an address and no server.
pub(super) fn nowhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 1))
}

#[tokio::test]
async fn what_the_target_trusts_holds_for_its_own_hosts_alone() {
    let (ours, clients) = (Authority::new("ours"), Authority::new("clients"));
    let shown = ours.good(&["a.test", "b.test"]);
    let server = Server::start(|_| ok("inside")).await;
    let front = Front::strict(&shown, server.address, &clients);
    let port = front.listen().await;
    let (own, other) = (
        format!("https://a.test:{port}/"),
        format!("https://b.test:{port}/"),
    );
    let me = clients.good(&["me"]);
    let tls = ours
        .trusted()
        .showing(me.cert.as_bytes(), me.key.as_bytes())
        .expect("a good pair");
    let setup = || {
        let mut setup = Setup::at(&own).allow("b.test");
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        setup.connecting.route.pinned =
            Pinned::new(["a.test", "b.test"].map(|name| (name.to_string(), here)));
        setup
    };
    let mut target = setup();
    target.connecting = Connecting {
        tls: tls.clone(),
        // Trusts the same authority, so that only what is shown can differ.
        elsewhere: Some(ours.trusted()),
        ..target.connecting
    };
    let bench = target.make();
    assert_eq!(bench.get(&own).await.expect("an answer").status, 200);
    let problem = bench.get(&other).await.expect_err("no certificate");
    assert_eq!(reason(&problem), "client_certificate");
    // What a client says itself holds everywhere.
    let mut client = setup();
    client.connecting = client.connecting.over(tls);
    let bench = client.make();
    assert_eq!(bench.get(&other).await.expect("an answer").status, 200);
}
