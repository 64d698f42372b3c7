//! What came instead: the nearest miss key by key, and the other messages of the window.

use crate::model::event::{Difference, Expectation};
use crate::model::value::shorten;

use super::super::style::{Style, columns, duration, one_line, wrap};
use super::{difference, field};

/// Most characters of the value that came nearest.
const VALUE: usize = 300;
/// Most differences that are shown.
const MOST: usize = 6;
/// Columns before the text of a field.
const BEFORE: usize = 14;

/// The nearest miss with its differences, then what else was found.
pub(super) fn lines(unmet: &Expectation, style: &Style, out: &mut Vec<String>) {
    let before = out.len();
    if let Some(nearest) = &unmet.nearest {
        // What is no message has been answered, read or computed: there was but one.
        let name = if unmet.stream.is_some() || nearest.round.is_some() {
            "nearest"
        } else {
            "found"
        };
        field(name, &shorten(&nearest.value, VALUE), style, out);
        if let (Some(round), Some(rounds)) = (nearest.round, unmet.got) {
            let after = duration(round.after);
            let which = format!("in round {} of {rounds}, {after}", round.number);
            field("", &which, style, out);
        }
        differences(&nearest.differences, style, out);
    }
    // Some of it is in the promise already.
    let more = unmet.found.iter().filter(|it| !unmet.promise.contains(*it));
    for (index, found) in more.enumerate() {
        field(if index == 0 { "came" } else { "" }, found, style, out);
    }
    if out.len() > before {
        out.push(String::new());
    }
}

/// Path, what was expected and what there was, on one line where it fits and below each other
/// where it does not.
fn differences(all: &[Difference], style: &Style, out: &mut Vec<String>) {
    let room = style.columns() - BEFORE;
    for one in all.iter().take(MOST) {
        let (expected, found) = difference::pair(&one.expected, &one.found);
        let path = match one.path.as_str() {
            "" => String::new(),
            path => format!("{}: ", one_line(path)),
        };
        let line = format!("{path}expected {expected}, found {found}");
        if columns(&one_line(&line)) <= room {
            field("", &line, style, out);
        } else {
            if !path.is_empty() {
                field("", path.trim_end(), style, out);
            }
            side("expected", &expected, style, out);
            side("found", &found, style, out);
        }
    }
    if all.len() > MOST {
        let more = all.len() - MOST;
        field("", &format!("and {more} more differences"), style, out);
    }
}

/// One of two sides that stand below each other, wrapped beside its name.
fn side(name: &str, text: &str, style: &Style, out: &mut Vec<String>) {
    let name = format!("  {name:<9}");
    let room = style.columns() - BEFORE - columns(&name);
    let blank = " ".repeat(columns(&name));
    for (index, line) in wrap(&one_line(text), room).iter().enumerate() {
        let before = if index == 0 { &name } else { &blank };
        out.push(format!("{}{before}{line}", " ".repeat(BEFORE - 1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_stands_below_what_was_expected() {
        let one = Difference {
            path: "headers.location".to_string(),
            expected: format!("\"{}\"", "one two ".repeat(6).trim_end()),
            found: "nothing".to_string(),
        };
        let narrow = Style {
            width: 40,
            ..Style::plain()
        };
        let mut out = Vec::new();
        differences(&[one], &narrow, &mut out);
        let drawn = [
            "             headers.location:",
            "               expected \"one two one",
            "                        two one two one",
            "                        two one two one",
            "                        two\"",
            "               found    nothing",
        ];
        assert_eq!(out, drawn);
    }
}
