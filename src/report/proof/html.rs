//! A proof as one page for a browser: one file without any other, which asks no network and runs
//! nothing but its own script. All of it stands in the page and is readable without a script; the
//! script filters, copies, and opens what a mark on an arrow leads to.
//!
//! Whatever a server, a script or a setting says is escaped by the template (`maud`) or by the
//! diagram, made visible where it is not, and met by a policy that lets no other script run.

mod journey;
mod list;
mod marks;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, html};
use sha2::{Digest as _, Sha256};

use crate::model::proof::{Proof, Score};
use crate::report::files::Content;
use crate::report::html::facts::started;
use crate::report::html::parts::{own, tone};
use crate::report::html::sink::Sink;
use crate::report::style::{duration, one_line};

use super::words::{self, Fate, count};

const STYLE: &str = concat!(
    include_str!("../html/page.css"),
    include_str!("html/proof.css")
);
const SCRIPT: &str = include_str!("html/proof.js");

/// The page, made while it is written.
#[derive(Debug)]
pub struct ProofHtml<'a>(pub &'a Proof);

impl Content for ProofHtml<'_> {
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self(proof) = self;
        let mut out = Sink::new(out);
        out.put(&head(proof))?;
        out.put(&banner(proof))?;
        out.put(&overview(proof))?;
        out.put(&list::survivors(proof))?;
        for (index, one) in proof.journeys.iter().enumerate() {
            out.put(&journey::section(proof, index, one))?;
        }
        out.put(&list::filters(proof))?;
        for (index, one) in proof.journeys.iter().enumerate() {
            for mutant in &one.mutants {
                out.put(&list::row(proof, index, one, mutant))?;
            }
        }
        out.put(&html! { (own("</ol>\n</section>\n</main>\n")) })
    }
}

/// Nothing is loaded and nothing runs but what the page brings itself, to the byte.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// Everything before the body. The policy stands first: it holds for what comes behind it.
fn head(proof: &Proof) -> Markup {
    let (word, _) = words::verdict_word(proof);
    html! {
        (DOCTYPE)
        (own("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="generator" content=(format!("jaunt {}", proof.jaunt));
            title { (word) " · jaunt prove · " (one_line(&proof.project)) }
            style { (own(STYLE)) }
            script { (own(SCRIPT)) }
        }
        (own("\n<body class=\"proof\">\n"))
    }
}

/// The verdict, at the top of everything.
fn banner(proof: &Proof) -> Markup {
    let (word, ink) = words::verdict_word(proof);
    let score = proof.score();
    let exit = proof.verdict().exit_code();
    html! {
        a.skip href="#main" { "to the report" }
        header.banner data-tone=(tone(ink)) {
            div.verdict {
                strong.word id="verdict" data-exit=(exit) { (word) }
                span.exit { "score " (words::noticed(&score)) ", sharp " (words::sharply(&score)) }
                span.exit { "exit " (exit) }
                span.exit { (duration(proof.took)) }
            }
            div.subject {
                span { (one_line(&proof.project)) }
                @if let Some(target) = words::target(&proof.target) { span { (one_line(&target)) } }
                @if let Some(at) = started(proof.started) { time { (at) } }
            }
            button.theme type="button" id="theme" title="light or dark" { "auto" }
        }
        (own("<main id=\"main\">\n"))
    }
}

/// The whole of it in numbers, and what is wrong with it.
fn overview(proof: &Proof) -> Markup {
    let score = proof.score();
    html! {
        section.part id="overview" {
            p.badge-line id="badge" { (words::badge(proof)) }
            @if let Some(stop) = proof.stop {
                p.problem { (words::stopped(stop)) ": this is what was known by then, "
                    (count(proof.all_left_out(), "fault")) " left out" }
            }
            @for reason in &proof.gate { p.problem { (one_line(reason)) } }
            @for trouble in &proof.troubles { p.problem { (one_line(trouble)) } }
            (counts(&score))
            p.note { "score of " (words::operators(proof)) }
            @if let Some(text) = words::unscored(proof) { p.note { (text) } }
            div.two {
                div { h2 { "Journeys" } (journeys(proof)) }
                div { h2 { "Operators" } (operators(proof)) }
            }
        }
        "\n"
    }
}

/// How many mutants came to what.
fn counts(score: &Score) -> Markup {
    html! {
        ul.counts id="counts" {
            @for fate in Fate::ALL {
                @let number = fate.count(score);
                li data-s=(fate.name()) data-n=(number) { b { (number) } " " (fate.told()) }
            }
        }
    }
}

fn journeys(proof: &Proof) -> Markup {
    html! {
        table {
            thead { tr { th { "journey" } th { "noticed" } th { "score" } th { "sharp" } } }
            tbody {
                @for (index, one) in proof.journeys.iter().enumerate() {
                    @let score = one.score();
                    tr {
                        td { a href=(format!("#j{index}")) { (one_line(&one.journey.id.name)) } }
                        @if one.refused.is_some() {
                            td colspan="3" { span.problem { "refused" } }
                        } @else {
                            td { (score.judged() - score.survived) " of " (score.judged()) }
                            td { (words::noticed(&score)) }
                            td { (words::sharply(&score)) }
                        }
                    }
                }
            }
        }
    }
}

fn operators(proof: &Proof) -> Markup {
    html! {
        table {
            thead { tr { th { "operator" } th { "noticed" } th { "score" } } }
            tbody {
                @for (operator, score) in proof.by_operator() {
                    tr {
                        td { span title=(operator.sentence()) { (operator.name()) } }
                        td { (score.judged() - score.survived) " of " (score.judged()) }
                        td { (words::noticed(&score)) }
                    }
                }
            }
        }
    }
}
