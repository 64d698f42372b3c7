use super::*;
use crate::model::number::history::{Past, Release, Series};
use crate::model::number::{Accepted, Baseline, NumberKey, References};
use crate::numbers::fingerprint::fingerprint;

fn journey() -> JourneyId {
    JourneyId {
        file: "journeys/chat.lua".into(),
        name: "a leave is announced".into(),
    }
}

pub(super) fn left() -> NumberKey {
    NumberKey::new("messages")
        .with("client", "alice")
        .with("message", "system \"* left\"")
}

fn system() -> NumberKey {
    NumberKey::new("shape")
        .with("from", "/chat/ws")
        .with("message", "system")
}

fn releases(count: u32) -> Vec<Release> {
    let ids = (1..=count).map(|number| Release {
        id: format!("r{number}"),
        ..Release::default()
    });
    ids.collect()
}

pub(super) fn series(key: NumberKey, origin: Origin, values: &[f64]) -> Series {
    let points = values.iter().zip(0..).map(|(value, release)| Point {
        release,
        value: Some(*value),
        mark: None,
        unlearnt: false,
    });
    Series {
        journey: journey(),
        key,
        origin,
        points: points.collect(),
    }
}

pub(super) fn past(count: u32, series: Vec<Series>) -> References {
    References {
        past: Past {
            releases: releases(count),
            series,
            ..Past::default()
        },
        ..References::default()
    }
}

pub(super) fn measured(key: NumberKey, origin: Origin, kind: NumberKind, worth: Worth) -> Measured {
    Measured {
        key,
        origin,
        kind,
        unit: None,
        tolerance: Tolerance::Exact,
        core: false,
        worth,
    }
}

pub(super) fn number(value: f64) -> Worth {
    Worth::Number(Exact::of_float(value).expect("a number"))
}

fn lefts(count: f64) -> Measured {
    measured(left(), Origin::Free, NumberKind::Count, number(count))
}

fn found(
    measured: &[Measured],
    references: &References,
    release: &str,
) -> Vec<(Standing, String, bool)> {
    let index = Index::new(references, Some(release));
    let found = undeclared(measured, &journey(), &index);
    found
        .into_iter()
        .map(|it| (it.comparison.standing, it.comparison.text, it.may_fail))
        .collect()
}

#[test]
fn a_second_leave_is_a_drift_where_every_release_had_one() {
    let references = past(20, vec![series(left(), Origin::Free, &[1.0; 20])]);
    let text = "alice got 2 `system \"* left\"` messages, the last 20 releases had 1";
    assert_eq!(
        found(&[lefts(2.0)], &references, "r21"),
        [(Standing::Moved, text.to_string(), true)]
    );
    assert_eq!(found(&[lefts(1.0)], &references, "r21"), []);
    // Four releases are no rule yet.
    let short = past(4, vec![series(left(), Origin::Free, &[1.0; 4])]);
    assert_eq!(found(&[lefts(2.0)], &short, "r5"), []);
    // What came and went before is no rule either.
    let loose = past(4, vec![series(left(), Origin::Free, &[1.0, 3.0, 1.0, 2.0])]);
    assert_eq!(found(&[lefts(7.0)], &loose, "r5"), []);
}

#[test]
fn nothing_is_learnt_from_the_release_at_hand() {
    let references = past(
        6,
        vec![series(
            left(),
            Origin::Free,
            &[1.0, 1.0, 1.0, 1.0, 1.0, 2.0],
        )],
    );
    let text = "alice got 2 `system \"* left\"` messages, the last 5 releases had 1";
    assert_eq!(
        found(&[lefts(2.0)], &references, "r6"),
        [(Standing::Moved, text.to_string(), true)]
    );
}

#[test]
fn a_leave_that_nobody_hears_any_more_is_missing() {
    let references = past(5, vec![series(left(), Origin::Free, &[1.0; 5])]);
    let text = "alice got no `system \"* left\"` messages, the last 5 releases had 1";
    assert_eq!(
        found(&[], &references, "r6"),
        [(Standing::Missing, text.to_string(), true)]
    );
    let sometimes = past(
        6,
        vec![
            series(left(), Origin::Free, &[1.0; 5]),
            series(NumberKey::new("attempts"), Origin::Free, &[1.0; 6]),
        ],
    );
    let attempts = measured(
        NumberKey::new("attempts"),
        Origin::Free,
        NumberKind::Count,
        number(1.0),
    );
    assert_eq!(found(&[attempts], &sometimes, "r7"), []);
}

fn shape_of(members: &[&str]) -> Worth {
    Worth::Fingerprint(fingerprint(members.iter().map(ToString::to_string)))
}

fn shape(members: &[&str]) -> Measured {
    measured(
        system(),
        Origin::Shape,
        NumberKind::Fingerprint,
        shape_of(members),
    )
}

fn with_baseline(mut references: References, members: &[&str]) -> References {
    references.baseline = Some(Baseline {
        release: "r3".into(),
        numbers: vec![Accepted {
            journey: journey(),
            key: system(),
            origin: Origin::Shape,
            kind: NumberKind::Fingerprint,
            unit: None,
            tolerance: Tolerance::Exact,
            core: false,
            worth: shape_of(members),
            release: None,
        }],
        ..Baseline::default()
    });
    references
}

#[test]
fn a_key_that_is_gone_is_a_drift_of_the_shape() {
    let references = with_baseline(References::default(), &["count: number", "text: string"]);
    let text = "`count` disappeared from `system` messages of /chat/ws (since r3)";
    assert_eq!(
        found(&[shape(&["text: string"])], &references, "r4"),
        [(Standing::Moved, text.to_string(), true)]
    );
    assert_eq!(
        found(
            &[shape(&["count: number", "text: string"])],
            &references,
            "r4"
        ),
        []
    );
}

#[test]
fn a_shape_that_was_seen_before_is_none() {
    let Worth::Fingerprint(print) = shape_of(&["text: string"]) else {
        panic!("a shape is a fingerprint");
    };
    let mut seen = series(system(), Origin::Shape, &[0.0; 3]);
    for point in &mut seen.points {
        (point.value, point.mark) = (None, Some("other".into()));
    }
    seen.points[1].mark = Some(print.digest);
    let references = with_baseline(past(3, vec![seen]), &["count: number", "text: string"]);
    assert_eq!(found(&[shape(&["text: string"])], &references, "r4"), []);
}

fn took(seconds: f64) -> Measured {
    let key = NumberKey::new("journey");
    measured(key, Origin::Timing, NumberKind::Duration, number(seconds))
}

fn timings(values: &[f64]) -> References {
    let count = u32::try_from(values.len()).expect("a few");
    past(
        count,
        vec![series(NumberKey::new("journey"), Origin::Timing, values)],
    )
}

#[test]
fn what_takes_much_longer_than_usual_is_an_anomaly() {
    let usual = [0.30, 0.32, 0.31, 0.29, 0.33, 0.30, 0.31, 0.30, 0.32, 0.31];
    let told = found(&[took(1.42)], &timings(&usual), "r11");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].0, told[0].2), (Standing::Anomaly, true));
    assert!(
        told[0]
            .1
            .starts_with("1.42 s, the last 10 releases had 310 ms ("),
        "{}",
        told[0].1
    );
    assert_eq!(found(&[took(0.32)], &timings(&usual), "r11"), []);
    // Faster is no alarm, four releases are too few, and from five on it warns at most.
    assert_eq!(found(&[took(0.01)], &timings(&usual), "r11"), []);
    assert_eq!(found(&[took(1.42)], &timings(&usual[..4]), "r5"), []);
    let few = found(&[took(1.42)], &timings(&usual[..6]), "r7");
    assert_eq!((few[0].0, few[0].2), (Standing::Anomaly, false));
}

#[test]
fn an_outlier_after_twenty_equal_ones_is_flagged() {
    let told = found(&[took(0.9)], &timings(&[0.3; 20]), "r21");
    assert_eq!((told[0].0, told[0].2), (Standing::Anomaly, true));
    assert_eq!(found(&[took(0.31)], &timings(&[0.3; 20]), "r21"), []);
}
