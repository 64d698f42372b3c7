//! What an attempt walked through, with times, and what it said.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::model::event::StepRole;
use crate::model::run::Attempt;
use crate::model::walked::{Step, What};
use crate::report::style::{duration, one_line};

use super::parts::{bar, bytes, moment, thousandths};

/// Rows of one attempt; a loop may make a step for each of ten thousand rounds.
const ROWS: usize = 300;
/// Steps further in stand as far to the right as these.
const DEEPEST: usize = 6;

/// Steps in order, each with its place in time.
pub(super) fn table(attempt: &Attempt) -> Markup {
    let depths = depths(&attempt.steps);
    let more = attempt.steps.len().saturating_sub(ROWS);
    html! {
        @if !attempt.steps.is_empty() {
            table.steps {
                thead { tr { th { "step" } th.time { "at" } th.time { "took" } th.graph { "" } } }
                tbody { @for (step, depth) in attempt.steps.iter().zip(&depths).take(ROWS) { (row(attempt, step, *depth)) } }
            }
            @if more > 0 { p.note { (more) " more steps are in the trace." } }
        }
    }
}

fn row(attempt: &Attempt, step: &Step, depth: usize) -> Markup {
    let (outcome, took) = match step.ended {
        Some((took, true)) => ("passed", took),
        Some((took, false)) => ("failed", took),
        None => (
            "errored",
            (attempt.started + attempt.took).saturating_sub(step.started),
        ),
    };
    let from = thousandths(step.started.saturating_sub(attempt.started), attempt.took);
    let wide = thousandths(took, attempt.took).clamp(3, 1003 - from.min(1000));
    let stretch = &step.stretch;
    html! {
        tr data-o=(outcome) {
            td class=(format!("in{}", depth.min(DEEPEST))) {
                span.what { (one_line(&stretch.name)) }
                @match stretch.role {
                    StepRole::Step => {},
                    StepRole::Floor => span.role { "floor" },
                    StepRole::Soft => span.role { "soft" },
                    StepRole::Cleanup => span.role { "cleanup" },
                }
                @if let Some(place) = &stretch.place { small { (one_line(&place.to_string())) } }
            }
            td.time { (moment(step.started, attempt.started)) }
            td.time { @if step.ended.is_some() { (duration(took)) } @else { "never ended" } }
            td.graph { (bar(&[(from, wide, outcome)])) }
        }
    }
}

/// How far inside other steps each one is.
fn depths(steps: &[Step]) -> Vec<usize> {
    let mut known: BTreeMap<u32, usize> = BTreeMap::new();
    let mut out = Vec::with_capacity(steps.len());
    for step in steps {
        let parent = step.stretch.parent.and_then(|it| known.get(&it));
        let depth = parent.map_or(0, |it| it + 1);
        known.insert(step.id, depth);
        out.push(depth);
    }
    out
}

/// Notes, numbers and names of attachments, in order.
pub(super) fn said(attempt: &Attempt) -> Markup {
    html! {
        @if !attempt.said.is_empty() {
            ul.said {
                @for said in attempt.said.iter().take(ROWS) {
                    @match &said.what {
                        What::Note(text) => li { span.role { "note" } (one_line(text)) },
                        What::Number { name, value } => li { span.role { "number" } (one_line(name)) " = " b { (one_line(value)) } },
                        What::Attached { name, size } => li { span.role { "attached" } (one_line(name)) " (" (bytes(*size)) ")" },
                    }
                }
            }
        }
    }
}
