//! A run that could not start still writes its reports: a gate that reads JUnit must see an error,
//! never an old green.

use std::path::Path;

use super::arguments::RunArguments;
use super::header::header;
use super::{exit, say};
use crate::judge::judge;
use crate::model::event::{RunHeader, Shard, TargetSummary};
use crate::model::release::Deploy;
use crate::model::run::Run;
use crate::model::{Diagnostic, Event, EventKind};
use crate::plan::ShardWord;
use crate::report::files::{Contents, write_what_can_be};
use crate::report::{self, Extra, HtmlReport, Outputs};

/// What was asked for, as far as it could be understood.
#[derive(Debug, Default)]
pub(super) struct Asked {
    seed: Option<String>,
    target: Option<String>,
    url: Option<String>,
    deploy: Option<String>,
    commit: Option<String>,
    shard: Option<ShardWord>,
}

impl Asked {
    /// What the command line says.
    pub(super) fn of(arguments: &RunArguments) -> Self {
        Self {
            seed: arguments.seed.clone(),
            target: arguments.target.target.clone(),
            url: arguments.target.url.clone(),
            deploy: arguments.deploy.deploy.clone(),
            commit: arguments.deploy.commit.clone(),
            shard: arguments.selection.shard,
        }
    }

    fn header(&self) -> Result<RunHeader, Vec<Diagnostic>> {
        // Whatever was wrong with the address, a password in it stays out of the reports.
        let url = self.url.as_deref().map(without_user).unwrap_or_default();
        let target = TargetSummary {
            name: self.target.clone().unwrap_or_else(|| url.clone()),
            url,
            embedded: false,
            bugs: Vec::new(),
            insecure: false,
        };
        // Merged with the others it says which part of the whole is missing, and why.
        let shard = self.shard.map(|word| Shard {
            number: word.number,
            of: word.of,
            whole: 0,
            places: Vec::new(),
        });
        let header = header(self.seed.as_deref(), "", target)?;
        let time = header.started;
        let deploy = self.deploy.clone().map(|id| Deploy {
            id,
            commit: self.commit.clone(),
            time,
        });
        Ok(RunHeader {
            shard,
            deploy,
            ..header
        })
    }
}

fn without_user(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => url.to_string(),
    }
}

/// Prints what is wrong, writes the reports, and gives the exit code.
pub(super) fn report(dir: &Path, extra: &Extra, asked: &Asked, errors: &[Diagnostic]) -> u8 {
    say::errors(errors);
    write(dir, extra, asked, errors);
    exit::COULD_NOT_RUN
}

/// Writes the reports of a run that could not start, and prints what of them could not be written.
pub(super) fn write(dir: &Path, extra: &Extra, asked: &Asked, errors: &[Diagnostic]) {
    let mut further = match try_write(dir, extra, asked, errors) {
        Ok(()) => Vec::new(),
        Err(further) => further,
    };
    // The place that could not be written is what most of these runs fail for.
    further.retain(|one| !errors.contains(one));
    say::errors(&further);
}

/// The run that these errors make of what was asked.
pub(super) fn judged(asked: &Asked, errors: &[Diagnostic]) -> Result<Run, Vec<Diagnostic>> {
    Ok(judge(&events(asked.header()?, errors)))
}

fn try_write(
    dir: &Path,
    extra: &Extra,
    asked: &Asked,
    errors: &[Diagnostic],
) -> Result<(), Vec<Diagnostic>> {
    let events = events(asked.header()?, errors);
    let run = judge(&events);
    let id = run.header.run.clone();
    let failed = |what: &str| vec![Diagnostic::new(what.to_string())];
    let junit = report::junit(&run).map_err(|error| failed(&format!("JUnit: {error}")))?;
    let json = report::json(&run).map_err(|error| failed(&format!("JSON report: {error}")))?;
    // Nothing was walked, so that a trace has no more to say.
    let html = HtmlReport::new(&run, None);
    let earlier = extra.earlier_metrics();
    let contents = Contents {
        junit: &junit,
        json: &json,
        html: &html,
        markdown: &report::markdown(&run),
        tap: &report::tap(&run),
        metrics: &report::metrics(&run, &earlier.text),
    };
    say::warnings(&earlier.lost.into_iter().collect::<Vec<_>>());
    let problems = match Outputs::open(dir, &id, extra) {
        Ok((outputs, mut trace)) => {
            trace.append(&events);
            outputs.finish(&contents).err().unwrap_or_default()
        }
        Err(error) => {
            let mut problems = vec![error];
            problems.extend(write_what_can_be(dir, extra, &contents));
            problems
        }
    };
    let mut said: Vec<Diagnostic> = Vec::new();
    for problem in problems.iter().map(report::OutputError::diagnostic) {
        if !said.contains(&problem) {
            said.push(problem);
        }
    }
    if said.is_empty() { Ok(()) } else { Err(said) }
}

fn events(header: RunHeader, errors: &[Diagnostic]) -> Vec<Event> {
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
    kinds
        .into_iter()
        .zip(0..)
        .map(|(kind, seq)| Event {
            seq,
            at: 0,
            attempt: None,
            kind,
        })
        .collect()
}
