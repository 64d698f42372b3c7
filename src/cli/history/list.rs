//! `jaunt history list`.

use serde_json::json;

use super::arguments::ListArguments;
use super::csv::{self, Cell};
use super::{place, said};
use crate::model::{Diagnostic, duration};
use crate::report::{columns, one_line};
use crate::store::{Access, Filter, Row};

/// The list as text, JSON or CSV.
pub(super) fn list(arguments: &ListArguments) -> Result<String, Vec<Diagnostic>> {
    let history = place::open(&arguments.place, Access::Read)?;
    let filter = Filter {
        limit: Some(arguments.limit),
        ..arguments.filter.filter()
    };
    let rows = history.list(&filter).map_err(|error| said(&error))?;
    Ok(match (arguments.form.json, arguments.form.csv) {
        (true, _) => as_json(&rows),
        (_, true) => as_csv(&rows),
        _ if rows.is_empty() => "no run\n".to_string(),
        _ => as_text(&rows),
    })
}

/// Outcomes in the order of reports.
const OUTCOMES: [&str; 5] = ["passed", "failed", "errored", "skipped", "flaky"];

fn of(row: &Row, outcome: &str) -> u32 {
    row.outcomes.get(outcome).copied().unwrap_or(0)
}

fn as_json(rows: &[Row]) -> String {
    let runs: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "run": row.run, "target": row.target, "release": row.release, "label": row.label,
                "commit": row.commit, "phase": row.phase, "started": row.started, "took_ns": row.took,
                "exit_code": row.exit_code, "unsound": row.unsound, "journeys": row.outcomes,
                "numbers": row.numbers,
            })
        })
        .collect();
    pretty(&json!({ "format": 1, "runs": runs }))
}

/// With a line's end behind it.
pub(super) fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

fn as_csv(rows: &[Row]) -> String {
    let names = [
        "run",
        "started",
        "target",
        "release",
        "label",
        "commit",
        "phase",
        "exit_code",
        "unsound",
        "seconds",
        "passed",
        "failed",
        "errored",
        "skipped",
        "flaky",
        "numbers",
    ];
    let optional = |text: &Option<String>| Cell::text(text.clone().unwrap_or_default());
    let rows = rows.iter().map(|row| {
        let mut cells = vec![
            Cell::text(&row.run),
            Cell::text(moment(row.started)),
            Cell::text(&row.target),
            Cell::text(&row.release),
            optional(&row.label),
            optional(&row.commit),
            optional(&row.phase),
            Cell::number(row.exit_code),
            Cell::number(row.unsound),
            Cell::number(seconds(row.took)),
        ];
        cells.extend(OUTCOMES.map(|it| Cell::number(of(row, it))));
        cells.push(Cell::number(row.numbers));
        cells
    });
    csv::table(&names, &rows.collect::<Vec<_>>())
}

fn as_text(rows: &[Row]) -> String {
    let mut table =
        vec![["STARTED", "RUN", "TARGET", "RELEASE", "EXIT", "JOURNEYS"].map(str::to_string)];
    for row in rows {
        let mut release = one_line(&row.release);
        for more in [&row.phase, &row.label].into_iter().flatten() {
            release.push_str(&format!(" ({})", one_line(more)));
        }
        let mut journeys: Vec<String> = OUTCOMES
            .iter()
            .filter(|it| of(row, it) > 0)
            .map(|it| format!("{} {it}", of(row, it)))
            .collect();
        if row.unsound {
            journeys.push("nothing learnt".to_string());
        }
        table.push([
            moment(row.started).replace('T', " ").replace('Z', ""),
            one_line(&row.run),
            one_line(&row.target),
            release,
            row.exit_code.to_string(),
            format!("{}, {}", journeys.join(", "), duration::show(row.took)),
        ]);
    }
    laid_out(&table)
}

/// Columns as wide as their widest cell.
pub(super) fn laid_out<const N: usize>(table: &[[String; N]]) -> String {
    let width = |at: usize| table.iter().map(|row| columns(&row[at])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut out = String::new();
    for row in table {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - columns(cell) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A moment in UTC, to the second.
pub(super) fn moment(nanos: u64) -> String {
    let seconds = i64::try_from(nanos / 1_000_000_000).unwrap_or(0);
    let moment = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    moment.to_string()
}

/// Nanoseconds as a decimal number of seconds.
pub(super) fn seconds(nanos: u64) -> String {
    format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
}
