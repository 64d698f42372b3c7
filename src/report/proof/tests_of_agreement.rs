//! No two reports of a proof disagree, and the page of the JSON report names every key.

use std::collections::BTreeMap;

use serde_json::Value;

use super::words::Fate;
use super::{ProofHtml, ProofJson, badge, junit, summary};
use crate::model::proof::builder::mixed;
use crate::model::proof::{Proof, State};
use crate::report::files::Content as _;
use crate::report::style::Style;

type Counts = BTreeMap<&'static str, u64>;

fn json(proof: &Proof) -> Value {
    let mut bytes = Vec::new();
    ProofJson(proof)
        .write_to(&mut bytes)
        .expect("it is written");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn html(proof: &Proof) -> String {
    let mut bytes = Vec::new();
    ProofHtml(proof)
        .write_to(&mut bytes)
        .expect("it is written");
    String::from_utf8(bytes).expect("it is UTF-8")
}

fn xml(proof: &Proof) -> String {
    String::from_utf8(junit(proof).expect("a file")).expect("it is UTF-8")
}

/// The number in front of or behind some words of the console; 0 where they do not stand.
fn said(text: &str, before: &str, behind: &str) -> u64 {
    let digits = |c: char| c.is_ascii_digit();
    for (at, _) in text.match_indices(before) {
        let rest = &text[at + before.len()..];
        let end = rest.find(|c| !digits(c)).unwrap_or(rest.len());
        if end > 0 && rest[end..].starts_with(behind) {
            return rest[..end].parse().expect("a number");
        }
    }
    0
}

fn in_console(proof: &Proof) -> Counts {
    let text = summary(proof, &Style::plain());
    let either = |before, one, many| said(&text, before, one) + said(&text, before, many);
    let survived = either("\n ", " fault nobody noticed", " faults nobody noticed");
    let timed_out = either(
        "\n ",
        " fault noticed by nothing but",
        " faults noticed by nothing but",
    );
    let judged = said(&text, "% of ", " fault");
    Counts::from([
        ("survived", survived),
        ("killed", judged - survived - timed_out),
        ("timed_out", timed_out),
        ("unscored", said(&text, "reported, not scored ", " (")),
        ("errored", said(&text, "not judged ", "")),
        ("not_armed", said(&text, "not reached ", "")),
        ("ignored", said(&text, "ignored ", " (prove.ignore")),
        ("left_out", said(&text, "left out ", " (")),
    ])
}

fn in_junit(proof: &Proof) -> Counts {
    let text = xml(proof);
    let count = |fate: Fate| {
        let property = format!("<property name=\"state\" value=\"{}\"/>", fate.name());
        (fate.name(), text.matches(&property).count() as u64)
    };
    Fate::ALL.map(count).into()
}

fn in_json(proof: &Proof) -> Counts {
    let value = json(proof);
    let mut counts: Counts = Fate::ALL.map(|fate| (fate.name(), 0)).into();
    let journeys = value["journeys"].as_array().expect("journeys").iter();
    for mutant in journeys.flat_map(|it| it["mutants"].as_array().expect("mutants")) {
        let state = mutant["state"].as_str().expect("a state");
        let in_score = ["killed", "timed_out", "survived"].contains(&state);
        let state = match in_score && mutant["scored"] == false {
            true => "unscored",
            false => state,
        };
        *counts.get_mut(state).expect("a known state") += 1;
    }
    for (name, count) in &counts {
        assert_eq!(value["score"][name], *count, "{name}");
    }
    counts
}

fn in_html(proof: &Proof) -> Counts {
    let text = html(proof);
    let count = |fate: Fate| {
        let name = fate.name();
        let row = format!("<li data-s=\"{name}\" data-op=");
        let rows = text.matches(&row).count() as u64;
        let head = format!("<li data-s=\"{name}\" data-n=\"{rows}\">");
        assert!(text.contains(&head), "{head}");
        (name, rows)
    };
    Fate::ALL.map(count).into()
}

#[test]
fn no_two_reports_disagree() {
    let mut none = mixed();
    none.journeys[0].mutants.clear();
    none.left_out = 0;
    let mut more = mixed();
    let again = more.journeys[0].mutants.clone();
    more.journeys[1].mutants.extend(again);
    more.left_out = 2;
    for proof in [mixed(), none, more] {
        let score = proof.score();
        let wanted: Counts = Fate::ALL
            .map(|fate| (fate.name(), fate.count(&score)))
            .into();
        assert_eq!(in_console(&proof), wanted, "the console");
        assert_eq!(in_junit(&proof), wanted, "JUnit");
        assert_eq!(in_json(&proof), wanted, "JSON");
        assert_eq!(in_html(&proof), wanted, "HTML");
        let badge = badge(&proof);
        let texts = [
            summary(&proof, &Style::plain()),
            xml(&proof),
            json(&proof)["badge"].to_string(),
            html(&proof),
        ];
        for text in texts {
            assert!(text.contains(&badge), "{badge}: {text}");
        }
        let exit = proof.verdict().exit_code();
        assert_eq!(json(&proof)["exit_code"], exit);
        assert!(html(&proof).contains(&format!("data-exit=\"{exit}\"")));
        assert!(summary(&proof, &Style::plain()).contains(&format!("exit {exit}")));
    }
}

#[test]
fn the_json_report_looks_as_documented() {
    let value = json(&mixed());
    insta::assert_snapshot!(
        "json",
        serde_json::to_string_pretty(&value["journeys"][0]["mutants"][1]).expect("JSON")
    );
    let documented = include_str!("../../../docs/prove-json.md");
    let journey = &value["journeys"][0];
    for part in [
        &value,
        &value["score"],
        &value["journeys"][2]["refused"],
        journey,
        &journey["green"],
        &journey["volatile"][0],
        &journey["mutants"][0],
        &journey["mutants"][0]["by"],
        &journey["mutants"][0]["site"],
        &journey["mutants"][0]["place"],
        &journey["mutants"][1]["suggestion"],
    ] {
        for key in part.as_object().expect("it is an object").keys() {
            let named = |mark: &str| documented.contains(&format!("{mark}{key}"));
            assert!(
                named("`") || named(", ") || named("{ "),
                "`{key}` is not documented"
            );
        }
    }
    assert_eq!(journey["mutants"][0]["sharp"], true);
    assert_eq!(journey["mutants"][0]["by"]["kind"], "expectation");
    assert_eq!(value["journeys"][1]["score"]["noticed"], 1.0);
    assert_eq!(value["journeys"][2]["score"]["noticed"], Value::Null);
}

#[test]
fn the_answer_to_a_lost_write_stays_where_it_is() {
    let mut proof = mixed();
    let mutant = &mut proof.journeys[0].mutants[0];
    mutant.fault.change = crate::model::fault::Change::LoseWrite {
        answer: crate::model::fault::Answered {
            body: b"a long body".to_vec(),
            ..Default::default()
        },
    };
    mutant.state = State::Survived;
    let change = &json(&proof)["journeys"][0]["mutants"][0]["change"];
    assert_eq!(*change, serde_json::json!({ "do": "lose_write" }));
}
