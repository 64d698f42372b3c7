//! The server of the fixtures: each path misbehaves in its own way.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::super::support::server::{Answer, Server};

/// The body of `/cart`: a total and a currency that are wrong, and an item too few.
const CART: &str = r#"{"items":[{"sku":"mug","count":1}],"total":9.9,"note":"thank you"}"#;
const JOINED: &str = r#"{"type":"system","text":"bob4k2m9x0qaz joined","count":2}"#;

/// An event stream: an event, and a comment that keeps it alive.
const FEED: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n\
    event: price\nid: 7\ndata: {\"sku\":\"mug\",\"price\":9.9}\n\n: still here\n\n";

/// Starts it on a port from the system.
pub(super) fn start() -> Server {
    Server::new(|path| {
        match path.split('?').next().unwrap_or_default() {
        "/ok" => json(r#"{"ok":true}"#),
        "/cart" => json(CART),
        "/page" => answer(200, "text/html", "<h1>It works</h1>"),
        "/big" => answer(200, "text/plain", &"x".repeat(4096)),
        "/silence" => Answer::Stay(Vec::new()),
        "/short" => Answer::Bytes(
            b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\nhalf of it".to_vec(),
        ),
        "/loop" => Answer::Bytes(
            b"HTTP/1.1 302 Found\r\nlocation: /loop\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                .to_vec(),
        ),
        "/room" => Answer::Upgrade {
            then: [frame(JOINED), frame(JOINED)].concat(),
            ends: false,
        },
        "/orders" => Answer::Upgrade {
            then: ["placed", "shipped", "paid", "told"].map(order).concat(),
            ends: false,
        },
        "/feed" => Answer::Stay(FEED.as_bytes().to_vec()),
        "/hangs-up" => Answer::Upgrade {
            then: frame(r#"{"type":"hello"}"#),
            ends: true,
        },
        _ => answer(404, "application/json", r#"{"error":"no such page"}"#),
    }
    })
}

/// What becomes of an order, as a message.
fn order(what: &str) -> Vec<u8> {
    frame(&format!(r#"{{"type":"{what}","order":7}}"#))
}

/// A port whose server says what HTTP says to a bad request before it has heard anything: no answer
/// to a TLS handshake. It serves until the tests end.
pub(super) fn without_tls() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A client that left has its answer already.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
            let mut rest = [0; 1024];
            while matches!(stream.read(&mut rest), Ok(1..)) {}
        }
    });
    port
}

/// A port of ours that nobody listens at: it was given by the system and is free again.
pub(super) fn gone() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn json(body: &str) -> Answer {
    answer(200, "application/json", body)
}

fn answer(status: u16, media: &str, body: &str) -> Answer {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: {media}\r\nx-version: r41\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    Answer::Bytes(text.into_bytes())
}

/// A text frame, as a server sends it.
fn frame(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("a short text");
    assert!(length < 126, "a short text");
    let mut bytes = vec![0x81, length];
    bytes.extend(text.as_bytes());
    bytes
}
