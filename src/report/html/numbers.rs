//! The numbers of the overview: what was compared with what, what moved, drifted or is unusual, and
//! each number through the releases as a drawing.

mod chart;

use maud::{Markup, html};

use crate::model::number::Standing;
use crate::model::run::Run;
use crate::model::walked::What;
use crate::report::numbers::alike::{Alike, alike};
use crate::report::numbers::{Digest, Entry, console, declared, digest, phase, release, words};
use crate::report::style::one_line;

/// Most rows of a table, and how many of them are open.
const LISTED: usize = 200;
const OPEN: usize = 20;
/// Most journeys that are named in a row.
const JOURNEYS: usize = 8;
/// Most drawings, and how many of them are open.
const DRAWN: usize = 60;
const OPEN_DRAWINGS: usize = 6;

/// The whole section; nothing if no number was recorded or compared.
pub(super) fn section(run: &Run) -> Markup {
    html! {
        (around(run))
        @match digest(run) {
            Some(digest) => (compared(run, &digest)),
            None => (recorded(run)),
        }
    }
}

fn compared(run: &Run, digest: &Digest<'_>) -> Markup {
    let said = console::headline(digest);
    let is_empty = said.is_none()
        && digest.remarks.is_empty()
        && digest.moved.is_empty()
        && digest.drift.is_empty()
        && digest.anomalies.is_empty();
    html! {
        @if !is_empty {
            section.compared id="numbers" {
                h2 { "Numbers" }
                @if let Some(text) = said { p { (one_line(&text)) } }
                @if let Some(text) = console::commits(digest) { p.note { (one_line(&text)) } }
                @for remark in digest.remarks { p.note { (one_line(remark)) } }
                (moved(run, &digest.moved))
                (beside(run, ("drift", "Drift"), &digest.drift))
                (beside(run, ("anomaly", "Unusual"), &digest.anomalies))
                (drawings(run, digest))
                (all_declared(run))
            }
        }
    }
}

/// Declared numbers that are not what they were, one row each.
fn moved(run: &Run, entries: &[Entry<'_>]) -> Markup {
    let row = |entry: &Entry<'_>| {
        let parts = words::parts(entry.comparison, release(run));
        html! {
            tr {
                td { (one_line(&entry.comparison.key.to_string())) }
                td { (one_line(&parts.join(" · "))) }
                td { (whose(entry)) }
            }
        }
    };
    let head = html! { thead { tr { th { "number" } th { "what came of it" } th { "journey" } } } };
    table(("moved", "Moved"), &head, entries.iter().map(row).collect())
}

/// What nobody declared and is not as it was: one row for what several journeys tell alike.
fn beside(run: &Run, names: (&str, &str), entries: &[Entry<'_>]) -> Markup {
    let row = |one: &Alike<'_>| {
        let more = one.entries.len().saturating_sub(JOURNEYS);
        html! {
            tr {
                td { (one.said) }
                td {
                    @for (index, entry) in one.entries.iter().take(JOURNEYS).enumerate() {
                        @if index > 0 { ", " }
                        (whose(entry))
                    }
                    @if more > 0 { " and " (more) " more" }
                }
            }
        }
    };
    let head = html! { thead { tr { th { "what came of it" } th { "journey" } } } };
    table(names, &head, alike(run, entries).iter().map(row).collect())
}

/// A heading and its rows, of which the first are open.
fn table((class, title): (&str, &str), head: &Markup, rows: Vec<Markup>) -> Markup {
    let (open, folded) = rows.split_at(rows.len().min(OPEN));
    let shown = folded.len().min(LISTED - OPEN);
    html! {
        @if !rows.is_empty() {
            h3 { (title) " " small { (rows.len()) } }
            table.numbers data-standing=(class) { (head) tbody { @for row in open { (row) } } }
            @if shown > 0 {
                details {
                    summary.note { (shown) " more" }
                    table.numbers data-standing=(class) { (head) tbody { @for row in &folded[..shown] { (row) } } }
                }
            }
            @if folded.len() > shown { p.note { (folded.len() - shown) " more are in the JSON report." } }
        }
    }
}

fn whose(entry: &Entry<'_>) -> Markup {
    let name = entry.journey.planned.display_name();
    html! { a href=(format!("#j{}", entry.index)) { (one_line(&name)) } }
}

/// Numbers with a history: first those that are not what they were.
fn drawings(run: &Run, digest: &Digest<'_>) -> Markup {
    let grave = digest
        .moved
        .iter()
        .chain(&digest.anomalies)
        .chain(&digest.drift);
    let mut all: Vec<Markup> = grave
        .filter_map(|entry| chart::figure(run, digest, entry))
        .take(DRAWN)
        .collect();
    let open = all.len().min(OPEN_DRAWINGS);
    let quiet = declared(run)
        .into_iter()
        .filter(|it| matches!(it.comparison.standing, Standing::Unchanged | Standing::New));
    let room = DRAWN.saturating_sub(all.len());
    all.extend(
        quiet
            .filter_map(|entry| chart::figure(run, digest, &entry))
            .take(room),
    );
    let (open, folded) = all.split_at(open);
    html! {
        @if !open.is_empty() { div.charts { @for one in open { (one) } } }
        @if !folded.is_empty() {
            details {
                summary.note { (folded.len()) " more through the releases" }
                div.charts { @for one in folded { (one) } }
            }
        }
    }
}

/// Every declared number, folded.
fn all_declared(run: &Run) -> Markup {
    let all = declared(run);
    let more = all.len().saturating_sub(LISTED);
    html! {
        @if !all.is_empty() {
            details {
                summary.note { "all that was declared" }
                table.numbers {
                    thead { tr { th { "number" } th.value { "value" } th { "came to" } th { "journey" } } }
                    tbody {
                        @for entry in all.iter().take(LISTED) {
                            @let it = entry.comparison;
                            tr {
                                td { (one_line(&it.key.to_string())) }
                                td.value {
                                    @match &it.now {
                                        Some(now) => (one_line(&words::worth(now, it.unit.as_deref()))),
                                        None => "not measured",
                                    }
                                }
                                td { (it.standing.name().replace('_', " ")) }
                                td { (whose(entry)) }
                            }
                        }
                    }
                }
                @if more > 0 { p.note { (more) " more are in the JSON report." } }
            }
        }
    }
}

/// Outcomes that changed around a deploy.
fn around(run: &Run) -> Markup {
    html! {
        @if let Some(around) = phase::around(run) {
            section.compared {
                h2 { "Before and after" }
                p { (one_line(&around.headline())) }
                @if !around.changed.is_empty() {
                    table.numbers {
                        thead { tr { th { "journey" } th { "before" } th { "after" } } }
                        tbody {
                            @for it in around.changed.iter().take(LISTED) {
                                tr {
                                    td { a href=(format!("#j{}", it.index)) { (one_line(&it.journey.name)) } }
                                    td { (one_line(it.before)) }
                                    td data-o=(it.after.name()) { (it.after.name()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Numbers of a trace that compared none.
fn recorded(run: &Run) -> Markup {
    let told = run
        .journeys
        .iter()
        .enumerate()
        .filter_map(|(index, it)| Some((index, it, it.decisive()?)));
    let all: Vec<(usize, &str, &str, String)> = told
        .flat_map(|(index, it, attempt)| {
            attempt
                .said
                .iter()
                .filter_map(move |said| match &said.what {
                    What::Number { name, value } => Some((
                        index,
                        name.as_ref(),
                        value.as_ref(),
                        it.planned.display_name(),
                    )),
                    What::Note(_) | What::Attached { .. } => None,
                })
        })
        .collect();
    let more = all.len().saturating_sub(LISTED);
    html! {
        @if !all.is_empty() {
            section {
                h2 { "Numbers" }
                table.numbers {
                    thead { tr { th { "number" } th.value { "value" } th { "journey" } } }
                    tbody {
                        @for (index, name, value, journey) in all.iter().take(LISTED) {
                            tr {
                                td { (one_line(name)) }
                                td.value { (one_line(value)) }
                                td { a href=(format!("#j{index}")) { (one_line(journey)) } }
                            }
                        }
                    }
                }
                @if more > 0 { p.note { (more) " more are with their journeys." } }
            }
        }
    }
}
