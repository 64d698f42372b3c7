//! What went over the wire in one attempt: requests as a waterfall that opens into headers and
//! bodies, the messages of every stream, and what was expected of them.

mod collect;
mod exchange;
mod expected;
mod layout;
mod payload;
mod phases;
mod stream;

use maud::{Markup, html};

use crate::model::run::{Attempt, Run};
use crate::model::{EventKind, Nanos};
use crate::report::lanes::{Lanes, Size};

pub(super) use payload::cut;

use super::caps::{Caps, Share};
use super::gather::Told;
use super::parts::drawn;
use collect::Wire;
use payload::Budget;

/// Everything that is shown of an attempt beside its steps.
pub(super) fn section(run: &Run, mut told: Told<'_>, caps: &Caps) -> Markup {
    let share = caps.share(told.attempt.map(|it| it.outcome));
    let diagram = diagram(run, &mut told, &share);
    let told = &told;
    let mut budget = Budget::new(&share);
    let wire = Wire::of(&told.events);
    let start = told.events.first().map_or(0, |event| event.at);
    let frame = wire.frame(start);
    html! {
        @if told.missing > 0 {
            p.note { "Too much happened for this page: " (told.missing) " things in the middle are in the trace only." }
        }
        (diagram)
        (exchange::waterfall(&wire, frame, &share, &mut budget))
        (stream::all(&wire, frame, &share, &mut budget))
        (expected::table(&told.events, frame, &share))
        (attachments(told, &mut budget))
        @if wire.is_empty() { p.note { "Nothing went over the wire." } }
        @if budget.is_spent() {
            p.note { "Bodies and messages are cut here where there were too many; the trace has them as far as it keeps them." }
        }
    }
}

/// The diagram of all that happened. The attempt of the judge has let go of its events where it
/// passed, so that it borrows those of the trace.
fn diagram(run: &Run, told: &mut Told<'_>, share: &Share) -> Markup {
    let Some(known) = told.attempt else {
        return html! {};
    };
    let attempt = Attempt {
        number: known.number,
        outcome: known.outcome,
        reason: String::new(),
        started: known.started,
        took: known.took,
        failures: known.failures.clone(),
        decisive: known.decisive,
        steps: Vec::new(),
        said: Vec::new(),
        expected: known.expected,
        measured: Vec::new(),
        compared: Vec::new(),
        let_go: Vec::new(),
        events: std::mem::take(&mut told.events),
    };
    let size = Size {
        rows: share.lanes,
        clients: 8,
        whole: true,
    };
    let lanes = Lanes::of(&run.header, &attempt, size);
    told.events = attempt.events;
    let id = format!("l{}-{}", told.planned, told.number);
    html! {
        @if !lanes.is_empty() {
            details.lanes-of { summary { h4 { "Everything that passed" } } (drawn(&lanes, &id)) }
        }
    }
}

/// When an attempt began, and from when to when bars of its waterfall go: a long wait at its end
/// would leave nothing of them.
#[derive(Debug, Clone, Copy)]
struct Frame {
    start: Nanos,
    from: Nanos,
    to: Nanos,
}

impl Frame {
    fn length(self) -> Nanos {
        self.to.saturating_sub(self.from)
    }
}

fn attachments(told: &Told<'_>, budget: &mut Budget) -> Markup {
    let all: Vec<_> = told
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Attached {
                name,
                media,
                payload,
            } => Some((name, media, payload)),
            _ => None,
        })
        .collect();
    html! {
        @if !all.is_empty() {
            h4 { "Attachments" }
            @for (name, media, payload) in all {
                details.exchange {
                    summary { span.what { (name) } " " span.note { (media) } }
                    (payload::block(payload, budget))
                }
            }
        }
    }
}

/// What is left of a list that is too long: a beginning, and an end that is told to its last item.
fn ends<T>(all: &[T], most: usize) -> (&[T], usize, &[T]) {
    if all.len() <= most {
        return (all, 0, &[]);
    }
    let first = most / 2;
    let last = most - first;
    (&all[..first], all.len() - most, &all[all.len() - last..])
}

/// The row for what is left out.
fn gap(missing: usize) -> Markup {
    html! { @if missing > 0 { p.gap { "⋮ " (missing) " more, in the trace" } } }
}

/// How many rows a list may have.
fn rows(share: &Share) -> usize {
    share.wire
}
