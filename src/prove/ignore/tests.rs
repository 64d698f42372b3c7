//! What may be ignored, and what may not any more.

use super::*;
use crate::model::proof::builder::{mixed, proof, refused, strong, weak};

fn read(text: &str) -> Result<Ignore, Vec<Diagnostic>> {
    let name = FILE_NAME.to_string();
    Ignore::of_file(&File {
        name,
        text: text.to_string(),
    })
}

fn entry(journey: &str, mutant: &str) -> String {
    format!(
        "[[ignore]]\njourney = \"{journey}\"\nmutant = \"{mutant}\"\nreason = \"it is so\"\nowner = \"me\"\n"
    )
}

/// What is wrong with a file: line and title of each.
fn wrong(text: &str) -> Vec<(u32, String)> {
    let problems = read(text).expect_err("it is wrong");
    let told = problems.into_iter().map(|it| {
        let at = it.source.expect("a place");
        assert!(at.column.is_some());
        (at.line, it.title)
    });
    told.collect()
}

#[test]
fn whatever_is_wrong_is_said_at_its_place() {
    let text = "[[ignore]]\njourney = \"a\"\nmutant = \"*\"\nreason = \" \"\n\n[[ignore]]\njourney = 3\nmutant = \"a**b\"\nreason = \"r\"\nowner = \"o\"\nonwer = \"o\"\n\n[other]\n";
    assert_eq!(
        wrong(text),
        [
            (
                1,
                "an entry of `prove.ignore` lacks its `owner`".to_string()
            ),
            (3, "`*` is no pattern for a mutant".to_string()),
            (4, "`reason` is empty".to_string()),
            (7, "`journey` must be a text".to_string()),
            (8, "`a**b` is no pattern for a mutant".to_string()),
            (11, "`onwer` is no key of `[[ignore]]`".to_string()),
            (13, "`other` is no key of `prove.ignore`".to_string()),
        ]
    );
    assert_eq!(
        wrong("ignore = 1\n"),
        [(1, "`ignore` must be a list of tables".to_string())]
    );
    assert_eq!(wrong("[[ignore]\n").len(), 1);
}

#[test]
fn a_file_that_is_not_there_ignores_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE_NAME);
    assert!(Ignore::read(&path).expect("nothing is wrong").is_empty());
    std::fs::write(&path, entry("*", "bob *")).expect("it is written");
    assert_eq!(Ignore::read(&path).expect("nothing is wrong").len(), 1);
}

/// The titles of what is stale, and how many are ignored.
fn applied(text: &str, mut proof: Proof) -> (Vec<String>, u64) {
    let before = proof.score().ignored;
    let stale = read(text).expect("it is right").apply(&mut proof);
    let stale = stale.into_iter().map(|it| it.title).collect();
    (stale, proof.score().ignored - before)
}

#[test]
fn a_survivor_is_ignored_with_its_reason() {
    let mut proof = mixed();
    let text = entry(
        "journeys/chat_messages.lua::*",
        "bob * message-duplicated *",
    );
    let stale = read(&text).expect("it is right").apply(&mut proof);
    assert_eq!(stale, []);
    let ignored = proof.mutants().filter(|it| {
        it.id.contains("message-duplicated")
            && it.state
                == State::Ignored {
                    reason: "it is so".into(),
                    owner: "me".into(),
                }
    });
    assert_eq!(ignored.count(), 1, "and the one that was noticed stays so");
    // Two entries for one survivor are both worth their line.
    let twice = text.clone() + &text;
    assert_eq!(applied(&twice, mixed()), (vec![], 1));
}

#[test]
fn an_entry_that_excuses_nothing_is_stale_if_all_was_tried() {
    let whole = || {
        let mut weak = weak();
        weak.mutants
            .retain(|it| !matches!(it.state, State::LeftOut));
        proof(vec![weak, strong()])
    };
    let gone = entry("*", "carol *");
    let noticed = entry("*", "bob * message-dropped *");
    let unscored = entry("*", "bob * latency-added *");
    let fits = vec!["an entry of `prove.ignore` fits no fault: `carol *`".to_string()];
    assert_eq!(applied(&gone, whole()), (fits.clone(), 0));
    assert_eq!(applied(&noticed, whole()).0.len(), 1);
    assert_eq!(applied(&unscored, whole()).0.len(), 1);
    // What could not be judged may be a survivor.
    let errored = entry("*", "bob * message-misdelivered *");
    assert_eq!(applied(&errored, whole()), (vec![], 0));
    // A journey that is gone.
    let other = entry("journeys/other.lua::x", "bob *");
    assert_eq!(applied(&other, whole()).0.len(), 1);
    let mut selected = whole();
    selected.whole = false;
    assert_eq!(applied(&other, selected.clone()).0.len(), 0);
    assert_eq!(applied(&gone, selected), (fits, 0));
}

#[test]
fn an_entry_is_not_stale_where_it_was_not_tried() {
    let gone = entry("*", "carol * pongs-suppressed *");
    let whole = || proof(vec![strong()]);
    assert_eq!(applied(&gone, whole()).0.len(), 1);
    let mut inbound = whole();
    inbound
        .operators
        .retain(|it| it.name() != "pongs-suppressed");
    assert_eq!(applied(&gone, inbound.clone()).0.len(), 0);
    // One that names no operator may mean any.
    assert_eq!(applied(&entry("*", "carol *"), inbound).0.len(), 0);
    let mut stopped = whole();
    stopped.stop = Some(crate::model::proof::ProofStop::Budget);
    assert_eq!(applied(&gone, stopped).0.len(), 0);
    let mut sampled = whole();
    sampled.left_out = 3;
    assert_eq!(applied(&gone, sampled).0.len(), 0);
    assert_eq!(applied(&gone, proof(vec![strong(), refused()])).0.len(), 0);
    assert_eq!(applied(&gone, mixed()).0.len(), 0, "one was left out");
}
