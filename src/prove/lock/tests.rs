//! What a score is held to.

use super::*;
use crate::model::fault::Change;
use crate::model::proof::State;
use crate::model::proof::builder::{journey, mixed, mutant, proof, refused, strong, weak};

fn read(text: &str) -> Result<Lock, Vec<Diagnostic>> {
    Lock::of_file(&File {
        name: FILE_NAME.to_string(),
        text: text.to_string(),
    })
}

/// A journey none of whose faults was left out.
fn whole() -> JourneyProof {
    let mut whole = weak();
    whole
        .mutants
        .retain(|it| !matches!(it.state, State::LeftOut));
    whole
}

#[test]
fn the_file_has_a_line_for_each_journey_and_reads_back() {
    let lock = Lock::of(&proof(vec![strong(), whole(), refused()]));
    insta::assert_snapshot!(lock.text());
    assert_eq!(read(&lock.text()), Ok(lock));
    // A name may hold what it likes.
    let mut odd = strong();
    odd.journey = journey("journeys/a b.lua", "say \"hi\" \\ \u{7f} \u{1} ü\n", 1);
    let lock = Lock::of(&proof(vec![odd]));
    assert_eq!(lock.text().lines().count(), HEAD.lines().count() + 1);
    assert_eq!(read(&lock.text()), Ok(lock));
    assert_eq!(Lock::of(&mixed()).journeys.len(), 1, "one was left out");
}

#[test]
fn whatever_is_wrong_is_said_at_its_place() {
    let text = "[journeys]\na = 1\nb = { noticed = -1, of = 2, sharp = 1, killed = 1, expectations = 1, operators = 3, more = 1 }\nc = {}\n";
    let problems = read(text).expect_err("it is wrong");
    let titles: Vec<(u32, &str)> = problems
        .iter()
        .map(|it| {
            (
                it.source.as_ref().map_or(0, |at| at.line),
                it.title.as_str(),
            )
        })
        .collect();
    assert_eq!(
        titles,
        [
            (
                0,
                "`c` of `prove.lock` lacks noticed, of, sharp, killed, expectations, operators"
            ),
            (2, "`a` must be a table"),
            (3, "`noticed` must be a count"),
            (3, "`operators` must be a text"),
            (3, "`more` is no key of `b`"),
        ]
    );
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(Lock::read(&folder.path().join(FILE_NAME)), Ok(None));
}

#[test]
fn a_proof_holds_itself_and_what_is_better() {
    let before = proof(vec![strong(), whole()]);
    let lock = Lock::of(&before);
    assert_eq!(lock.ratchet(&before), Vec::<String>::new());
    let mut better = before.clone();
    for mutant in &mut better.journeys[1].mutants {
        if matches!(mutant.state, State::Survived) {
            mutant.state = State::TimedOut;
        }
    }
    better.journeys[1].expectations += 1;
    assert_eq!(lock.ratchet(&better), Vec::<String>::new());
}

#[test]
fn what_fell_is_said() {
    let before = proof(vec![strong(), whole()]);
    let lock = Lock::of(&before);
    let name = "journeys/chat_presence.lua::a polite goodbye is announced";
    let after = |change: fn(&mut JourneyProof)| {
        let mut after = before.clone();
        change(&mut after.journeys[0]);
        lock.ratchet(&after)
    };
    assert_eq!(
        after(|it| it.mutants[0].state = State::Survived),
        [format!("{name}: score 1 of 2, was 2 of 2")]
    );
    // More faults, of which a smaller share is noticed.
    assert_eq!(
        after(|it| it
            .mutants
            .push(mutant("new", Change::Drop, State::Survived))),
        [format!("{name}: score 2 of 3, was 2 of 2")]
    );
    assert_eq!(
        after(|it| {
            if let State::Killed { sharp, .. } = &mut it.mutants[0].state {
                *sharp = false;
            }
        }),
        // Which check notices first may be chance.
        Vec::<String>::new()
    );
    assert_eq!(
        after(|it| it.mutants.clear()),
        [format!("{name}: score 0 of 0, was 2 of 2")]
    );
    assert_eq!(
        after(|it| it.expectations = 3),
        [format!("{name}: it has 3 expectations, and had 4")]
    );
    assert_eq!(
        after(|it| it.refused = super::tests::refused().refused),
        // That its score is not known the verdict says by itself.
        Vec::<String>::new()
    );
}

#[test]
fn what_cannot_be_compared_is_no_success() {
    let before = proof(vec![strong()]);
    let lock = Lock::of(&before);
    let mut other = before.clone();
    other.operators.truncate(2);
    assert_eq!(
        lock.ratchet(&other),
        [
            "journeys/chat_presence.lua::a polite goodbye is announced: its score cannot be compared: it is one of `message-dropped message-delayed` operators, and was one of `all 44`"
        ]
    );
    let mut sampled = before.clone();
    sampled.journeys[0].mutants[0].state = State::LeftOut;
    let said = lock.ratchet(&sampled);
    assert!(
        said[0].ends_with("not all of its faults were tried"),
        "{said:?}"
    );
    let mut unnamed = before;
    unnamed.left_out = 5;
    assert_eq!(lock.ratchet(&unnamed), said);
}

#[test]
fn a_journey_that_is_gone_is_missed_where_all_were_asked_for() {
    let lock = Lock::of(&proof(vec![strong(), whole()]));
    let mut less = proof(vec![strong()]);
    assert_eq!(
        lock.ratchet(&less),
        [
            "journeys/chat_messages.lua::what alice says reaches bob, once and in order: in prove.lock, and no journey any more"
        ]
    );
    less.whole = false;
    assert_eq!(lock.ratchet(&less), Vec::<String>::new());
    assert_eq!(
        lock.clone().renewed(&less),
        lock,
        "what was not proved stays"
    );
    less.whole = true;
    assert_eq!(lock.renewed(&less), Lock::of(&less));
}
