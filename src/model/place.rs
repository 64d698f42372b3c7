//! Where in a journey something stands.

use serde::{Deserialize, Serialize};

/// A line of a project file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Relative to the project, with forward slashes.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}

impl Place {
    /// A place in a file.
    pub fn new(file: impl Into<String>, line: u32) -> Self {
        Self {
            file: file.into(),
            line,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A few lines of source around a place, kept in the trace so that a report needs no files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The line that is meant.
    pub place: Place,
    /// Number of the first line shown, from 1.
    pub first: u32,
    /// The lines, without their ends.
    pub lines: Vec<String>,
    /// Byte range within the meant line that the caret underlines; the whole trimmed line if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caret: Option<(usize, usize)>,
}
