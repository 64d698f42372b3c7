//! Holds the layers to one direction: reads the `use crate::` lines, and the size of every file.

use std::path::{Path, PathBuf};

/// What each part may use of this crate, beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("statistics", &[]),
    ("demo", &["model"]),
    ("record", &["model"]),
    ("config", &["model"]),
    ("client", &["model", "record", "numbers"]),
    // Computes with numbers and compares them; knows nobody who measures or shows them.
    ("numbers", &["model", "statistics"]),
    ("store", &["model"]),
    ("baseline", &["model"]),
    (
        "script",
        &["model", "record", "client", "numbers", "statistics"],
    ),
    // The API as its stubs say it; the texts of the stubs lie in `script`, beside what they describe.
    ("reference", &["model", "script"]),
    // Knows journeys as texts and as data, never as something that runs.
    ("check", &["model", "reference"]),
    ("plan", &["model"]),
    ("judge", &["model", "numbers"]),
    ("report", &["model", "record", "judge", "numbers"]),
    ("runner", &["model", "record", "client", "script"]),
    (
        "prove",
        &["model", "record", "client", "script", "judge", "runner"],
    ),
    (
        "cli",
        &[
            "model",
            "demo",
            "record",
            "config",
            "client",
            "script",
            "plan",
            "judge",
            "report",
            "runner",
            "prove",
            "reference",
            "check",
            "numbers",
            "statistics",
            "store",
            "baseline",
        ],
    ),
];

/// Crates that only one part may know.
const ONLY_IN: &[(&str, &str)] = &[
    ("mlua", "script"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("clap_mangen", "cli"),
    ("full_moon", "check"),
    ("notify", "cli"),
    ("hyper_util", "client"),
    ("junit_report", "report"),
    ("statrs", "statistics"),
    ("rust_decimal", "model"),
    ("rusqlite", "store"),
];

const MOST_LINES: usize = 400;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the crate") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join("src"), &mut found);
    files(&root.join("tests"), &mut found);
    files(&root.join("benches"), &mut found);
    found.sort();
    assert!(
        found.len() > 100,
        "only {} files: is this the crate?",
        found.len()
    );
    found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file");
            (
                path.strip_prefix(root)
                    .expect("below the crate")
                    .to_path_buf(),
                text,
            )
        })
        .collect()
}

/// The part of the crate that a file belongs to; nothing for `lib.rs`, `main.rs` and tests.
fn part(path: &Path) -> Option<&str> {
    let mut words = path.iter().map(|word| word.to_str().expect("a plain name"));
    (words.next() == Some("src"))
        .then(|| words.next())
        .flatten()
        .filter(|word| !word.ends_with(".rs"))
}

/// Every part that a text names after `crate::`, code and comments alike.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split("crate::").skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn dependencies_point_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(own) = part(&path) else { continue };
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == own)
            .unwrap_or_else(|| panic!("{own} is a new part: say here what it may use"));
        for used in named(&text) {
            let known = MAY_USE.iter().any(|(name, _)| *name == used);
            if known && used != own && !allowed.contains(&used) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_border_has_its_own_crates() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(own) = part(&path) else { continue };
        for (name, home) in ONLY_IN {
            if own != *home && text.contains(&format!("{name}::")) {
                wrong.push(format!(
                    "{} uses {name}, which belongs to {home}",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > MOST_LINES)
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(
        long.is_empty(),
        "more than {MOST_LINES} lines:\n{}",
        long.join("\n")
    );
}
