//! Against real sockets on loopback.

use std::future::Future;
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use tokio::net::TcpListener;

use super::congested::{Congested, SlowNames};
use super::*;
use crate::client::resolve::System;

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built")
        .block_on(future)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

#[test]
fn a_name_is_resolved_and_an_address_is_not() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let port = listener.local_addr().expect("bound").port();
        let named = dial(&System, "localhost", port, soon())
            .await
            .expect("it listens");
        assert!(named.dns.is_some() && named.connect > 0);
        let plain = dial(&System, "127.0.0.1", port, soon())
            .await
            .expect("it listens");
        assert!(plain.dns.is_none() && plain.connect > 0);
        assert!(plain.stream.nodelay().expect("open"));
    });
}

#[test]
fn a_closed_port_is_a_problem_of_connecting() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        let problem = dial(&System, "127.0.0.1", port, soon())
            .await
            .expect_err("closed");
        assert_eq!(problem.kind, ProblemKind::Connect);
        assert!(problem.message.contains(&format!("127.0.0.1:{port}")));
    });
}

#[test]
fn a_name_that_cannot_exist_is_a_problem_of_the_name() {
    run(async {
        let name = "x".repeat(300);
        let problem = dial(&System, &name, 80, soon())
            .await
            .expect_err("no such name");
        assert_eq!(problem.kind, ProblemKind::Dns, "{problem}");
    });
}

#[test]
fn a_name_that_takes_too_long_is_a_timeout_of_the_name() {
    run(async {
        let problem = dial(&System, "localhost", 80, Instant::now()).await;
        let problem = problem.expect_err("no time at all");
        assert_eq!(problem.kind, ProblemKind::Timeout);
        assert_eq!(problem.reason.as_deref(), Some("dns"));
    });
}

#[test]
fn a_connection_that_is_not_taken_is_a_timeout_of_connecting() {
    run(async {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(&any.into()).expect("loopback");
        socket.listen(0).expect("it can listen");
        let address = socket.local_addr().expect("bound");
        let port = address.as_socket().expect("IPv4").port();
        // A full queue of a listener that accepts nothing swallows further attempts.
        let mut held = Vec::new();
        let problem = loop {
            let deadline = Instant::now() + Duration::from_millis(200);
            match dial(&System, "127.0.0.1", port, deadline).await {
                Ok(dialled) => held.push(dialled),
                Err(problem) => break problem,
            }
            assert!(held.len() < 100, "the queue never fills");
        };
        assert_eq!(problem.kind, ProblemKind::Timeout);
        assert_eq!(problem.reason.as_deref(), Some("connect"));
    });
}

#[test]
fn the_name_and_the_connection_have_a_time_of_their_own() {
    const DNS: Duration = Duration::from_millis(30);
    const CONNECT: Duration = Duration::from_millis(40);
    run(async {
        let congested = Congested::new().await;
        let names = SlowNames::new(DNS);
        let port = congested.port();
        let listener = tokio::spawn(congested.after(names.said(), CONNECT));
        let started = Instant::now();
        let dialled = dial(&names, "a.test", port, soon()).await;
        let all = nanos(started.elapsed());
        let dialled = dialled.expect("it is taken in the end");
        let dns = dialled.dns.expect("it was looked up");
        assert!(dns >= nanos(DNS) && dialled.connect >= nanos(CONNECT));
        // Neither is in the other.
        assert!(dns + dialled.connect <= all, "{dialled:?}");
        listener.await.expect("it listens on");
    });
}
