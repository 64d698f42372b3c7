//! One journey: what broke, what it did, what went over the wire, where it stands and how it is
//! run again.

use maud::{Markup, html};

use crate::model::Outcome;
use crate::model::run::{Attempt, JourneyResult, Run};
use crate::report::lanes::{Lanes, Size};
use crate::report::style::{Style, duration, one_line};
use crate::report::{attempts, failure, names};

use super::parts::{badge, command, floor, link, mark, source};
use super::{facts, parts, steps};

/// The section as it stands in the page.
pub(super) fn whole(run: &Run, index: usize, result: &JourneyResult) -> Markup {
    html! {
        article id=(format!("j{index}")) tabindex="-1" { (inner(run, index, result)) }
        "\n"
    }
}

/// What is in it.
pub(super) fn inner(run: &Run, index: usize, result: &JourneyResult) -> Markup {
    html! {
        (head(result))
        (broken(run, result))
        (sources(result))
        (seen(run, index, result))
        (floors(result))
        @if !result.attempts.is_empty() {
            section.attempts {
                h3 { (if result.attempts.len() == 1 { "What it did" } else { "Attempts" }) }
                @for one in &result.attempts { (attempt(index, result, one)) }
            }
        }
        (environment(run, result))
    }
}

fn head(result: &JourneyResult) -> Markup {
    let journey = &result.planned.journey;
    let name = one_line(&result.planned.display_name());
    html! {
        header {
            p.crumbs {
                a href="#overview" { "Overview" }
                span.place { (one_line(&journey.place.to_string())) }
            }
            h2 { (mark(result.outcome)) span { (name) } }
            p.meta {
                (badge(result))
                @if !result.attempts.is_empty() { span.time { (duration(result.took)) } }
                @for tag in &journey.tags { span.tag { (one_line(tag)) } }
                @for feature in &journey.covers { span.feature { (one_line(feature)) } }
                @if result.expected_nothing() { span.warning { "expected nothing" } }
            }
            @if let Some(text) = attempts::quarantine(result) { p.quarantine { (one_line(&text)) } }
        }
    }
}

/// The promise in large letters, and the text that console and JUnit have.
fn broken(run: &Run, result: &JourneyResult) -> Markup {
    match result.outcome {
        Outcome::Passed => html! {},
        Outcome::Skipped => html! { section { p.promise { (one_line(&result.reason)) } } },
        Outcome::Failed | Outcome::Errored(_) | Outcome::Flaky => html! {
            section.what-broke {
                h3 { "What broke" }
                p.promise { (one_line(&result.reason)) }
                pre.told tabindex="0" { (failure::body(run, result, &Style::plain())) }
            }
        },
    }
}

fn sources(result: &JourneyResult) -> Markup {
    let failures = result.told().map_or(&[][..], |it| &it.failures);
    let excerpts: Vec<_> = failures.iter().filter(|it| it.excerpt.is_some()).collect();
    html! {
        @if !excerpts.is_empty() {
            section {
                h3 { "Source" }
                @for failure in excerpts {
                    @if let Some(excerpt) = &failure.excerpt { (source(excerpt)) }
                    @for frame in &failure.frames { p.note { "called from " code { (one_line(&frame.to_string())) } } }
                }
            }
        }
    }
}

/// Rows and clients of the diagram around a failure: what fits beside the text.
const AROUND: Size = Size {
    rows: 24,
    clients: 6,
    whole: false,
};

fn seen(run: &Run, index: usize, result: &JourneyResult) -> Markup {
    let told = result.told().filter(|it| it.decisive.is_some());
    let lanes = told.map(|it| Lanes::of(&run.header, it, AROUND));
    html! {
        @if let Some(lanes) = lanes.filter(|it| !it.is_empty()) {
            section {
                h3 { "What each client saw" }
                (parts::drawn(&lanes, &format!("l{index}")))
            }
        }
    }
}

fn floors(result: &JourneyResult) -> Markup {
    let attempt = result.told();
    let failure = attempt.and_then(|it| it.failures.get(it.decisive?));
    html! {
        @if let Some(report) = failure.and_then(|it| it.floor.as_ref()) {
            section {
                h3 { "The floor at that moment" }
                p.note {
                    @if report.is_up() { "It was up: monitoring is green." } @else { "It was not up." }
                }
                (floor(report))
            }
        }
    }
}

fn attempt(index: usize, result: &JourneyResult, one: &Attempt) -> Markup {
    let is_told = result.told().is_none_or(|told| told.number == one.number);
    let block = format!("w{index}-{}", one.number);
    let inside = html! {
        (steps::table(one))
        (steps::said(one))
        div.wire data-block=(block) { p.note.loading { "What went over the wire is unpacked by a script." } }
    };
    html! {
        @if result.attempts.len() == 1 {
            div.attempt { (inside) }
        } @else {
            details.attempt open[is_told] {
                summary {
                    (mark(one.outcome)) " " (attempts::numbered(one.number, &result.planned)) " "
                    span { (one.outcome.name()) } " " (parts::time(one.took))
                    @if !one.reason.is_empty() { span.why { (one_line(&one.reason)) } }
                }
                (inside)
            }
        }
    }
}

fn environment(run: &Run, result: &JourneyResult) -> Markup {
    let journey = &result.planned.journey;
    let mut list = facts::Facts::new();
    list.markup(
        "again",
        command(&names::again(&run.header, &result.planned)),
    );
    list.add("owner", journey.owner.as_deref());
    if let Some(runbook) = &journey.runbook {
        list.markup("runbook", link(runbook));
    }
    for (key, value) in &journey.matrix {
        list.markup(
            "matrix",
            html! { (one_line(key)) " = " (one_line(&shown(value))) },
        );
    }
    html! {
        section.environment {
            h3 { "Environment" }
            (list.list())
            (facts::of_run(run).list())
        }
    }
}

fn shown(value: &crate::model::target::Var) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
