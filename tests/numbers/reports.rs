//! What the reports of a run with numbers have in common, and what CI systems are told of them.

use super::support::Project;
use super::{LEDGER, flat, project, release};

/// The books, and a journey for the other shard.
fn books() -> Project {
    let project = project("", LEDGER);
    let other = "journey(\"the shop is open\", function(j) j:record(\"open\", 1) end)\n";
    project.write("journeys/open.lua", other);
    assert_eq!(release(&project, "r7", &[]).code, Some(0));
    project
}

fn end_of(text: &str) -> String {
    let at = text.find(" numbers ").unwrap_or_default();
    text[at..]
        .split("\n FAILED")
        .next()
        .unwrap_or("")
        .to_string()
}

#[test]
fn shards_that_are_merged_have_the_numbers_of_the_whole() {
    let project = books();
    let arguments = ["--no-history", "--baseline", "baselines/demo.toml"];
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    let whole = release(&project, "r8", &arguments);
    assert_eq!(whole.code, Some(1), "{}", whole.shown());
    for part in ["1/2", "2/2"] {
        let options = [&arguments[..], &["--seed", "one", "--shard", part]].concat();
        let ran = release(&project, "r8", &options);
        assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.shown());
        let name = format!("part-{}.jsonl", &part[..1]);
        std::fs::rename(project.path(".jaunt/trace.jsonl"), project.path(&name)).expect("a trace");
    }
    let merged = project.run(&["merge", "part-2.jsonl", "part-1.jsonl"]);
    assert_eq!(merged.code, Some(1), "{}", merged.shown());
    assert!(whole.report["numbers"].is_object(), "{}", whole.report);
    assert_eq!(merged.report["numbers"], whole.report["numbers"]);
    assert_eq!(end_of(&merged.out), end_of(&whole.out));
}

#[test]
fn a_number_that_moved_is_drawn_and_replayed() {
    let project = books();
    let ran = release(&project, "r8", &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let page = std::fs::read_to_string(project.path(".jaunt/report.html")).expect("a page");
    let charts = page
        .split("<figure")
        .filter(|it| it.contains("ledger.revenue"));
    assert!(charts.count() > 0, "no drawing of it");
    let replayed = project.run(&["replay"]);
    assert_eq!(end_of(&replayed.out), end_of(&ran.out));
    assert!(
        end_of(&ran.out).contains("ledger.revenue"),
        "{}",
        ran.shown()
    );
}

#[test]
fn a_ci_system_is_told_where_a_number_moved() {
    let project = books();
    let arguments = ["run", "--release", "r8", "--deploy", "r8"];
    let mut command = project.jaunt(&arguments);
    let output = command.env("GITHUB_ACTIONS", "true").output();
    let ran = project.read(output.expect("the binary runs"));
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let at = "::error file=journeys/shop.lua,line=4,title=shop%3A the books are right::`ledger.revenue` moved: 1284.50 to 1323.03 EUR";
    assert!(ran.out.contains(at), "{}", ran.shown());
    assert!(flat(&ran).contains("first in r8"), "{}", ran.shown());
}
