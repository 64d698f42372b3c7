//! `jaunt replay`: the reports and the exit code of a run, from its trace alone.

use std::path::{Path, PathBuf};

use super::arguments::ReplayArguments;
use super::unstarted::{self, Asked};
use super::{exit, run, say, write};
use crate::judge::judge;
use crate::model::Diagnostic;
use crate::model::run::Run;
use crate::record::{TraceError, read, read_what_is_whole};
use crate::report::files::Content;
use crate::report::{self, HtmlReport, Style};

/// Replays, and gives the exit code of the run.
pub(super) fn replay(arguments: &ReplayArguments) -> u8 {
    let trace = trace(arguments);
    let (events, warnings) = match read(&trace) {
        Ok(read) => read,
        Err(error @ TraceError::Newer { .. }) => return newer(arguments, &trace, &error),
        Err(error) => return unread(arguments, &trace, &[Diagnostic::new(error.to_string())]),
    };
    let warnings: Vec<Diagnostic> = warnings
        .iter()
        .map(|warning| Diagnostic::new(warning.to_string()))
        .collect();
    say::warnings(&warnings);
    let run = judge(&events);
    drop(events);
    let page = page(arguments, &trace);
    let shown = page.as_ref().or(arguments.junit.as_ref());
    let shown = shown.map(|path| path.display().to_string());
    say::out(&report::summary(
        &run,
        &Style {
            report: shown,
            ..say::style(arguments.colour, arguments.ascii)
        },
    ));
    let errors = reports(arguments, &run, &trace);
    say::errors(&errors);
    let code = run.verdict.exit_code();
    if code == exit::OK && !errors.is_empty() {
        exit::COULD_NOT_RUN
    } else {
        code
    }
}

/// Where the page goes, if one is asked for.
fn page(arguments: &ReplayArguments, trace: &Path) -> Option<PathBuf> {
    let named = arguments.html.as_ref()?;
    Some(match named {
        Some(path) => path.clone(),
        None => trace.with_file_name("report.html"),
    })
}

/// Writes the reports that are asked for; what could not be written.
fn reports(arguments: &ReplayArguments, run: &Run, trace: &Path) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    if let Some(path) = &arguments.junit {
        errors.extend(match report::junit(run) {
            Ok(junit) => put(path, &junit),
            Err(error) => Some(unwritten(path, &error)),
        });
    }
    if let Some(path) = &arguments.json {
        errors.extend(put(path, &report::JsonReport(run)));
    }
    if let Some(path) = &arguments.markdown {
        errors.extend(put(path, &report::markdown(run)));
    }
    if let Some(path) = &arguments.tap {
        errors.extend(put(path, &report::tap(run)));
    }
    if let Some(path) = page(arguments, trace) {
        // Nothing was walked that a trace could say more of.
        let trace = run.could_not_start.is_empty().then_some(trace);
        let html = HtmlReport::new(run, trace);
        errors.extend(put(&path, &html));
        say::warnings(&write::not_whole(&html));
    }
    errors
}

/// Says why a trace cannot be replayed. The reports that are asked for say it too: a gate that reads
/// them must see an error, never what an earlier run left there.
fn unread(arguments: &ReplayArguments, trace: &Path, errors: &[Diagnostic]) -> u8 {
    say::errors(errors);
    say::errors(&match unstarted::judged(&Asked::default(), errors) {
        Ok(run) => reports(arguments, &run, trace),
        Err(further) => further,
    });
    exit::COULD_NOT_RUN
}

/// Shows what can be read of a trace of a newer format. It gives no verdict, and its reports say
/// nothing but that: what is left out may be what decides.
fn newer(arguments: &ReplayArguments, path: &Path, error: &TraceError) -> u8 {
    let said = Diagnostic::new(error.to_string());
    let (events, left_out) = match read_what_is_whole(path) {
        Ok(read) => read,
        // Not even its header can be read.
        Err(_) => return unread(arguments, path, &[said]),
    };
    let lines = match left_out {
        0 => "no line of it is left out".to_string(),
        1 => "1 line of it cannot be read and is left out".to_string(),
        many => format!("{many} lines of it cannot be read and are left out"),
    };
    let said = said
        .note(lines)
        .note("what can be read of it is shown, and nothing is judged");
    let code = unread(arguments, path, &[said]);
    let style = say::style(arguments.colour, arguments.ascii);
    say::out(&report::summary_of_a_part(&judge(&events), code, &style));
    code
}

/// The trace that was named, or the newest one of the project around where you stand.
fn trace(arguments: &ReplayArguments) -> PathBuf {
    let newest = || {
        let here = std::env::current_dir().unwrap_or_default();
        run::folder(&here).join("trace.jsonl")
    };
    arguments.trace.clone().unwrap_or_else(newest)
}

/// Writes a report whole, by rename; what went wrong, if anything did.
fn put(path: &Path, content: &dyn Content) -> Option<Diagnostic> {
    let written = report::files::write_whole(path, content);
    written.err().map(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &dyn std::error::Error) -> Diagnostic {
    Diagnostic::new(format!("cannot write {}: {error}", path.display()))
}
