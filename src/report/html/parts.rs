//! Small things that stand in many places of the page.

use maud::{Markup, PreEscaped, html};
use url::Url;

use crate::model::outcome::Whose;
use crate::model::run::JourneyResult;
use crate::model::{Excerpt, FloorReport, Nanos, Outcome};
use crate::report::lanes::{Lanes, svg};
use crate::report::style::{Ink, Style, duration, one_line};

/// The mark of an outcome, with its word for who cannot see it.
pub(super) fn mark(outcome: Outcome) -> Markup {
    let (sign, _) = Style::plain().mark(outcome);
    html! { span.mark data-o=(outcome.name()) role="img" aria-label=(outcome.name()) { (sign) } }
}

/// The outcome in a word.
pub(super) fn badge(journey: &JourneyResult) -> Markup {
    let word = journey.outcome.name();
    let whose = match journey.outcome {
        Outcome::Errored(Whose::Target) => " (the target's)",
        Outcome::Errored(Whose::Ours) => " (ours)",
        Outcome::Errored(Whose::Interrupt) => " (interrupted)",
        Outcome::Passed | Outcome::Failed | Outcome::Skipped | Outcome::Flaky => "",
    };
    html! { span.badge data-o=(word) { (word) (whose) } }
}

/// The class of a colour with a meaning.
pub(in crate::report) fn tone(ink: Ink) -> &'static str {
    match ink {
        Ink::Green => "good",
        Ink::Red => "bad",
        Ink::Yellow => "odd",
        Ink::Dim | Ink::Bold => "plain",
    }
}

/// A duration for people.
pub(super) fn time(nanos: Nanos) -> Markup {
    html! { span.time { (duration(nanos)) } }
}

/// When something happened, in seconds since another moment: `+1.412`.
pub(super) fn moment(at: Nanos, start: Nanos) -> String {
    let millis = at.saturating_sub(start).saturating_add(500_000) / 1_000_000;
    format!("+{}.{:03}", millis / 1000, millis % 1000)
}

/// Bytes for people: `312 B`, `4.0 kB`.
pub(super) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{}.{} kB", count / 1_000, count / 100 % 10),
        _ => format!("{}.{} MB", count / 1_000_000, count / 100_000 % 10),
    }
}

/// A link, where what a journey calls one leads to the web; else its text.
pub(super) fn link(text: &str) -> Markup {
    let safe = Url::parse(text).ok();
    let safe = safe.filter(|url| matches!(url.scheme(), "http" | "https"));
    match safe {
        Some(url) => html! { a href=(url.as_str()) rel="noreferrer noopener" { (one_line(text)) } },
        None => html! { (one_line(text)) },
    }
}

/// A command to be copied.
pub(in crate::report) fn command(text: &str) -> Markup {
    html! {
        span.command { code { (text) } button.copy type="button" title="copy" { "copy" } }
    }
}

/// Names beside each other.
pub(super) fn names(names: &[String]) -> Markup {
    html! { @for name in names { span.name { (one_line(name)) } " " } }
}

/// Source lines around a place, the one that is meant marked.
pub(super) fn source(excerpt: &Excerpt) -> Markup {
    html! {
        figure.source {
            figcaption { (one_line(&excerpt.place.to_string())) }
            pre tabindex="0" {
                @for (line, number) in excerpt.lines.iter().zip(excerpt.first..) {
                    @if number == excerpt.place.line {
                        mark.line { span.number { (number) } (marked(line, excerpt.caret)) "\n" }
                    } @else {
                        span.line { span.number { (number) } (line) "\n" }
                    }
                }
            }
        }
    }
}

/// A line with what the caret stands under.
fn marked(line: &str, caret: Option<(usize, usize)>) -> Markup {
    let at = |at: usize| line.floor_char_boundary(at.min(line.len()));
    let Some((from, to)) = caret.map(|(from, to)| (at(from), at(to.max(from)))) else {
        return html! { (line) };
    };
    html! { (line[..from]) u { (line[from..to]) } (line[to..]) }
}

/// Each floor check with its time, or why it is down.
pub(super) fn floor(floor: &FloorReport) -> Markup {
    html! {
        table.floor { tbody {
            @for check in &floor.checks {
                tr data-o=(if check.down.is_none() { "passed" } else { "errored" }) {
                    th scope="row" { (one_line(&check.name)) }
                    td {
                        @match &check.down {
                            None => { "up" @if check.insecure { " (any certificate)" } },
                            Some(down) => (one_line(down)),
                        }
                    }
                    td.time { (duration(check.took)) }
                }
            }
        } }
    }
}

/// A sequence diagram, which scrolls where it is too wide. Its words are escaped already.
pub(super) fn drawn(lanes: &Lanes, id: &str) -> Markup {
    html! {
        div.diagram tabindex="0" { (PreEscaped(svg::element(lanes, id))) }
    }
}

/// A part of a whole as a bar: pieces from so many thousandths on, so many wide, each of a class.
pub(super) fn bar(pieces: &[(u64, u64, &'static str)]) -> Markup {
    html! {
        svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            @for (x, width, class) in pieces {
                rect class=(class) x=(x) y="0" width=(width) height="10" {}
            }
        }
    }
}

/// Thousandths of a whole.
pub(super) fn thousandths(part: Nanos, whole: Nanos) -> u64 {
    let share = u128::from(part) * 1000 / u128::from(whole.max(1));
    u64::try_from(share.min(1000)).unwrap_or(1000)
}

/// What is our own to the last byte: a style, a script.
pub(in crate::report) fn own(text: &'static str) -> PreEscaped<&'static str> {
    PreEscaped(text)
}
