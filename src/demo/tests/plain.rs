//! Plain HTTP: pages, health, headers, and requests that are none.

use serde_json::Value;

use super::raw::{Raw, quiet, serve};
use crate::demo::{SERVICES, Version};

#[test]
fn health_has_the_shape_and_headers_of_its_version() {
    for version in Version::ALL {
        let mut settings = quiet();
        settings.version = version;
        let target = serve(settings);
        let _member = Raw::join(target.address(), "member");
        let (head, body) = Raw::connect(target.address()).get("GET", "/chat/health");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let (number, uptime) = match version {
            Version::V1_0 => ("1.0", false),
            Version::Mar3 | Version::Mar4 => ("1.1", true),
            Version::Newest => ("1.2", true),
        };
        assert!(
            body.starts_with(&format!(
                r#"{{"ok":true,"service":"dead-chat","version":"{number}","connected_clients":1,"#
            )),
            "{body}"
        );
        let health: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(health.get("uptime_seconds").is_some(), uptime, "{body}");
        assert!(health["ts"].as_u64() > Some(1_700_000_000_000), "{body}");
        assert!(
            head.contains("\r\nX-Content-Type-Options: nosniff\r\n"),
            "{head}"
        );
        assert!(
            head.contains("\r\nX-Frame-Options: SAMEORIGIN\r\n"),
            "{head}"
        );
        let newest = version == Version::Newest;
        assert_eq!(
            head.contains("Referrer-Policy: no-referrer"),
            newest,
            "{head}"
        );
        assert_eq!(head.contains("frame-ancestors 'self'"), newest, "{head}");
    }
}

#[test]
fn one_connection_carries_several_requests_and_head_has_no_body() {
    let target = serve(quiet());
    let mut raw = Raw::connect(target.address());
    let (head, page) = raw.get("GET", "/chat?x=1");
    assert!(head.contains("Content-Type: text/html"), "{head}");
    assert!(page.contains("new WebSocket("), "{page}");
    let (head, _) = raw.get("HEAD", "/chat");
    assert!(
        head.contains(&format!("Content-Length: {}\r\n", page.len())),
        "{head}"
    );
    for path in ["/", "/chat/nothing", "/chatter", "/chat/ws"] {
        let (head, body) = raw.get("GET", path);
        assert!(head.starts_with("HTTP/1.1 404 Not Found\r\n"), "{head}");
        assert_eq!(body, "Not found");
    }
    // A body is read away, so that it is not taken for the next request.
    raw.write(b"POST /chat HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
    assert!(raw.head().starts_with("HTTP/1.1 404 "));
    raw.body("Not found".len());
    assert!(
        raw.get("GET", SERVICES[0].prefix)
            .0
            .starts_with("HTTP/1.1 200 ")
    );
}

#[test]
fn what_is_no_request_is_refused_and_closed() {
    let target = serve(quiet());
    let long = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(20_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: x\r\n".repeat(70));
    for (bytes, status) in [
        ("\u{1}\u{2}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (&long, 431),
        (&many, 431),
    ] {
        let mut raw = Raw::connect(target.address());
        raw.write(bytes.as_bytes());
        let head = raw.head();
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head:?}");
        assert_eq!(raw.head(), "", "closed");
    }
    let mut raw = Raw::connect(target.address());
    raw.write(b"GET /chat/health HTTP/1.0\r\n\r\n");
    let head = raw.head();
    assert!(head.contains("Connection: close\r\n"), "{head}");
}

#[test]
fn an_upgrade_elsewhere_or_without_a_key_is_destroyed() {
    let target = serve(quiet());
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (path, headers) in [
        ("/", key),
        ("/chat", key),
        ("/chat/ws/", key),
        ("/other/ws", key),
        ("/chat/ws?nick=ann", ""),
    ] {
        let answer = Raw::connect(target.address()).upgrade(path, headers);
        assert_eq!(answer, "", "{path}");
    }
}
