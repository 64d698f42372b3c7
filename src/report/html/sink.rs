//! Where the page is written to: nothing passes that cannot be seen.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use maud::Markup;

use crate::report::style::turns;

/// The file, behind a filter.
pub(in crate::report) struct Sink<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Sink<'a> {
    pub(in crate::report) fn new(out: &'a mut dyn Write) -> Self {
        Self { out }
    }

    /// Writes a part of the page.
    pub(in crate::report) fn put(&mut self, part: &Markup) -> io::Result<()> {
        self.raw(&visible(&part.0))
    }

    /// Writes what is our own to the last byte.
    pub(super) fn raw(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }
}

/// Shows what could not be seen, or would turn around what follows, by its number: `\u{1b}`. The
/// template itself has no such character, so that this changes texts of others only.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    // Almost everything is plain ASCII, which can be told many bytes at a time.
    if text.bytes().all(is_plain) || !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        match c {
            '\r' => out.push_str("\\r"),
            c if is_unseen(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t')
}

fn is_unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || turns(c)
}
