//! JSON, XML and HTML that are built to hurt whoever reads them.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{Row, hold};
use crate::wire::{self, frame, ok};

const DEEP: usize = 100_000;

fn json() -> String {
    "[".repeat(DEEP) + &"]".repeat(DEEP)
}

fn objects() -> String {
    "{\"a\":".repeat(DEEP) + "1" + &"}".repeat(DEEP)
}

/// Ten entities, each ten times the one before it.
fn billion_laughs() -> String {
    let mut text = "<!DOCTYPE lolz [<!ENTITY l0 \"lol\">".to_string();
    for n in 1..10 {
        let before = format!("&l{};", n - 1).repeat(10);
        text.push_str(&format!("<!ENTITY l{n} \"{before}\">"));
    }
    text + "]><lolz>&l9;</lolz>"
}

#[test]
fn json_texts() {
    hold(&[
        Row {
            name: "JSON 100,000 levels deep: a body",
            serve: |conn| conn.answer(ok("", json())),
            journey: "local _ = c:get('/').json",
            ends: Failed("unreadable", "deeper than 128 levels"),
        },
        Row {
            name: "JSON 100,000 objects deep: a pattern over a body",
            serve: |conn| conn.answer(ok("", objects())),
            journey: "c:get('/'):expect { json = { a = 1 } }",
            ends: Failed("unreadable", "deeper than 128 levels"),
        },
        Row {
            name: "JSON 100,000 levels deep: a message, `auto`",
            serve: |conn| conn.frames_and_hold(frame(0x81, json().as_bytes())),
            journey: "c:websocket('/'):expect { type = 'never sent' }",
            ends: Failed("expectation", "never"),
        },
        Row {
            name: "JSON 100,000 levels deep: a message, `json`",
            serve: |conn| conn.frames_and_hold(frame(0x81, json().as_bytes())),
            journey: "c:websocket('/', { decode = 'json' }):expect { type = 'never sent' }",
            ends: Failed("unreadable", "deeper than 128 levels"),
        },
        Row {
            name: "JSON 100,000 levels deep: an event",
            serve: |mut conn| {
                conn.head();
                conn.say(format!("{}data: {}\n\n", wire::EVENTS, json()));
                conn.hold();
            },
            journey: "c:events('/', { decode = 'json' }):expect { data = 1 }",
            ends: Failed("unreadable", "deeper than 128 levels"),
        },
        Row {
            name: "JSON 100,000 levels deep: a line that Lua decodes",
            serve: |conn| conn.answer(format!("{}{}\n", wire::ENDLESS, json())),
            journey: "c:lines('/', { decode = function(raw) return json.decode(raw) end }):expect { a = 1 }",
            ends: Failed("unreadable", "deeper than 128 levels"),
        },
        Row {
            name: "JSON of 16 MB of tiny values",
            serve: |conn| {
                let body = format!("[{}0]", "0,".repeat((8 << 20) - 4));
                conn.answer(ok("", body));
            },
            journey: "c:get('/'):expect { json = { 1 } }",
            ends: Failed("unreadable", "more than 1000000 values"),
        },
        Row {
            name: "JSON with one key 260,000 times",
            serve: |conn| conn.answer(ok("", format!("{{{}\"a\":1}}", "\"a\":0,".repeat(1 << 18)))),
            journey: "c:get('/'):expect { json = { a = 1 } }",
            ends: Passed,
        },
        Row {
            name: "JSON with a number of a million digits",
            serve: |conn| conn.answer(ok("", format!("[{}]", "9".repeat(1 << 20)))),
            journey: "c:get('/'):expect { json = { 1 } }",
            ends: Failed("unreadable", "number out of range"),
        },
        Row {
            name: "JSON with a number beyond all floats",
            serve: |conn| conn.answer(ok("", "[1e400000]")),
            journey: "local _ = c:get('/').json",
            ends: Failed("unreadable", ""),
        },
        Row {
            name: "JSON that is cut",
            serve: |conn| conn.answer(ok("", "{\"a\": [1, 2")),
            journey: "local _ = c:get('/').json",
            ends: Failed("unreadable", "this is no JSON"),
        },
    ]);
}

#[test]
fn xml_texts() {
    hold(&[
        Row {
            name: "XML 100,000 levels deep",
            serve: |conn| conn.answer(ok("", "<a>".repeat(DEEP) + &"</a>".repeat(DEEP))),
            journey: "local _ = c:get('/').xml",
            ends: Failed("unreadable", "deeper than 128 levels"),
        },
        Row {
            name: "XML: a billion laughs",
            serve: |conn| conn.answer(ok("", billion_laughs())),
            journey: "local _ = c:get('/').xml",
            ends: Failed("unreadable", "entities of its own"),
        },
        Row {
            name: "XML with an external entity",
            serve: |conn| {
                conn.answer(ok(
                    "",
                    "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
                ));
            },
            journey: "local _ = c:get('/').xml",
            ends: Failed("unreadable", "entities of its own"),
        },
        Row {
            name: "XML with an external document type",
            serve: |conn| {
                conn.answer(ok(
                    "",
                    "<!DOCTYPE a SYSTEM \"http://169.254.169.254/a.dtd\"><a>&x;</a>",
                ));
            },
            journey: "local _ = c:get('/').xml",
            ends: Failed("unreadable", "x"),
        },
        Row {
            name: "XML with a million attributes",
            serve: |conn| {
                let attributes: String = (0..1_000_000).map(|n| format!(" a{n}='1'")).collect();
                conn.answer(ok("", format!("<a{attributes}/>")));
            },
            journey: "local _ = c:get('/').xml",
            ends: Failed("unreadable", "attributes"),
        },
        Row {
            name: "XML with two million elements",
            serve: |conn| conn.answer(ok("", format!("<a>{}</a>", "<b/>".repeat(2_000_000)))),
            journey: "local _ = c:get('/').xml",
            ends: Failed("unreadable", "nodes"),
        },
    ]);
}

#[test]
fn pages() {
    hold(&[
        Row {
            name: "HTML 100,000 levels deep",
            serve: |conn| conn.answer(ok("", "<div>".repeat(DEEP))),
            journey: "c:get('/'):select('p'):expect { text = 'x' }",
            ends: Failed("unreadable", "nested more than 1000 deep"),
        },
        Row {
            name: "HTML with formatting that is opened and never closed",
            serve: |conn| conn.answer(ok("", "<b><i><p>".repeat(300))),
            journey: "c:get('/'):select('p'):expect { text = 'x' }",
            ends: Failed("expectation", "has text"),
        },
        Row {
            name: "HTML with 200,000 attributes on one tag",
            serve: |conn| {
                let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
                conn.answer(ok("", format!("<p{attributes}>x</p>")));
            },
            journey: "c:get('/'):select('p'):expect { text = 'y' }",
            ends: Failed("unreadable", "takes more than"),
        },
        Row {
            name: "HTML with three million elements",
            serve: |conn| conn.answer(ok("", "<br>".repeat(3_000_000))),
            journey: "c:get('/'):select('p'):expect { text = 'y' }",
            ends: Failed("unreadable", "the page of"),
        },
        Row {
            name: "a page that is a program",
            serve: |conn| {
                conn.answer(ok(
                    "Content-Type: text/html\r\n",
                    [0x7f, b'E', b'L', b'F', 2, 1, 1, 0],
                ))
            },
            journey: "c:get('/'):select('p'):expect { text = 'x' }",
            ends: Failed("unreadable", ""),
        },
    ]);
}
