//! Bytes that are no text, and text that would do something to whoever shows it.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{GET, LISTEN, Row, hold};
use crate::wire::{self, ENDLESS, accepting, frame, ok};

/// What a terminal, an XML file or a log would act on.
const WORDS: &str = "\x1b[2J\x1b]0;owned\x07 ]]> <![CDATA[ &lol; \u{0}\u{8}\u{7f}\u{85}\u{9b}31m \u{202e}\u{feff}\u{fffe} \r\n::error::x";

#[test]
fn bytes_that_are_no_text() {
    hold(&[
        Row {
            name: "a body that is not UTF-8",
            serve: |conn| conn.answer(ok("", b"\xff\xfe\x80 odd \xc3")),
            journey: "c:get('/'):expect { text = 'even' }",
            ends: Failed("expectation", "text"),
        },
        Row {
            name: "JSON that is not UTF-8",
            serve: |conn| conn.answer(ok("", b"{\"a\": \"\xff\"}")),
            journey: "local _ = c:get('/').json",
            ends: Failed("unreadable", "not UTF-8"),
        },
        Row {
            name: "a header that is not UTF-8",
            serve: |conn| {
                conn.answer(b"HTTP/1.1 200 OK\r\nX-Odd: \xff\xfe\r\nContent-Length: 0\r\n\r\n")
            },
            journey: "c:get('/'):expect { headers = { ['x-odd'] = 'even' } }",
            ends: Failed("expectation", "x-odd"),
        },
        Row {
            name: "a reason phrase that is not UTF-8",
            serve: |conn| conn.answer(b"HTTP/1.1 200 \xff\xfe\r\nContent-Length: 0\r\n\r\n"),
            journey: GET,
            ends: Passed,
        },
        Row {
            name: "a text message that is not UTF-8",
            serve: |conn| conn.frames_and_hold(frame(0x81, b"odd \xff")),
            journey: LISTEN,
            ends: Failed("protocol", "a text message was not UTF-8 (at byte 4)"),
        },
        Row {
            name: "a close reason that is not UTF-8",
            serve: |conn| conn.frames_and_hold(frame(0x88, b"\x03\xe8\xff")),
            journey: LISTEN,
            ends: Failed("protocol", "the reason of a close frame was not UTF-8"),
        },
        Row {
            name: "an event that is not UTF-8",
            serve: |mut conn| {
                conn.head();
                conn.say([wire::EVENTS.as_bytes(), b"data: odd \xff\n\n"].concat());
                conn.hold();
            },
            journey: "c:events('/'):expect { data = 'even' }",
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "a page in an encoding that nobody knows",
            serve: |conn| {
                conn.answer(ok(
                    "Content-Type: text/html; charset=klingon\r\n",
                    b"<p>\xff</p>",
                ));
            },
            journey: "c:get('/'):select('p'):expect { text = 'even' }",
            ends: Failed("expectation", "text"),
        },
    ]);
}

#[test]
fn words_that_act_on_a_terminal() {
    hold(&[
        Row {
            name: "control characters in a body",
            serve: |conn| conn.answer(ok("", WORDS)),
            journey: "c:get('/'):expect { text = 'plain' }",
            ends: Failed("expectation", "text"),
        },
        Row {
            name: "control characters in a JSON key and value",
            serve: |conn| {
                let body = serde_json::json!({ WORDS: WORDS, "a": WORDS });
                conn.answer(ok("", body.to_string()));
            },
            journey: "c:get('/'):expect { json = { a = 'plain' } }",
            ends: Failed("expectation", ""),
        },
        Row {
            name: "control characters in JSON that is none",
            serve: |conn| conn.answer(ok("", WORDS)),
            journey: "local _ = c:get('/').json",
            ends: Failed("unreadable", "this is no JSON"),
        },
        Row {
            name: "control characters in XML that is none",
            serve: |conn| conn.answer(ok("", format!("<a><{WORDS}></a>"))),
            journey: "local _ = c:get('/').xml",
            ends: Failed("unreadable", ""),
        },
        Row {
            name: "control characters in a header",
            serve: |conn| {
                conn.answer("HTTP/1.1 200 OK\r\nX-Odd: \x1b[31m\u{9b}31m\u{202e}]]>\r\nContent-Length: 0\r\n\r\n");
            },
            journey: "c:get('/'):expect { headers = { ['x-odd'] = 'plain' } }",
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "C1 and `]]>` in a header",
            serve: |conn| {
                conn.answer(
                    "HTTP/1.1 200 OK\r\nX-Odd: \u{9b}31m\u{202e}]]>\r\nContent-Length: 0\r\n\r\n",
                );
            },
            journey: "c:get('/'):expect { headers = { ['x-odd'] = 'plain' } }",
            ends: Failed("expectation", "x-odd"),
        },
        Row {
            name: "control characters in a message",
            serve: |conn| conn.frames_and_hold(frame(0x81, WORDS.as_bytes())),
            journey: LISTEN,
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "control characters in a close reason",
            serve: |conn| {
                let payload = [b"\x0f\xa0", WORDS.as_bytes()].concat();
                conn.frames_and_hold(frame(0x88, &payload));
            },
            journey: LISTEN,
            ends: Failed("closed", "code 4000"),
        },
        Row {
            name: "control characters in a subprotocol",
            serve: |mut conn| {
                let head = conn.head();
                conn.say(accepting(&head, "Sec-WebSocket-Protocol: \u{9b}31m]]>\r\n"));
                conn.hold();
            },
            journey: LISTEN,
            ends: Failed("protocol", "was not offered"),
        },
        Row {
            name: "control characters in a line",
            serve: |conn| conn.answer(format!("{ENDLESS}{WORDS}\n")),
            journey: "c:lines('/'):expect 'plain'",
            ends: Failed("closed", ""),
        },
        Row {
            name: "control characters in an event's every field",
            serve: |mut conn| {
                conn.head();
                let words = WORDS.replace(['\r', '\n'], "");
                conn.say(format!(
                    "{}event: {words}\nid: {words}\ndata: {words}\n\n: {words}\n",
                    wire::EVENTS
                ));
                conn.hold();
            },
            journey: "c:events('/'):expect { data = 'plain' }",
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "control characters in a `Location`",
            serve: |conn| {
                conn.answer("HTTP/1.1 302 Found\r\nLocation: http://\u{9b}31m.test/]]>\r\nContent-Length: 0\r\n\r\n");
            },
            journey: GET,
            ends: Failed("redirect", ""),
        },
        Row {
            name: "control characters in a coding's name",
            serve: |conn| conn.answer(ok("Content-Encoding: \u{9b}31m]]>\r\n", "x")),
            journey: "c:get('/'):expect { text = 'plain' }",
            ends: Failed("expectation", "text"),
        },
        Row {
            name: "control characters in a content type",
            serve: |conn| conn.answer(ok("Content-Type: \u{9b}31m]]>\r\n", "x")),
            journey: "c:events('/')",
            ends: Failed("refused", "the content type"),
        },
    ]);
}
