//! Bodies of requests, however they are sent.

use super::raw::{Raw, quiet, serve, status};

const COMMENT: &str = r#"{"post":"p","name":"n","content":"hi"}"#;
const CREATE: &str = "POST /comments/ HTTP/1.1\r\n";

#[test]
fn a_body_in_chunks_is_one_body_and_the_connection_goes_on() {
    let target = serve(quiet());
    let mut raw = Raw::connect(target.address());
    let (start, end) = COMMENT.split_at(7);
    raw.write(format!("{CREATE}Transfer-Encoding: chunked\r\n\r\n7\r\n{start}\r\n").as_bytes());
    let rest = end.len();
    raw.write(
        format!("{rest:x}\r\n{end}\r\n0\r\n\r\nGET /comments/health HTTP/1.1\r\n\r\n").as_bytes(),
    );
    assert_eq!(status(&raw.answer("POST").0), 201);
    assert_eq!(status(&raw.answer("GET").0), 200);
    let (_, list) = raw.ask_json("GET", "/comments/?post=p", "", "");
    assert_eq!(list[0]["content"], "hi");
}

#[test]
fn who_waits_to_be_asked_for_a_body_is_asked() {
    let target = serve(quiet());
    let mut raw = Raw::connect(target.address());
    let length = COMMENT.len();
    let head = format!("{CREATE}Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n");
    raw.write(head.as_bytes());
    assert_eq!(raw.head(), "HTTP/1.1 100 Continue\r\n\r\n");
    raw.write(COMMENT.as_bytes());
    assert_eq!(status(&raw.answer("POST").0), 201);
}

#[test]
fn who_is_refused_before_the_body_is_not_asked_for_it() {
    let mut settings = quiet();
    settings.set("drops_per_window", "0").expect("a setting");
    let target = serve(settings);
    let mut raw = Raw::connect(target.address());
    raw.write(
        b"POST /drop/api/create HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
    );
    assert_eq!(status(&raw.answer("POST").0), 429);
    assert_eq!(raw.head(), "", "closed");
}

#[test]
fn a_body_that_is_none_ends_the_connection() {
    let target = serve(quiet());
    for (rest, expected) in [
        ("Transfer-Encoding: chunked\r\n\r\nnope\r\n", 400),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
            400,
        ),
        ("Transfer-Encoding: chunked\r\n\r\nffffff\r\n", 400),
    ] {
        let mut raw = Raw::connect(target.address());
        raw.write(format!("{CREATE}{rest}").as_bytes());
        assert_eq!(status(&raw.answer("POST").0), expected, "{rest}");
        assert_eq!(raw.head(), "", "closed");
    }
    // One that is cut short is no request at all.
    let mut raw = Raw::connect(target.address());
    raw.write(format!("{CREATE}Content-Length: 100\r\n\r\n{COMMENT}").as_bytes());
    raw.half_close();
    assert_eq!(raw.head(), "");
    let (_, list) = Raw::connect(target.address()).ask_json("GET", "/comments/?post=p", "", "");
    assert_eq!(list, serde_json::json!([]));
}
