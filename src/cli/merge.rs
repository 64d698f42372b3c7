//! `jaunt merge`: one run of the traces of its shards.

use std::path::Path;

use super::arguments::MergeArguments;
use super::ci::Ci;
use super::header::header;
use super::unstarted::{self, Asked};
use super::{exit, run, say, write};
use crate::judge::judge;
use crate::judge::merge::{ShardTrace, merge as merged};
use crate::model::event::{RunHeader, TargetSummary};
use crate::model::{Diagnostic, Event, EventKind};
use crate::record::read;
use crate::report::{self, Extra, Outputs, Style};

/// Merges, reports, and gives the exit code of all shards together.
pub(super) fn merge(arguments: &MergeArguments) -> u8 {
    let here = std::env::current_dir().unwrap_or_default();
    let dir = run::folder(&here);
    let extra = Extra {
        junit: arguments.junit.clone(),
        json: arguments.json.clone(),
        html: arguments.html.clone().flatten(),
        markdown: arguments.ci.markdown.clone(),
        tap: arguments.ci.tap.clone(),
        metrics: arguments.ci.metrics.clone(),
    };
    let ci = Ci::of(arguments.ci.ci);
    let unstarted = |errors: &[Diagnostic]| {
        let code = unstarted::report(&dir, &extra, &Asked::default(), errors);
        ci.tell_unstarted(&Asked::default(), errors, &dir);
        code
    };
    // Before the files of an earlier run go: the traces may be among them.
    let events = match events(arguments) {
        Ok(events) => events,
        Err(errors) => return unstarted(&errors),
    };
    match written(&events, &dir, &extra) {
        Ok(outputs) => outputs.code(arguments, &ci, &dir),
        Err(errors) => unstarted(&errors),
    }
}

/// All events as one run that has an id of its own.
fn events(arguments: &MergeArguments) -> Result<Vec<Event>, Vec<Diagnostic>> {
    let (mut traces, mut errors) = (Vec::new(), Vec::new());
    for path in &arguments.traces {
        let name = path.display().to_string();
        match read(path) {
            Ok((events, warnings)) => {
                let said = warnings
                    .iter()
                    .map(|warning| Diagnostic::new(warning.to_string()).note(name.clone()));
                say::warnings(&said.collect::<Vec<_>>());
                traces.push(ShardTrace { name, events });
            }
            Err(error) => errors.push(Diagnostic::new(error.to_string())),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut events = merged(traces).map_err(|error| {
        vec![
            Diagnostic::new(error.to_string())
                .help("give the traces of all shards of one run, each once"),
        ]
    })?;
    let id = header(None, "", TargetSummary::default())?.run;
    if let Some(EventKind::RunStarted(header)) = events.first_mut().map(|event| &mut event.kind) {
        **header = RunHeader {
            run: id,
            ..header.as_ref().clone()
        };
    }
    Ok(events)
}

/// A merged run whose files are written, as far as they could be.
struct Written {
    run: crate::model::run::Run,
    errors: Vec<Diagnostic>,
}

fn written(events: &[Event], dir: &Path, extra: &Extra) -> Result<Written, Vec<Diagnostic>> {
    let run = judge(events);
    let (outputs, mut trace) =
        Outputs::open(dir, &run.header.run, extra).map_err(|error| vec![error.diagnostic()])?;
    trace.append(events);
    let mut errors: Vec<Diagnostic> = trace.trouble().map(Diagnostic::new).into_iter().collect();
    errors.extend(write::all(&run, outputs).err().unwrap_or_default());
    Ok(Written { run, errors })
}

impl Written {
    fn code(&self, arguments: &MergeArguments, ci: &Ci, dir: &Path) -> u8 {
        let (html, junit) = (arguments.html.as_ref(), arguments.junit.as_ref());
        let style = Style {
            report: Some(write::pointed(dir, html, junit)),
            ..say::style(arguments.colour)
        };
        ci.begin();
        say::out(&ci.harmless(&report::summary(&self.run, &style)));
        ci.end(&self.run, dir);
        say::errors(&self.errors);
        match self.run.verdict.exit_code() {
            exit::OK if !self.errors.is_empty() => exit::COULD_NOT_RUN,
            code => code,
        }
    }
}
