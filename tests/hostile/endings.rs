//! Streams that end as they should not.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{LISTEN, Row, hold};
use crate::wire::{Conn, frame};

fn close_with(conn: Conn, code: u16) {
    conn.frames_and_hold(frame(0x88, &code.to_be_bytes()));
}

#[test]
fn of_connections() {
    hold(&[
        Row {
            name: "closes in the middle of a frame's head",
            serve: |mut conn| {
                conn.upgrade();
                conn.say([0x81]);
            },
            journey: LISTEN,
            ends: Failed("protocol", "in the middle of a frame"),
        },
        Row {
            name: "closes in the middle of a frame",
            serve: |mut conn| {
                conn.upgrade();
                conn.say([0x81, 5, b'h', b'a']);
            },
            journey: LISTEN,
            ends: Failed("protocol", "in the middle of a frame"),
        },
        Row {
            name: "closes in the middle of a message",
            serve: |mut conn| {
                conn.upgrade();
                conn.say(frame(0x01, b"half"));
            },
            journey: LISTEN,
            ends: Failed("protocol", "in the middle of a frame"),
        },
        Row {
            name: "closes without a close frame",
            serve: |mut conn| conn.upgrade(),
            journey: LISTEN,
            ends: Failed("closed", "closed by the target (code 1006, fin)"),
        },
    ]);
}

#[test]
fn close_codes() {
    const GOODBYE: &str = "c:websocket('/'):expect_close { code = 1000 }";
    hold(&[
        Row {
            name: "close code 0",
            serve: |conn| close_with(conn, 0),
            journey: GOODBYE,
            ends: Failed("expectation", ""),
        },
        Row {
            name: "close code 999",
            serve: |conn| close_with(conn, 999),
            journey: GOODBYE,
            ends: Failed("expectation", ""),
        },
        Row {
            name: "close code 1005, which is never sent",
            serve: |conn| close_with(conn, 1005),
            journey: GOODBYE,
            ends: Failed("expectation", ""),
        },
        Row {
            name: "close code 1006, which is never sent",
            serve: |conn| close_with(conn, 1006),
            journey: GOODBYE,
            ends: Failed("expectation", ""),
        },
        Row {
            name: "close code 65535",
            serve: |conn| close_with(conn, 65535),
            journey: GOODBYE,
            ends: Failed("expectation", ""),
        },
        Row {
            name: "messages after the close frame",
            serve: |mut conn| {
                conn.upgrade();
                conn.say(frame(0x88, &1000_u16.to_be_bytes()));
                conn.for_ever(frame(0x81, b"never sent"));
            },
            journey: "local s = c:websocket('/') s:expect_close { code = 1000 } j:expect(#s:messages(), 0)",
            ends: Passed,
        },
        Row {
            name: "messages after the close frame, which are waited for",
            serve: |mut conn| {
                conn.upgrade();
                conn.say(frame(0x88, &1000_u16.to_be_bytes()));
                conn.for_ever(frame(0x81, b"never sent"));
            },
            journey: LISTEN,
            ends: Failed("closed", "code 1000"),
        },
    ]);
}
