//! Cookies without measure.

use crate::harness::Ends::{Failed, Passed};
use crate::harness::{GET, Row, hold};
use crate::wire::ok;

#[test]
fn floods_of_cookies() {
    hold(&[
        Row {
            name: "10,000 cookies",
            serve: |conn| {
                let cookies: String = (0..10_000)
                    .map(|n| format!("Set-Cookie: c{n}=1\r\n"))
                    .collect();
                conn.answer(ok(&cookies, "ok"));
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "90 cookies of each of 10 answers",
            serve: |mut conn| {
                for answer in 0.. {
                    if !conn.head().ends_with("\r\n\r\n") {
                        return;
                    }
                    let cookies: String = (0..90)
                        .map(|n| format!("Set-Cookie: c{answer}x{n}={}\r\n", "v".repeat(1000)))
                        .collect();
                    conn.say(ok(&cookies, "ok"));
                }
            },
            journey: "for _ = 1, 10 do c:get('/'):expect { status = 200 } end",
            ends: Passed,
        },
        Row {
            name: "a cookie of 1 MB",
            serve: |conn| {
                let cookie = format!("Set-Cookie: large={}\r\n", "v".repeat(1 << 20));
                conn.answer(ok(&cookie, "ok"));
            },
            journey: GET,
            ends: Failed("protocol", "answered with what is not HTTP/1.1"),
        },
        Row {
            name: "cookies of foreign domains",
            serve: |mut conn| {
                for said in ["ok", "again"] {
                    let head = conn.head().to_ascii_lowercase();
                    let said = if head.contains("cookie:") {
                        "told"
                    } else {
                        said
                    };
                    conn.say(ok(
                        "Set-Cookie: a=1; Domain=example.com\r\n\
                         Set-Cookie: c=1; Domain=com\r\n\
                         Set-Cookie: ;;;\r\n",
                        said,
                    ));
                }
            },
            journey: "c:get('/') c:get('/'):expect { text = 'again' }",
            ends: Passed,
        },
    ]);
}
