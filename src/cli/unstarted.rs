//! A run that could not start still writes its reports: a gate that reads JUnit must see an error,
//! never an old green.

use std::path::Path;

use super::arguments::RunArguments;
use super::{exit, run, say};
use crate::judge::judge;
use crate::model::event::TargetSummary;
use crate::model::{Diagnostic, Event, EventKind};
use crate::report::{self, Extra, Outputs};

/// Prints what is wrong, writes the reports, and gives the exit code.
pub(super) fn report(
    dir: &Path,
    extra: &Extra,
    arguments: &RunArguments,
    errors: &[Diagnostic],
) -> u8 {
    say::errors(errors);
    if let Err(further) = write(dir, extra, arguments, errors) {
        say::errors(&further);
    }
    exit::COULD_NOT_RUN
}

fn write(
    dir: &Path,
    extra: &Extra,
    arguments: &RunArguments,
    errors: &[Diagnostic],
) -> Result<(), Vec<Diagnostic>> {
    let name = arguments
        .target
        .target
        .clone()
        .or_else(|| arguments.target.url.clone());
    let target = TargetSummary {
        name: name.unwrap_or_default(),
        url: arguments.target.url.clone().unwrap_or_default(),
        embedded: false,
        bugs: Vec::new(),
    };
    let header = run::header(arguments, "", target)?;
    let (outputs, mut trace) =
        Outputs::open(dir, &header.run, extra).map_err(|error| vec![error.diagnostic()])?;
    let kinds = [
        EventKind::RunStarted(Box::new(header)),
        EventKind::CouldNotStart {
            errors: errors.to_vec(),
        },
        EventKind::RunEnded {
            stop: None,
            troubles: Vec::new(),
            facts: Default::default(),
        },
    ];
    let events: Vec<Event> = kinds
        .into_iter()
        .zip(0..)
        .map(|(kind, seq)| Event {
            seq,
            at: 0,
            attempt: None,
            kind,
        })
        .collect();
    trace.append(&events);
    let run = judge(&events);
    let failed = |what: &str| vec![Diagnostic::new(what.to_string())];
    let junit = report::junit(&run).map_err(|error| failed(&format!("JUnit: {error}")))?;
    let json = report::json(&run).map_err(|error| failed(&format!("JSON report: {error}")))?;
    outputs
        .finish(&junit, &json)
        .map_err(|errors| errors.iter().map(|error| error.diagnostic()).collect())
}
