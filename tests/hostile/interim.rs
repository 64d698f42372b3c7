//! Interim answers without number.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{GET, LISTEN, Row, hold};
use crate::wire::{Conn, accepting, ok};

const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";

fn flood_then_answer(mut conn: Conn) {
    conn.head();
    conn.times(100_000, CONTINUE);
    conn.say(ok("", "ok"));
    conn.hold();
}

#[test]
fn of_interim_answers() {
    hold(&[
        Row {
            name: "100,000 times `100 Continue`, then an answer",
            serve: flood_then_answer,
            journey: "c:get('/', { timeout = '3s' }):expect { status = 200 }",
            ends: Passed,
        },
        Row {
            name: "`100 Continue` for ever",
            serve: |mut conn| {
                conn.head();
                conn.for_ever(CONTINUE);
            },
            journey: GET,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "`103 Early Hints`, slowly for ever",
            serve: |mut conn| {
                conn.head();
                conn.slowly_for_ever(HINTS);
            },
            journey: GET,
            ends: Failed("timeout", "waiting for the answer's head"),
        },
        Row {
            name: "`100 Continue` for ever, to an upgrade",
            serve: |mut conn| {
                conn.head();
                conn.for_ever(CONTINUE);
            },
            journey: LISTEN,
            ends: Failed("timeout", "the target did not answer the upgrade"),
        },
        Row {
            name: "`103 Early Hints`, then an upgrade",
            serve: |mut conn| {
                let head = conn.head();
                conn.times(1000, HINTS);
                conn.say(accepting(&head, ""));
                conn.say([0x81, 1, b'a']);
                conn.hold();
            },
            journey: "c:websocket('/'):expect 'a'",
            ends: Passed,
        },
        Row {
            name: "101 to a request that asked for no upgrade",
            serve: |conn| conn.answer(accepting("", "")),
            journey: GET,
            ends: Failed("expectation", "answered 101, not 200"),
        },
    ]);
}
