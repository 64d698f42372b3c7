//! The diagram as a Mermaid `sequenceDiagram`, for Markdown that draws it. Every character of a
//! label that means something to Mermaid, HTML or Markdown is written as a number, so that the
//! words of a server stay words.

use std::fmt::Write as _;

use crate::model::value::shorten;
use crate::report::around::relative;

use super::{Kind, Lanes, Row, State};

/// Most characters of a label: a page has little room, and a diagram a limit on its text.
const MOST: usize = 80;

/// The diagram, with a line end behind each line; the fence around it is the caller's. Empty if
/// there is nothing to draw.
pub fn diagram(lanes: &Lanes) -> String {
    if lanes.is_empty() {
        return String::new();
    }
    let mut out = String::from("sequenceDiagram\n");
    for (lane, name) in lanes.names.iter().enumerate() {
        let _ = writeln!(out, "    participant p{lane} as {}", escape(name));
    }
    let last = lanes.names.len().saturating_sub(1);
    for row in &lanes.rows {
        if row.skipped > 0 {
            let _ = writeln!(out, "    Note over p0,p{last}: {} more", row.skipped);
        }
        let _ = writeln!(out, "    {}", statement(row, last));
    }
    out
}

fn statement(row: &Row, last: usize) -> String {
    let (from, to, text) = (row.from, row.to, escape(&words(row)));
    match row.kind {
        Kind::Step | Kind::Note => format!("Note over p0,p{last}: {text}"),
        _ if from == to => format!("Note over p{from}: {text}"),
        kind => format!("p{from}{}p{to}: {text}", line(kind, row.state)),
    }
}

/// Dotted with a cross for what never came, dotted for an answer, else plain.
fn line(kind: Kind, state: State) -> &'static str {
    match (kind, state) {
        (Kind::Missing, _) | (_, State::Missing) => "--x",
        (Kind::Open | Kind::Request, State::Failed) => "-x",
        (Kind::Answer, _) => "-->>",
        (
            Kind::Request
            | Kind::Open
            | Kind::Message
            | Kind::Control
            | Kind::End
            | Kind::Act
            | Kind::Step
            | Kind::Note,
            _,
        ) => "->>",
    }
}

fn words(row: &Row) -> String {
    let time = relative(row.at, 0);
    let label = shorten(&row.label, MOST);
    match row.remark.as_str() {
        "" => format!("{time} {label}"),
        remark => format!("{time} {label} ({})", shorten(remark, MOST)),
    }
}

/// Letters, digits, blanks and a few marks stay; all else becomes an entity code of Mermaid's.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        // `end` alone would close a block in some versions.
        if word.trim_end().eq_ignore_ascii_case("end") {
            let first = word.chars().next().map_or(0, u32::from);
            let _ = write!(out, "#{first};{}", &word[1..]);
            continue;
        }
        for c in word.chars() {
            let plain = c.is_alphanumeric()
                || matches!(
                    c,
                    ' ' | '.' | ',' | '_' | '+' | '/' | '?' | '=' | '…' | '(' | ')'
                );
            if plain {
                out.push(c);
            } else {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}
