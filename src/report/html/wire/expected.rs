//! What was expected, and what came of it.

use maud::{Markup, html};

use super::{Frame, ends, rows};
use crate::model::event::{Expectation, Met};
use crate::model::{Event, EventKind, Nanos, Outcome};
use crate::report::html::caps::Share;
use crate::report::html::parts::{mark, moment};
use crate::report::style::{duration, one_line};

/// Every expectation, in order.
pub(super) fn table(events: &[Event], frame: Frame, share: &Share) -> Markup {
    let decided = events.iter().filter_map(|event| match &event.kind {
        EventKind::Expected(it) => Some((event.at, it.as_ref())),
        _ => None,
    });
    let all: Vec<(Nanos, &Expectation)> = decided.collect();
    let (first, missing, last) = ends(&all, rows(share));
    html! {
        @if !all.is_empty() {
            h4 { "Expectations" }
            table.expected { tbody {
                @for (at, it) in first { (row(*at, it, frame)) }
                @if missing > 0 { tr { td colspan="4" class="gap" { "⋮ " (missing) " more, in the trace" } } }
                @for (at, it) in last { (row(*at, it, frame)) }
            } }
        }
    }
}

fn row(at: Nanos, it: &Expectation, frame: Frame) -> Markup {
    let (outcome, more) = match it.result {
        Met::Met => (Outcome::Passed, String::new()),
        // A round of `eventually` that was not met yet is no failure.
        Met::Unmet if !it.counts => (Outcome::Skipped, "does not count".to_string()),
        Met::Unmet => (Outcome::Failed, String::new()),
        Met::Late(by) => (Outcome::Failed, format!("{} late", duration(by))),
    };
    let text = if it.promise.is_empty() {
        &it.pattern
    } else {
        &it.promise
    };
    html! {
        tr data-o=(outcome.name()) {
            td.time { (moment(at, frame.start)) }
            td { (mark(outcome)) }
            td { (one_line(text)) @if !more.is_empty() { small { (more) } } }
            td { @if let Some(place) = &it.place { small { (one_line(&place.to_string())) } } }
        }
    }
}
