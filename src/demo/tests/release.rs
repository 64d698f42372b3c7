//! The release: in the head of every answer, and on a page.

use super::raw::{Raw, quiet, serve};
use crate::demo::Bug;

const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const SAID: &str = "\r\nx-version: r41\r\n";

#[test]
fn every_answer_says_the_release() {
    let mut settings = quiet();
    settings.call_release("r41").expect("a release");
    settings.set("clients", "1").expect("a setting");
    let target = serve(settings.clone());
    let connect = || Raw::connect(target.address());
    for path in [
        "/version",
        "/chat",
        "/drop/health",
        "/comments/health",
        "/metrics",
        "/nothing",
    ] {
        let (head, _) = connect().get("GET", path);
        assert!(head.contains(SAID), "{path}: {head}");
    }
    let (_, body) = connect().get("GET", "/version");
    assert_eq!(body, r#"{"release":"r41"}"#);
    let mut garbage = connect();
    garbage.write(b"\x01\x02\r\n\r\n");
    assert!(garbage.head().contains(SAID), "400");
    let mut member = connect();
    let head = member.upgrade("/chat/ws?nick=ann", KEY);
    assert!(
        head.starts_with("HTTP/1.1 101 ") && head.contains(SAID),
        "{head}"
    );
    let head = connect().upgrade("/chat/ws?nick=ben", KEY);
    assert!(
        head.starts_with("HTTP/1.1 503 ") && head.contains(SAID),
        "{head}"
    );

    settings.bugs.insert(Bug::UpgradeBroken);
    let broken = serve(settings);
    let head = Raw::connect(broken.address()).upgrade("/chat/ws?nick=ann", KEY);
    assert!(
        head.starts_with("HTTP/1.1 404 ") && head.contains(SAID),
        "{head}"
    );
}

#[test]
fn a_release_is_what_a_header_can_carry() {
    let mut settings = quiet();
    assert_eq!(settings.release, env!("CARGO_PKG_VERSION"));
    for name in ["", "r 41", "r41\n", "rü", &"r".repeat(201)] {
        let error = settings.call_release(name).expect_err(name).to_string();
        assert!(error.contains("is no name of a release"), "{error}");
    }
    assert_eq!(settings.release, env!("CARGO_PKG_VERSION"), "unchanged");
}
