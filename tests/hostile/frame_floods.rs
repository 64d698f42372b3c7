//! Too much of what is allowed, over a WebSocket.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{LISTEN, Row, hold};
use crate::wire::{Conn, frame};

/// A journey that listens to its own end.
const PATIENT: &str = "c:websocket('/'):expect('never sent', { within = '1m' })";

fn flood(mut conn: Conn, bytes: &[u8]) {
    conn.upgrade();
    conn.for_ever(bytes);
}

#[test]
fn of_messages() {
    hold(&[
        Row {
            name: "messages of one byte for ever",
            serve: |conn| flood(conn, &frame(0x81, b"a")),
            journey: PATIENT,
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "empty messages for ever",
            serve: |conn| flood(conn, &frame(0x81, b"")),
            journey: PATIENT,
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "a million messages for a frozen client",
            serve: |mut conn| {
                conn.upgrade();
                conn.times(1_000_000, frame(0x81, b"a"));
                conn.hold();
            },
            journey: "local s = c:websocket('/') s:freeze() j:sleep('2s') s:expect 'never sent'",
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "messages for ever while the journey sleeps",
            serve: |conn| flood(conn, &frame(0x81, b"a")),
            journey: "local s = c:websocket('/') j:sleep('2s') s:expect 'never sent'",
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "messages for ever for a client that reads nothing",
            serve: |conn| flood(conn, &frame(0x81, b"a")),
            journey: "c:websocket('/'):blackhole() j:sleep('1s')",
            ends: Passed,
        },
        Row {
            name: "messages of JSON for ever",
            serve: |conn| flood(conn, &frame(0x81, br#"{"type":"noise","list":[1,2,3]}"#)),
            journey: "c:websocket('/'):expect({ type = 'never sent' }, { within = '1m' })",
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "1 GB in messages of 1 MB",
            serve: |mut conn| {
                conn.upgrade();
                conn.times(1 << 10, frame(0x82, &[b'a'; 1 << 20]));
            },
            journey: PATIENT,
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "messages that grow when they are decoded",
            serve: |conn| {
                let list = format!("[{}0]", "0,".repeat(1 << 19));
                flood(conn, &frame(0x81, list.as_bytes()));
            },
            journey: "c:websocket('/'):expect({ type = 'never sent' }, { within = '1m' })",
            ends: Failed("overflow", "the inbox is full"),
        },
    ]);
}

#[test]
fn of_fragments() {
    hold(&[
        Row {
            name: "1 GB as one message in fragments",
            serve: |mut conn| {
                conn.upgrade();
                conn.say(frame(0x02, b"a"));
                conn.times(1 << 14, frame(0x00, &[b'a'; 1 << 16]));
            },
            journey: LISTEN,
            ends: Failed("overflow", "a message was larger than `max_message`"),
        },
        Row {
            name: "empty fragments for ever",
            serve: |mut conn| {
                conn.upgrade();
                conn.say(frame(0x01, b""));
                conn.for_ever(frame(0x00, b""));
            },
            journey: LISTEN,
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "a message that is never finished",
            serve: |conn| conn.frames_and_hold(frame(0x01, b"a")),
            journey: LISTEN,
            ends: Failed("expectation", "never"),
        },
    ]);
}

#[test]
fn of_control_frames() {
    hold(&[
        Row {
            name: "pings for ever",
            serve: |conn| flood(conn, &frame(0x89, b"are you there")),
            journey: LISTEN,
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "pings for ever for a frozen client",
            serve: |conn| flood(conn, &frame(0x89, b"are you there")),
            journey: "local s = c:websocket('/') s:freeze() j:sleep('2s') s:expect 'never sent'",
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "pings for ever, and pongs that are never read",
            serve: |conn| flood(conn, &frame(0x89, &[b'a'; 125])),
            journey: LISTEN,
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "pongs that nobody asked for, for ever",
            serve: |conn| flood(conn, &frame(0x8a, b"")),
            journey: LISTEN,
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "a thousand pings, then a message",
            serve: |mut conn| {
                conn.upgrade();
                conn.times(1000, frame(0x89, b"are you there"));
                conn.say(frame(0x81, b"hello"));
                conn.hold();
            },
            journey: "c:websocket('/'):expect 'hello'",
            ends: Passed,
        },
    ]);
}
