//! The page of a proof: what stands on its arrows, and that words stay words.

use super::*;
use crate::judge::builder::{Builder, planned, silent_departure};
use crate::model::EventKind;
use crate::model::event::FrameKind;
use crate::model::fault::Change;
use crate::model::proof::State;
use crate::model::proof::builder::{killed, mixed, mutant, proof, strong, with};

fn page(proof: &Proof) -> String {
    let mut bytes = Vec::new();
    ProofHtml(proof)
        .write_to(&mut bytes)
        .expect("it is written");
    String::from_utf8(bytes).expect("it is UTF-8")
}

/// A proof of a walk in which messages came, the first and the last of them with faults.
fn walked() -> Proof {
    let name = "a silent departure is announced, once";
    let mut builder = Builder::run(vec![planned("journeys/chat_presence.lua", name)]);
    silent_departure(&mut builder, 0);
    let mut events = builder.finish(None);
    events.retain(|it| it.attempt.is_some());
    let came: Vec<u64> = events
        .iter()
        .filter(|it| {
            matches!(&it.kind, EventKind::FrameReceived { frame, .. } if *frame == FrameKind::Text)
        })
        .map(|it| it.seq)
        .collect();
    let (first, last) = (came[0], came[came.len() - 1]);
    let at =
        |told: &str, state, seq| with(mutant(told, Change::Drop, state), |it| it.seq = Some(seq));
    let mut one = strong();
    one.recorded = events;
    one.mutants = vec![
        at("it never came", State::Survived, first),
        at("it came late", killed(24, true), first),
    ];
    if last != first {
        one.mutants
            .push(at("it came twice", killed(24, true), last));
    }
    proof(vec![one])
}

#[test]
fn arrows_are_marked_with_what_was_noticed_and_what_was_not() {
    let proof = walked();
    let text = page(&proof);
    let seqs: std::collections::BTreeSet<u64> = proof.mutants().filter_map(|it| it.seq).collect();
    assert_eq!(text.matches("<a class=\"mark ").count(), seqs.len());
    let first = seqs.first().expect("one came");
    let mark = format!(
        "<a class=\"mark unnoticed\" href=\"#e0-{first}\"><title>1 of 2 not noticed\n○ it never came\n● it came late: noticed by journeys/chat_messages.lua:24:"
    );
    assert!(text.contains(&mark), "{mark}");
    assert!(text.contains(&format!("<details class=\"faults\" id=\"e0-{first}\"")));
    assert!(text.contains(">demo</text>"), "the target has its name");
}

#[test]
fn nothing_that_others_say_becomes_markup() {
    let words = "</script><script>top.pwned = 1</script>--><img src=x onerror=\"top.pwned=1\"> '\"\u{202e}\u{1b}[31m";
    let mut hostile = walked();
    hostile.project = words.into();
    hostile.troubles = vec![words.into()];
    let one = &mut hostile.journeys[0];
    one.unsteady = vec![words.into()];
    for mutant in &mut one.mutants {
        mutant.id = words.into();
        mutant.told = words.into();
        mutant.step = Some(words.into());
        mutant.line = Some(words.into());
    }
    let text = page(&hostile);
    assert_eq!(text.matches("<script").count(), 1);
    assert_eq!(text.matches("<img").count(), 0);
    assert!(!text.contains(['\u{202e}', '\u{1b}']));
}

#[test]
fn the_policy_names_the_bytes_of_the_page() {
    let text = page(&mixed());
    let between = |from: &str, to: &str| {
        let at = text.find(from).expect("a beginning") + from.len();
        let end = text[at..].find(to).expect("an end");
        &text[at..at + end]
    };
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let policy = between("Content-Security-Policy\" content=\"", "\"");
    for part in [
        between("<style>", "</style>"),
        between("<script>", "</script>"),
    ] {
        assert!(policy.contains(&hash(part)), "{policy}");
    }
    assert!(text.contains("not reached"), "each state has its word");
    assert!(
        text.contains("would notice both: "),
        "survivors have suggestions"
    );
}
