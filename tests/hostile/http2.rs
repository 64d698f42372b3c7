//! HTTP/2 that breaks its own rules, with prior knowledge over plain TCP.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{Row, hold};
use crate::wire::Conn;

/// A journey that fetches a page over HTTP/2.
pub(crate) const GET2: &str = "c:get('/', { http = '2' }):expect { status = 200 }";

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;
/// `:status: 200` of the static table.
pub(crate) const STATUS_200: &[u8] = &[0x88];

/// A frame of HTTP/2.
pub(crate) fn frame2(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len())
        .expect("a short frame")
        .to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend_from_slice(&[kind, flags]);
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// Says what a server says first, and waits for the request.
pub(crate) fn begin(conn: &mut Conn) {
    conn.say([frame2(SETTINGS, 0, 0, &[]), frame2(SETTINGS, 1, 0, &[])].concat());
    // The preface ends like a head, twice; the request's frames are behind it.
    conn.head();
    conn.head();
    conn.head_of_frame(HEADERS);
}

#[test]
fn broken() {
    hold(&[
        Row {
            name: "HTTP/2: garbage after the preface",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say([0xff; 100]);
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
        Row {
            name: "HTTP/2: HTTP/1.1 instead of a preface",
            serve: |conn| conn.answer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            journey: GET2,
            ends: Failed("protocol", "did not grant HTTP/2"),
        },
        Row {
            name: "HTTP/2: a frame of 16 MB, claimed",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say([0xff, 0xff, 0xff, DATA, 0, 0, 0, 0, 1]);
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
        Row {
            name: "HTTP/2: goes away",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 11]));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("closed", "ended the exchange before the answer's head"),
        },
        Row {
            name: "HTTP/2: resets the exchange",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(RST, 0, 1, &[0, 0, 0, 2]));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("closed", "ended the exchange before the answer's head"),
        },
        Row {
            name: "HTTP/2: resets the exchange in the body",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 4, 1, STATUS_200));
                conn.say(frame2(DATA, 0, 1, b"half"));
                conn.say(frame2(RST, 0, 1, &[0, 0, 0, 2]));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "a body that broke off after"),
        },
        Row {
            name: "HTTP/2: closes in the body",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 4, 1, STATUS_200));
                conn.say(frame2(DATA, 0, 1, b"half"));
            },
            journey: GET2,
            ends: Failed("protocol", "a body that"),
        },
        Row {
            name: "HTTP/2: trailers only",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 5, 1, STATUS_200));
                conn.hold();
            },
            journey: "c:get('/', { http = '2' }):expect { status = 200, text = '' }",
            ends: Passed,
        },
        Row {
            name: "HTTP/2: an answer without a status",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 5, 1, &[0x0f, 0x0d, 1, b'0']));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
        Row {
            name: "HTTP/2: an answer to what was not asked",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(HEADERS, 4, 99, STATUS_200));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
        Row {
            name: "HTTP/2: a length that is not true",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(
                    HEADERS,
                    4,
                    1,
                    &[STATUS_200, &[0x0f, 0x0d, 2, b'9', b'9']].concat(),
                ));
                conn.say(frame2(DATA, 1, 1, b"ok"));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", ""),
        },
        Row {
            name: "HTTP/2: never answers",
            serve: |mut conn| {
                begin(&mut conn);
                conn.hold();
            },
            journey: GET2,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "HTTP/2: a window that is never opened",
            serve: |mut conn| {
                conn.say(
                    [
                        frame2(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]),
                        frame2(SETTINGS, 1, 0, &[]),
                    ]
                    .concat(),
                );
                conn.hold();
            },
            journey: "c:post('/', { http = '2', body = ('a'):rep(1000000) }):expect { status = 200 }",
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "HTTP/2: a window of more than there can be",
            serve: |mut conn| {
                begin(&mut conn);
                conn.say(frame2(WINDOW, 0, 0, &[0x7f, 0xff, 0xff, 0xff]));
                conn.say(frame2(WINDOW, 0, 0, &[0x7f, 0xff, 0xff, 0xff]));
                conn.hold();
            },
            journey: GET2,
            ends: Failed("protocol", "HTTP/2"),
        },
    ]);
}
