//! Event streams that never come to the point.

use crate::harness::Ends::Failed;
use crate::harness::{EVENTS, Row, hold};
use crate::wire;

#[test]
fn of_events() {
    hold(&[
        Row {
            name: "comments for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.for_ever(": still here\n\n");
            },
            journey: EVENTS,
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "a comment without end",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.say(": ");
                conn.for_ever("a");
            },
            journey: EVENTS,
            ends: Failed("overflow", "an event was larger than `max_message`"),
        },
        Row {
            name: "a line of data without end",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.say("data: ");
                conn.for_ever("a");
            },
            journey: EVENTS,
            ends: Failed("overflow", "an event was larger than `max_message`"),
        },
        Row {
            name: "an event without its empty line",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.for_ever(format!("data: {}\n", "a".repeat(10_000)));
            },
            journey: EVENTS,
            ends: Failed("overflow", "an event was larger than `max_message`"),
        },
        Row {
            name: "empty lines for ever, to an event stream",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.for_ever("\n");
            },
            journey: EVENTS,
            ends: Failed("expectation", "never sent"),
        },
        Row {
            name: "ids alone for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.for_ever("id: 1\n\n");
            },
            journey: EVENTS,
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "tiny events for ever",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS);
                conn.for_ever("data:\n\n");
            },
            journey: EVENTS,
            ends: Failed("overflow", "the inbox is full"),
        },
        Row {
            name: "ends at once, again and again, with `reconnect`",
            serve: |conn| conn.answer(format!("{}retry: 0\n\n", wire::EVENTS)),
            journey: "c:events('/', { reconnect = true }):expect({ data = 'x' }, { within = '2s' })",
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "events under a coding that nobody asked for",
            serve: |mut conn| {
                conn.head();
                conn.say(wire::EVENTS.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n"));
                conn.say([0x1f, 0x8b, 8, 0]);
                conn.hold();
            },
            journey: EVENTS,
            ends: Failed("expectation", "never"),
        },
    ]);
}
