//! What people see at the end of a proof.

use super::summary;
use crate::model::Place;
use crate::model::fault::Change;
use crate::model::proof::builder::{self, mixed, mutant, proof, strong, weak, with};
use crate::model::proof::{JourneyProof, Proof, ProofStop, State};
use crate::report::style::{Style, columns, without_sequences};

fn shown(proof: &Proof) -> String {
    summary(proof, &Style::plain())
}

#[test]
fn a_proof_of_every_state() {
    insta::assert_snapshot!("mixed", shown(&mixed()));
}

#[test]
fn a_proof_without_a_survivor_is_short() {
    let mut all = proof(vec![strong()]);
    all.outbound = false;
    all.operators
        .retain(|it| it.direction() == crate::model::fault::Direction::Inbound);
    insta::assert_snapshot!("strong", shown(&all));
}

#[test]
fn forty_columns_and_ascii() {
    let narrow = Style {
        width: 40,
        unicode: false,
        ..Style::plain()
    };
    insta::assert_snapshot!("narrow", summary(&mixed(), &narrow));
}

#[test]
fn every_line_fits_and_colour_changes_nothing_but_colour() {
    let mut long = mixed();
    for mutant in &mut long.journeys[0].mutants {
        mutant.told = format!("{} \u{1b}[2J\u{202e}{}", "word ".repeat(40), "x".repeat(90));
    }
    for proof in [mixed(), long, proof(Vec::new())] {
        for width in [40, 60, 80, 100] {
            for unicode in [true, false] {
                let plain = Style {
                    width,
                    unicode,
                    report: Some(".jaunt/prove.html".into()),
                    ..Style::plain()
                };
                let text = summary(&proof, &plain);
                assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
                assert!(unicode || text.is_ascii(), "{text}");
                for line in text.lines() {
                    // What is to be copied stays whole.
                    let is_word = line.trim_end_matches(" \\").trim().split(' ').count() == 1;
                    assert!(columns(line) <= width || is_word, "{width}: {line}");
                    assert_eq!(line.trim_end(), line, "no blanks at the end");
                }
                let colour = Style {
                    colour: true,
                    ..plain
                };
                let painted = summary(&proof, &colour);
                assert!(painted.contains("\u{1b}["));
                let bare = without_sequences(&painted);
                let bare: Vec<&str> = bare.lines().map(str::trim_end).collect();
                assert_eq!(bare, text.lines().collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn nothing_judged_never_looks_green() {
    let green = "\u{1b}[32m";
    let colour = Style {
        colour: true,
        ..Style::plain()
    };
    let mut not_armed = strong();
    for mutant in &mut not_armed.mutants {
        mutant.state = State::NotArmed;
    }
    for nothing in [vec![], vec![builder::refused()], vec![not_armed]] {
        let text = summary(&proof(nothing), &colour);
        assert!(!text.contains(green), "{text}");
        assert!(text.contains("JUDGED NOTHING"), "{text}");
        assert!(text.contains("proved: nothing"), "{text}");
        assert!(text.contains("exit 2"), "{text}");
    }
    assert!(summary(&proof(vec![strong()]), &colour).contains("\u{1b}[32mPROVED"));
    // A whole proof that left faults out has not shown all of it.
    let mut part = proof(vec![strong()]);
    part.left_out = 3;
    assert!(!summary(&part, &colour).contains("PROVED"));
}

#[test]
fn a_proof_that_was_stopped_says_so() {
    let mut stopped = proof(vec![weak()]);
    stopped.left_out = 30;
    stopped.stop = Some(ProofStop::Interrupted);
    let text = shown(&stopped);
    assert!(text.contains(" interrupted: this is what was known by then, 30 faults left out"));
    assert!(text.contains("left out 30 (interrupted)"), "{text}");
    assert!(text.contains(" INTERRUPTED   exit 130"), "{text}");
    stopped.stop = Some(ProofStop::Budget);
    let text = shown(&stopped);
    assert!(text.contains(" --budget was over: this is what"), "{text}");
    assert!(text.contains(" JUDGED   exit 0"), "{text}");
}

#[test]
fn what_is_not_all_of_it_is_not_a_hundred_percent() {
    let mut many = strong();
    let same = || many.mutants[0].clone();
    let mut mutants: Vec<_> = (0..999).map(|_| same()).collect();
    mutants.push(mutant("one", Change::Drop, State::Survived));
    many.mutants = mutants;
    let text = shown(&proof(vec![many]));
    assert!(text.contains("score 99 %, sharp 100 %"), "{text}");
    assert!(
        text.contains("proved: 99 % of 1000 faults noticed"),
        "{text}"
    );
}

#[test]
fn long_lists_are_thinned_and_point_to_the_report() {
    let at = |line: u32, told: &str| {
        with(mutant(told, Change::Drop, State::Survived), |it| {
            it.place = Some(Place::new(builder::MESSAGES, line));
        })
    };
    let mut mutants: Vec<_> = (0..9).map(|n| at(31, &format!("the worst {n}"))).collect();
    mutants.extend((0..20).map(|n| at(50 + n, "same")));
    mutants.extend((0..3).map(|_| at(31, "the worst 0")));
    let weak = JourneyProof {
        mutants,
        ..strong()
    };
    let style = Style {
        report: Some(".jaunt/prove.html".into()),
        ..Style::plain()
    };
    let text = summary(&proof(vec![weak]), &style);
    assert!(
        text.contains(" 32 faults nobody noticed, in 21 places:"),
        "{text}"
    );
    assert!(text.contains("○ the worst 0 (4 times)"), "{text}");
    assert!(text.contains("… and 4 more here"), "{text}");
    assert!(text.contains("… and 9 more: .jaunt/prove.html"), "{text}");
    let first = text.find("chat_messages.lua:31").expect("the worst place");
    assert!(first < text.find("chat_messages.lua:50").expect("another"));
}
