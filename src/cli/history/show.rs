//! `jaunt history show`.

use serde_json::json;

use super::arguments::ShowArguments;
use super::csv::{self, Cell};
use super::list::{moment, pretty, seconds};
use super::{place, said};
use crate::model::number::history::{StoredJourney, StoredRun};
use crate::model::number::{Measured, Worth};
use crate::model::{Diagnostic, duration};
use crate::report::one_line;
use crate::store::{Access, History};

/// One run as text, JSON or CSV (a line per number).
pub(super) fn show(arguments: &ShowArguments) -> Result<String, Vec<Diagnostic>> {
    let history = place::open(&arguments.place, Access::Read)?;
    let run = find(&history, &arguments.run)?;
    Ok(match (arguments.form.json, arguments.form.csv) {
        (true, _) => pretty(&json!({ "format": 1, "run": run })),
        (_, true) => as_csv(&run),
        _ => as_text(&run),
    })
}

fn find(history: &History, wanted: &str) -> Result<StoredRun, Vec<Diagnostic>> {
    let wrong = |error| said(&error);
    let ids = match history.run(wanted).map_err(wrong)? {
        Some(run) => return Ok(run),
        None => history.ids(wanted).map_err(wrong)?,
    };
    let only = match ids.as_slice() {
        [only] => history.run(only).map_err(wrong)?,
        _ => None,
    };
    only.ok_or_else(|| {
        vec![match ids.is_empty() {
            true => Diagnostic::new(format!("the history has no run `{wanted}`"))
                .help("`jaunt history` lists them"),
            false => {
                Diagnostic::new(format!("several runs begin with `{wanted}`")).note(ids.join(", "))
            }
        }]
    })
}

fn as_csv(run: &StoredRun) -> String {
    let names = [
        "file",
        "journey",
        "repetition",
        "outcome",
        "seconds",
        "number",
        "dimensions",
        "origin",
        "kind",
        "unit",
        "value",
    ];
    let mut rows = Vec::new();
    for journey in &run.journeys {
        for number in &journey.numbers {
            let by = number
                .key
                .by
                .iter()
                .map(|(key, value)| format!("{key}={value}"));
            rows.push(vec![
                Cell::text(&journey.journey.file),
                Cell::text(&journey.journey.name),
                Cell::number(journey.repetition),
                Cell::text(&journey.outcome),
                Cell::number(seconds(journey.took)),
                Cell::text(&number.key.name),
                Cell::text(by.collect::<Vec<_>>().join(" ")),
                Cell::text(number.origin.name()),
                Cell::text(number.kind.name()),
                Cell::text(number.unit.clone().unwrap_or_default()),
                value(&number.worth),
            ]);
        }
    }
    csv::table(&names, &rows)
}

fn value(worth: &Worth) -> Cell {
    match worth {
        Worth::Number(exact) => Cell::number(exact),
        Worth::Share(_) | Worth::Fingerprint(_) | Worth::Cohorts(_) => {
            Cell::text(worth.to_string())
        }
    }
}

fn as_text(run: &StoredRun) -> String {
    let mut out = format!("run      {}\n", one_line(&run.run));
    let mut line = |name: &str, text: String| {
        if !text.is_empty() {
            out.push_str(&format!("{name:<9}{}\n", one_line(&text)));
        }
    };
    line("target", run.target.clone());
    line("release", run.release.clone().unwrap_or_default());
    line("commit", run.commit.clone().unwrap_or_default());
    line("phase", run.phase.clone().unwrap_or_default());
    line("started", moment(run.started));
    line("took", duration::show(run.took));
    line("exit", run.exit_code.to_string());
    line("seed", run.seed.clone());
    line("machine", format!("{}, jaunt {}", run.host, run.jaunt));
    let context = run
        .context
        .iter()
        .map(|(key, value)| format!("{key}={value}"));
    line("context", context.collect::<Vec<_>>().join(" "));
    if run.unsound {
        line("learnt", "nothing: it was no sound run".to_string());
    }
    for journey in &run.journeys {
        out.push_str(&of_journey(journey));
    }
    out
}

fn of_journey(journey: &StoredJourney) -> String {
    let mut out = format!(
        "\n{:<8} {}  {}\n",
        journey.outcome,
        one_line(&journey.journey.to_string()),
        duration::show(journey.took)
    );
    if journey.quarantined {
        out.push_str("  in quarantine\n");
    }
    if !journey.reason.is_empty() {
        out.push_str(&format!("  {}\n", one_line(&journey.reason)));
    }
    for number in &journey.numbers {
        out.push_str(&of_number(number));
    }
    out
}

fn of_number(number: &Measured) -> String {
    let unit = number.unit.as_ref().map(|it| format!(" {it}"));
    let text = format!(
        "{}  {}{}  ({}, {})",
        number.key,
        number.worth,
        unit.unwrap_or_default(),
        number.origin.name(),
        number.kind.name()
    );
    format!("  {}\n", one_line(&text))
}
