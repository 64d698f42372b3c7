//! One journey per module of the API, in `tests/journeys`, against the embedded target.

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
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("a file");
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        bench = bench.file(&entry.file_name().to_string_lossy(), &text);
        files += 1;
    }
    let run = bench.run();
    assert!(files >= 12 && run.journeys.len() >= files);
    let wrong: Vec<String> = run
        .journeys
        .iter()
        .filter(|one| one.outcome != Outcome::Passed)
        .map(|one| format!("{}: {}", one.planned.journey.id, one.reason))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
