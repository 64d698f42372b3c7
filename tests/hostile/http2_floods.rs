//! Too much of what HTTP/2 allows.

use crate::harness::Ends::Failed;
use crate::harness::{Row, hold};
use crate::http2::{
    CONTINUATION, DATA, GET2, HEADERS, PING, RST, SETTINGS, STATUS_200, begin, frame2,
};

#[test]
fn of_frames() {
    hold(&[
        Row {
            name: "HTTP/2: settings for ever",
            serve: |mut conn| {
                begin(&mut conn);
                conn.for_ever(frame2(SETTINGS, 0, 0, &[]));
            },
            journey: GET2,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "HTTP/2: pings for ever",
            serve: |mut conn| {
                begin(&mut conn);
                conn.for_ever(frame2(PING, 0, 0, &[0; 8]));
            },
            journey: GET2,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "HTTP/2: resets for ever",
            serve: |mut conn| {
                begin(&mut conn);
                conn.for_ever(frame2(RST, 0, 1, &[0, 0, 0, 8]));
            },
            journey: GET2,
            ends: Failed("closed", "ended the exchange before the answer's head"),
        },
        Row {
            name: "HTTP/2: empty data for ever",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 4, 1, STATUS_200));
                conn.for_ever(frame2(DATA, 0, 1, &[]));
            },
            journey: GET2,
            ends: Failed("protocol", "too_many_data_frames"),
        },
        Row {
            name: "HTTP/2: a million pushes that nobody allowed",
            serve: |mut conn| {
                begin(&mut conn);
                conn.for_ever(frame2(5, 4, 1, &[0, 0, 0, 2, 0x82, 0x84, 0x86]));
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
    ]);
}

#[test]
fn of_headers() {
    hold(&[
        Row {
            name: "HTTP/2: continuations for ever",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 0, 1, STATUS_200));
                // Each names one header: `a: b`.
                conn.for_ever(frame2(CONTINUATION, 0, 1, &[0x00, 1, b'a', 1, b'b']));
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
        Row {
            name: "HTTP/2: empty continuations for ever",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 0, 1, STATUS_200));
                conn.for_ever(frame2(CONTINUATION, 0, 1, &[]));
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
        Row {
            name: "HTTP/2: a header list that grows when it is read",
            serve: |mut conn| {
                begin(&mut conn);
                // One header of 4000 bytes goes into the table, and is named again and again by a
                // byte each: 64 MB out of 16 KB.
                let mut block = STATUS_200.to_vec();
                block.extend_from_slice(&[0x40, 1, b'a', 0x7f, 0xa1, 0x1e]);
                block.extend_from_slice(&[b'v'; 4000]);
                block.resize(16_000, 0xbe);
                conn.say(frame2(HEADERS, 4, 1, &block));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
        Row {
            name: "HTTP/2: a header of 1 MB",
            serve: |mut conn| {
                begin(&mut conn);
                let mut block = STATUS_200.to_vec();
                // 127 + 128 * 8191: a bit more than a million bytes.
                block.extend_from_slice(&[0x00, 1, b'a', 0x7f, 0x80, 0xff, 0x3f]);
                conn.say(frame2(HEADERS, 0, 1, &block));
                for _ in 0..70 {
                    conn.say(frame2(CONTINUATION, 0, 1, &[b'v'; 16_000]));
                }
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
    ]);
}
