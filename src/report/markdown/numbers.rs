//! The numbers of the summary page: a table of what is not what it was.

use std::fmt::Write as _;

use crate::model::run::Run;
use crate::model::value::shorten;
use crate::report::numbers::alike::alike;
use crate::report::numbers::{Digest, Entry, console, digest, phase, release, words};

use super::plain;

/// Most rows of the table, and most characters of a cell.
const ROWS: usize = 30;
const LONGEST: usize = 300;

/// `37 compared with r41: 36 unchanged, 1 moved, 0 missing`
pub(super) fn headline(run: &Run) -> Option<String> {
    digest(run).as_ref().and_then(console::headline)
}

/// What moved, drifted and is unusual, and whose outcome changed around the deploy; empty if there
/// is nothing of the kind.
pub(super) fn section(run: &Run) -> String {
    let mut out = around(run);
    let Some(digest) = digest(run) else {
        return out;
    };
    let rows = rows(run, &digest);
    if rows.is_empty() {
        return out;
    }
    out.push_str("### Numbers\n\n| | what came of it | journey |\n|---|---|---|\n");
    for (word, what, whose) in rows.iter().take(ROWS) {
        let _ = writeln!(out, "| {word} | {} | {} |", cell(what), cell(whose));
    }
    out.push('\n');
    if rows.len() > ROWS {
        let _ = writeln!(out, "… and {} more\n", rows.len() - ROWS);
    }
    if let Some(text) = console::commits(&digest) {
        let _ = writeln!(out, "{}\n", plain(&text));
    }
    out
}

/// Under which word, what, and whose.
type Row = (&'static str, String, String);

fn rows(run: &Run, digest: &Digest<'_>) -> Vec<Row> {
    let moved = |entry: &Entry<'_>| {
        let parts = words::parts(entry.comparison, release(run)).join(", ");
        let name = &entry.journey.planned.journey.id.name;
        let what = format!("{}: {parts}", entry.comparison.key);
        ("moved", what, name.clone())
    };
    let beside = |word: &'static str, entries: &[Entry<'_>]| -> Vec<Row> {
        let all = alike(run, entries).into_iter();
        all.map(|one| (word, one.said.clone(), one.whose()))
            .collect()
    };
    let mut all: Vec<Row> = digest.moved.iter().map(moved).collect();
    all.extend(beside("drift", digest.shown_drift()));
    all.extend(beside("unusual", digest.shown_anomalies()));
    all
}

fn around(run: &Run) -> String {
    let Some(around) = phase::around(run) else {
        return String::new();
    };
    let mut out = format!("**before/after** {}\n\n", plain(&around.headline()));
    for changed in around.changed.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "- {}: {} → {}",
            cell(&changed.journey.name),
            cell(changed.before),
            changed.after.name()
        );
    }
    if !around.changed.is_empty() {
        out.push('\n');
    }
    out
}

fn cell(text: &str) -> String {
    plain(&shorten(text, LONGEST))
}
