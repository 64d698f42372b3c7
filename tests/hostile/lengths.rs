//! Lengths that are not true.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{CHUNKS, GET, Row, hold};
use crate::wire::{CHUNKED, ok};

#[test]
fn of_bodies() {
    hold(&[
        Row {
            name: "a length that is too long, and stays",
            serve: |conn| conn.answer_and_hold("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok"),
            journey: GET,
            ends: Failed("timeout", "reading the body, 2 bytes of it had come"),
        },
        Row {
            name: "a length that is too short, surplus bytes, an answer",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more");
                conn.head();
                conn.say(ok("", "second"));
            },
            journey: "c:get('/'):expect { text = 'ok' } c:get('/'):expect { status = 200 }",
            ends: Passed,
        },
        Row {
            name: "two lengths in two headers",
            serve: |conn| {
                conn.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nokok")
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "two lengths in one header",
            serve: |conn| conn.answer("HTTP/1.1 200 OK\r\nContent-Length: 2, 4\r\n\r\nokok"),
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "a negative length",
            serve: |conn| conn.answer("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok"),
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "a length that is no number",
            serve: |conn| conn.answer("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"),
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "a length of 2^62",
            serve: |conn| {
                conn.answer_and_hold(
                    "HTTP/1.1 200 OK\r\nContent-Length: 4611686018427387904\r\n\r\nok",
                )
            },
            journey: GET,
            ends: Failed("overflow", "more than 16777216 bytes"),
        },
        Row {
            name: "a length of 2^70",
            serve: |conn| {
                conn.answer_and_hold(
                    "HTTP/1.1 200 OK\r\nContent-Length: 1180591620717411303424\r\n\r\nok",
                )
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "a length and chunks, which are to be believed",
            serve: |conn| {
                conn.answer(
                    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n\
                     2\r\nok\r\n0\r\n\r\n",
                )
            },
            journey: "c:get('/'):expect { text = 'ok' }",
            ends: Passed,
        },
        Row {
            name: "a 204 with a body",
            serve: |conn| conn.answer("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nsmile"),
            journey: "c:get('/'):expect { status = 204, text = '' }",
            ends: Passed,
        },
        Row {
            name: "a 304 that nobody asked for",
            serve: |conn| conn.answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
            journey: "c:get('/'):expect { status = 304, text = '' }",
            ends: Passed,
        },
    ]);
}

#[test]
fn of_chunks() {
    hold(&[
        Row {
            name: "a chunk's size that is no number",
            serve: |conn| conn.answer(format!("{CHUNKED}two\r\nok\r\n")),
            journey: GET,
            ends: Failed("protocol", "a body that broke off after 0 bytes"),
        },
        Row {
            name: "a chunk of 2^62 bytes",
            serve: |conn| conn.answer_and_hold(format!("{CHUNKED}4000000000000000\r\nok")),
            journey: GET,
            ends: Failed("timeout", "reading the body, 2 bytes of it had come"),
        },
        Row {
            name: "a chunk of 2^70 bytes",
            serve: |conn| conn.answer_and_hold(format!("{CHUNKED}400000000000000000\r\nok")),
            journey: GET,
            ends: Failed("protocol", "a body that broke off after 0 bytes"),
        },
        Row {
            name: "a chunk longer than its size",
            serve: |conn| conn.answer(format!("{CHUNKED}2\r\nokok\r\n0\r\n\r\n")),
            journey: GET,
            ends: Failed("protocol", "a body that broke off after 2 bytes"),
        },
        Row {
            name: "a chunk's extension without end",
            serve: |mut conn| {
                conn.head();
                conn.say(format!("{CHUNKED}2;"));
                conn.for_ever("a");
            },
            journey: GET,
            ends: Failed("protocol", "a body that broke off after 0 bytes"),
        },
        Row {
            name: "a stream of chunks with a size that is no number",
            serve: |conn| conn.answer(format!("{CHUNKED}2\r\nok\r\n-1\r\n")),
            journey: CHUNKS,
            ends: Failed("protocol", "a body that broke off after 2 bytes"),
        },
    ]);
}
