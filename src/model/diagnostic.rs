//! One user-facing error as data: what is wrong, where, and what to do. `report::diagnostic`
//! turns it into text; nothing else does.

use serde::{Deserialize, Serialize};

/// An error or warning that a person can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What is wrong, one line, lower case, names in backticks.
    pub title: String,
    /// Where, with the source line if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceSpan>,
    /// What else is known: `options: within, exactly`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A stretch of a file that a diagnostic points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSpan {
    /// As a person would type it.
    pub file: String,
    /// Line of the caret, from 1.
    pub line: u32,
    /// Column of the caret in characters, from 1; nothing if only the line is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// How many characters the caret covers, at least 1.
    pub width: u32,
    /// The text of that line; nothing if the file cannot be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What stands at the caret: ``did you mean `within`?``.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

impl Diagnostic {
    /// An error with nothing but its title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            source: None,
            notes: Vec::new(),
            help: None,
        }
    }

    /// Points at a stretch of a file.
    #[must_use]
    pub fn at(mut self, source: SourceSpan) -> Self {
        self.source = Some(source);
        self
    }

    /// Adds what else is known.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl SourceSpan {
    /// The span of the bytes `start..end` of `text`, the whole content of `file`.
    pub fn of_bytes(file: impl Into<String>, text: &str, start: usize, end: usize) -> Self {
        let start = floor_boundary(text, start);
        let end = floor_boundary(text, end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[..start].matches('\n').count() + 1;
        Self {
            file: file.into(),
            line: number(line),
            column: Some(number(text[line_start..start].chars().count() + 1)),
            width: number(text[start..end.clamp(start, line_end)].chars().count()).max(1),
            text: Some(
                text[line_start..line_end]
                    .trim_end_matches('\r')
                    .to_string(),
            ),
            label: String::new(),
        }
    }

    /// The same with a word at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_line_and_column() {
        let text = "a = 1\nür = x\n";
        let at = text.find('x').expect("there is one");
        let span = SourceSpan::of_bytes("f", text, at, at + 1);
        assert_eq!((span.line, span.column, span.width), (2, Some(6), 1));
        assert_eq!(span.text.as_deref(), Some("ür = x"));
    }
}
