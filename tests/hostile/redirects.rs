//! Redirects that lead nowhere good.

use crate::harness::Ends::Failed;
use crate::harness::{GET, Row, hold};
use crate::wire::Conn;

fn to(mut conn: Conn, location: &str) {
    while conn.head().ends_with("\r\n\r\n") {
        conn.say(format!(
            "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        ));
    }
}

#[test]
fn round_and_round() {
    hold(&[
        Row {
            name: "a redirect to itself",
            serve: |conn| to(conn, "/"),
            journey: GET,
            ends: Failed("redirect", "more than 10 redirects, in circles"),
        },
        Row {
            name: "redirects between two pages",
            serve: |mut conn| {
                loop {
                    let head = conn.head();
                    if head.is_empty() {
                        return;
                    }
                    let next = if head.starts_with("GET /a ") {
                        "/b"
                    } else {
                        "/a"
                    };
                    conn.say(format!(
                        "HTTP/1.1 307 Again\r\nLocation: {next}\r\nContent-Length: 0\r\n\r\n"
                    ));
                }
            },
            journey: GET,
            ends: Failed("redirect", "more than 10 redirects, in circles"),
        },
        Row {
            name: "a new page each time, for ever",
            serve: |mut conn| {
                loop {
                    let head = conn.head();
                    let Some(path) = head.split(' ').nth(1) else {
                        return;
                    };
                    conn.say(format!(
                        "HTTP/1.1 302 Found\r\nLocation: {path}a\r\nContent-Length: 0\r\n\r\n"
                    ));
                }
            },
            journey: GET,
            ends: Failed("redirect", "more than 10 redirects"),
        },
        Row {
            name: "a redirect to itself, each answered slowly",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1000\r\n\r\n");
                conn.slowly_for_ever("a");
            },
            journey: GET,
            ends: Failed("timeout", "reading the body"),
        },
        Row {
            name: "a `Location` of 50 kB",
            serve: |conn| to(conn, &format!("/{}", "a".repeat(50_000))),
            journey: GET,
            ends: Failed("redirect", "more than 10 redirects"),
        },
        Row {
            name: "an event stream that redirects in circles",
            serve: |conn| to(conn, "/"),
            journey: "c:events('/')",
            ends: Failed("redirect", "more than 10 redirects, in circles"),
        },
        Row {
            name: "an upgrade that is redirected",
            serve: |conn| to(conn, "/"),
            journey: "c:websocket('/')",
            ends: Failed("refused", "status 302"),
        },
    ]);
}

#[test]
fn astray() {
    hold(&[
        Row {
            name: "a redirect to another host",
            serve: |conn| to(conn, "http://elsewhere.example.com/"),
            journey: GET,
            ends: Failed("redirect", "elsewhere.example.com"),
        },
        Row {
            name: "a redirect to another name of this host",
            serve: |conn| to(conn, "http://localhost:1/"),
            journey: GET,
            ends: Failed("redirect", "localhost"),
        },
        Row {
            name: "a redirect to a metadata address",
            serve: |conn| to(conn, "http://169.254.169.254/latest/meta-data/"),
            journey: GET,
            ends: Failed("redirect", "169.254.169.254"),
        },
        Row {
            name: "a redirect to a metadata address in disguise",
            serve: |conn| to(conn, "http://0xa9fea9fe/latest/"),
            journey: GET,
            ends: Failed("redirect", "169.254.169.254"),
        },
        Row {
            name: "a redirect to a file",
            serve: |conn| to(conn, "file:///etc/passwd"),
            journey: GET,
            ends: Failed("redirect", "file:///etc/passwd"),
        },
        Row {
            name: "a redirect to data",
            serve: |conn| to(conn, "data:text/plain,ok"),
            journey: GET,
            ends: Failed("redirect", "data:"),
        },
        Row {
            name: "a redirect to a script",
            serve: |conn| to(conn, "javascript:alert(1)"),
            journey: GET,
            ends: Failed("redirect", "javascript:"),
        },
        Row {
            name: "a redirect to a stream's scheme",
            serve: |conn| to(conn, "ws://127.0.0.1/"),
            journey: GET,
            ends: Failed("redirect", "ws:"),
        },
        Row {
            name: "a redirect to itself with another scheme",
            serve: |mut conn| {
                let head = conn.head();
                let host = head.lines().find_map(|line| line.strip_prefix("host: "));
                let host = host.unwrap_or("127.0.0.1:1");
                conn.say(format!(
                    "HTTP/1.1 302 Found\r\nLocation: https://{host}/\r\nContent-Length: 0\r\n\r\n"
                ));
            },
            journey: GET,
            ends: Failed("timeout", "in the TLS handshake"),
        },
        Row {
            name: "a redirect to what is no address",
            serve: |conn| to(conn, "http://[::bad/"),
            journey: GET,
            ends: Failed("redirect", "http://[::bad/"),
        },
        Row {
            name: "a redirect to a port that is closed",
            serve: |conn| to(conn, "http://127.0.0.1:1/"),
            journey: GET,
            ends: Failed("connect", "refused the connection"),
        },
    ]);
}
