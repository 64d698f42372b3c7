//! The baseline of a target as a file that is checked in: the numbers that were accepted last, and
//! those of the release that was pinned. One line per number, sorted, so that a difference reads
//! well in a review. It may use `model`.

mod form;
mod read;
#[cfg(test)]
mod tests;
mod write;

use crate::model::number::Baseline;

pub use read::read;
pub use write::write;

/// What the file of one target holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BaselineFile {
    /// Name of the target.
    pub target: String,
    /// What was accepted last.
    pub accepted: Option<Baseline>,
    /// The release that was pinned.
    pub anchor: Option<Baseline>,
}

/// The name of the file of a target: what a file system cannot take in it is a dash.
pub fn file_name(target: &str) -> String {
    let plain = |c: char| match c.is_alphanumeric() || "-_.".contains(c) {
        true => c,
        false => '-',
    };
    let name: String = target.chars().map(plain).collect();
    format!("{}.toml", name.trim_start_matches('.'))
}
