//! The JUnit file of a proof, read by parsers that know nothing of jaunt.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::junit;
use super::words::Fate;
use crate::model::fault::Change;
use crate::model::proof::builder::{self, mixed, mutant, proof, strong, weak};
use crate::model::proof::{Check, Proof, State};

fn text(proof: &Proof) -> String {
    String::from_utf8(junit(proof).expect("a file")).expect("it is UTF-8")
}

/// What a script of `fixtures/junit` reads.
fn read(script: &str, proof: &Proof) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("prove.xml");
    std::fs::write(&path, junit(proof).expect("a file")).expect("it is written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/junit")
        .join(script);
    let output = Command::new("python3").arg(script).arg(path).output();
    let output = output.expect("python3 is needed; .ci/run installs it");
    assert!(
        output.status.success(),
        "python3 with junitparser is needed, .ci/run installs it: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_whole_file_looks_as_it_did() {
    insta::assert_snapshot!(text(&mixed()));
}

#[test]
#[ignore = "needs python3 with junitparser; .ci/run runs it"]
fn readers_find_every_mutant_as_what_it_is() {
    let proof = mixed();
    let found = read("read.py", &proof);
    assert_eq!(found["junitparser"], found["etree"]);
    let run = &found["etree"];
    let cases = run["cases"].as_array().expect("cases");
    let score = proof.score();
    let with = |outcome: &str| {
        let is = |case: &&Value| case["outcome"] == outcome && case["suite"] != "jaunt prove";
        cases.iter().filter(is).count() as u64
    };
    assert_eq!(with("failure"), score.survived);
    assert_eq!(with("error"), score.errored + 1, "and one was refused");
    assert_eq!(
        with("skipped"),
        score.not_armed + score.ignored + score.left_out
    );
    assert_eq!(
        with("passed"),
        score.killed + score.timed_out + score.unscored
    );
    // The gate, the trouble.
    assert_eq!(run["totals"]["failures"], score.survived + 1);
    assert_eq!(run["totals"]["errors"], score.errored + 2);
    assert_eq!(run["totals"]["tests"], cases.len());
    let twice = cases
        .iter()
        .find(|it| it["message"] == "the message arrived twice at bob");
    let twice = twice.expect("it survived");
    assert_eq!(twice["type"], "survived");
    let body = twice["text"].as_str().expect("a text");
    for part in [
        "journeys/chat_messages.lua:31   b:expect",
        "would notice:  b:expect({ type = \"message\", text = said, nick = me }, { exactly = 1 })",
        "again  jaunt prove journeys/chat_messages.lua:12 --operator message-duplicated --seed 7f3a",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn ci_systems_show_a_survivor_red_and_what_is_skipped_not() {
    let found = read("consumers.py", &mixed());
    let words = [
        ("jenkins", "FAILED", "SKIPPED", "PASSED"),
        ("gitlab", "failed", "skipped", "success"),
        ("azure", "Failed", "NotExecuted", "Passed"),
        ("circleci", "failure", "skipped", "success"),
        ("mikepenz", "failure", "skipped", "success"),
    ];
    for (reader, red, skipped, green) in words {
        let cases = found[reader].as_array().expect("cases");
        let of = |fate: Fate| {
            let proof = mixed();
            let all = proof.mutants().filter(|it| Fate::of(it) == fate);
            let ids: Vec<String> = all.map(|it| it.id.clone()).collect();
            let is = |case: &&Value| {
                let name = case["name"].as_str().unwrap_or_default();
                ids.iter().any(|id| id == name || name.ends_with(id))
            };
            let outcomes = cases.iter().filter(is).map(|it| it["outcome"].clone());
            outcomes.collect::<Vec<_>>()
        };
        for (fate, outcome) in [
            (Fate::Survived, red),
            (Fate::NotArmed, skipped),
            (Fate::Ignored, skipped),
            (Fate::LeftOut, skipped),
            (Fate::Killed, green),
            (Fate::TimedOut, green),
            (Fate::Unscored, green),
        ] {
            let outcomes = of(fate);
            assert!(!outcomes.is_empty(), "{reader}: {fate:?}");
            assert!(
                outcomes.iter().all(|it| it == outcome),
                "{reader}: {fate:?}: {outcomes:?}"
            );
        }
    }
}

#[test]
#[ignore = "needs python3 with junitparser; .ci/run runs it"]
fn a_proof_of_nothing_is_an_error() {
    for nothing in [proof(Vec::new()), proof(vec![builder::refused()])] {
        let found = read("read.py", &nothing);
        let errors = found["etree"]["totals"]["errors"].as_u64();
        assert!(errors.is_some_and(|it| it > 0), "{found}");
    }
    let found = read("read.py", &proof(vec![strong()]));
    assert_eq!(found["etree"]["totals"]["errors"], 0);
    assert_eq!(found["etree"]["totals"]["failures"], 0);
}

#[test]
#[ignore = "needs python3 with junitparser; .ci/run runs it"]
fn hostile_words_stay_words() {
    let words = "\u{1b}[31mred\u{1b}[0m nul:\0 end:]]> fffe:\u{fffe} <failure a=\"b\">&amp;'</failure> \r\nline \u{202e}";
    let mut hostile = weak();
    let said = Check {
        message: words.into(),
        ..Check::default()
    };
    hostile.mutants = vec![
        mutant(words, Change::Drop, State::Survived),
        mutant(
            words,
            Change::Drop,
            State::Killed {
                by: said,
                sharp: true,
            },
        ),
        mutant(
            words,
            Change::Drop,
            State::Errored {
                reason: words.into(),
            },
        ),
    ];
    hostile.mutants[0].id = words.into();
    let found = read("read.py", &proof(vec![hostile]));
    assert_eq!(found["junitparser"], found["etree"]);
    let cases = found["etree"]["cases"].as_array().expect("cases");
    let outcomes: Vec<&Value> = cases.iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["failure", "passed", "error"]);
    let message = cases[0]["message"].as_str().expect("a message");
    assert!(message.contains("end:]]>") && message.contains("<failure a=\"b\">"));
}
