//! What journeys are called in reports, and how one is run again.

use std::collections::BTreeSet;

use crate::model::event::{Planned, RunHeader};

use super::style::{columns, fit, one_line, pad};

/// What journeys' files are called: without extension and without the folders that all files of
/// the run share, padded so that what follows stands below each other.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    /// Bytes that all paths begin with.
    shared: usize,
    /// Columns of the widest.
    wide: usize,
}

/// Columns that even the widest label may not exceed.
const WIDEST: usize = 22;

impl Labels {
    pub(super) fn of(header: &RunHeader) -> Self {
        let files = header.planned.iter();
        Self::of_files(files.map(|planned| planned.journey.id.file.as_str()))
    }

    /// Those of files with journeys.
    pub(super) fn of_files<'a>(files: impl IntoIterator<Item = &'a str>) -> Self {
        let files: BTreeSet<&str> = files.into_iter().collect();
        let shared = shared(&files);
        let widths = files.iter().map(|file| columns(&short(file, shared)));
        Self {
            shared,
            wide: widths.max().unwrap_or(0).min(WIDEST),
        }
    }

    /// The label of a journey.
    pub(super) fn label(&self, planned: &Planned) -> String {
        self.label_of(&planned.journey.id.file)
    }

    /// The label of a file.
    pub(super) fn label_of(&self, file: &str) -> String {
        let label = short(file, self.shared);
        pad(&fit(&label, self.wide), self.wide)
    }
}

fn short(file: &str, shared: usize) -> String {
    one_line(without_extension(file.get(shared..).unwrap_or(file)))
}

/// How many bytes of folders all paths begin with. The paths are sorted, so that what the first
/// and the last share, all do.
fn shared(files: &BTreeSet<&str>) -> usize {
    let (Some(first), Some(last)) = (files.first(), files.last()) else {
        return 0;
    };
    let same = first
        .bytes()
        .zip(last.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let same = first.as_bytes().get(..same).unwrap_or_default();
    same.iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |at| at + 1)
}

/// A path without the extension of its file.
pub(super) fn without_extension(file: &str) -> &str {
    file.strip_suffix(".lua").unwrap_or(file)
}

/// The command that runs one journey again as it ran.
pub(super) fn again(header: &RunHeader, planned: &Planned) -> String {
    let options = header.again.trim();
    let options = options.strip_prefix("run ").unwrap_or(options);
    let journey = &planned.journey;
    let selector = match planned.shares_line {
        true => journey.id.to_string(),
        false => journey.place.to_string(),
    };
    let mut command = format!("jaunt run {}", quoted(&selector));
    if !header.seed.is_empty() && !options.contains("--seed") {
        command.push_str(&format!(" --seed {}", quoted(&header.seed)));
    }
    if planned.repetition > 1 {
        // Random values differ from one repetition to the next.
        command.push_str(&format!(" --repeat {}", planned.repetition));
    }
    if !options.is_empty() {
        command.push(' ');
        command.push_str(options);
    }
    one_line(&command)
}

/// A word as a shell takes it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A command broken between its words only: inside quotes a shell keeps a line end as it is.
pub(super) fn shell_lines(command: &str, most: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in command.chars() {
        if c == ' ' && !quoted && !escaped {
            words.push(String::new());
            continue;
        }
        quoted ^= c == '\'' && !escaped;
        escaped = c == '\\' && !quoted && !escaped;
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(&word) <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) | None => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_broken_between_its_words_only() {
        let command = r"jaunt run 'a b'\''s c.lua' --var 'x=1  2'";
        let words = ["jaunt run", r"'a b'\''s c.lua'", "--var", "'x=1  2'"];
        assert_eq!(shell_lines(command, 12), words);
    }
}
