//! What nobody noticed, with what would; and every mutant, to be filtered.

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::model::fault::{Operator, Passage};
use crate::model::proof::{JourneyProof, Mutant, Proof, Suggestion};
use crate::report::html::parts::command;
use crate::report::proof::groups::{self, Cluster, Group};
use crate::report::proof::words::{self, Fate};
use crate::report::style::one_line;

/// What nobody noticed, at the lines that could have.
pub(super) fn survivors(proof: &Proof) -> Markup {
    let groups = groups::survivors(proof);
    html! {
        section.part id="survivors" {
            h2 { "What nobody noticed" }
            @if groups.is_empty() { p.note { "nothing that was judged" } }
            @for group in &groups { (of_group(group)) }
        }
        "\n"
    }
}

fn of_group(group: &Group<'_>) -> Markup {
    html! {
        div.group data-n=(group.len()) {
            h3 {
                code { (one_line(&group.place.to_string())) } " "
                @match group.line {
                    Some(line) => { code.source-line { (one_line(line)) } }
                    None => { small { "nothing looks at it in: " (one_line(&group.journey.journey.id.name)) } }
                }
            }
            @for cluster in &group.clusters { (of_cluster(cluster)) }
        }
    }
}

fn of_cluster(cluster: &Cluster<'_>) -> Markup {
    html! {
        ul.survivors {
            @for survivor in &cluster.survivors {
                li { "○ " (survivor.told)
                    @if survivor.mutants.len() > 1 { " (" (survivor.mutants.len()) " times)" } }
            }
        }
        @if let Some(suggestion) = cluster.suggestion {
            (suggested(&cluster.quantity(), suggestion))
        }
    }
}

fn suggested(quantity: &str, suggestion: &Suggestion) -> Markup {
    html! {
        p.suggestion { "would notice" (quantity) (words::where_to(suggestion)) ": "
            (command(&suggestion.lua))
            @if let Some(note) = &suggestion.note { " " small { (one_line(note)) } } }
    }
}

/// What is filtered by, and the beginning of the list.
pub(super) fn filters(proof: &Proof) -> Markup {
    let operators: BTreeSet<Operator> = proof
        .mutants()
        .map(|it| it.fault.change.operator())
        .collect();
    let score = proof.score();
    html! {
        // Its end stands behind the rows, which are written one after another.
        (maud::PreEscaped("<section class=\"part\" id=\"mutants\">\n"))
            h2 { "Every fault " span id="shown" {} }
            form id="filters" {
                input id="search" type="search" placeholder="search" aria-label="search";
                div.outcomes {
                    @for fate in Fate::ALL {
                        @let number = fate.count(&score);
                        @if number > 0 {
                            label { input type="checkbox" name="state" value=(fate.name());
                                span { (fate.told()) " " b { (number) } } }
                        }
                    }
                }
                div.choices {
                    select id="operator" aria-label="operator" {
                        option value="" { "any operator" }
                        @for operator in &operators { option value=(operator.name()) { (operator.name()) } }
                    }
                    select id="journey" aria-label="journey" {
                        option value="" { "any journey" }
                        @for (index, one) in proof.journeys.iter().enumerate() {
                            option value=(index) { (one_line(&one.journey.id.name)) }
                        }
                    }
                }
            }
            p.note id="none" hidden { "no fault is like that" }
            (maud::PreEscaped("<ol id=\"rows\" class=\"mutants\">\n"))
    }
}

/// One mutant, all that is known of it.
pub(super) fn row(proof: &Proof, index: usize, journey: &JourneyProof, mutant: &Mutant) -> Markup {
    let fate = Fate::of(mutant);
    let operator = mutant.fault.change.operator();
    html! {
        li data-s=(fate.name()) data-op=(operator.name()) data-j=(index) {
            details {
                summary {
                    span.state-word data-s=(fate.name()) { (fate.told()) }
                    span.what { (words::told(mutant)) small { (operator.name()) } }
                }
                @if let Some(by) = words::because(mutant) { p { (by) } }
                @if let Some(place) = &mutant.place {
                    p { code { (one_line(&place.to_string())) } " "
                        @if let Some(line) = &mutant.line { code { (one_line(line)) } } }
                }
                @if let Some(step) = &mutant.step { p.note { "in step " (one_line(step)) } }
                @if let Some(suggestion) = &mutant.suggestion { (suggested("", suggestion)) }
                p.note { (one_line(&site(mutant))) }
                p.note { "id " code { (one_line(&mutant.id)) } }
                p { (command(&words::again(proof, journey, mutant))) }
            }
        }
        "\n"
    }
}

/// The same in a line, below a diagram.
pub(super) fn brief(mutant: &Mutant) -> Markup {
    let fate = Fate::of(mutant);
    html! {
        li {
            span.state-word data-s=(fate.name()) { (fate.told()) } " "
            (words::told(mutant))
            @if let Some(by) = words::because(mutant) { " " small { (by) } }
            @if let Some(suggestion) = &mutant.suggestion { (suggested("", suggestion)) }
        }
    }
}

/// Where a fault is put, in a line.
pub(super) fn site(mutant: &Mutant) -> String {
    let site = &mutant.fault.site;
    let what = match &site.passage {
        Passage::Response { request } => format!("answer to {request}"),
        Passage::Message { stream, kind } => format!("stream {stream}, {kind}"),
        Passage::Ending { stream } => format!("end of stream {stream}"),
        Passage::Pings { stream } => format!("pings of stream {stream}"),
        Passage::Action { place, call } | Passage::Expectation { place, call } => {
            format!("{call} at {place}")
        }
    };
    match site.client.as_str() {
        "" => format!("{what}, number {}", site.nth),
        client => format!("{client}: {what}, number {}", site.nth),
    }
}
