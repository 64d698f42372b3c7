//! `jaunt history flakes`: how often each journey ended differently with the same release.

use std::collections::BTreeMap;

use serde_json::json;

use super::arguments::FlakesArguments;
use super::csv::{self, Cell};
use super::list::{laid_out, pretty};
use super::{place, said};
use crate::model::{Diagnostic, JourneyId};
use crate::report::one_line;
use crate::statistics::flakes::{quarantine, quarantine_ends, wilson};
use crate::store::{Access, Tally};

/// How sure an interval is, two-sided.
const CONFIDENCE: f64 = 0.95;

/// The journeys as text, JSON or CSV.
pub(super) fn flakes(arguments: &FlakesArguments) -> Result<String, Vec<Diagnostic>> {
    let history = place::open(&arguments.place, Access::Read)?;
    let tallies = history.tallies(&arguments.filter.filter());
    let tallies = tallies.map_err(|error| said(&error))?;
    Ok(match (arguments.form.json, arguments.form.csv) {
        (true, _) => as_json(&tallies),
        (_, true) => as_csv(&tallies),
        _ if tallies.is_empty() => "no run\n".to_string(),
        _ => as_text(&tallies),
    })
}

/// What should be done about a journey, as one word for programs and a text for people.
fn advice(tally: &Tally) -> Option<(&'static str, &'static str)> {
    let (flakes, runs) = (tally.flakes(), tally.judged());
    match tally.quarantined {
        false if quarantine(flakes, runs) => {
            Some(("in", "belongs into quarantine: surely more than 1 % flakes"))
        }
        true if quarantine_ends(flakes, runs, true) => Some((
            "out",
            "may leave quarantine once its fix is named: surely below 5 %",
        )),
        true => Some(("stay", "in quarantine")),
        false => None,
    }
}

fn bounds(tally: &Tally) -> Option<(f64, f64)> {
    let bounds = wilson(tally.flakes(), tally.judged(), CONFIDENCE)?;
    Some((bounds.low, bounds.high))
}

fn as_json(tallies: &BTreeMap<JourneyId, Tally>) -> String {
    let journeys: Vec<_> = tallies
        .iter()
        .map(|(id, tally)| {
            json!({
                "file": id.file, "journey": id.name, "passed": tally.passed, "failed": tally.failed,
                "errored": tally.errored, "skipped": tally.skipped, "flaky": tally.flaky,
                "runs": tally.judged(), "flakes": tally.flakes(),
                "low": bounds(tally).map(|it| it.0), "high": bounds(tally).map(|it| it.1),
                "quarantined": tally.quarantined, "quarantine": advice(tally).map(|it| it.0),
            })
        })
        .collect();
    pretty(&json!({ "format": 1, "journeys": journeys }))
}

fn as_csv(tallies: &BTreeMap<JourneyId, Tally>) -> String {
    let names = [
        "file",
        "journey",
        "runs",
        "passed",
        "failed",
        "flaky",
        "errored",
        "skipped",
        "flakes",
        "low",
        "high",
        "quarantine",
    ];
    let rows = tallies.iter().map(|(id, tally)| {
        let bound =
            |it: Option<f64>| Cell::number(it.map(|it| format!("{it:.6}")).unwrap_or_default());
        vec![
            Cell::text(&id.file),
            Cell::text(&id.name),
            Cell::number(tally.judged()),
            Cell::number(tally.passed),
            Cell::number(tally.failed),
            Cell::number(tally.flaky),
            Cell::number(tally.errored),
            Cell::number(tally.skipped),
            Cell::number(tally.flakes()),
            bound(bounds(tally).map(|it| it.0)),
            bound(bounds(tally).map(|it| it.1)),
            Cell::text(advice(tally).map(|it| it.0).unwrap_or_default()),
        ]
    });
    csv::table(&names, &rows.collect::<Vec<_>>())
}

fn as_text(tallies: &BTreeMap<JourneyId, Tally>) -> String {
    let mut sorted: Vec<_> = tallies.iter().collect();
    // The worst first; of those alike, by name.
    sorted.sort_by(|a, b| {
        let low = |it: &Tally| bounds(it).map_or(0.0, |it| it.0);
        low(b.1).total_cmp(&low(a.1))
    });
    let names = [
        "JOURNEY",
        "RUNS",
        "PASSED",
        "FAILED",
        "FLAKY",
        "FLAKES",
        "RATE (95 %)",
        "",
    ];
    let mut table = vec![names.map(str::to_string)];
    for (id, tally) in sorted {
        let rate =
            bounds(tally).map(|(low, high)| format!("{:.1} to {:.1} %", low * 100.0, high * 100.0));
        table.push([
            one_line(&id.to_string()),
            tally.judged().to_string(),
            tally.passed.to_string(),
            tally.failed.to_string(),
            tally.flaky.to_string(),
            tally.flakes().to_string(),
            rate.unwrap_or_default(),
            advice(tally).map(|it| it.1.to_string()).unwrap_or_default(),
        ]);
    }
    laid_out(&table)
}
