//! The first screen, the README's list of commands, completions, the man page and `list --json`.

mod support;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use support::{Project, jaunt, root};

fn said(words: &[&str]) -> String {
    let output = jaunt(words).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{words:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// Names of the commands that the first screen lists.
fn commands() -> BTreeSet<String> {
    let help = said(&["--help"]);
    let lines = help.lines().skip_while(|line| *line != "Run:");
    let listed = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    listed.map(str::to_string).collect()
}

#[test]
fn the_first_screen_is_one_and_begins_with_what_it_is_for() {
    let help = said(&["--help"]);
    assert_eq!(help, said(&["-h"]));
    assert!(help.starts_with(
        "Walks your users' journeys through a deployed system and says whether what they come for still works.\n"
    ));
    assert!(help.lines().count() <= 25, "{help}");
    let (_, first_day) = help
        .split_once("On the first day:\n")
        .expect("three commands");
    let (first_day, _) = first_day.split_once("\n\n").expect("groups");
    assert_eq!(first_day.lines().count(), 3, "{first_day}");
    let run = said(&["run", "--help"]);
    for code in ["  0  ", "  1  ", "  2  ", "  3  ", "  130  "] {
        assert!(run.contains(code), "{run}");
    }
}

#[test]
fn the_readme_lists_the_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let (_, section) = readme.split_once("\n## Commands\n").expect("a section");
    let section = section.split("\n## ").next().expect("its text");
    let rows = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `jaunt "));
    let named: BTreeSet<String> = rows
        .map(|row| row.split(['`', ' ']).next().expect("a name").to_string())
        .collect();
    assert_eq!(named, commands());
}

#[test]
fn every_shell_has_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(&["completions", shell]);
        for word in ["check", "--only-failed", "--fail-fast"] {
            let word = word.trim_start_matches("--");
            assert!(script.contains(word), "{shell} knows no {word}");
        }
    }
    let mut bash = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .spawn()
        .expect("bash");
    let script = said(&["completions", "bash"]);
    let mut input = bash.stdin.take().expect("its input");
    input.write_all(script.as_bytes()).expect("it reads");
    drop(input);
    assert!(bash.wait().expect("an ending").success(), "bash refuses it");
}

/// Without `man` the source is looked at alone.
#[test]
fn the_man_pages_render() {
    for (words, expected) in [
        (&["man"][..], ["NAME", "jaunt-run(1)", "SYNOPSIS"]),
        (&["man", "run"], ["jaunt-run", "--fail-fast", "Exit codes:"]),
    ] {
        let page = said(words);
        assert!(page.contains(".TH"), "{page}");
        let man = Command::new("man")
            .args(["-l", "-"])
            .env("MANWIDTH", "100")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut man) = man else { continue };
        let mut input = man.stdin.take().expect("its input");
        input.write_all(page.as_bytes()).expect("it reads");
        drop(input);
        let output = man.wait_with_output().expect("an ending");
        let shown = String::from_utf8_lossy(&output.stdout);
        for word in expected {
            assert!(shown.contains(word), "{words:?} has no {word}: {shown}");
        }
    }
    let output = jaunt(&["man", "rnu"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean `run`?"));
}

#[test]
fn a_list_as_json_has_all_that_was_declared() {
    let project = Project::new(
        "[project]\nname = \"shop\"\nfeatures = [\"orders\"]\n[targets.site]\nurl = \"http://127.0.0.1:9\"\n",
    );
    project.write(
        "journeys/a.lua",
        "journey(\"buy\", { covers = { \"orders\" }, tags = { \"pay\" }, owner = \"shop\", timeout = \"20s\", retries = 2,\n  \
         matrix = { card = { \"a\", \"b\" } }, quarantine = { reason = \"slow\", expires = \"2099-01-31\" } }, function(j) end)\n\
         journey(\"look\", { skip = \"later\" }, function(j) end)\n",
    );
    let output = project
        .jaunt(&["list", "--json"])
        .output()
        .expect("it runs");
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (&list["format"], &list["project"], &list["target"]),
        (&1.into(), &"shop".into(), &"site".into())
    );
    let journeys = list["journeys"].as_array().expect("a list");
    assert_eq!(journeys.len(), 3);
    let expected = serde_json::json!({
        "file": "journeys/a.lua", "line": 1, "name": "buy [card=a]", "id": "journeys/a.lua::buy [card=a]",
        "covers": ["orders"], "tags": ["pay"], "owner": "shop", "runbook": null,
        "timeout_ns": 20_000_000_000_u64, "retries": 2, "matrix": { "card": "a" },
        "quarantine": { "reason": "slow", "expires": "2099-01-31" }, "skip": null,
    });
    assert_eq!(journeys[0], expected);
    assert_eq!(journeys[2]["skip"], "later");
    // Every key of it is documented.
    let page =
        std::fs::read_to_string(root().join("docs/list-json.md")).expect("docs/list-json.md");
    let keys = list
        .as_object()
        .into_iter()
        .chain(journeys[0].as_object())
        .flat_map(|it| it.keys());
    for key in keys {
        assert!(
            page.contains(&format!("`{key}`")),
            "docs/list-json.md has no `{key}`"
        );
    }
}
