//! One journey of the page: its score, and its recorded walk with a mark on each arrow that faults
//! were put on.

use maud::{Markup, PreEscaped, html};

use crate::model::Outcome;
use crate::model::event::RunHeader;
use crate::model::proof::{JourneyProof, Proof};
use crate::model::run::Attempt;
use crate::report::lanes::{Lanes, Size, svg};
use crate::report::proof::words;
use crate::report::style::one_line;

use super::list;
use super::marks::{Marked, marked};

pub(super) fn section(proof: &Proof, index: usize, journey: &JourneyProof) -> Markup {
    let declared = &journey.journey;
    let score = journey.score();
    let (passed, walks) = journey.green;
    html! {
        section.part.journey id=(format!("j{index}")) {
            h2 { (one_line(&declared.id.name)) }
            p.note { code { (one_line(&declared.place.to_string())) }
                @if let Some(owner) = &declared.owner { " · " (one_line(owner)) } }
            @if let Some(refusal) = &journey.refused {
                p.problem { "refused: " (one_line(&refusal.reason)) }
                @if let Some(failure) = &refusal.failure { p { (one_line(failure)) } }
            } @else {
                p { "score " b { (words::noticed(&score)) } ", sharp " b { (words::sharply(&score)) }
                    ": " (score.judged() - score.survived) " of " (score.judged()) " faults noticed, "
                    (journey.expectations) " expectations" }
            }
            p.note { (passed) " of " (walks) " walks without a fault passed" }
            @let decoration = journey.decoration();
            @if !decoration.is_empty() {
                p { "decoration, nobody notices when what these do is left out: " (names(&decoration)) }
            }
            @if !journey.volatile.is_empty() {
                @let leaves: Vec<String> = journey.volatile.iter()
                    .map(|it| format!("{} of {}", it.path, it.of)).collect();
                p.note { "different from walk to walk, and not changed: " (names(&leaves)) }
            }
            @if !journey.unsteady.is_empty() {
                p.note { "not in every walk without a fault: " (names(&journey.unsteady)) }
            }
            (walk(proof, index, journey))
        }
        "\n"
    }
}

fn names(all: &[String]) -> Markup {
    html! { @for name in all { span.name { (one_line(name)) } " " } }
}

/// The recorded walk, and below it the faults of each mark.
fn walk(proof: &Proof, index: usize, journey: &JourneyProof) -> Markup {
    let all = marked(journey);
    let lanes = lanes(proof, journey);
    let by_seq = all.iter().map(|it| (it.seq, it.mark(index))).collect();
    let drawn = svg::marked(&lanes, &format!("lanes-{index}"), &by_seq);
    html! {
        @if !lanes.is_empty() {
            div.diagram tabindex="0" { (PreEscaped(drawn)) }
        }
        @for one in &all { (faults(index, one)) }
    }
}

fn faults(index: usize, one: &Marked<'_>) -> Markup {
    html! {
        details.faults id=(one.leads(index)) data-m=(one.class()) {
            summary { (one.told()) @if let Some(first) = one.mutants.first() {
                small { (one_line(&list::site(first))) } } }
            ul { @for mutant in &one.mutants { (list::brief(mutant)) } }
        }
    }
}

/// The lanes of the recorded walk. They need no more of a run than who took part.
fn lanes(proof: &Proof, journey: &JourneyProof) -> Lanes {
    let events = journey.recorded.clone();
    let attempt = Attempt {
        number: 1,
        outcome: Outcome::Passed,
        reason: String::new(),
        started: events.first().map_or(0, |it| it.at),
        took: 0,
        failures: Vec::new(),
        decisive: None,
        steps: Vec::new(),
        said: Vec::new(),
        expected: 0,
        measured: Vec::new(),
        compared: Vec::new(),
        events,
        let_go: Vec::new(),
    };
    let header = RunHeader {
        target: proof.target.clone(),
        ..RunHeader::default()
    };
    Lanes::of(&header, &attempt, Size::WHOLE)
}
