//! Servers that never answer, and those that never come to an end.

use crate::harness::Ends::Failed;
use crate::harness::{CHUNKS, EVENTS, GET, LINES, LISTEN, Row, hold};
use crate::wire::{self, CHUNKED};

#[test]
fn never() {
    hold(&[
        Row {
            name: "never answers",
            serve: |mut conn| conn.hold(),
            journey: GET,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "never answers, and the journey is patient",
            serve: |mut conn| conn.hold(),
            journey: "c:get('/', { timeout = '1m' })",
            ends: Failed("timeout", "4 s"),
        },
        Row {
            name: "never answers an upgrade",
            serve: |mut conn| conn.hold(),
            journey: LISTEN,
            ends: Failed("timeout", "the target did not answer the upgrade"),
        },
        Row {
            name: "never answers an event stream",
            serve: |mut conn| conn.hold(),
            journey: EVENTS,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "never sends a body",
            serve: |conn| conn.answer_and_hold(CHUNKED),
            journey: GET,
            ends: Failed("timeout", "reading the body, 0 bytes of it had come"),
        },
        Row {
            name: "never answers a close frame",
            serve: |mut conn| {
                conn.upgrade();
                conn.hold();
            },
            journey: "c:websocket('/'):close()",
            ends: Failed("timeout", "did not answer the close frame in time"),
        },
    ]);
}

#[test]
fn for_ever() {
    hold(&[
        Row {
            name: "a head, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\n");
                conn.slowly_for_ever("X-A: b\r\n");
            },
            journey: GET,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "a body, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
                conn.slowly_for_ever("a");
            },
            journey: GET,
            ends: Failed("timeout", "reading the body"),
        },
        Row {
            name: "chunks, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(CHUNKED);
                conn.slowly_for_ever("1\r\na\r\n");
            },
            journey: GET,
            ends: Failed("timeout", "reading the body"),
        },
        Row {
            name: "chunks of a stream, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(CHUNKED);
                conn.slowly_for_ever("1\r\na\r\n");
            },
            journey: CHUNKS,
            ends: Failed("expectation", "never sent"),
        },
        Row {
            name: "a line, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::ENDLESS);
                conn.slowly_for_ever("a");
            },
            journey: LINES,
            ends: Failed("expectation", "never sent"),
        },
        Row {
            name: "an event, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.slowly_for_ever("data: a\n");
            },
            journey: EVENTS,
            ends: Failed("expectation", "never sent"),
        },
        Row {
            name: "the head of an upgrade, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 101 Switching Protocols\r\n");
                conn.slowly_for_ever("X-A: b\r\n");
            },
            journey: LISTEN,
            ends: Failed("timeout", "the target did not answer the upgrade"),
        },
        Row {
            name: "a frame, slowly for ever",
            serve: |mut conn| {
                conn.upgrade();
                conn.say([0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
                conn.slowly_for_ever("a");
            },
            journey: LISTEN,
            ends: Failed("expectation", "never sent"),
        },
        Row {
            name: "fragments, slowly for ever",
            serve: |mut conn| {
                conn.upgrade();
                conn.say([0x01, 1, b'a']);
                conn.slowly_for_ever([0x00, 1, b'a']);
            },
            journey: LISTEN,
            ends: Failed("expectation", "never sent"),
        },
    ]);
}
