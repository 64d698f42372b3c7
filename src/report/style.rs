//! How text is laid out: colour, width, times, and the cleaning of what others wrote.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::{Nanos, Outcome};

/// What the place that a text goes to can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours.
    pub colour: bool,
    /// Columns.
    pub width: usize,
    /// Characters beyond ASCII for marks and lines.
    pub unicode: bool,
    /// What the last line points to, if anything: `.jaunt/junit.xml`.
    pub report: Option<String>,
}

impl Style {
    /// 80 columns without colour: a log file, the body of a JUnit failure.
    pub fn plain() -> Self {
        Self {
            colour: false,
            width: 80,
            unicode: true,
            report: None,
        }
    }

    /// Columns to lay out for: never so few that nothing fits, never so many that eyes get lost.
    pub(super) fn columns(&self) -> usize {
        self.width.clamp(40, 120)
    }

    /// Columns that source lines may use: nobody reads them from end to end, as prose is read.
    pub(super) fn columns_of_source(&self) -> usize {
        self.width.clamp(40, 400)
    }

    /// Puts a text in a colour.
    pub(super) fn paint(&self, ink: Ink, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{}m{text}\u{1b}[0m", ink.code())
        } else {
            text.to_string()
        }
    }

    /// The mark and the colour of an outcome.
    pub(super) fn mark(&self, outcome: Outcome) -> (&'static str, Ink) {
        match (outcome, self.unicode) {
            (Outcome::Passed, true) => ("✓", Ink::Green),
            (Outcome::Passed, false) => ("+", Ink::Green),
            (Outcome::Failed, true) => ("✗", Ink::Red),
            (Outcome::Failed, false) => ("x", Ink::Red),
            (Outcome::Errored(_), _) => ("!", Ink::Yellow),
            (Outcome::Flaky, _) => ("~", Ink::Yellow),
            (Outcome::Skipped, _) => ("-", Ink::Dim),
        }
    }

    /// A text as the place can show it: where that is ASCII alone, marks of ours become others of
    /// the same width, and letters of others their numbers.
    pub fn shown(&self, text: String) -> String {
        if self.unicode || text.is_ascii() {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                c if c.is_ascii() => out.push(c),
                '…' => out.push('~'),
                '·' | '–' | '−' => out.push('-'),
                '→' => out.push('>'),
                '←' => out.push('<'),
                c => {
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
                }
            }
        }
        out
    }

    /// One of two spellings.
    pub(super) fn either(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }
}

/// A colour with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Green,
    Red,
    Yellow,
    Dim,
    Bold,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Green => "32",
            Self::Red => "31",
            Self::Yellow => "33",
            Self::Dim => "2",
            Self::Bold => "1",
        }
    }
}

/// A duration for people: `38 ms`, `1.6 s`, `2 min 05 s`.
pub fn duration(nanos: Nanos) -> String {
    let millis = nanos.saturating_add(500_000) / 1_000_000;
    let tenths = nanos.saturating_add(50_000_000) / 100_000_000;
    let seconds = nanos.saturating_add(500_000_000) / 1_000_000_000;
    if nanos < 500_000 {
        "<1 ms".to_string()
    } else if millis < 1000 {
        format!("{millis} ms")
    } else if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Text that others wrote, safe on one line of a terminal: colours and other sequences are
/// dropped, line ends and what cannot be seen are escaped, so that a server can neither forge a
/// line of a report nor turn it around.
pub fn one_line(text: &str) -> String {
    // Almost every text is plain, which can be told many bytes at a time.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    for character in without_sequences(text).chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || turns(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Characters that change the direction of what follows, and line ends beyond ASCII.
pub(super) fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Drops ANSI escape sequences: CSI (`ESC [ … final`), OSC (`ESC ] … BEL` or `ESC \`) and the
/// two-character ones. One that never ends loses its beginning only, not the rest of the text.
pub(super) fn without_sequences(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        rest = behind_sequence(behind);
    }
    out.push_str(rest);
    out
}

fn behind_sequence(text: &str) -> &str {
    if let Some(csi) = text.strip_prefix('[') {
        let end = csi.trim_start_matches(|c| (' '..='?').contains(&c));
        return end
            .strip_prefix(|c| ('@'..='~').contains(&c))
            .unwrap_or(end);
    }
    if let Some(osc) = text.strip_prefix(']') {
        return match osc.find(['\u{7}', '\u{1b}']) {
            Some(at) if osc[at..].starts_with('\u{7}') => &osc[at + 1..],
            Some(at) => osc[at + 1..].strip_prefix('\\').unwrap_or(&osc[at..]),
            None => osc,
        };
    }
    text.strip_prefix(|c| ('@'..='_').contains(&c))
        .unwrap_or(text)
}

/// Columns that a text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// Cuts a text to so many columns, with `…` where something is missing.
pub(super) fn fit(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_string();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > most {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

/// Fills a text with blanks on its right.
pub(super) fn pad(text: &str, wide: usize) -> String {
    let blanks = wide.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(blanks))
}

/// Breaks a text between words into lines of at most so many columns; a word that is longer
/// stands alone and is broken.
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let most = most.max(8);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word.to_string();
        while let Some(line) = lines.last_mut() {
            let room = most.saturating_sub(columns(line) + usize::from(!line.is_empty()));
            if columns(&word) <= room {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(&word);
                break;
            }
            if line.is_empty() {
                let at = split_at(&word, most);
                let rest = word.split_off(at);
                line.push_str(&word);
                word = rest;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// The byte behind the last character that fits.
fn split_at(word: &str, most: usize) -> usize {
    let mut used = 0;
    for (at, character) in word.char_indices() {
        used += character.width().unwrap_or(0);
        if used > most && at > 0 {
            return at;
        }
    }
    word.len()
}

#[cfg(test)]
mod tests {
    use super::{Style, wrap};

    #[test]
    fn words_are_wrapped_and_giants_are_broken() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghijkl mn", 8), ["abcdefgh", "ijkl mn"]);
        assert_eq!(wrap("日本語日本語", 8), ["日本語日", "本語"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn a_place_that_shows_ascii_alone_gets_nothing_else() {
        let ascii = Style {
            unicode: false,
            ..Style::plain()
        };
        let text = "a … b · c → ü 日".to_string();
        assert_eq!(ascii.shown(text.clone()), "a ~ b - c > \\u{fc} \\u{65e5}");
        assert_eq!(Style::plain().shown(text.clone()), text);
    }
}
