//! What is counted, what is told, and what is left to the files.

use super::made::{self, number, one_moved, passed, references, undeclared, with};
use super::{digest, phase};
use crate::model::header::Phase;
use crate::model::number::{Accepted, OnChange, Origin, Source, Standing};
use crate::model::run::Run;
use crate::report::style::{Style, columns};
use crate::report::summary;

/// Changes what the numbers of a run are compared with.
fn changed(mut run: Run, change: impl FnOnce(&mut crate::model::number::References)) -> Run {
    let mut references = run.header.numbers.as_deref().cloned().unwrap_or_default();
    change(&mut references);
    run.header.numbers = Some(std::sync::Arc::new(references));
    run
}

fn shown(run: &Run) -> String {
    summary(run, &Style::plain())
}

#[test]
fn declared_numbers_are_counted_and_the_rest_only_where_it_changed() {
    let run = one_moved();
    let digest = digest(&run).expect("there are numbers");
    assert_eq!(digest.declared.compared(), 37);
    assert_eq!((digest.declared.unchanged, digest.declared.moved), (36, 1));
    assert_eq!((digest.beside.moved, digest.beside.anomaly), (1, 1));
    assert_eq!((digest.drift.len(), digest.anomalies.len()), (1, 1));
    insta::assert_snapshot!("numbers", shown(&run));
}

#[test]
fn nothing_is_said_of_what_was_never_recorded() {
    let run = passed(&["one"]);
    assert!(digest(&run).is_none());
    assert!(!shown(&run).contains("numbers"));
    // What was counted without asking and is what it was, is said in no text either.
    let quiet = undeclared("requests", Origin::Free, Standing::Unchanged, "");
    let run = with(run, vec![vec![quiet]], Some(references(vec![], vec![])));
    assert_eq!(digest(&run).expect("something").beside.unchanged, 1);
    assert!(!shown(&run).contains("numbers"), "{}", shown(&run));
}

#[test]
fn the_first_run_says_the_next_step() {
    let mut new = number("orders.total", "1", "1");
    new.standing = Standing::New;
    new.against.clear();
    let run = with(passed(&["one"]), vec![vec![new.clone()]], None);
    let text = shown(&run);
    let said = " numbers  1 recorded, none to compare with; `jaunt baseline accept` keeps them\n";
    assert!(text.contains(said), "{text}");
    let known = with(run, vec![vec![new]], Some(references(vec![], vec![])));
    let text = shown(&known);
    assert!(
        text.contains("1 recorded, none known of r41; `jaunt"),
        "{text}"
    );
}

#[test]
fn drift_that_is_observed_is_left_to_the_files() {
    let run = changed(one_moved(), |it| it.policy.drift = OnChange::Observe);
    let text = shown(&run);
    assert!(
        !text.contains("disappeared") && text.contains(" anomaly "),
        "{text}"
    );
    assert_eq!(digest(&run).expect("some").drift.len(), 1, "files have it");
}

#[test]
fn what_is_new_drifts_in_a_journey_that_was_known_only() {
    let new = undeclared("messages.left", Origin::Free, Standing::New, "2 of them");
    let run = with(
        passed(&["one"]),
        vec![vec![new]],
        Some(references(vec![], vec![])),
    );
    assert!(digest(&run).expect("some").drift.is_empty());
    let run = changed(run, |it| {
        let baseline = it.baseline.as_mut().expect("a baseline");
        baseline.numbers = vec![Accepted {
            journey: made::id("one"),
            key: crate::model::number::NumberKey::new("requests"),
            origin: Origin::Free,
            kind: crate::model::number::NumberKind::Count,
            unit: None,
            tolerance: crate::model::number::Tolerance::Exact,
            core: false,
            worth: crate::model::number::Worth::Number(made::exact("1")),
            release: None,
        }];
    });
    assert_eq!(digest(&run).expect("some").drift.len(), 1);
}

#[test]
fn repetitions_of_a_journey_measure_one_number() {
    let run = passed(&["one", "one"]);
    let run = with(
        run,
        vec![vec![number("n", "1", "1")], vec![number("n", "1", "2")]],
        Some(references(vec![], vec![])),
    );
    let digest = digest(&run).expect("some");
    assert_eq!((digest.declared.all(), digest.declared.moved), (1, 1));
}

#[test]
fn the_gravest_come_first_and_the_rest_is_counted() {
    let mut numbers: Vec<_> = (1..=30)
        .map(|at| number(&format!("n{at}"), "100", &(100 + at).to_string()))
        .collect();
    numbers[3].core = true;
    let run = with(
        passed(&["one", "two"]),
        vec![numbers],
        Some(references(vec![], vec![])),
    );
    let text = shown(&run);
    let at = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("{part} in {text}"))
    };
    assert!(at("✗ n4 ") < at("✗ n30 ") && at("✗ n30 ") < at("✗ n29 "));
    assert!(text.contains("     and 22 more in report.html\n"), "{text}");
    assert!(text.contains("     3 commits since r41: 4be1d2c"), "{text}");
    assert!(text.contains("     (one)\n"), "{text}");
}

#[test]
fn words_of_others_stay_on_their_line_and_every_line_fits() {
    let hostile = "\u{1b}[2J\u{202e}x\n PASSED   exit 0 ".repeat(40);
    let mut moved = number(&hostile, "1", "2");
    moved.unit = Some(hostile.clone());
    moved.since = Some(hostile.clone());
    moved.key = moved.key.with(hostile.clone(), hostile.clone());
    let drift = undeclared(&hostile, Origin::Shape, Standing::Moved, &hostile);
    let run = with(
        passed(&["one", "two"]),
        vec![vec![moved, drift]],
        Some(references(vec![], vec![])),
    );
    let run = changed(run, |it| {
        it.remarks.push(hostile.clone());
        let baseline = it.baseline.as_mut().expect("a baseline");
        baseline.release.clone_from(&hostile);
        baseline.commits[0].clone_from(&hostile);
    });
    for unicode in [true, false] {
        for width in [40, 80] {
            let style = Style {
                width,
                unicode,
                ..Style::plain()
            };
            let text = summary(&run, &style);
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
            for line in text.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
                assert_ne!(line.trim_end(), " PASSED   exit 0");
                assert!(unicode || line.is_ascii(), "{line}");
            }
        }
    }
}

#[test]
fn a_place_that_shows_ascii_alone_has_the_same_numbers() {
    let style = Style {
        unicode: false,
        ..Style::plain()
    };
    let text = summary(&one_moved(), &style);
    let said = "   x orders.total  1284.50 > 1284.49  -0.0008 %  tolerance exact  first in r42\n     r36 ######_ r42   3 commits since r41: 4be1d2c 90aa31f c77e0b2\n";
    assert!(text.contains(said), "{text}");
}

#[test]
fn after_a_deploy_the_outcomes_that_changed_are_named() {
    let mut run = changed(made::failed(vec![made::went(1, 1, 0)]), |it| {
        let baseline = it.baseline.as_mut().expect("a baseline");
        baseline.source = Source::Before;
        let id = |name: &str| (made::id(name).to_string(), "passed".to_string());
        baseline.outcomes = ["a silent departure is announced, once", "gone"]
            .map(id)
            .into();
    });
    assert!(phase::around(&run).is_none(), "a run of no phase");
    run.header.phase = Some(Phase::After);
    let text = shown(&run);
    let said = " before/after: r41 → r42: 1 of 1 journey ended otherwise; 1 not walked now\n   ✗ a silent departure is announced, once   passed → failed\n\n";
    assert!(text.contains(said), "{text}");
}

#[test]
fn a_failure_says_when_its_journey_last_held() {
    let text = shown(&made::failed(vec![made::went(1, 1, 0)]));
    let said = "   release   r42 (held in r41, 2 h ago)\n   since     held in r41 (2 h ago), broken since r42; suspects: 3 commits\n             4be1d2c 90aa31f c77e0b2\n";
    assert!(text.contains(said), "{text}");
}
