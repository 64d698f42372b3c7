//! What is no HTTP, and what ends in the middle of it.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{EVENTS, GET, LINES, LISTEN, Row, hold};
use crate::wire::{CHUNKED, ok};

#[test]
fn garbage() {
    hold(&[
        Row {
            name: "garbage instead of HTTP",
            serve: |conn| conn.answer(b"\x00\xff\x1b[31m garbage \x07\r\n\r\n".repeat(100)),
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "garbage without a line's end, for ever",
            serve: |mut conn| {
                conn.head();
                conn.for_ever("SSH-2.0-");
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "another protocol that speaks first",
            serve: |mut conn| {
                conn.say("220 smtp.example.com ESMTP\r\n");
                conn.hold();
            },
            journey: GET,
            ends: Failed("protocol", "not HTTP/1.1"),
        },
        Row {
            name: "a version of HTTP that is none",
            serve: |conn| conn.answer("HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "a status of four digits",
            serve: |conn| conn.answer("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "a status that HTTP does not know",
            serve: |conn| conn.answer("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
            journey: GET,
            ends: Failed("expectation", "answered 999, not 200"),
        },
        Row {
            name: "garbage instead of an upgrade",
            serve: |conn| conn.answer(b"\x00\xff\x1b[31m garbage\r\n\r\n"),
            journey: LISTEN,
            ends: Failed("protocol", "the answer to the upgrade was no HTTP"),
        },
        Row {
            name: "garbage instead of an event stream",
            serve: |conn| conn.answer(b"\x00\xff\x1b[31m garbage\r\n\r\n"),
            journey: EVENTS,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "a header without a name",
            serve: |conn| conn.answer("HTTP/1.1 200 OK\r\n: odd\r\nContent-Length: 0\r\n\r\n"),
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "two answers to one request",
            serve: |conn| conn.answer([ok("", "ok"), ok("", "more")].concat()),
            journey: "c:get('/'):expect { status = 200, text = 'ok' }",
            ends: Passed,
        },
    ]);
}

#[test]
fn closed_in_the_middle() {
    hold(&[
        Row {
            name: "closes without a word",
            serve: |conn| conn.answer(""),
            journey: GET,
            ends: Failed("closed", "closed the connection before the answer's head"),
        },
        Row {
            name: "closes in the status line",
            serve: |conn| conn.answer("HTTP/1."),
            journey: GET,
            ends: Failed("closed", "closed the connection before the answer's head"),
        },
        Row {
            name: "closes in the headers",
            serve: |conn| conn.answer("HTTP/1.1 200 OK\r\nContent-Len"),
            journey: GET,
            ends: Failed("closed", "closed the connection before the answer's head"),
        },
        Row {
            name: "closes in the body",
            serve: |conn| conn.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            journey: GET,
            ends: Failed("protocol", "a body that ended early, after 4 bytes"),
        },
        Row {
            name: "closes in a chunk",
            serve: |conn| conn.answer(format!("{CHUNKED}64\r\nhalf")),
            journey: GET,
            ends: Failed("protocol", "a body that ended early, after 4 bytes"),
        },
        Row {
            name: "closes between two chunks",
            serve: |conn| conn.answer(format!("{CHUNKED}4\r\nhalf\r\n")),
            journey: GET,
            ends: Failed("protocol", "a body that ended early, after 4 bytes"),
        },
        Row {
            name: "closes in the trailers",
            serve: |conn| conn.answer(format!("{CHUNKED}2\r\nok\r\n0\r\nX-Su")),
            journey: GET,
            ends: Failed("protocol", "a body that ended early, after 2 bytes"),
        },
        Row {
            name: "closes in a chunk of lines",
            serve: |conn| conn.answer(format!("{CHUNKED}64\r\none\nhal")),
            journey: LINES,
            ends: Failed("protocol", "a body that ended early, after 7 bytes"),
        },
        Row {
            name: "closes in the head of an upgrade",
            serve: |conn| conn.answer("HTTP/1.1 101 Switching Protocols\r\nUpgr"),
            journey: LISTEN,
            ends: Failed("protocol", "the answer to the upgrade was cut short"),
        },
        Row {
            name: "closes instead of an upgrade",
            serve: |conn| conn.answer(""),
            journey: LISTEN,
            ends: Failed("closed", "closed the connection without an answer"),
        },
    ]);
}
