//! The ways to go away, what each version makes of them, and the end of the target itself.

use std::thread;
use std::time::Duration;

use super::raw::{Raw, quiet, reaping, serve, with};
use crate::demo::{Bug, Running, Version, start};

/// What alice hears from a ghost's departure to the marker that is sent once the server has closed
/// the ghost's socket. No clock is involved: the close event comes before the marker can.
pub(super) fn heard_of_a_ghost(target: &Running, half_closed: bool) -> Vec<String> {
    let address = target.address();
    let mut alice = Raw::enter(address, "alice");
    let mut ghost = Raw::enter(address, "ghost");
    if half_closed {
        ghost.half_close();
    }
    let haunting = thread::spawn(move || {
        ghost.wait_for_end();
        Raw::enter(address, "marker")
    });
    let heard = alice.until("marker joined");
    haunting.join().expect("the marker came in");
    heard
        .iter()
        .filter_map(|line| line["text"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn ghosts_are_announced_since_the_4th_of_march() {
    for version in Version::ALL {
        for half_closed in [false, true] {
            let mut settings = reaping();
            settings.version = version;
            let heard = heard_of_a_ghost(&serve(settings), half_closed);
            let announced = heard.iter().filter(|text| *text == "ghost left").count();
            let expected = match version {
                Version::V1_0 | Version::Mar3 => 0,
                Version::Mar4 | Version::Newest => 1,
            };
            assert_eq!(announced, expected, "{version:?} {half_closed}: {heard:?}");
        }
    }
}

#[test]
fn who_answers_or_says_ping_is_not_reaped() {
    let target = serve(reaping());
    let mut alice = Raw::enter(target.address(), "alice");
    let mut bob = Raw::enter(target.address(), "bob");
    // Bob never sends a pong, but the message of the protocol at each ping.
    let talking = thread::spawn(move || {
        let mut pings = 0;
        while pings < 4 {
            let (opcode, _) = bob.frame().expect("not reaped");
            if opcode == 0x9 {
                pings += 1;
                bob.send(0x81, br#"{"type":"ping"}"#);
            }
        }
        bob.send(0x88, b"");
    });
    let heard = alice.until("bob left");
    talking.join().expect("bob lived through four pings");
    assert_eq!(
        heard.len(),
        4,
        "identity, two joins and one leave: {heard:?}"
    );
}

#[test]
fn a_fin_does_not_end_a_client_and_a_reset_does() {
    for version in Version::ALL {
        let mut settings = quiet();
        settings.version = version;
        let target = serve(settings);
        let mut alice = Raw::join(target.address(), "alice");
        let mut half = Raw::join(target.address(), "half");
        half.half_close();
        alice.say("can you hear me");
        half.until("can you hear me");
        Raw::join(target.address(), "reset").abort();
        alice.until("reset left");
        let heard = half.until("reset left");
        assert!(
            heard.iter().all(|line| line["text"] != "half left"),
            "{heard:?}"
        );
    }
}

#[test]
fn a_vanished_client_is_noticed_by_the_second_write() {
    let target = serve(quiet().no_limits());
    let mut alice = Raw::join(target.address(), "alice");
    drop(Raw::join(target.address(), "bob"));
    alice.until("bob joined");
    // The first write draws a reset out of bob's machine, the second fails.
    alice.say("one");
    let mut seen = alice.until("one");
    alice.say("two");
    seen.extend(alice.until("bob left"));
    let texts: Vec<_> = seen.iter().map(|line| &line["text"]).collect();
    assert_eq!(texts, ["one", "two", "bob left"]);
}

#[test]
fn one_who_does_not_read_holds_up_nobody() {
    let mut settings = quiet().no_limits();
    settings.set("queue_bytes", "none").expect("a setting");
    let target = serve(settings);
    let mut alice = Raw::join(target.address(), "alice");
    let _frozen = Raw::join(target.address(), "frozen");
    let text = "x".repeat(1000);
    // More than the buffers of a loopback connection hold.
    for number in 0..16_000 {
        alice.say(&text);
        if number % 100 == 99 {
            for _ in 0..100 {
                alice.item(&text);
            }
        }
    }
    let (_, health) = Raw::connect(target.address()).get("GET", "/chat/health");
    assert!(health.contains(r#""connected_clients":2"#), "{health}");
}

#[test]
fn more_than_may_wait_for_a_client_ends_it() {
    let mut settings = quiet().no_limits();
    settings.set("queue_bytes", "10000").expect("a setting");
    settings.set("history", "2000").expect("a setting");
    let target = serve(settings);
    let mut alice = Raw::join(target.address(), "alice");
    for number in 0..200 {
        alice.say(&format!("{number} {}", "x".repeat(100)));
        alice.json();
    }
    let mut bob = Raw::enter(target.address(), "bob");
    assert_eq!(bob.frame(), None, "its history is more than may wait");
    alice.until("bob left");
}

#[test]
fn the_end_closes_every_socket_and_frees_the_port() {
    let mut target = serve(quiet());
    let address = target.address();
    let mut alice = Raw::join(address, "alice");
    let _idle = Raw::connect(address);
    target.shutdown();
    assert_eq!(alice.frame(), None);
    assert!(std::net::TcpStream::connect(address).is_err());
    assert!(target.shutdown_within(Duration::ZERO), "ended is ended");
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let target = serve(quiet());
    let port = target.address().port();
    let error = start(quiet(), port).expect_err("the port is taken");
    let said = error.to_string();
    assert!(
        said.starts_with(&format!("cannot listen on 127.0.0.1:{port}: ")),
        "{said}"
    );
    assert_eq!(target.url(), format!("http://127.0.0.1:{port}"));
}

#[test]
fn a_slow_shutdown_waits_for_sockets_and_a_drop_does_not() {
    let mut target = serve(with(quiet(), Bug::SlowShutdown));
    let alice = Raw::join(target.address(), "alice");
    assert!(!target.shutdown_within(Duration::from_millis(200)));
    alice.abort();
    target.shutdown();

    let target = serve(with(quiet(), Bug::SlowShutdown));
    let mut alice = Raw::join(target.address(), "alice");
    drop(target);
    assert_eq!(alice.frame(), None);
}
