//! Requests and openings of streams as a waterfall; each opens into what was said.

use maud::{Markup, html};

use super::collect::{Exchange, Wire};
use super::payload::{self, Budget};
use super::{Frame, ends, gap, phases, rows};
use crate::model::Nanos;
use crate::report::html::caps::Share;
use crate::report::html::parts::moment;
use crate::report::style::{duration, one_line};

/// All of them, in the order in which they were sent.
pub(super) fn waterfall(
    wire: &Wire<'_>,
    frame: Frame,
    share: &Share,
    budget: &mut Budget,
) -> Markup {
    let (first, missing, last) = ends(&wire.exchanges, rows(share));
    html! {
        @if !wire.exchanges.is_empty() {
            h4 { "Requests" }
            div.waterfall {
                @for it in first { (row(it, frame, budget)) }
                (gap(missing))
                @for it in last { (row(it, frame, budget)) }
            }
        }
    }
}

fn row(it: &Exchange<'_>, frame: Frame, budget: &mut Budget) -> Markup {
    let (status, class) = status(it);
    html! {
        details.exchange {
            summary {
                span.time { (moment(it.at, frame.start)) }
                span.who { (one_line(&it.client)) }
                span.what { b { (one_line(it.method)) } " " (path(it.url)) @if it.hop > 0 { small { "redirect " (it.hop) } } }
                span class=(format!("status {class}")) { (status) }
                (graph(it, frame))
                span.time { (took(it)) }
            }
            (inside(it, budget))
        }
    }
}

fn status(it: &Exchange<'_>) -> (String, &'static str) {
    match (&it.answer, &it.failed) {
        (Some(answer), _) => (
            answer.status.to_string(),
            match answer.status {
                0..400 => "fine",
                400.. => "refused",
            },
        ),
        (None, Some((_, problem))) => (problem.kind.name().to_string(), "bad"),
        (None, None) => ("stream".to_string(), "fine"),
    }
}

fn took(it: &Exchange<'_>) -> String {
    match (&it.answer, &it.failed) {
        (Some(answer), _) => duration(answer.phases.total),
        (None, Some((at, _))) => duration(at.saturating_sub(it.at)),
        (None, None) => String::new(),
    }
}

fn graph(it: &Exchange<'_>, frame: Frame) -> Markup {
    match (&it.answer, &it.failed) {
        (Some(answer), _) => phases::answered(it.at, &answer.phases, frame),
        (None, Some((until, _))) => phases::failed(it.at, *until, frame),
        (None, None) => phases::failed(it.at, it.at, frame),
    }
}

fn inside(it: &Exchange<'_>, budget: &mut Budget) -> Markup {
    html! {
        div.inside {
            p.url { code { (one_line(it.method)) " " (one_line(it.url)) } @if let Some(place) = it.place { small { (one_line(&place.to_string())) } } }
            @if let Some((_, problem)) = &it.failed { p.problem { (one_line(&problem.message)) } }
            @if let Some(answer) = &it.answer { (phases::list(&answer.phases)) }
            (payload::headers("request headers", it.headers, budget))
            (payload::named("request body", it.body, budget))
            @if let Some(answer) = &it.answer {
                (payload::headers(&format!("response headers, {} over HTTP/{}", answer.status, one_line(answer.version)), answer.headers, budget))
                (payload::named("response body", answer.body, budget))
            }
        }
    }
}

/// Path and query of a URL, with its host behind: what is the same in most rows comes last.
pub(super) fn path(url: &str) -> Markup {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let at = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(at);
    let path = if path.is_empty() { "/" } else { path };
    html! { span.path { (one_line(path)) } " " small { (one_line(host)) } }
}

/// The row of something that is no request and was opened like one.
pub(super) fn opening(at: Nanos, phases: &crate::model::event::Phases, frame: Frame) -> Markup {
    phases::answered(at, phases, frame)
}
