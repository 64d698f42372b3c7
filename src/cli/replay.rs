//! `jaunt replay`: the reports and the exit code of a run, from its trace alone.

use std::path::{Path, PathBuf};

use super::arguments::ReplayArguments;
use super::{exit, run, say, write};
use crate::judge::judge;
use crate::model::Diagnostic;
use crate::record::read;
use crate::report::files::Content;
use crate::report::{self, HtmlReport, Style};

/// Replays, and gives the exit code of the run.
pub(super) fn replay(arguments: &ReplayArguments) -> u8 {
    let trace = trace(arguments);
    let (events, warnings) = match read(&trace) {
        Ok(read) => read,
        Err(error) => {
            say::errors(&[Diagnostic::new(error.to_string())]);
            return exit::COULD_NOT_RUN;
        }
    };
    let warnings: Vec<Diagnostic> = warnings
        .iter()
        .map(|warning| Diagnostic::new(warning.to_string()))
        .collect();
    say::warnings(&warnings);
    let run = judge(&events);
    drop(events);
    let page = arguments.html.as_ref().map(|named| match named {
        Some(path) => path.clone(),
        None => trace.with_file_name("report.html"),
    });
    let shown = page.as_ref().or(arguments.junit.as_ref());
    let shown = shown.map(|path| path.display().to_string());
    say::out(&report::summary(
        &run,
        &Style {
            report: shown,
            ..say::style(arguments.colour)
        },
    ));
    let mut errors = Vec::new();
    if let Some(path) = &arguments.junit {
        errors.extend(match report::junit(&run) {
            Ok(junit) => put(path, &junit),
            Err(error) => Some(unwritten(path, &error)),
        });
    }
    if let Some(path) = &arguments.json {
        errors.extend(put(path, &report::JsonReport(&run)));
    }
    if let Some(path) = &arguments.markdown {
        errors.extend(put(path, &report::markdown(&run)));
    }
    if let Some(path) = &arguments.tap {
        errors.extend(put(path, &report::tap(&run)));
    }
    if let Some(path) = &page {
        let html = HtmlReport::new(&run, Some(&trace));
        errors.extend(put(path, &html));
        say::warnings(&write::not_whole(&html));
    }
    say::errors(&errors);
    let code = run.verdict.exit_code();
    if code == exit::OK && !errors.is_empty() {
        exit::COULD_NOT_RUN
    } else {
        code
    }
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
