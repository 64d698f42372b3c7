//! Walks the catalogue of bugs: each turns a shipped journey red while every floor check stays
//! green, which is what the product exists for. A bug without a journey that sees it is red here.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use jaunt::demo::Bug;
use support::{Project, Ran};

/// Waits are shorter than shipped, as a broken promise is waited for to the end; a ghost of the
/// embedded target lives 1.5 s at most.
const SETTINGS: &str = r#"
[targets.demo]
embedded = true
vars = { ghost_deadline = "3s" }

[run]
target = "demo"
within = "3s"
late = "100ms"
"#;

/// Runs at once; each has its own target.
const AT_ONCE: usize = 2;

#[test]
fn each_bug_turns_a_journey_red_while_the_floor_stays_green() {
    let bugs: Vec<Bug> = Bug::ALL.into_iter().filter(|it| !it.demo_only()).collect();
    assert!(bugs.len() >= 29, "the catalogue has shrunk: {bugs:?}");
    let next = AtomicUsize::new(0);
    let unseen: Vec<String> = std::thread::scope(|scope| {
        let walk = || {
            let mine = std::iter::from_fn(|| bugs.get(next.fetch_add(1, Ordering::Relaxed)));
            mine.filter_map(|bug| unseen(*bug)).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(walk)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a run does not panic"))
            .collect()
    });
    assert!(unseen.is_empty(), "{}", unseen.join("\n\n"));
}

#[test]
fn a_bug_of_the_end_is_no_bug_of_a_run() {
    for bug in Bug::ALL.into_iter().filter(|it| it.demo_only()) {
        let ran = Project::shipped(SETTINGS).run(&["run", "--bug", bug.name()]);
        assert_eq!(ran.code, Some(2), "{}", ran.shown());
        assert!(ran.err.contains("jaunt demo"), "{}", ran.shown());
    }
}

/// What is wrong with the verdict on a target that has that bug, if anything.
fn unseen(bug: Bug) -> Option<String> {
    let name = bug.name();
    // The journeys through its own service: those of the others see the target as it always is.
    let arguments = ["run", "--bug", name, "--tag", bug.service()];
    let ran = Project::shipped(SETTINGS).run(&arguments);
    let wrong = complaints(&ran);
    (!wrong.is_empty()).then(|| format!("{name}: {}\n{}", wrong.join("; "), ran.shown()))
}

fn complaints(ran: &Ran) -> Vec<&'static str> {
    let floors = ran.failures().map(|failure| &failure["floor"]);
    let rules = [
        (ran.code == Some(1), "the exit code is not 1"),
        (!ran.with_outcome("failed").is_empty(), "no journey saw it"),
        (
            ran.with_outcome("errored").is_empty(),
            "a journey could not be judged",
        ),
        (
            ran.with_outcome("skipped").is_empty(),
            "a journey did not run",
        ),
        (
            ran.report["floor"]["up"] == true,
            "the floor was not up before the start",
        ),
        (
            ran.failures().all(|failure| failure["in_floor"] == false),
            "a floor check of a journey saw it",
        ),
        (
            floors
                .filter(|floor| !floor.is_null())
                .all(|floor| floor["up"] == true),
            "the floor was not up at a failure",
        ),
    ];
    let broken = rules.iter().filter(|(kept, _)| !kept);
    broken.map(|(_, complaint)| *complaint).collect()
}
