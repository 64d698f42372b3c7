//! Streams, each with its messages in order.

use maud::{Markup, html};

use super::collect::{Moment, Stream, What, Wire};
use super::payload::{self, Budget};
use super::{Frame, ends, exchange, gap, phases, rows};
use crate::model::event::{FrameKind, How};
use crate::report::html::caps::Share;
use crate::report::html::parts::moment;
use crate::report::moment::acted;
use crate::report::style::{duration, one_line};

/// All streams, in the order in which they were opened.
pub(super) fn all(wire: &Wire<'_>, frame: Frame, share: &Share, budget: &mut Budget) -> Markup {
    let most = rows(share) / wire.streams.len().max(1);
    let (first, missing, last) = ends(&wire.streams, rows(share));
    html! {
        @if !wire.streams.is_empty() {
            h4 { "Streams" }
            div.waterfall {
                @for it in first { (one(it, frame, most.max(10), budget)) }
                (gap(missing))
                @for it in last { (one(it, frame, most.max(10), budget)) }
            }
        }
    }
}

fn one(it: &Stream<'_>, frame: Frame, most: usize, budget: &mut Budget) -> Markup {
    let (status, class) = status(it);
    let took = it.opened.as_ref().map(|opened| opened.phases.total);
    let took = took.or_else(|| it.failed.map(|(at, _, _)| at.saturating_sub(it.at)));
    html! {
        details.exchange.stream {
            summary {
                span.time { (moment(it.at, frame.start)) }
                span.who { (one_line(&it.client)) }
                span.what { b { "open" } " " (exchange::path(it.url)) small { (it.moments.len()) " moments" } }
                span class=(format!("status {class}")) { (status) }
                @match (&it.opened, &it.failed) {
                    (Some(opened), _) => (exchange::opening(it.at, &opened.phases, frame)),
                    (None, Some((until, _, _))) => (phases::failed(it.at, *until, frame)),
                    (None, None) => (phases::failed(it.at, it.at, frame)),
                }
                span.time { @if let Some(took) = took { (duration(took)) } }
            }
            div.inside {
                p.url { code { (one_line(it.url)) } @if let Some(place) = it.place { small { (one_line(&place.to_string())) } } }
                @if let Some((_, problem, _)) = &it.failed { p.problem { (one_line(&problem.message)) } }
                @if let Some(opened) = &it.opened { (phases::list(&opened.phases)) }
                (payload::headers("request headers", it.headers, budget))
                @if let Some(opened) = &it.opened { (payload::headers("response headers", opened.headers, budget)) }
                (moments(it, frame, most, budget))
            }
        }
    }
}

fn status(it: &Stream<'_>) -> (String, &'static str) {
    match (&it.opened, &it.failed) {
        (Some(opened), _) => (opened.status.to_string(), "fine"),
        (None, Some((_, _, Some(status)))) => (status.to_string(), "refused"),
        (None, Some((_, problem, None))) => (problem.kind.name().to_string(), "bad"),
        (None, None) => (String::new(), "fine"),
    }
}

fn moments(it: &Stream<'_>, frame: Frame, most: usize, budget: &mut Budget) -> Markup {
    let (first, missing, last) = ends(&it.moments, most);
    html! {
        ol.messages {
            @for one in first { (row(one, frame, budget)) }
            @if missing > 0 { li.gap { "⋮ " (missing) " more, in the trace" } }
            @for one in last { (row(one, frame, budget)) }
        }
    }
}

fn row(one: &Moment<'_>, frame: Frame, budget: &mut Budget) -> Markup {
    let (arrow, way, what) = match &one.what {
        What::Sent {
            frame,
            payload,
            by_itself,
        } => (
            "→",
            if *by_itself { "sent itself" } else { "sent" },
            html! { (kind(*frame)) (payload::message(payload, budget)) @if *by_itself { small { "by itself" } } },
        ),
        What::Received {
            frame,
            payload,
            unanswered,
        } => (
            "←",
            "received",
            html! { (kind(*frame)) (payload::message(payload, budget)) @if *unanswered { small { "not answered" } } },
        ),
        What::Acted(action) => ("·", "here", html! { em { (acted(*action)) } }),
        What::Ended(ended) => (
            if ended.by_us { "·" } else { "←" },
            if ended.by_us { "here" } else { "received" },
            html! { em { (how(ended.how)) (if ended.by_us { " by the journey, " } else { " by the target, " }) (ended.code) " " (one_line(&ended.reason)) } },
        ),
        What::Stopped(problem) => (
            "✗",
            "bad",
            html! { em { "stopped: " (one_line(&problem.message)) } },
        ),
    };
    html! {
        li class=(way) { span.time { (moment(one.at, frame.start)) } span.arrow { (arrow) } div { (what) } }
    }
}

fn kind(frame: FrameKind) -> Markup {
    let word = match frame {
        FrameKind::Text => return html! {},
        FrameKind::Binary => "binary",
        FrameKind::Ping => "ping",
        FrameKind::Pong => "pong",
        FrameKind::Close => "close",
        FrameKind::Raw => "raw",
    };
    html! { span.role { (word) } }
}

fn how(how: How) -> &'static str {
    match how {
        How::Close => "close frame",
        How::Fin => "FIN",
        How::Reset => "reset",
        How::End => "end of the body",
    }
}
