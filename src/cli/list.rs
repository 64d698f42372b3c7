//! `jaunt list` and `run --dry-run`: what a selection means. Nothing is sent.

use super::arguments::ListArguments;
use super::prepare::{Asked, Prepared, last, prepare};
use super::run::folder;
use super::{exit, say};
use crate::model::Diagnostic;

/// Lists, and gives the exit code.
pub(super) fn list(arguments: &ListArguments) -> u8 {
    let here = match std::env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            say::errors(&[Diagnostic::new(format!(
                "there is no current folder: {error}"
            ))]);
            return exit::COULD_NOT_RUN;
        }
    };
    show(prepare(Asked {
        here: &here,
        selection: &arguments.selection,
        target: &arguments.target,
        timeout: None,
        repeat: 1,
        retries: None,
        last: last(&folder(&here), &arguments.selection),
    }))
}

/// Shows what was prepared.
pub(super) fn show(prepared: Result<Prepared, Vec<Diagnostic>>) -> u8 {
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(errors) => {
            say::errors(&errors);
            return exit::COULD_NOT_RUN;
        }
    };
    say::warnings(&prepared.warnings);
    say::out(&text(&prepared));
    exit::OK
}

fn text(prepared: &Prepared) -> String {
    let mut out = String::new();
    let mut file = "";
    for planned in &prepared.planned {
        let journey = &planned.journey;
        if journey.id.file != file {
            file = &journey.id.file;
            out.push_str(&format!("{file}\n"));
        }
        out.push_str(&format!(
            "  {:>4}  {}",
            journey.place.line,
            planned.display_name()
        ));
        if !journey.tags.is_empty() {
            out.push_str(&format!("  [{}]", journey.tags.join(", ")));
        }
        if let Some(quarantine) = &journey.quarantine {
            out.push_str(&format!("  (in quarantine until {})", quarantine.expires));
        }
        if let Some(reason) = &planned.skip {
            out.push_str(&format!("  (skipped: {reason})"));
        }
        out.push('\n');
    }
    if let Some(idle) = &prepared.idle {
        out.push_str(&format!("{idle}\n"));
    }
    let count = prepared.planned.len();
    let files = prepared
        .planned
        .iter()
        .map(|planned| &planned.journey.id.file);
    let files = files.collect::<std::collections::BTreeSet<_>>().len();
    let plural = |count: usize, one: &str, many: &str| {
        if count == 1 {
            format!("1 {one}")
        } else {
            format!("{count} {many}")
        }
    };
    out.push_str(&format!(
        "{} in {} against {}\n",
        plural(count, "journey", "journeys"),
        plural(files, "file", "files"),
        prepared.chosen.name()
    ));
    out
}
