//! Plans from journeys that were never loaded, and files of real folders.

mod choosing;
mod finding;
mod sharding;

use std::path::Path;

use crate::model::{Journey, JourneyId, Place};

use super::{PathWord, Selection};

fn journey(file: &str, name: &str, line: u32, last_line: u32) -> Journey {
    Journey {
        id: JourneyId {
            file: file.to_string(),
            name: name.to_string(),
        },
        place: Place::new(file, line),
        last_line,
        covers: Vec::new(),
        tags: Vec::new(),
        owner: None,
        runbook: None,
        timeout: None,
        targets: None,
        lock: None,
        share: None,
        ..Journey::default()
    }
}

/// A selection of paths typed at the project's root, which need not exist.
fn paths(words: &[&str]) -> Selection {
    let root = Path::new("/shop");
    Selection {
        paths: words
            .iter()
            .map(|word| PathWord::parse(word, root, root).expect("a path of the project"))
            .collect(),
        ..Selection::default()
    }
}
