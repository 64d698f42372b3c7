//! Twelve releases: a step is named where it happens, a drift by the release that was pinned.

use super::support::{Project, Ran};
use super::{LEDGER, project, release};

fn moved(ran: &Ran) -> Vec<String> {
    let kinds = ran.failures().filter(|it| it["kind"] == "number");
    kinds
        .filter_map(|it| it["message"].as_str().map(str::to_string))
        .collect()
}

/// The twelve runs, each held to the last good release before it.
fn twelve(project: &Project) -> Vec<Ran> {
    (1..=12)
        .map(|number| release(project, &format!("r{number}"), &[]))
        .collect()
}

#[test]
fn a_step_of_three_percent_is_named_at_its_release() {
    let project = project("", LEDGER);
    let runs = twelve(&project);
    for (number, ran) in (1..=7).zip(&runs) {
        assert_eq!(ran.code, Some(0), "r{number}: {}", ran.shown());
    }
    let eighth = &runs[7];
    assert_eq!(eighth.code, Some(1), "{}", eighth.shown());
    let told = "`ledger.revenue` moved: 1284.50 to 1323.03 EUR (+3 %, tolerance exact)";
    assert_eq!(moved(eighth), [told]);
    assert!(eighth.out.contains("first in r8"), "{}", eighth.shown());
    assert!(eighth.out.contains("held in r7"), "{}", eighth.shown());
    assert!(eighth.junit.contains("type=\"number\""), "{}", eighth.junit);
    // Nothing learns from what is broken: it is so four releases later too, and named as old.
    let last = &runs[11];
    assert_eq!(last.code, Some(1), "{}", last.shown());
    assert_eq!(moved(last)[0], told, "{}", last.shown());
    assert!(last.out.contains("first in r8"), "{}", last.shown());
}

#[test]
fn a_drift_that_each_step_hides_is_caught_by_the_pinned_release() {
    let stock = LEDGER.replace("ledger.revenue, {", "\"1\", {");
    let project = project("", &stock);
    assert_eq!(release(&project, "r1", &[]).code, Some(0));
    let pinned = project.run(&["baseline", "pin", "r1", "--target", "demo"]);
    assert_eq!(pinned.code, Some(0), "{}", pinned.shown());
    for number in 2..=3 {
        let ran = release(&project, &format!("r{number}"), &[]);
        assert_eq!(ran.code, Some(0), "r{number}: {}", ran.shown());
    }
    let fourth = release(&project, "r4", &[]);
    assert_eq!(fourth.code, Some(1), "{}", fourth.shown());
    let told =
        "`ledger.stock` moved: 1284.50 to 1299.91 EUR since the anchor r1 (+1.2 %, tolerance ±1 %)";
    assert_eq!(moved(&fourth), [told]);
    // Without it each step passes.
    let removed = project.run(&["baseline", "pin", "--remove", "--target", "demo"]);
    assert_eq!(removed.code, Some(0), "{}", removed.shown());
    let again = release(&project, "r4", &[]);
    assert_eq!(again.code, Some(0), "{}", again.shown());
}

#[test]
fn a_replay_needs_neither_history_nor_baseline() {
    let project = project("", LEDGER);
    assert_eq!(release(&project, "r7", &[]).code, Some(0));
    let ran = release(&project, "r8", &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let trace = std::fs::read(project.path(".jaunt/trace.jsonl")).expect("a trace");
    let elsewhere = Project::new("");
    std::fs::write(elsewhere.path("trace.jsonl"), trace).expect("a copy");
    let replayed = elsewhere.run(&["replay", "trace.jsonl", "--junit", "junit.xml"]);
    assert_eq!(replayed.code, Some(1), "{}", replayed.shown());
    let junit = std::fs::read_to_string(elsewhere.path("junit.xml")).expect("JUnit");
    assert_eq!(junit, ran.junit);
    assert!(replayed.out.contains("1284.50"), "{}", replayed.shown());
}
