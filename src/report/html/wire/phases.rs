//! The phases of a request as a bar: DNS, connect, TLS, first byte, body.

use maud::{Markup, html};

use super::Frame;
use crate::model::Nanos;
use crate::model::event::Phases;
use crate::report::html::parts::{bar, thousandths};
use crate::report::style::duration;

/// Name and class of each phase, in order.
const NAMES: [(&str, &str); 5] = [
    ("DNS", "dns"),
    ("connect", "connect"),
    ("TLS", "tls"),
    ("first byte", "wait"),
    ("body", "body"),
];

/// The phases that happened, with their times; what none of them counts is the body.
fn parts(phases: &Phases) -> [Option<Nanos>; 5] {
    let known = [phases.dns, phases.connect, phases.tls, phases.first_byte];
    let counted: Nanos = known.iter().flatten().sum();
    let rest = phases.total.saturating_sub(counted);
    let [dns, connect, tls, wait] = known;
    [dns, connect, tls, wait, (rest > 0).then_some(rest)]
}

/// The bar of an answer within its attempt.
pub(super) fn answered(at: Nanos, phases: &Phases, frame: Frame) -> Markup {
    let mut from = at.saturating_sub(frame.from);
    let mut pieces = Vec::new();
    for (part, (_, class)) in parts(phases).iter().zip(NAMES) {
        let Some(took) = part else { continue };
        let left = thousandths(from, frame.length());
        from += took;
        let right = thousandths(from, frame.length());
        pieces.push((left.min(997), (right - left).max(1), class));
    }
    // Whatever took any time can be seen.
    if let Some((left, width, _)) = pieces.last_mut() {
        *width = (*width).max(3).min(1000 - *left);
    }
    bar(&pieces)
}

/// The bar of what came to nothing.
pub(super) fn failed(at: Nanos, until: Nanos, frame: Frame) -> Markup {
    let left = thousandths(at.saturating_sub(frame.from), frame.length()).min(997);
    let right = thousandths(until.saturating_sub(frame.from), frame.length());
    bar(&[(left, right.saturating_sub(left).max(3), "failed")])
}

/// The same in words.
pub(super) fn list(phases: &Phases) -> Markup {
    html! {
        p.phases {
            @for (part, (name, class)) in parts(phases).iter().zip(NAMES) {
                @if let Some(took) = part {
                    span { i class=(class) {} (name) " " b { (duration(*took)) } } " "
                }
            }
            span { "total " b { (duration(phases.total)) } }
        }
    }
}
