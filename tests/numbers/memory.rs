//! The history may be anything: it never costs a run its verdict.

use super::{LEDGER, project, release};

#[test]
fn a_history_that_is_none_is_left_alone_and_costs_no_verdict() {
    let project = project("", LEDGER);
    project.write(".jaunt/history.db", "these are no runs");
    let ran = release(&project, "r1", &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("the history is not used"), "{}", ran.shown());
    let kept = std::fs::read_to_string(project.path(".jaunt/history.db")).expect("it is there");
    assert_eq!(kept, "these are no runs");
}

#[test]
fn a_folder_that_a_pipeline_caches_is_a_history_too() {
    let project = project("", LEDGER);
    assert_eq!(
        release(&project, "r7", &["--history", "cache"]).code,
        Some(0)
    );
    let ran = release(&project, "r8", &["--history", "cache"]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert!(project.path("cache/history.db").exists());
    assert!(!project.path(".jaunt/history.db").exists());
    let listed = project.run(&["history", "--history", "cache", "--json"]);
    assert_eq!(listed.code, Some(0), "{}", listed.shown());
    assert!(
        listed.out.contains("\"r7\"") && listed.out.contains("\"r8\""),
        "{}",
        listed.shown()
    );
}

#[test]
fn an_outlier_after_twenty_equal_releases_is_flagged() {
    let journey = |size: &str| {
        format!(
            "journey(\"it has a size\", function(j) j:record(\"size\", {size}, {{ kind = \"size\", tolerance = \"observed\" }}) end)"
        )
    };
    let project = project("", &journey("1000"));
    for number in 1..=20 {
        let ran = release(&project, &format!("r{number}"), &[]);
        assert_eq!(ran.code, Some(0), "r{number}: {}", ran.shown());
    }
    // On a busy machine the walk itself may take unusually long: what is unusual fails from here on.
    let settings = std::fs::read_to_string(project.path("jaunt.toml")).expect("settings");
    project.write(
        "jaunt.toml",
        &settings.replace("[numbers]", "[numbers]\nanomaly = \"fail\""),
    );
    project.write("journeys/shop.lua", &journey("2000"));
    let ran = release(&project, "r21", &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert!(ran.out.contains("2000 bytes"), "{}", ran.shown());
}
