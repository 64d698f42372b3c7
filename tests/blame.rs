//! `jaunt blame` with the built program: releases of the embedded target, and a git repository whose
//! commits they are.

mod support;

use std::process::Command;

use serde_json::{Value, json};
use support::{Project, Ran};

const JOURNEYS: &str = r#"
journey("the books are right", function(j)
  local ledger = j:client("shop"):get("/ledger"):expect({ status = 200 }).json
  j:record("ledger.revenue", ledger.revenue, { kind = "decimal", unit = "EUR" })
  for region, count in pairs(ledger.orders) do
    j:record("ledger.orders", count, { by = { region = region } })
  end
end)
journey("it is an old release", function(j) j:expect(j.deploy.id == "r6" or j.deploy.id == "r7", true) end)
"#;

fn project() -> Project {
    let project = Project::new("[project]\nname = \"shop\"\n\n[targets.demo]\nembedded = true\n");
    project.write("journeys/shop.lua", JOURNEYS);
    project
}

/// What git says, in the project and without the settings of who runs the tests.
fn git(project: &Project, words: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b.c",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(words)
        .current_dir(project.path("."))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{words:?}: {output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    text.trim().to_string()
}

/// A commit of that subject, and its hash.
fn commit(project: &Project, subject: &str) -> String {
    git(project, &["commit", "-q", "--allow-empty", "-m", subject]);
    git(project, &["rev-parse", "HEAD"])
}

fn run(project: &Project, release: &str, options: &[&str]) -> Ran {
    let words = ["run", "--release", release, "--deploy", release];
    project.run(&[&words[..], options].concat())
}

fn blame(project: &Project, words: &[&str]) -> String {
    let ran = project.run(&[&["blame"][..], words].concat());
    assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.shown());
    ran.out
}

fn blame_json(project: &Project, words: &[&str]) -> Value {
    let text = blame(project, &[words, &["--json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}

/// r6 to r9, each of a commit that `--commit` names; between r7 and r8 there are two.
fn released() -> Project {
    let project = project();
    git(&project, &["init", "-q"]);
    for (release, subjects) in [
        ("r6", &["Begin"][..]),
        ("r7", &["Sell more"]),
        ("r8", &["Read prices once", "Round after the tax"]),
        ("r9", &["Paint it blue"]),
    ] {
        let hashes: Vec<String> = subjects.iter().map(|it| commit(&project, it)).collect();
        let hash = hashes.last().expect("one commit or more");
        let ran = run(&project, release, &["--commit", hash]);
        let fails = ["r8", "r9"].contains(&release);
        assert_eq!(ran.code, Some(u8::from(fails).into()), "{}", ran.shown());
    }
    project
}

#[test]
#[ignore = "needs git; .ci/run runs it"]
fn a_number_that_moved_is_named_with_its_release_and_the_commits() {
    let project = released();
    let text = blame(&project, &["ledger.revenue"]);
    for part in [
        "ledger.revenue   journeys/shop.lua::the books are right   target demo\nr6 ▁▁▇▇ r9\n",
        "1284.50 EUR\n",
        "1323.03 EUR  +38.53 EUR (+3 %)  not learnt from\n",
        "\nr8: 1284.50 EUR to 1323.03 EUR, +38.53 EUR (+3 %) (a step, which says less than a change point: \
         that needs 30 releases, there are 4)\nheld in r7 (",
        " ago), moved in r8; suspects: 2 commits\n",
        " Round after the tax\n",
        " Read prices once\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(text.matches("▸ r8").count(), 1, "{text}");
    assert!(!text.contains("blue") && !text.contains("Sell"), "{text}");
    let all = blame_json(&project, &["ledger.revenue"]);
    let moved = &all["moved"][0];
    assert_eq!(
        (
            &moved["held_in"],
            &moved["since"],
            &moved["delta"],
            &moved["percent"]
        ),
        (&json!("r7"), &json!("r8"), &json!(38.53), &json!("+3 %"))
    );
    assert_eq!(moved["suspects"]["in_all"], 2);
    assert_eq!(
        moved["suspects"]["commits"][0]["subject"],
        "Round after the tax"
    );
    let of_release = |at: usize| {
        (
            &all["releases"][at]["value"],
            &all["releases"][at]["unlearnt"],
        )
    };
    assert_eq!(of_release(1), (&json!(1284.5), &json!(false)));
    assert_eq!(of_release(3), (&json!(1323.03), &json!(true)));
    assert_eq!(all["number"]["unit"], "EUR");
}

#[test]
#[ignore = "needs git; .ci/run runs it"]
fn a_journey_that_broke_is_named_with_its_release_and_the_commits() {
    let project = released();
    for name in [
        "it is an old release",
        "journeys/shop.lua::it is an old release",
    ] {
        let text = blame(&project, &[name]);
        let line = text.lines().find(|it| it.starts_with("held in r7 ("));
        let line = line.unwrap_or_else(|| panic!("{text}"));
        assert!(
            line.ends_with(" ago), broken since r8; suspects: 2 commits"),
            "{text}"
        );
    }
    let all = blame_json(&project, &["it is an old release"]);
    let broken = &all["broken"][0];
    assert_eq!(
        (&broken["held_in"], &broken["since"]),
        (&json!("r7"), &json!("r8"))
    );
    assert_eq!(broken["held_again_in"], Value::Null);
    assert_eq!(all["releases"][2]["failed"], 1);
}

#[test]
#[ignore = "needs git; .ci/run runs it"]
fn a_release_may_be_a_tag_and_without_a_checkout_nobody_is_accused() {
    let project = project();
    for release in ["r7", "r8"] {
        run(&project, release, &[]);
    }
    let text = blame(&project, &["ledger.revenue"]);
    assert!(
        text.contains("suspects: unknown, no git checkout here"),
        "{text}"
    );
    git(&project, &["init", "-q"]);
    for (release, subject) in [("r7", "Begin"), ("r8", "Round after the tax")] {
        commit(&project, subject);
        git(&project, &["tag", release]);
    }
    let text = blame(&project, &["ledger.revenue"]);
    assert!(text.contains("moved in r8; suspects: 1 commit\n"), "{text}");
    let same = blame(&project, &["ledger.orders {region=eu}"]);
    assert!(same.contains("no step in 2 releases"), "{same}");
}

/// Runs the program, which must refuse.
fn refused(project: &Project, words: &[&str]) -> String {
    let ran = project.run(&[&["blame"][..], words].concat());
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(2), ""),
        "{}",
        ran.shown()
    );
    ran.err
}

#[test]
fn what_cannot_be_answered_is_refused_with_what_was_meant() {
    let project = project();
    let err = refused(&project, &["ledger.revenue"]);
    assert!(err.contains("history"), "{err}");
    assert_eq!(run(&project, "r7", &[]).code, Some(0));
    let err = refused(&project, &["ledger.revenu"]);
    assert!(err.contains("did you mean `ledger.revenue`?"), "{err}");
    let err = refused(&project, &["ledger.orders"]);
    for part in [
        "may be one of 3",
        "'ledger.orders {region=asia}' --journey ",
    ] {
        assert!(err.contains(part), "{err}");
    }
    let err = refused(&project, &["ledger.revenue", "--target", "other"]);
    assert!(err.contains("no release of target `other`"), "{err}");
    let err = refused(&project, &["ledger.revenue", "--context", "at=eu"]);
    assert!(err.contains("in other contexts only"), "{err}");
    let one = blame(&project, &["ledger.orders", "--by", "region=eu"]);
    assert!(
        one.contains("nothing to compare: 1 release measured it"),
        "{one}"
    );
}
