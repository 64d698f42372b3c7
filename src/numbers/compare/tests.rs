use super::*;
use crate::model::number::history::{Past, Point, Release, Series};
use crate::model::number::{Exact, NumberKind, Tolerance, Worth};
use crate::numbers::fingerprint::fingerprint;

fn journey() -> JourneyId {
    JourneyId {
        file: "journeys/orders.lua".into(),
        name: "orders add up".into(),
    }
}

fn number(text: &str) -> Worth {
    Worth::Number(Exact::parse(text).expect("a number"))
}

fn measured(worth: Worth, tolerance: Tolerance) -> Measured {
    Measured {
        key: NumberKey::new("orders.total"),
        origin: Origin::Declared,
        kind: NumberKind::Decimal,
        unit: Some("EUR".into()),
        tolerance,
        core: true,
        worth,
    }
}

fn baseline(release: &str, worth: Worth) -> Baseline {
    Baseline {
        release: release.into(),
        numbers: vec![Accepted {
            journey: journey(),
            key: NumberKey::new("orders.total"),
            origin: Origin::Declared,
            kind: NumberKind::Decimal,
            unit: Some("EUR".into()),
            tolerance: Tolerance::Exact,
            core: true,
            worth,
            release: None,
        }],
        ..Baseline::default()
    }
}

fn compare(measured: &Measured, references: &References, release: Option<&str>) -> Comparison {
    let journey = journey();
    let case = Case {
        journey: &journey,
        release,
        references,
    };
    compared(measured, None, case)
}

#[test]
fn a_cent_less_is_told_with_percent_and_tolerance() {
    let references = References {
        baseline: Some(baseline("r41", number("1284.50"))),
        ..References::default()
    };
    let now = measured(number("1284.49"), Tolerance::Exact);
    let one = compare(&now, &references, Some("r42"));
    assert_eq!(one.standing, Standing::Moved);
    assert_eq!(
        one.text,
        "1284.50 to 1284.49 EUR (-0.0008 %, tolerance exact)"
    );
    let same = measured(number("1284.5"), Tolerance::Exact);
    assert_eq!(
        compare(&same, &references, Some("r42")).standing,
        Standing::Unchanged
    );
}

#[test]
fn each_step_passes_and_the_anchor_tells_the_drift() {
    let tolerance = Tolerance::Relative(Exact::parse("0.01").expect("a number"));
    let references = References {
        baseline: Some(baseline("r3", number("100.8"))),
        anchor: Some(baseline("r1", number("100"))),
        ..References::default()
    };
    let now = measured(number("101.2"), tolerance.clone());
    let one = compare(&now, &references, Some("r4"));
    assert_eq!(one.standing, Standing::Moved);
    assert_eq!(
        one.text,
        "100 to 101.2 EUR since the anchor r1 (+1.2 %, tolerance ±1 %)"
    );
    let within: Vec<bool> = one.against.iter().map(|it| it.within).collect();
    assert_eq!(within, [true, false]);
    let less = measured(number("100.9"), tolerance);
    assert_eq!(
        compare(&less, &references, Some("r4")).standing,
        Standing::Unchanged
    );
}

#[test]
fn nothing_learns_from_the_release_that_is_judged() {
    let references = References {
        baseline: Some(baseline("r42", number("7"))),
        previous: Some(baseline("r41", number("8"))),
        ..References::default()
    };
    let now = measured(number("7"), Tolerance::Exact);
    let one = compare(&now, &references, Some("r42"));
    assert_eq!(one.standing, Standing::Moved);
    assert_eq!(one.against[0].release, "r41");
    // What was accepted in a file was accepted by a person.
    let mut accepted = references.clone();
    if let Some(baseline) = &mut accepted.baseline {
        baseline.source = Source::File("baselines/demo.toml".into());
    }
    let one = compare(&now, &accepted, Some("r42"));
    assert_eq!(one.standing, Standing::Unchanged);
}

#[test]
fn another_unit_is_no_comparison() {
    let references = References {
        baseline: Some(baseline("r41", number("7"))),
        ..References::default()
    };
    let mut now = measured(number("7"), Tolerance::Exact);
    now.unit = Some("USD".into());
    let one = compare(&now, &references, None);
    assert_eq!(one.standing, Standing::NotComparable);
    assert_eq!(
        one.text,
        "it is a decimal in USD now, in r41 it was a decimal in EUR"
    );
}

#[test]
fn what_was_measured_before_and_is_not_now_is_missing() {
    let references = References {
        baseline: Some(baseline("r41", number("7"))),
        ..References::default()
    };
    let journey = journey();
    let case = Case {
        journey: &journey,
        release: None,
        references: &references,
    };
    let lacking = missing(&[], case);
    assert_eq!(lacking.len(), 1);
    assert!(lacking[0].core && lacking[0].now.is_none());
    assert_eq!(lacking[0].text, "not measured, in r41 it was 7 EUR");
    let key = NumberKey::new("orders.total");
    assert!(missing(&[&key], case).is_empty());
    let other = JourneyId::default();
    let of_other = Case {
        journey: &other,
        ..case
    };
    assert!(missing(&[], of_other).is_empty());
}

#[test]
fn the_first_release_that_had_it_so_is_named() {
    let release = |id: &str| Release {
        id: id.into(),
        ..Release::default()
    };
    let point = |release, value| Point {
        release,
        value: Some(value),
        mark: None,
        unlearnt: false,
    };
    let mut references = References {
        baseline: Some(baseline("r39", number("10"))),
        past: Past {
            releases: ["r39", "r40", "r41", "r42"].map(release).into(),
            series: vec![Series {
                journey: journey(),
                key: NumberKey::new("orders.total"),
                origin: Origin::Declared,
                points: vec![
                    point(0, 10.0),
                    point(1, 11.0),
                    point(2, 11.0),
                    point(3, 11.0),
                ],
            }],
            ..Past::default()
        },
        ..References::default()
    };
    let now = measured(number("11"), Tolerance::Exact);
    let one = compare(&now, &references, Some("r42"));
    assert_eq!(one.since.as_deref(), Some("r40"));
    references.past.series[0].points[2].value = Some(10.0);
    let one = compare(&now, &references, Some("r42"));
    assert_eq!(one.since, None);
}

#[test]
fn what_a_set_lost_and_gained_is_named() {
    let set =
        |members: &[&str]| Worth::Fingerprint(fingerprint(members.iter().map(ToString::to_string)));
    let references = References {
        baseline: Some(baseline("r41", set(&["count: number", "text: string"]))),
        ..References::default()
    };
    let now = measured(set(&["nick: string", "text: string"]), Tolerance::Exact);
    let one = compare(&now, &references, None);
    assert_eq!(one.text, "lost `count: number`, gained `nick: string`");
}
