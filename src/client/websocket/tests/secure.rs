//! Over TLS: the same stream, and who is believed.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::*;
use crate::client::resolve::Pinned;
use crate::client::route::Route;
use crate::client::tls::Profile;
use crate::client::tls::tests::server::{Front, silent};
use crate::client::tls::tests::{Authority, Shown};
use crate::model::ProblemKind;
use crate::model::event::How;

fn at(port: u16, tls: Profile) -> Open {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    Open {
        url: Url::parse(&format!("wss://a.test:{port}/chat/ws")).expect("a URL"),
        tls,
        route: Route {
            pinned: Pinned::new([("a.test".to_string(), here)]),
            ..Route::default()
        },
        ..options(port)
    }
}

/// Both ends of a stream with TLS between them.
async fn secured(authority: &Authority) -> Pair {
    let (listener, behind) = target::listen().await;
    let shown = authority.good(&["a.test"]);
    let port = front(&shown, behind).await;
    let trace = Trace::new();
    let options = at(port, authority.trusted());
    let ((connection, incoming), target) = tokio::join!(
        async { open(options, &trace.emitter).await.expect("it is accepted") },
        async {
            let mut target = Target::accept(&listener).await;
            target.upgrade("").await;
            target
        }
    );
    Pair {
        connection,
        incoming,
        target,
        trace,
    }
}

async fn front(shown: &Shown, behind: u16) -> u16 {
    let to = SocketAddr::from((Ipv4Addr::LOCALHOST, behind));
    Front::new(shown, to).listen().await
}

#[test]
fn messages_pass_both_ways_and_the_answer_says_who_gave_it() {
    run(async {
        let authority = Authority::new("Example CA");
        let mut pair = secured(&authority).await;
        let accepted = pair.connection.accepted();
        assert!(accepted.url.starts_with("wss://a.test:"));
        let peer = accepted.tls.clone().expect("over TLS");
        assert_eq!(peer.version, Some("1.3"));
        assert_eq!(peer.alpn.as_deref(), Some("http/1.1"));
        assert_eq!(peer.certificate.expect("one").names, ["a.test"]);
        let phases = accepted.phases;
        assert!(phases.dns.is_some() && phases.connect.is_some() && phases.tls.is_some());
        let all = [phases.dns, phases.connect, phases.tls, phases.first_byte];
        assert!(all.iter().flatten().sum::<u64>() <= phases.total);

        pair.send("hello").await.expect("it is sent");
        pair.target.expect(0x81, b"hello").await;
        pair.target.write(&target::text("back")).await;
        assert_eq!(pair.text().await, "back");
    });
}

#[test]
fn vanishing_ends_the_connection_below_tls() {
    run(async {
        let authority = Authority::new("ours");
        let mut pair = secured(&authority).await;
        pair.connection.vanish().await.expect("it can");
        let end = pair.target.end_of_input().await;
        assert_eq!(end.expect("an end"), 0);
    });
}

#[test]
fn a_target_that_leaves_without_a_goodbye_of_tls_sent_a_fin() {
    run(async {
        let authority = Authority::new("ours");
        let mut pair = secured(&authority).await;
        drop(pair.target);
        let Arrival::Ended(ended) = pair.incoming.next().await.expect("the end") else {
            panic!("no end");
        };
        assert_eq!(ended.how, How::Fin);
    });
}

#[test]
fn a_bad_certificate_fails_the_opening_with_its_reason() {
    run(async {
        let authority = Authority::new("ours");
        for (shown, reason) in [
            (Authority::new("x").good(&["a.test"]), "unknown_issuer"),
            (authority.signs(&["a.test"], (2019, 2020)), "expired"),
            (authority.good(&["b.test"]), "wrong_name"),
        ] {
            let trace = Trace::new();
            let options = at(front(&shown, 1).await, authority.trusted());
            let error = open(options, &trace.emitter).await.expect_err(reason);
            assert_eq!(error.problem.kind, ProblemKind::Tls);
            assert_eq!(error.problem.reason.as_deref(), Some(reason));
            assert!(error.problem.message.starts_with("the target showed"));
            let failed = |kind: &EventKind| matches!(kind, EventKind::StreamFailed { .. });
            assert_eq!(trace.count(failed), 1);
        }
    });
}

#[test]
fn a_missing_client_certificate_is_named_after_the_handshake_too() {
    run(async {
        let (authority, clients) = (Authority::new("ours"), Authority::new("clients"));
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        let front = Front::strict(&authority.good(&["a.test"]), to, &clients);
        let options = at(front.listen().await, authority.trusted());
        let error = open(options, &Trace::new().emitter).await;
        let problem = error.expect_err("nobody gets in").problem;
        assert_eq!(problem.kind, ProblemKind::Tls, "{problem}");
        assert_eq!(problem.reason.as_deref(), Some("client_certificate"));
    });
}

#[test]
fn a_handshake_without_an_end_names_its_phase() {
    run(async {
        let mut options = at(silent().await, Profile::new().insecure());
        options.deadline = Instant::now() + Duration::from_millis(80);
        let error = open(options, &Trace::new().emitter).await;
        let problem = error.expect_err("nothing came").problem;
        assert_eq!(problem.kind, ProblemKind::Timeout);
        assert_eq!(problem.reason.as_deref(), Some("tls"));
    });
}

#[test]
fn the_handshake_and_the_answer_have_a_time_of_their_own() {
    const TLS: Duration = Duration::from_millis(50);
    const ANSWER: Duration = Duration::from_millis(40);
    run(async {
        let (listener, behind) = target::listen().await;
        let authority = Authority::new("ours");
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, behind));
        let mut front = Front::new(&authority.good(&["a.test"]), to);
        front.delay = TLS;
        let options = at(front.listen().await, authority.trusted());
        let trace = Trace::new();
        let (opened, _target) = tokio::join!(open(options, &trace.emitter), async {
            let mut target = Target::accept(&listener).await;
            tokio::time::sleep(ANSWER).await;
            target.upgrade("").await;
            target
        });
        let (connection, _incoming) = opened.expect("it is accepted");
        let phases = connection.accepted().phases;
        let took = |phase: Option<u64>| Duration::from_nanos(phase.expect("it happened"));
        assert!(took(phases.tls) >= TLS && took(phases.first_byte) >= ANSWER);
        let parts = [phases.dns, phases.connect, phases.tls, phases.first_byte];
        // A delay that was counted twice would make them longer than the whole.
        assert!(
            parts.iter().flatten().sum::<u64>() <= phases.total,
            "{phases:?}"
        );
    });
}
