//! Numbers on the page for Prometheus: what journeys recorded, and how many came to what.

use crate::model::number::{Measured, Origin, Standing};
use crate::model::run::{Attempt, Run};
use crate::model::walked::What;
use crate::report::numbers::{Tally, digest};
use crate::report::style::one_line;

use super::number;
use super::page::{Kind, Labels, Page, labels};

/// Most numbers of a journey that have a series.
const NUMBERS: usize = 50;

/// Every number of the attempt that decides, and the counts.
pub(super) fn of_run(run: &Run, target: &str, page: &mut Page<'_>) {
    let mut values = Vec::new();
    for journey in &run.journeys {
        let Some(attempt) = journey.decisive() else {
            continue;
        };
        let id = one_line(&journey.planned.journey.id.to_string());
        values.extend(of_attempt(attempt, &id, target));
    }
    page.metric(
        "jaunt_number_value",
        Kind::Gauge,
        "A number that the journey recorded in the last run.",
        values,
    );
    let Some(digest) = digest(run) else { return };
    let of = |origin: &str, tally: Tally| {
        let all = [
            (Standing::Unchanged, tally.unchanged),
            (Standing::Moved, tally.moved),
            (Standing::Missing, tally.missing),
            (Standing::New, tally.new),
            (Standing::Anomaly, tally.anomaly),
            (Standing::NotComparable, tally.not_comparable),
        ];
        all.map(|(standing, count)| {
            let all = [
                ("origin", origin),
                ("standing", standing.name()),
                ("target", target),
            ];
            (labels(all), number(count))
        })
    };
    let mut counts = of("declared", digest.declared).to_vec();
    counts.extend(of("undeclared", digest.beside));
    page.metric(
        "jaunt_numbers",
        Kind::Gauge,
        "Numbers of the last run, by what came of comparing them.",
        counts,
    );
}

/// Declared numbers with their dimensions; of a trace that has none, what was recorded as text.
fn of_attempt(attempt: &Attempt, id: &str, target: &str) -> Vec<(Labels, f64)> {
    let declared: Vec<(Labels, f64)> = attempt
        .measured
        .iter()
        .filter(|it| it.origin == Origin::Declared)
        .filter_map(|it| Some((of_number(it, id, target), it.worth.to_float()?)))
        .take(NUMBERS)
        .collect();
    if !declared.is_empty() {
        return declared;
    }
    let said = attempt.said.iter().filter_map(|said| match &said.what {
        What::Number { name, value } => Some((name, value.parse::<f64>().ok()?)),
        What::Note(_) | What::Attached { .. } => None,
    });
    said.take(NUMBERS)
        .map(|(name, value)| {
            let all = [("journey", id), ("number", name), ("target", target)];
            (labels(all), value)
        })
        .collect()
}

fn of_number(measured: &Measured, id: &str, target: &str) -> Labels {
    let by: Vec<String> = measured
        .key
        .by
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let (name, by) = (one_line(&measured.key.name), one_line(&by.join(", ")));
    // A name of a dimension may be anything, a name of a label may not.
    let by = (!by.is_empty()).then_some(("by", by.as_str()));
    let all = [("journey", id), ("number", &name), ("target", target)];
    labels(by.into_iter().chain(all))
}
