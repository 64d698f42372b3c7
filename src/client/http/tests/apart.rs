//! Every phase at once against a delay put into each: over HTTP/1.1 and HTTP/2, plain and over TLS,
//! no delay is counted in another phase, and a reused connection has the first byte alone.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::secure::nowhere;
use super::server::{Act, Server, ok};
use super::{Bench, Setup};
use crate::client::http::{Connecting, HttpVersion};
use crate::client::tcp::congested::{Congested, SlowNames};
use crate::client::tls::tests::Authority;
use crate::client::tls::tests::server::{Front, plain_http2_on};
use crate::model::event::Phases;

const DNS: Duration = Duration::from_millis(30);
const CONNECT: Duration = Duration::from_millis(40);
const TLS: Duration = Duration::from_millis(50);
const HEAD: Duration = Duration::from_millis(35);

fn took(phase: Option<u64>) -> Duration {
    Duration::from_nanos(phase.expect("the phase happened"))
}

/// A client that must wait for the name and for the connection, its address, and the listener for
/// whoever is to wait on.
async fn waiting(
    scheme: &str,
    connecting: Connecting,
) -> (
    Bench,
    String,
    impl Future<Output = TcpListener> + Send + use<>,
) {
    let congested = Congested::new().await;
    let names = SlowNames::new(DNS);
    let url = format!("{scheme}://a.test:{}/", congested.port());
    let listener = congested.after(names.said(), CONNECT);
    let mut setup = Setup::at(&url);
    setup.resolver = Arc::new(names);
    setup.connecting = connecting;
    (setup.make(), url, listener)
}

fn slow_head() -> impl Fn(&super::server::Asked) -> Vec<Act> {
    |_| {
        let mut acts = vec![Act::Delay(HEAD)];
        acts.extend(ok("one"));
        acts
    }
}

/// Asks twice: all phases the first time, the first byte alone the second.
async fn are_apart(bench: &Bench, url: &str, version: &str, over_tls: bool) {
    let first = bench.get(url).await.expect("an answer");
    assert_eq!(first.version, version);
    let phases = first.phases;
    assert!(took(phases.dns) >= DNS, "{phases:?}");
    assert!(took(phases.connect) >= CONNECT, "{phases:?}");
    assert!(took(phases.first_byte) >= HEAD, "{phases:?}");
    assert_eq!(phases.tls.is_some(), over_tls, "{phases:?}");
    assert!(!over_tls || took(phases.tls) >= TLS, "{phases:?}");
    none_twice(phases);

    let second = bench.get(url).await.expect("an answer").phases;
    assert_eq!((second.dns, second.connect, second.tls), (None, None, None));
    assert!(took(second.first_byte) >= HEAD, "{second:?}");
}

/// A delay that was counted in another phase as well would make them longer than the whole.
fn none_twice(phases: Phases) {
    let parts = [phases.dns, phases.connect, phases.tls, phases.first_byte];
    assert!(
        parts.iter().flatten().sum::<u64>() <= phases.total,
        "{phases:?}"
    );
}

#[tokio::test]
async fn over_http_1() {
    let (bench, url, listener) = waiting("http", Connecting::default()).await;
    let _server = Server::on(nowhere(), listener, slow_head());
    are_apart(&bench, &url, "1.1", false).await;
}

#[tokio::test]
async fn over_http_2() {
    let two = Connecting {
        http: HttpVersion::Two,
        ..Connecting::default()
    };
    let (bench, url, listener) = waiting("http", two).await;
    plain_http2_on(listener, HEAD);
    are_apart(&bench, &url, "2", false).await;
}

async fn over_tls(http: HttpVersion, version: &str, behind: SocketAddr) {
    let authority = Authority::new("ours");
    let connecting = Connecting {
        http,
        tls: authority.trusted(),
        ..Connecting::default()
    };
    let (bench, url, listener) = waiting("https", connecting).await;
    let mut front = Front::new(&authority.good(&["a.test"]), behind);
    front.grants = vec!["h2", "http/1.1"];
    (front.delay, front.head) = (TLS, HEAD);
    front.listen_on(listener);
    are_apart(&bench, &url, version, true).await;
}

#[tokio::test]
async fn over_http_1_and_tls() {
    let behind = Server::start(slow_head()).await;
    over_tls(HttpVersion::One, "1.1", behind.address).await;
}

#[tokio::test]
async fn over_http_2_and_tls() {
    over_tls(HttpVersion::Two, "2", nowhere()).await;
}
