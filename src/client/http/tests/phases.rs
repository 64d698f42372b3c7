//! How long the phases took, against delays put into each of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::server::{Act, Server, ok, to};
use super::{EventKind, Setup};
use crate::client::resolve::{Addresses, Resolve};
use crate::model::event::Phases;

const DNS: Duration = Duration::from_millis(60);
const HEAD: Duration = Duration::from_millis(90);
const BODY: Duration = Duration::from_millis(40);

/// Knows every name as this machine, after a while.
struct Slow;

impl Resolve for Slow {
    fn resolve(&self, _: &str) -> Addresses {
        Box::pin(async {
            tokio::time::sleep(DNS).await;
            Ok(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
        })
    }
}

fn slow_answer() -> Vec<Act> {
    vec![
        Act::Delay(HEAD),
        Act::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no".to_vec()),
        Act::Delay(BODY),
        Act::Say(b"k".to_vec()),
    ]
}

fn took(phase: Option<u64>) -> Duration {
    Duration::from_nanos(phase.expect("the phase happened"))
}

#[tokio::test]
async fn each_phase_has_its_own_time_and_a_kept_connection_has_two_less() {
    let server = Server::start(|_| slow_answer()).await;
    let url = server.named("slow.test", "/");
    let mut setup = Setup::at(&url);
    setup.resolver = Arc::new(Slow);
    let bench = setup.make();

    let first = bench.get(&url).await.expect("an answer").phases;
    assert!(took(first.dns) >= DNS);
    // Connecting to this machine takes no time worth mentioning, so the lookup is not in it.
    assert!(took(first.connect) < took(first.dns));
    assert!(took(first.first_byte) >= HEAD);
    assert_eq!(first.tls, None);
    let apart = took(first.dns) + took(first.connect) + took(first.first_byte);
    // A phase that was counted in another would make them longer than the whole.
    assert!(Duration::from_nanos(first.total) >= apart + BODY / 2);

    let second = bench.get(&url).await.expect("an answer").phases;
    assert_eq!((second.dns, second.connect), (None, None));
    assert!(took(second.first_byte) >= HEAD);
    assert_eq!(server.seen()[1].connection, 0);
}

#[tokio::test]
async fn an_address_in_text_is_not_looked_up() {
    let server = Server::start(|_| ok("")).await;
    let phases = Setup::of(&server)
        .make()
        .get(&server.url("/"))
        .await
        .expect("an answer")
        .phases;
    assert_eq!(phases.dns, None);
    assert!(phases.connect.is_some());
}

#[tokio::test]
async fn the_total_covers_all_hops_and_each_events_total_its_own() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/a" => {
            let mut acts = vec![Act::Delay(HEAD)];
            acts.extend(to(302, "/b"));
            acts
        }
        _ => ok(""),
    })
    .await;
    let bench = Setup::of(&server).make();
    let response = bench.get(&server.url("/a")).await.expect("an answer");
    assert!(Duration::from_nanos(response.phases.total) >= HEAD);
    let events = bench.events.lock().expect("no panic");
    let phases: Vec<Phases> = events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::ResponseReceived { phases, .. } => Some(*phases),
            _ => None,
        })
        .collect();
    assert!(Duration::from_nanos(phases[0].total) >= HEAD);
    assert!(phases[1].total + phases[0].total <= response.phases.total);
    assert_eq!(phases[1].first_byte, response.phases.first_byte);
}

#[tokio::test]
async fn exchanges_side_by_side_keep_their_stamps_apart() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/slow" => slow_answer(),
        _ => ok(""),
    })
    .await;
    let bench = Setup::of(&server).make();
    let (slow_url, fast_url) = (server.url("/slow"), server.url("/fast"));
    let (slow, fast) = tokio::join!(bench.get(&slow_url), bench.get(&fast_url));
    let (slow, fast) = (slow.expect("slow").phases, fast.expect("fast").phases);
    assert!(took(slow.first_byte) >= HEAD && took(fast.first_byte) < took(slow.first_byte));
    assert!(
        slow.connect.is_some() && fast.connect.is_some(),
        "a connection each"
    );
}
