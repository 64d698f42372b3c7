//! `jaunt blame --json`, as docs/blame.md describes it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::told::{Journey, Number, Told, What};
use crate::cli::numbers::commits::Commits;
use crate::numbers::blame::{Broken, Change, How, Moved};

/// With a line's end behind it.
pub(super) fn json(told: &Told<'_>, target: &str, context: &BTreeMap<String, String>) -> String {
    let journey = match &told.what {
        What::Number(number) => &number.series.journey,
        What::Journey(journey) => &journey.outcomes.journey,
    };
    let mut all = json!({ "format": 1, "target": target, "context": context, "journey": journey });
    let (number, rows, changes) = match &told.what {
        What::Number(number) => {
            let moved = number.moved.iter();
            let moved = moved.map(|(it, commits)| of_moved(told, it, commits.as_ref()));
            let key = &number.series.key;
            let of_number = json!({
                "name": key.name, "by": key.by, "origin": number.series.origin,
                "kind": number.kind, "unit": number.unit,
            });
            let moved: Vec<Value> = moved.collect();
            (
                of_number,
                rows(told, |it| measured(number, it)),
                ("moved", moved),
            )
        }
        What::Journey(journey) => {
            let broken = journey.broken.iter();
            let broken = broken.map(|(it, commits)| of_broken(told, it, commits.as_ref()));
            let broken: Vec<Value> = broken.collect();
            (
                Value::Null,
                rows(told, |it| went(journey, it)),
                ("broken", broken),
            )
        }
    };
    let (name, changes) = changes;
    all["number"] = number;
    all["releases"] = rows;
    all[name] = changes.into();
    format!("{all:#}\n")
}

/// Of each release its name and what `more` says.
fn rows(told: &Told<'_>, more: impl Fn(u32) -> Value) -> Value {
    let rows = told.releases.iter().zip(0_u32..).map(|(release, index)| {
        let mut row = json!({ "release": release.id, "commit": release.commit, "at": release.at });
        if let (Value::Object(row), Value::Object(more)) = (&mut row, more(index)) {
            row.extend(more);
        }
        row
    });
    rows.collect()
}

fn measured(number: &Number<'_>, release: u32) -> Value {
    let point = number.point(release);
    json!({
        "value": point.and_then(|it| it.value),
        "mark": point.and_then(|it| it.mark.as_deref()),
        "unlearnt": point.is_some_and(|it| it.unlearnt),
    })
}

fn went(journey: &Journey<'_>, release: u32) -> Value {
    let of = journey.went(release);
    json!({
        "passed": of.map_or(0, |it| it.passed),
        "failed": of.map_or(0, |it| it.failed),
        "flaky": of.map_or(0, |it| it.flaky),
        "held_at": of.map(|it| it.held).filter(|held| *held > 0),
    })
}

fn of_moved(told: &Told<'_>, moved: &Moved, commits: Option<&Commits>) -> Value {
    let (before, after): (Value, Value) = match &moved.change {
        Change::Value { before, after } => ((*before).into(), (*after).into()),
        Change::Mark { before, after } => (before.as_str().into(), after.as_str().into()),
    };
    let (rule, p) = match moved.how {
        How::ChangePoint { p } => ("change_point", Some(p)),
        How::Step => ("step", None),
    };
    json!({
        "held_in": told.name(moved.held), "since": told.name(moved.since), "rule": rule, "p": p,
        "before": before, "after": after, "delta": moved.delta(), "percent": moved.percent(),
        "suspects": suspects(commits),
    })
}

fn of_broken(told: &Told<'_>, broken: &Broken, commits: Option<&Commits>) -> Value {
    json!({
        "held_in": broken.held.map(|it| told.name(it.release)),
        "held_at": broken.held.map(|it| it.held).filter(|held| *held > 0),
        "since": told.name(broken.since),
        "held_again_in": broken.again.map(|it| told.name(it)),
        "suspects": suspects(commits),
    })
}

fn suspects(commits: Option<&Commits>) -> Value {
    let Some(commits) = commits else {
        return Value::Null;
    };
    let named = commits.named.iter().map(|line| {
        let (hash, subject) = line.split_once(' ').unwrap_or((line, ""));
        json!({ "hash": hash, "subject": subject })
    });
    json!({ "in_all": commits.in_all, "commits": named.collect::<Vec<_>>() })
}
