//! Too much of what is allowed, in HTTP: headers, bodies, trailers.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{EVENTS, GET, LINES, LISTEN, Row, hold};
use crate::wire::{self, CHUNKED, ENDLESS, ok};

const MANY: &str = "X-Header-Of-Many: a value that means nothing\r\n";

#[test]
fn of_headers() {
    hold(&[
        Row {
            name: "100,000 headers",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n");
                conn.times(100_000, MANY);
                conn.say("\r\nok");
                conn.hold();
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "one header of 100 MB",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\nX-Large: ");
                conn.times(100 << 20, "a");
                conn.say("\r\nContent-Length: 2\r\n\r\nok");
                conn.hold();
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "headers without end",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\n");
                conn.for_ever(MANY);
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "headers without end, to an event stream",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
                conn.for_ever(MANY);
            },
            journey: EVENTS,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "headers without end, to an upgrade",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 101 Switching Protocols\r\n");
                conn.for_ever(MANY);
            },
            journey: LISTEN,
            ends: Failed("protocol", "the answer to the upgrade"),
        },
        Row {
            name: "one header without end, to an upgrade",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 101 Switching Protocols\r\nX-Large: ");
                conn.for_ever("a");
            },
            journey: LISTEN,
            ends: Failed("protocol", "the answer to the upgrade had no end"),
        },
        Row {
            name: "trailers without end",
            serve: |mut conn| {
                conn.head();
                conn.say(format!("{CHUNKED}2\r\nok\r\n0\r\n"));
                conn.for_ever(MANY);
            },
            journey: GET,
            ends: Failed("protocol", "a body that broke off after 2 bytes"),
        },
        Row {
            name: "one trailer without end",
            serve: |mut conn| {
                conn.head();
                conn.say(format!("{CHUNKED}2\r\nok\r\n0\r\nX-Large: "));
                conn.for_ever("a");
            },
            journey: GET,
            ends: Failed("protocol", "a body that broke off after 2 bytes"),
        },
    ]);
}

#[test]
fn of_bodies() {
    hold(&[
        Row {
            name: "1 GB with its length",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
                conn.times(1 << 30, "a");
            },
            journey: GET,
            ends: Failed("overflow", "more than 16777216 bytes"),
        },
        Row {
            name: "1 GB without a length",
            serve: |mut conn| {
                conn.head();
                conn.say(ENDLESS);
                conn.times(1 << 30, "a");
            },
            journey: GET,
            ends: Failed("overflow", "more than 16777216 bytes"),
        },
        Row {
            name: "1 GB in large chunks",
            serve: |mut conn| {
                conn.head();
                conn.say(CHUNKED);
                conn.times(1 << 10, format!("100000\r\n{}\r\n", "a".repeat(1 << 20)));
            },
            journey: GET,
            ends: Failed("overflow", "more than 16777216 bytes"),
        },
        Row {
            name: "chunks of one byte for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(CHUNKED);
                conn.for_ever("1\r\na\r\n");
            },
            journey: "c:get('/', { timeout = '1m', max_body = 5000 })",
            ends: Failed("overflow", "more than 5000 bytes"),
        },
        Row {
            name: "1 GB for a journey that does not look",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
                conn.times(1 << 30, "a");
            },
            journey: "c:request('HEAD', '/'):expect { status = 200 }",
            ends: Passed,
        },
        Row {
            name: "a refusal of 1 GB to an upgrade",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 403 No\r\nContent-Length: 1073741824\r\n\r\n");
                conn.times(1 << 30, "a");
            },
            journey: LISTEN,
            ends: Failed("refused", "status 403"),
        },
        Row {
            name: "a refusal without end to an event stream",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 403 No\r\nConnection: close\r\n\r\n");
                conn.for_ever("a");
            },
            journey: EVENTS,
            ends: Failed("refused", "403"),
        },
        Row {
            name: "a redirect with 1 GB",
            serve: |mut conn| {
                conn.head();
                conn.say("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1073741824\r\n\r\n");
                conn.times(1 << 30, "a");
            },
            journey: GET,
            ends: Failed("overflow", "more than 16777216 bytes"),
        },
    ]);
}

#[test]
fn of_streams() {
    hold(&[
        Row {
            name: "1 GB as a stream of chunks",
            serve: |mut conn| {
                conn.head();
                conn.say(CHUNKED);
                conn.times(1 << 10, format!("100000\r\n{}\r\n", "a".repeat(1 << 20)));
            },
            journey: "c:chunks('/'):expect('never sent', { within = '1m' })",
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "a line without end",
            serve: |mut conn| {
                conn.head();
                conn.say(ENDLESS);
                conn.for_ever("a");
            },
            journey: LINES,
            ends: Failed("overflow", "a line was larger than `max_message`"),
        },
        Row {
            name: "empty lines for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(ENDLESS);
                conn.for_ever("\n");
            },
            journey: LINES,
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "lines without a line's end, then the end",
            serve: |mut conn| {
                conn.head();
                conn.say(ENDLESS);
                conn.say("never ended");
            },
            journey: "c:lines('/'):expect 'never ended'",
            ends: Passed,
        },
        Row {
            name: "an answer that is more than the journey reads",
            serve: |mut conn| {
                conn.head();
                conn.say(ok("", "a".repeat(1 << 20)));
                conn.for_ever(wire::EVENTS);
            },
            journey: GET,
            ends: Passed,
        },
    ]);
}
