//! Upgrades that are none.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{LISTEN, Row, hold};
use crate::wire::{Conn, accepting, ok};

fn accept_with(mut conn: Conn, more: &str) {
    let head = conn.head();
    conn.say(accepting(&head, more));
    conn.hold();
}

#[test]
fn wrong_answers() {
    hold(&[
        Row {
            name: "a wrong Sec-WebSocket-Accept",
            serve: |conn| conn.answer_and_hold(accepting("Sec-WebSocket-Key: other\r\n", "")),
            journey: LISTEN,
            ends: Failed("protocol", "is no answer to our Sec-WebSocket-Key"),
        },
        Row {
            name: "no Sec-WebSocket-Accept",
            serve: |conn| {
                conn.answer_and_hold(
                    "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                );
            },
            journey: LISTEN,
            ends: Failed("protocol", "no Sec-WebSocket-Accept"),
        },
        Row {
            name: "an upgrade to something else",
            serve: |conn| {
                conn.answer_and_hold(
                    "HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
                );
            },
            journey: LISTEN,
            ends: Failed("protocol", "does not upgrade to `websocket`"),
        },
        Row {
            name: "a subprotocol that was not offered",
            serve: |conn| accept_with(conn, "Sec-WebSocket-Protocol: mqtt\r\n"),
            journey: LISTEN,
            ends: Failed("protocol", "the subprotocol `mqtt`, which was not offered"),
        },
        Row {
            name: "an extension that was not offered",
            serve: |conn| accept_with(conn, "Sec-WebSocket-Extensions: permessage-deflate\r\n"),
            journey: LISTEN,
            ends: Failed("protocol", "the extension `permessage-deflate`"),
        },
        Row {
            name: "an upgrade answered with 200",
            serve: |conn| conn.answer(ok("", "a page")),
            journey: LISTEN,
            ends: Failed("refused", "status 200"),
        },
        Row {
            name: "an upgrade answered with 301",
            serve: |conn| {
                conn.answer("HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
            },
            journey: LISTEN,
            ends: Failed("refused", "status 301"),
        },
        Row {
            name: "an upgrade answered with 401",
            serve: |conn| {
                conn.answer(
                    "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
                );
            },
            journey: LISTEN,
            ends: Failed("refused", "status 401"),
        },
        Row {
            name: "a refusal with a lying length",
            serve: |conn| {
                conn.answer("HTTP/1.1 403 No\r\nContent-Length: 4611686018427387904\r\n\r\nno");
            },
            journey: LISTEN,
            ends: Failed("refused", "status 403"),
        },
        Row {
            name: "a refusal with a chunk of 2^64 - 1 bytes",
            serve: |conn| {
                conn.answer(
                    "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nno",
                );
            },
            journey: LISTEN,
            ends: Failed("refused", "status 403"),
        },
        Row {
            name: "an upgrade and 500 messages in one write",
            serve: |mut conn| {
                let head = conn.head();
                let messages = [0x81, 1, b'a'].repeat(500);
                conn.say([accepting(&head, "").as_bytes(), &messages].concat());
                conn.hold();
            },
            journey: "local s = c:websocket('/') for _ = 1, 500 do s:expect 'a' end",
            ends: Passed,
        },
    ]);
}
