//! The list of all journeys, with what searches and filters it.

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::model::run::{JourneyResult, Run};
use crate::report::counts::Counts;
use crate::report::names::without_extension;
use crate::report::style::{duration, one_line};

use super::parts::{mark, own};

/// The controls, up to the first row.
pub(super) fn head(run: &Run) -> Markup {
    let counts = Counts::of(&run.journeys);
    let outcomes = [
        ("failed", counts.failed),
        ("errored", counts.errored),
        ("flaky", counts.flaky),
        ("passed", counts.passed),
        ("skipped", counts.skipped),
    ];
    html! {
        (own("<nav id=\"list\" aria-label=\"journeys\">"))
        form.filters id="filters" role="search" {
            div.top {
                a.home href="#overview" { "Overview" }
                output id="shown" data-count="planned" data-value=(counts.planned) { (counts.planned) }
            }
            input id="search" type="search" placeholder="search journeys  /" aria-label="search journeys" autocomplete="off" spellcheck="false";
            div.outcomes {
                @for (outcome, count) in outcomes {
                    label data-o=(outcome) hidden[count == 0] {
                        input type="checkbox" name="outcome" value=(outcome);
                        span { (outcome) " " b data-count=(outcome) data-value=(count) { (count) } }
                    }
                }
                @if counts.quarantined > 0 {
                    label data-o="quarantined" {
                        input type="checkbox" name="outcome" value="quarantined";
                        span { "quarantined " b data-count="quarantined" data-value=(counts.quarantined) { (counts.quarantined) } }
                    }
                }
            }
            div.choices {
                (choice("tag", "any tag", run.journeys.iter().flat_map(|it| &it.planned.journey.tags)))
                (choice("feature", "any feature", run.journeys.iter().flat_map(|it| &it.planned.journey.covers)))
            }
        }
        (own("<ol id=\"rows\">\n"))
    }
}

fn choice<'a>(name: &str, any: &str, all: impl Iterator<Item = &'a String>) -> Markup {
    let all: BTreeSet<&String> = all.collect();
    html! {
        @if !all.is_empty() {
            select id=(name) name=(name) aria-label=(name) {
                option value="" { (any) }
                @for one in all { option value=(one) { (one_line(one)) } }
            }
        }
    }
}

/// One journey.
pub(super) fn row(index: usize, result: &JourneyResult) -> Markup {
    let journey = &result.planned.journey;
    let quarantined = !result.gate.gates();
    let list = |names: &[String]| (!names.is_empty()).then(|| names.join("\n"));
    html! {
        li data-o=(result.outcome.name()) data-q[quarantined] data-tags=[list(&journey.tags)] data-covers=[list(&journey.covers)] data-more=[more(result)] {
            a href=(format!("#j{index}")) {
                (mark(result.outcome))
                span.what { (one_line(&result.planned.display_name())) small { (one_line(without_extension(&journey.id.file))) } }
                span.time { @if !result.attempts.is_empty() { (duration(result.took)) } }
            }
        }
        "\n"
    }
}

/// What a search finds beside the name.
fn more(result: &JourneyResult) -> Option<String> {
    let journey = &result.planned.journey;
    let mut words: Vec<&str> = vec![&result.reason];
    words.extend(journey.owner.as_deref());
    words.retain(|word| !word.is_empty());
    (!words.is_empty()).then(|| one_line(&words.join(" ")))
}

/// Behind the last row; what is shown of a journey follows.
pub(super) fn end() -> Markup {
    html! {
        (own("</ol><p id=\"more\" hidden>…</p><p id=\"none\" hidden>No journey is like that.</p></nav>\n<main id=\"main\" tabindex=\"-1\">\n"))
    }
}
