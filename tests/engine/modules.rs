//! One journey per module of the API, in `tests/journeys`, against the embedded target.

use std::collections::BTreeSet;

use jaunt::demo;
use jaunt::model::Outcome;

use crate::bench::Bench;

#[test]
fn every_module_works_against_the_embedded_target() {
    let settings = demo::Settings::default().no_limits();
    let target = demo::start(settings, 0).expect("the embedded target");
    let mut bench = Bench::at(&target.url()).floor("/chat/health");
    bench.jobs = 4;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journeys");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("a file");
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        bench = bench.file(&entry.file_name().to_string_lossy(), &text);
    }
    let run = bench.run();
    assert!(run.journeys.len() >= names(folder).len());
    let wrong: Vec<String> = run
        .journeys
        .iter()
        .filter(|one| one.outcome != Outcome::Passed)
        .map(|one| format!("{}: {}", one.planned.journey.id, one.reason))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whoever adds a module with its stub adds a journey of the same name.
#[test]
fn every_module_has_its_journey() {
    let stubs = names(concat!(env!("CARGO_MANIFEST_DIR"), "/src/script/types"));
    let journeys = names(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journeys"));
    assert!(stubs.contains("hash.lua"), "{stubs:?}");
    let lacking: Vec<&String> = stubs.difference(&journeys).collect();
    assert!(lacking.is_empty(), "no journey for {lacking:?}");
}

fn names(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("a file").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}
