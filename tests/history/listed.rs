//! What people and programs get to see.

use super::{bad, good, lines, project, run};
use serde_json::Value;

/// A history of nine runs: three releases, the last one failing.
fn filled() -> super::support::Project {
    let project = project();
    let runs = (0..9).map(|at| {
        let outcome = if at < 6 { "passed" } else { "failed" };
        let mut run = run(
            &format!("run-{at}"),
            &format!("r{}", at / 3),
            at * 60 * 24,
            outcome,
        );
        if at == 0 {
            run["target"] = "=HYPERLINK(1)".into();
        }
        run
    });
    project.write("a.jsonl", &lines(runs));
    good(&project, &["history", "import", "a.jsonl"]);
    project
}

/// The ids of the runs that a list has, newest first.
fn ids(project: &super::support::Project, words: &[&str]) -> Vec<String> {
    let all: Vec<&str> = [&["history", "--json"], words].concat();
    let list: Value = serde_json::from_str(&good(project, &all)).expect("JSON");
    assert_eq!(list["format"], 1);
    let runs = list["runs"].as_array().expect("a list").iter();
    runs.map(|run| run["run"].as_str().expect("an id").to_string())
        .collect()
}

#[test]
fn runs_are_listed_newest_first_and_chosen_by_what_they_were() {
    let project = filled();
    let all = ids(&project, &[]);
    assert_eq!((all.len(), all[0].as_str()), (9, "run-8"));
    assert_eq!(ids(&project, &["--limit", "2"]), ["run-8", "run-7"]);
    assert_eq!(
        ids(&project, &["--deploy", "r1"]),
        ["run-5", "run-4", "run-3"]
    );
    assert_eq!(
        ids(&project, &["--outcome", "failed"]),
        ["run-8", "run-7", "run-6"]
    );
    assert_eq!(ids(&project, &["--target", "site"]).len(), 8);
    assert_eq!(ids(&project, &["--journey", "shop.lua::buy"]).len(), 9);
    assert!(ids(&project, &["--journey", "sell"]).is_empty());
    assert_eq!(
        ids(&project, &["--since", "2026-11-08"]),
        ["run-8", "run-7"]
    );
    let wrong = bad(&project, &["history", "--since", "yesterday"]);
    assert!(
        wrong.err.contains("expected a day such as 2026-11-01"),
        "{}",
        wrong.err
    );
    let text = good(&project, &["history", "list", "--limit", "1"]);
    assert_eq!(
        text,
        "STARTED              RUN    TARGET  RELEASE  EXIT  JOURNEYS\n\
         2026-11-09 00:00:00  run-8  site    r2       1     1 failed, 1.5 s\n"
    );
}

#[test]
fn a_spreadsheet_gets_no_formula() {
    let project = filled();
    let csv = good(&project, &["history", "--csv", "--limit", "100"]);
    let rows: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(rows.len(), 11, "{csv}");
    assert!(rows[0].starts_with("run,started,target,release"), "{csv}");
    assert!(rows[9].contains(",'=HYPERLINK(1),r0,"), "{csv}");
    let shown = good(&project, &["history", "show", "run-3", "--csv"]);
    let number = "journeys/shop.lua,buy,1,passed,0.900000000,orders.total,region=eu,declared,decimal,EUR,4320.50";
    assert!(shown.contains(number), "{shown}");
}

#[test]
fn one_run_is_shown_by_the_beginning_of_its_id() {
    let project = filled();
    let shown = good(&project, &["history", "show", "run-7"]);
    for said in [
        "release  r2",
        "failed   journeys/shop.lua::buy  900 ms",
        "  it hung",
        "orders.total {region=eu}  10080.50 EUR",
    ] {
        assert!(shown.contains(said), "{shown}");
    }
    let json: Value =
        serde_json::from_str(&good(&project, &["history", "show", "run-7", "--json"]))
            .expect("JSON");
    assert_eq!(
        json["run"]["journeys"][0]["numbers"][0]["worth"]["number"],
        "10080.50"
    );
    let several = bad(&project, &["history", "show", "run"]);
    assert!(
        several.err.contains("several runs begin with `run`"),
        "{}",
        several.err
    );
    let none = bad(&project, &["history", "show", "x"]);
    assert!(
        none.err.contains("the history has no run `x`"),
        "{}",
        none.err
    );
}

/// Three flakes of 60 are surely more than one in a hundred, one of 60 is not.
#[test]
fn what_flakes_belongs_into_quarantine_and_leaves_it_again() {
    let project = project();
    let many = |name: &'static str, flaky: u64, of: u64, quarantined: bool| {
        (0..of).map(move |at| {
            let outcome = if at < flaky { "flaky" } else { "passed" };
            let mut run = run(&format!("{name}-{at}"), "r1", at, outcome);
            run["journeys"][0]["journey"]["name"] = name.into();
            run["journeys"][0]["quarantined"] = quarantined.into();
            run
        })
    };
    let runs = many("three", 3, 60, false)
        .chain(many("one", 1, 60, false))
        .chain(many("healed", 0, 59, true))
        .chain(many("fresh", 0, 58, true));
    project.write("a.jsonl", &lines(runs));
    good(&project, &["history", "import", "a.jsonl"]);
    let json: Value =
        serde_json::from_str(&good(&project, &["history", "flakes", "--json"])).expect("JSON");
    let of = |name: &str| {
        let journeys = json["journeys"].as_array().expect("a list");
        journeys
            .iter()
            .find(|it| it["journey"] == name)
            .expect("it is there")
            .clone()
    };
    assert_eq!(of("three")["quarantine"], "in");
    assert_eq!(of("one")["quarantine"], Value::Null);
    assert_eq!(of("healed")["quarantine"], "out");
    assert_eq!(of("fresh")["quarantine"], "stay");
    // Wilson, 95 %, 3 of 60.
    let low = of("three")["low"].as_f64().expect("a number");
    let high = of("three")["high"].as_f64().expect("a number");
    assert!(
        (low - 0.017_150).abs() < 1e-5 && (high - 0.137_005).abs() < 1e-5,
        "{low} {high}"
    );
    let text = good(&project, &["history", "flakes"]);
    let first = text.lines().nth(1).expect("a line");
    assert!(
        first.contains("three") && first.contains("belongs into quarantine"),
        "{text}"
    );
    assert!(
        text.contains("may leave quarantine once its fix is named"),
        "{text}"
    );
}

#[test]
fn a_failure_in_a_release_that_also_passed_is_a_flake() {
    let project = project();
    let runs = [
        ("a", "r1", "passed"),
        ("b", "r1", "failed"),
        ("c", "r2", "failed"),
    ];
    let runs = (0..)
        .zip(runs)
        .map(|(at, (id, release, outcome))| run(id, release, at, outcome));
    project.write("a.jsonl", &lines(runs));
    good(&project, &["history", "import", "a.jsonl"]);
    let csv = good(&project, &["history", "flakes", "--csv"]);
    assert!(
        csv.contains("journeys/shop.lua,buy,3,1,2,0,0,0,1,"),
        "{csv}"
    );
}

#[test]
fn old_runs_are_forgotten_when_asked() {
    let project = filled();
    let none = bad(&project, &["history", "prune"]);
    assert!(
        none.err.contains("nothing says what to forget"),
        "{}",
        none.err
    );
    let said = good(&project, &["history", "prune", "--keep-runs", "4"]);
    assert_eq!(said, "5 runs and 0 releases forgotten\n");
    assert_eq!(ids(&project, &[]), ["run-8", "run-7", "run-6", "run-5"]);
}
