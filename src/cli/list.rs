//! `jaunt list` and `run --dry-run`: what a selection means. Nothing is sent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::arguments::ListArguments;
use super::prepare::{Asked, Prepared, last, prepare};
use super::run::folder;
use super::{exit, say};
use crate::config::Fetch;
use crate::model::target::Var;
use crate::model::{Diagnostic, Nanos, Quarantine};
use crate::report;

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
    let prepared = prepare(Asked {
        here: &here,
        selection: &arguments.selection,
        target: &arguments.target,
        fetch: Fetch::Nothing,
        timeout: None,
        repeat: 1,
        retries: None,
        last: last(&folder(&here), &arguments.selection),
    });
    match prepared {
        Ok(prepared) if arguments.json => {
            say::warnings(&prepared.warnings);
            say::out(&json(&prepared));
            exit::OK
        }
        prepared => show(prepared),
    }
}

/// One journey of `--json`; `docs/list-json.md` is its documentation.
#[derive(Serialize)]
struct Listed<'a> {
    file: &'a str,
    line: u32,
    name: String,
    id: String,
    covers: &'a [String],
    tags: &'a [String],
    owner: Option<&'a str>,
    runbook: Option<&'a str>,
    timeout_ns: Nanos,
    retries: u32,
    matrix: &'a BTreeMap<String, Var>,
    quarantine: Option<&'a Quarantine>,
    skip: Option<&'a str>,
}

#[derive(Serialize)]
struct Whole<'a> {
    format: u32,
    project: &'a str,
    target: &'a str,
    features: &'a [String],
    journeys: Vec<Listed<'a>>,
}

fn json(prepared: &Prepared) -> String {
    let journeys = prepared.planned.iter().map(|planned| {
        let journey = &planned.journey;
        Listed {
            file: &journey.id.file,
            line: journey.place.line,
            name: planned.display_name(),
            id: journey.id.to_string(),
            covers: &journey.covers,
            tags: &journey.tags,
            owner: journey.owner.as_deref(),
            runbook: journey.runbook.as_deref(),
            timeout_ns: planned.timeout,
            retries: planned.retries,
            matrix: &journey.matrix,
            quarantine: journey.quarantine.as_ref(),
            skip: planned.skip.as_deref(),
        }
    });
    let whole = Whole {
        format: 1,
        project: &prepared.project.name,
        target: prepared.chosen.name(),
        features: &prepared.project.features,
        journeys: journeys.collect(),
    };
    // Plain data with text keys always has a form in JSON.
    let text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    format!("{text}\n")
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
    say::out(&text(&prepared, say::page_width()));
    exit::OK
}

/// Fewer columns than this are not laid out for.
const NARROWEST: usize = 40;
/// Columns before a name.
const BEFORE: usize = 8;

/// The parts on one line if there is room for it, else each on a line of its own, broken between
/// words.
fn hanging(parts: &[String], width: Option<usize>) -> String {
    let line = parts.join("  ");
    match width.map(|width| width.max(NARROWEST) - BEFORE) {
        Some(room) if report::columns(&line) > room => {
            let lines = parts.iter().flat_map(|part| report::wrap(part, room));
            let lines: Vec<String> = lines.collect();
            lines.join(&format!("\n{}", " ".repeat(BEFORE)))
        }
        Some(_) | None => line,
    }
}

/// The list; on a terminal, what is too long goes on below its name. For a program each journey stays
/// one line.
fn text(prepared: &Prepared, width: Option<usize>) -> String {
    let mut out = String::new();
    let mut file = "";
    for planned in &prepared.planned {
        let journey = &planned.journey;
        if journey.id.file != file {
            file = &journey.id.file;
            out.push_str(&format!("{file}\n"));
        }
        let mut said = vec![planned.display_name()];
        if !journey.tags.is_empty() {
            said.push(format!("[{}]", journey.tags.join(", ")));
        }
        if let Some(quarantine) = &journey.quarantine {
            said.push(format!("(in quarantine until {})", quarantine.expires));
        }
        if let Some(reason) = &planned.skip {
            said.push(format!("(skipped: {reason})"));
        }
        let said = hanging(&said, width);
        out.push_str(&format!("  {:>4}  {said}\n", journey.place.line));
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
