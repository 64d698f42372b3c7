//! Every cut of the bytes gives the same events.

use std::time::Duration;

use crate::client::body_stream::split::{Piece, Splitter};
use crate::client::body_stream::{Said, Shape};
use crate::model::ProblemKind;

const EVENTS: Shape = Shape::Events {
    last_id: None,
    resuming: None,
};

fn pieces(splitter: &mut Splitter) -> Vec<Piece> {
    std::iter::from_fn(|| splitter.take().expect("small enough")).collect()
}

/// What a body gives that comes in parts, briefly.
fn parts<'a>(shape: &Shape, parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
    let mut splitter = Splitter::new(shape, 1 << 20);
    let mut all = Vec::new();
    for part in parts {
        splitter.add(part);
        all.extend(pieces(&mut splitter));
    }
    all.extend(splitter.rest());
    all.iter().filter_map(brief).collect()
}

fn brief(piece: &Piece) -> Option<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match piece {
        Piece::Message { bytes, .. } => Some(text(bytes)),
        Piece::Unsaid { .. } => None,
        Piece::Said {
            said: Said::Comment(comment),
            ..
        } => Some(format!("comment {}", text(comment))),
        Piece::Said {
            said:
                Said::Event {
                    event,
                    data,
                    id,
                    retry,
                },
            ..
        } => {
            let mut line = format!("{} {:?}", text(event), text(data));
            if let Some(id) = id {
                line += &format!(" id {}", text(id));
            }
            if let Some(retry) = retry {
                line += &format!(" retry {} ms", retry.as_millis());
            }
            Some(line)
        }
    }
}

/// Whole, byte by byte, and in two parts at every place.
fn gives(shape: &Shape, body: &str, expected: &[&str]) {
    let bytes = body.as_bytes();
    assert_eq!(parts(shape, [bytes]), expected, "{body:?} at once");
    assert_eq!(parts(shape, bytes.chunks(1)), expected, "{body:?} by byte");
    for at in 0..bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(
            parts(shape, [left, right]),
            expected,
            "{body:?} cut at {at}"
        );
    }
}

#[test]
fn events_come_by_the_rules_however_the_bytes_are_cut() {
    for (body, expected) in [
        ("data: a\n\n", &["message \"a\""][..]),
        (
            "data:a\r\rdata:  b\r\n\r\n",
            &["message \"a\"", "message \" b\""],
        ),
        ("\u{feff}data: a\n\n", &["message \"a\""]),
        ("\u{feff}\u{feff}data: a\n\n", &[]),
        ("data: a\ndata\ndata: ü\n\n", &["message \"a\\n\\nü\""]),
        ("data:\n\n", &["message \"\""]),
        (
            "event: x\ndata: 1\n\ndata: 2\n\n",
            &["x \"1\"", "message \"2\""],
        ),
        ("event: x\n\ndata: 2\n\n", &["message \"2\""]),
        ("data: lost", &[]),
        ("data: lost\n", &[]),
        ("data: a\r\n\r\ndata: lost\r\n", &["message \"a\""]),
        (
            ": hi\n:\ndata: a\n:mid\n\n",
            &["comment hi", "comment ", "comment mid", "message \"a\""],
        ),
        ("unknown: x\nDATA: y\n\n\n\ndata: a\n\n", &["message \"a\""]),
        ("data: a: b\n\n", &["message \"a: b\""]),
    ] {
        gives(&EVENTS, body, expected);
    }
}

#[test]
fn ids_stay_until_replaced_and_retry_is_digits_only() {
    for (body, expected) in [
        (
            "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            &["message \"a\" id 1", "message \"b\" id 1", "message \"c\""][..],
        ),
        ("id: 1\n\ndata: b\n\n", &["message \"b\" id 1"]),
        (
            "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n",
            &["message \"a\" id 1", "message \"b\" id 1"],
        ),
        (
            "retry: 250\ndata: a\n\ndata: b\n\n",
            &["message \"a\" retry 250 ms", "message \"b\""],
        ),
        (
            "retry: 2s\nretry: -1\nretry: +1\nretry\ndata: a\n\n",
            &["message \"a\""],
        ),
    ] {
        gives(&EVENTS, body, expected);
    }
}

#[test]
fn the_last_id_counts_from_the_empty_line_on() {
    let mut splitter = Splitter::new(
        &Shape::Events {
            last_id: Some("7".into()),
            resuming: None,
        },
        1 << 10,
    );
    assert_eq!(&splitter.last_id()[..], b"7");
    splitter.add(b"retry: 5\nid: 8\n");
    assert!(pieces(&mut splitter).is_empty());
    assert_eq!(&splitter.last_id()[..], b"7");
    splitter.add(b"\nid: 9\ndata: lo");
    assert_eq!(
        pieces(&mut splitter).len(),
        1,
        "lines without data, for the trace"
    );
    splitter.begin_anew();
    assert_eq!(&splitter.last_id()[..], b"8");
    assert_eq!(splitter.retry(), Some(Duration::from_millis(5)));
    splitter.add(b"data: st\n\n");
    let whole: Vec<String> = pieces(&mut splitter).iter().filter_map(brief).collect();
    assert_eq!(whole, ["message \"st\" id 8"]);
}

#[test]
fn lines_end_in_lf_or_crlf_and_the_last_may_end_in_neither() {
    for (body, expected) in [
        ("a\nb\r\nc", &["a", "b", "c"][..]),
        ("a\n\n", &["a", ""]),
        ("ü\ré\r\n", &["ü\ré"]),
        ("", &[]),
        ("a\r", &["a\r"]),
    ] {
        gives(&Shape::Lines, body, expected);
    }
}

#[test]
fn what_is_too_large_is_an_overflow_before_it_is_whole() {
    for (shape, body) in [
        (&EVENTS, "data: 0123456789"),
        (&EVENTS, "data: 0\ndata: 1\ndata: 2\n"),
        (&EVENTS, "data: 0123456789\n\n"),
        (&EVENTS, ": 0123456789012345\n"),
        (&Shape::Lines, "0123456789012345"),
        (&Shape::Lines, "0123456789012345\n"),
        (&Shape::Chunks, "0123456789012345"),
    ] {
        let mut splitter = Splitter::new(shape, 15);
        splitter.add(body.as_bytes());
        let problem = splitter.take().expect_err(body);
        assert_eq!(problem.kind, ProblemKind::Overflow, "{body:?}");
        assert!(
            problem.message.contains("`max_message`, 15 bytes"),
            "{problem}"
        );
    }
    assert_eq!(parts(&Shape::Chunks, [&b"ab"[..], b"c"]), ["ab", "c"]);
}
