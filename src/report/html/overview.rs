//! The first thing to see: floor, ceiling, release, features, what did not pass, where the time
//! went, and the numbers.

use maud::{Markup, html};

use crate::model::run::{JourneyResult, Run};
use crate::model::walked::Step;
use crate::model::{Nanos, Outcome};
use crate::report::console::{troubles, verdict_word};
use crate::report::style::{Ink, Style, duration, one_line};
use crate::report::{ceiling, counts::Counts, diagnostic, failure, release};

use super::parts::{badge, bar, floor, mark, names, thousandths, tone};
use super::{facts, numbers};

/// How many journeys and steps are named as the slowest, and how many journeys that did not pass are
/// listed.
const SLOWEST: usize = 8;
const LISTED: usize = 200;

/// The whole overview.
pub(super) fn section(run: &Run) -> Markup {
    html! {
        section.overview id="overview" tabindex="-1" {
            (could_not_start(run))
            div.cards { (floor_card(run)) (ceiling_card(run)) (features_card(run)) }
            (proportions(run))
            (odd(run))
            (not_passed(run))
            (release_case(run))
            (numbers::section(run))
            (slowest(run))
            // The word for who reads the page by ear, where no list of failures says it.
            p.sr { (verdict_word(run).0) }
            section { h2 { "Run" } (facts::of_run(run).list()) }
        }
        "\n"
    }
}

fn could_not_start(run: &Run) -> Markup {
    html! {
        @if !run.could_not_start.is_empty() {
            section.broken {
                h2 { "It could not start" }
                @for error in &run.could_not_start {
                    pre.told tabindex="0" { (diagnostic::render(error, false, 100)) }
                }
            }
        }
    }
}

fn card(title: &str, state: &str, ink: Ink, body: &Markup) -> Markup {
    html! {
        section.card data-tone=(tone(ink)) { h2 { (title) } p.state { (state) } (body) }
    }
}

fn floor_card(run: &Run) -> Markup {
    let Some(report) = &run.floor else {
        return card(
            "Floor",
            "not asked",
            Ink::Dim,
            &html! { p.note { "No floor check was made." } },
        );
    };
    let (up, all) = (report.up_count(), report.checks.len());
    let (state, ink) = match report.is_up() {
        true => (format!("up, {up} of {all}"), Ink::Green),
        false => (format!("DOWN, {up} of {all} up"), Ink::Yellow),
    };
    card("Floor", &state, ink, &floor(report))
}

fn ceiling_card(run: &Run) -> Markup {
    if run.journeys.is_empty() {
        let why = run
            .header
            .idle
            .as_deref()
            .unwrap_or("No journey was planned.");
        return card(
            "Ceiling",
            "unknown",
            Ink::Dim,
            &html! { p.note { (one_line(why)) } },
        );
    }
    let (state, ink) = ceiling::state(run);
    let body = html! {
        ul.plain { @for part in ceiling::parts(run) { li { (one_line(&part)) } } }
    };
    card("Ceiling", state, ink, &body)
}

fn features_card(run: &Run) -> Markup {
    let coverage = &run.coverage;
    let (verified, broken) = (&coverage.verified, &coverage.broken);
    let all = verified.len() + broken.len() + coverage.not_covered.len();
    if all == 0 {
        let body = html! { p.note { "The project names no " code { "features" } "." } };
        return card("Features", "none named", Ink::Dim, &body);
    }
    let ink = match (broken.len(), coverage.not_covered.len()) {
        (0, 0) => Ink::Green,
        (0, _) => Ink::Dim,
        _ => Ink::Red,
    };
    // A run of one file covers few of the project's features: many names are folded.
    let (open, folded) = match coverage.not_covered.len() {
        0..=ceiling::NAMED => (coverage.not_covered.as_slice(), [].as_slice()),
        _ => ([].as_slice(), coverage.not_covered.as_slice()),
    };
    let body = html! {
        dl.features {
            @for (term, list) in [("not verified", broken.as_slice()), ("not covered", open)] {
                @if !list.is_empty() { div { dt { (term) } dd { (names(list)) } } }
            }
        }
        @if !folded.is_empty() {
            details {
                summary.note { (folded.len()) " not covered" }
                p { (names(folded)) }
            }
        }
        @if !verified.is_empty() {
            details { summary.note { "verified" } p { (names(verified)) } }
        }
    };
    let state = format!("{} of {all} verified", verified.len());
    card("Features", &state, ink, &body)
}

/// The outcomes as parts of one bar.
fn proportions(run: &Run) -> Markup {
    let counts = Counts::of(&run.journeys);
    let parts = [
        ("failed", counts.failed),
        ("errored", counts.errored),
        ("flaky", counts.flaky),
        ("passed", counts.passed),
        ("skipped", counts.skipped),
    ];
    let whole = counts.planned as u64;
    let mut at = 0;
    let pieces: Vec<(u64, u64, &'static str)> = parts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| {
            let from = thousandths(at, whole);
            at += *count as u64;
            (from, (thousandths(at, whole) - from).max(4), *class)
        })
        .collect();
    let shown = parts.iter().filter(|(_, count)| *count > 0);
    html! {
        @if whole > 0 {
            figure.proportions {
                (bar(&pieces))
                figcaption {
                    @for (outcome, count) in shown { span data-o=(outcome) { b { (count) } " " (outcome) } }
                    @if counts.quarantined > 0 { span { b { (counts.quarantined) } " in quarantine" } }
                    span { b { (counts.planned) } " in all" }
                }
            }
        }
    }
}

fn odd(run: &Run) -> Markup {
    let troubles = troubles(run);
    html! {
        @if !troubles.is_empty() {
            section.odd { h2 { "Beside the journeys" } ul { @for one in &troubles { li { (one_line(one)) } } } }
        }
    }
}

/// What did not pass, each with its promise in a line; those that share a reason share its line.
fn not_passed(run: &Run) -> Markup {
    let all: Vec<(usize, &JourneyResult)> = run
        .journeys
        .iter()
        .enumerate()
        .filter(|(_, it)| !matches!(it.outcome, Outcome::Passed | Outcome::Skipped))
        .collect();
    let more = all.len().saturating_sub(LISTED);
    let says_the_same = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        let (_, it) = all[at];
        it.attempts.is_empty() && before.is_some_and(|(_, before)| before.reason == it.reason)
    };
    html! {
        @if !all.is_empty() {
            section.broken {
                h2 { "What did not pass" }
                ol.told {
                    @for (at, (index, it)) in all.iter().enumerate().take(LISTED) {
                        li {
                            a href=(format!("#j{index}")) {
                                (mark(it.outcome))
                                span.what { (one_line(&it.planned.display_name())) }
                                (badge(it))
                            }
                            @if !says_the_same(at) { p { (failure::headline(run, it)) } }
                        }
                    }
                }
                @if more > 0 { p.note { (more) " more are in the list." } }
            }
        }
    }
}

fn release_case(run: &Run) -> Markup {
    html! {
        @if let Some(text) = release::body(run, &Style::plain()) {
            section.broken { h2 { "Release" } pre.told tabindex="0" { (text) } }
        }
    }
}

fn slowest(run: &Run) -> Markup {
    let journeys = run
        .journeys
        .iter()
        .enumerate()
        .filter(|(_, it)| !it.attempts.is_empty());
    let mut journeys: Vec<(usize, &str, Nanos)> = journeys
        .map(|(index, it)| (index, it.planned.journey.id.name.as_str(), it.took))
        .collect();
    let mut steps: Vec<(usize, &str, Nanos)> = run
        .journeys
        .iter()
        .enumerate()
        .flat_map(|(index, it)| {
            it.attempts
                .iter()
                .flat_map(move |one| leaves(&one.steps).map(move |step| (index, step)))
        })
        .filter_map(|(index, step)| Some((index, step.stretch.name.as_str(), step.ended?.0)))
        .collect();
    html! {
        @if !journeys.is_empty() {
            div.two {
                section { h2 { "Slowest journeys" } (ranking(&mut journeys)) }
                @if !steps.is_empty() { section { h2 { "Slowest steps" } (ranking(&mut steps)) } }
            }
        }
    }
}

/// Steps without steps inside: the others are no more than these together.
fn leaves(steps: &[Step]) -> impl Iterator<Item = &Step> {
    let parents: std::collections::HashSet<u32> = steps
        .iter()
        .filter_map(|step| step.stretch.parent)
        .collect();
    steps.iter().filter(move |step| !parents.contains(&step.id))
}

fn ranking(all: &mut [(usize, &str, Nanos)]) -> Markup {
    all.sort_by_key(|(index, _, took)| (std::cmp::Reverse(*took), *index));
    let most = all.first().map_or(0, |(_, _, took)| *took);
    html! {
        table.ranking { tbody {
            @for (index, name, took) in all.iter().take(SLOWEST) {
                tr {
                    td { a href=(format!("#j{index}")) { (one_line(name)) } }
                    td.graph { (bar(&[(0, thousandths(*took, most).max(2), "took")])) }
                    td.time { (duration(*took)) }
                }
            }
        } }
    }
}
