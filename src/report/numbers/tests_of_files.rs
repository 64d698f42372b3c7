//! The numbers in JUnit, JSON, Markdown and the page for Prometheus.

use serde_json::Value;

use super::made::{self, number, one_moved, passed, references, undeclared, with};
use crate::model::header::Phase;
use crate::model::number::{Measured, NumberKind, Origin, Source, Standing, Tolerance, Worth};
use crate::model::run::Run;
use crate::report::{json, junit, markdown, metrics};

const HOSTILE: &str = "\u{1b}[31m<b>&\"' ]]> | `x` \u{0}\u{202e}\n# [a](b)";

fn report(run: &Run) -> Value {
    serde_json::from_slice(&json(run).expect("well")).expect("it is JSON")
}

fn xml(run: &Run) -> String {
    String::from_utf8(junit(run).expect("well")).expect("it is text")
}

/// A run whose every text is another's.
fn hostile() -> Run {
    let mut moved = number(HOSTILE, "1", "2");
    moved.unit = Some(HOSTILE.into());
    moved.key = moved.key.with(HOSTILE, HOSTILE);
    moved.against[0].release = HOSTILE.into();
    let drift = undeclared(HOSTILE, Origin::Shape, Standing::Moved, HOSTILE);
    let mut references = references(vec![], vec![]);
    references.remarks = vec![HOSTILE.into()];
    with(
        passed(&[HOSTILE]),
        vec![vec![moved, drift]],
        Some(references),
    )
}

#[test]
fn junit_has_the_type_the_properties_and_when_it_held() {
    let text = xml(&one_moved());
    assert!(text.contains("type=\"number\""), "{text}");
    let property =
        "<property name=\"number orders.total\" value=\"1284.49; moved; r41: 1284.50\"/>";
    assert!(text.contains(property), "{text}");
    assert_eq!(text.matches("name=\"number ").count(), 37);
    assert!(
        text.contains("held in r41 (2 h ago), broken since r42"),
        "{text}"
    );
    let text = xml(&hostile());
    assert!(!text.contains(['\u{1b}', '\u{0}', '\u{202e}']), "{text}");
    let read = quick_xml::Reader::from_str(&text).read_to_end_of();
    assert!(read, "{text}");
}

/// True for a text that is XML to its end.
trait ToEnd {
    fn read_to_end_of(self) -> bool;
}

impl ToEnd for quick_xml::Reader<&[u8]> {
    fn read_to_end_of(mut self) -> bool {
        loop {
            match self.read_event() {
                Ok(quick_xml::events::Event::Eof) => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }
}

#[test]
fn a_core_number_that_was_not_measured_is_an_error_of_its_type() {
    let mut builder = crate::judge::builder::Builder::run(vec![crate::judge::builder::planned(
        made::FILE,
        "an order is paid",
    )]);
    let kind = crate::model::ProblemKind::NotMeasured;
    let failure = crate::judge::builder::failure(kind, "orders.total was not measured");
    builder.start(0).fail(0, failure);
    builder.end(0, crate::model::event::Cause::Failed);
    let text = xml(&crate::judge::judge(&builder.finish(None)));
    assert!(text.contains("<error type=\"not_measured\""), "{text}");
}

#[test]
fn the_json_report_has_every_number_that_was_declared_and_what_changed() {
    let mut run = one_moved();
    let quiet = undeclared("requests", Origin::Free, Standing::Unchanged, "");
    run.journeys[0].numbers.push(quiet);
    let report = report(&run);
    let numbers = &report["numbers"];
    assert_eq!(numbers["declared"]["unchanged"], 36);
    assert_eq!(numbers["undeclared"]["unchanged"], 1, "the second figure");
    assert_eq!(numbers["against"][0]["release"], "r41");
    assert_eq!(numbers["against"][0]["source"], "the history");
    assert_eq!(numbers["commits"][0], "4be1d2c");
    assert_eq!(numbers["policy"]["drift"], "warn");
    let journey = &report["journeys"][0];
    let names: Vec<&str> = journey["numbers"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|it| it["name"].as_str())
        .collect();
    assert_eq!(names.len(), 39);
    assert!(names.contains(&"system at alice") && !names.contains(&"requests"));
    let total = &journey["numbers"][0];
    assert_eq!(total["value"], "1284.49", "to the cent");
    assert_eq!(total["against"][0]["value"], "1284.50");
    assert_eq!(journey["held"]["release"], "r41");
    assert_eq!(journey["held"]["suspects_in_all"], 3);
    assert_eq!(report["phase"], Value::Null);
    let documented = include_str!("../../../docs/report-json.md");
    for part in [
        numbers,
        &numbers["declared"],
        &numbers["policy"],
        &numbers["against"][0],
        total,
        &total["against"][0],
        &journey["held"],
    ] {
        for key in part.as_object().expect("an object").keys() {
            let named = |mark: &str| documented.contains(&format!("{mark}{key}"));
            assert!(
                named("`") || named(", ") || named("{ "),
                "`{key}` is not documented"
            );
        }
    }
}

#[test]
fn the_json_report_has_both_runs_around_a_deploy() {
    let mut run = made::failed(vec![made::went(1, 1, 0)]);
    let mut references = run.header.numbers.as_deref().cloned().expect("some");
    let baseline = references.baseline.as_mut().expect("a baseline");
    baseline.source = Source::Before;
    let name = "a silent departure is announced, once";
    baseline.outcomes = [(made::id(name).to_string(), "passed".to_string())].into();
    run.header.numbers = Some(std::sync::Arc::new(references));
    run.header.phase = Some(Phase::After);
    let phase = &report(&run)["phase"];
    assert_eq!(
        (&phase["before"], &phase["after"]),
        (&"r41".into(), &"r42".into())
    );
    assert_eq!(phase["changed"][0]["name"], name);
    assert_eq!(phase["changed"][0]["after"], "failed");
    let text = markdown(&run);
    assert!(
        text.contains("**before/after** r41 → r42: 1 of 1 journey"),
        "{text}"
    );
    run.header.phase = Some(Phase::Before);
    assert_eq!(report(&run)["phase"]["phase"], "before");
}

#[test]
fn the_summary_page_has_a_table_of_what_is_not_what_it_was() {
    let text = markdown(&one_moved());
    for line in [
        "| numbers | 37 compared with r41: 36 unchanged, 1 moved, 0 missing |",
        "| moved | orders.total: 1284.50 → 1284.49, −0.0008 %, tolerance exact, first in r42 | an order is paid |",
        "| unusual | journey: 4.1 s, usually 1.2 s to 1.4 s | an order is paid |",
        "3 commits since r41: 4be1d2c 90aa31f c77e0b2",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} in\n{text}");
    }
    let text = markdown(&hostile());
    let row = text
        .lines()
        .find(|it| it.starts_with("| moved |"))
        .expect("a row");
    let bare = row.replace("\\|", "").replace("\\<", "").replace("\\[", "");
    assert_eq!(bare.matches('|').count(), 4, "{row}");
    assert!(!bare.contains('<') && !bare.contains('['), "{row}");
    let quiet = markdown(&passed(&["one"]));
    assert!(!quiet.contains("numbers") && !quiet.contains("Numbers"));
}

#[test]
fn prometheus_gets_values_with_their_dimensions_and_the_counts() {
    let mut run = one_moved();
    run.journeys[0].attempts[0].measured = vec![Measured {
        key: crate::model::number::NumberKey::new("orders.total").with("region", "eu\n"),
        origin: Origin::Declared,
        kind: NumberKind::Decimal,
        unit: None,
        tolerance: Tolerance::Exact,
        core: false,
        worth: Worth::Number(made::exact("1284.49")),
    }];
    let page = metrics(&run, "");
    for line in [
        "jaunt_number_value{by=\"region=eu\\\\n\",journey=\"journeys/orders.lua::an order is paid\",number=\"orders.total\",target=\"demo\"} 1284.49",
        "jaunt_numbers{origin=\"declared\",standing=\"unchanged\",target=\"demo\"} 36",
        "jaunt_numbers{origin=\"undeclared\",standing=\"moved\",target=\"demo\"} 1",
    ] {
        assert!(page.lines().any(|it| it == line), "{line} in\n{page}");
    }
    assert!(!metrics(&passed(&["one"]), "").contains("jaunt_numbers"));
}
