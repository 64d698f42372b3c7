//! What comes instead of a TLS handshake.

use crate::harness::Ends::Failed;
use crate::harness::{GET, LISTEN, Row, hold_at};
use crate::wire::serve;

fn secure(rows: &[Row]) {
    hold_at(rows, |row| format!("https://{}", serve(row.serve)));
}

/// A record of a handshake: its kind, TLS 1.2 as all say, and a length.
fn record(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len())
        .expect("a short record")
        .to_be_bytes();
    [&[kind, 3, 3][..], &length, payload].concat()
}

#[test]
fn handshakes() {
    secure(&[
        Row {
            name: "HTTP instead of a TLS hello",
            serve: |mut conn| {
                conn.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                conn.hold();
            },
            journey: GET,
            ends: Failed("tls", "what is not TLS"),
        },
        Row {
            name: "garbage instead of a TLS hello, for ever",
            serve: |mut conn| conn.for_ever([0x16, 3, 3, 0x3f, 0xff]),
            journey: GET,
            ends: Failed("tls", "TLS handshake"),
        },
        Row {
            name: "garbage instead of a TLS hello, to an upgrade",
            serve: |mut conn| {
                conn.say(b"\x00\xff\x1b[31m garbage that is long enough for a record");
                conn.hold();
            },
            journey: LISTEN,
            ends: Failed("tls", "what is not TLS"),
        },
        Row {
            name: "an alert instead of a TLS hello",
            serve: |mut conn| {
                conn.say(record(21, &[2, 40]));
                conn.hold();
            },
            journey: GET,
            ends: Failed("tls", "TLS"),
        },
        Row {
            name: "an alert to an upgrade",
            serve: |mut conn| {
                conn.say(record(21, &[2, 80]));
                conn.hold();
            },
            journey: LISTEN,
            ends: Failed("tls", "TLS"),
        },
        Row {
            name: "closes instead of a TLS hello",
            serve: |conn| drop(conn),
            journey: GET,
            ends: Failed("tls", "during the TLS handshake"),
        },
        Row {
            name: "closes in the middle of a TLS hello",
            serve: |mut conn| {
                conn.say(&record(22, &[2, 0, 0, 200, 3, 3, 0])[..9]);
            },
            journey: GET,
            ends: Failed("tls", "during the TLS handshake"),
        },
        Row {
            name: "never finishes a TLS handshake",
            serve: |mut conn| conn.hold(),
            journey: GET,
            ends: Failed("timeout", "in the TLS handshake"),
        },
        Row {
            name: "never finishes the TLS handshake of an upgrade",
            serve: |mut conn| conn.hold(),
            journey: LISTEN,
            ends: Failed("timeout", "the TLS handshake did not end in time"),
        },
        Row {
            name: "a TLS hello, slowly for ever",
            serve: |mut conn| {
                conn.say([22, 3, 3, 0x3f, 0xff, 2, 0, 0xff, 0xff]);
                conn.slowly_for_ever([0]);
            },
            journey: GET,
            ends: Failed("timeout", "in the TLS handshake"),
        },
        Row {
            name: "a handshake message of 16 MB",
            serve: |mut conn| {
                let mut part = vec![2, 0xff, 0xff, 0xff];
                part.resize(1 << 14, 0);
                conn.say(record(22, &part));
                conn.for_ever(record(22, &[0; 1 << 14]));
            },
            journey: GET,
            ends: Failed("tls", "TLS handshake"),
        },
        Row {
            name: "empty records for ever",
            serve: |mut conn| conn.for_ever(record(22, &[])),
            journey: GET,
            ends: Failed("tls", "TLS handshake"),
        },
        Row {
            name: "warnings for ever",
            serve: |mut conn| conn.for_ever(record(21, &[1, 90])),
            journey: GET,
            ends: Failed("tls", "TLS handshake"),
        },
    ]);
}
