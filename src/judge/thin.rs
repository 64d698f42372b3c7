//! What is kept of the events of an attempt that did not pass, when there is no room for all: what
//! reports tell of, which is the moments before each failure and those at the end, and the names
//! that they need. Reports of what was thinned say what they would have said.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::event::{Payload, StreamId};
use crate::model::told::{By, LetGo};
use crate::model::value::shorten;
use crate::model::{Event, EventKind};

/// Moments before a failure, of all clients; reports show 12.
const BEFORE: usize = 16;
/// Causes before a failure; reports show 5.
const ACTS: usize = 8;
/// Moments of each client before a failure and at the end; reports show 24.
const END: usize = 24;
/// Moments at the beginning: who opened what.
const HEAD: usize = 24;
/// Characters of a payload: those that a moment shows.
const TEXT: usize = 300;

/// About how many bytes an event takes.
pub(super) fn cost(event: &Event) -> usize {
    let own = size_of::<Event>();
    let headers = |headers: &[(String, String)]| -> usize {
        let sizes = headers.iter().map(|(name, value)| name.len() + value.len());
        sizes.map(|size| size + size_of::<(String, String)>()).sum()
    };
    own + match &event.kind {
        EventKind::RequestSent {
            url,
            headers: all,
            body,
            ..
        } => url.len() + headers(all) + body.kept.len(),
        EventKind::ResponseReceived {
            headers: all, body, ..
        } => headers(all) + body.kept.len(),
        EventKind::StreamOpening {
            url, headers: all, ..
        } => url.len() + headers(all),
        EventKind::StreamOpened { headers: all, .. } => headers(all),
        EventKind::FrameSent { payload, .. }
        | EventKind::FrameReceived { payload, .. }
        | EventKind::Attached { payload, .. } => payload.kept.len(),
        EventKind::Noted { text, .. } => text.len(),
        EventKind::Expected(it) => {
            let nearest = it.nearest.as_ref().map_or(0, |nearest| nearest.value.len());
            size_of_val(it.as_ref()) + it.pattern.len() + it.promise.len() + nearest
        }
        EventKind::Failed(failure) => 2 * size_of_val(failure.as_ref()),
        // Names and places.
        _ => 64,
    }
}

/// Thins events, in the order of the run, of which some may have been let go before.
pub(super) fn thin(events: Vec<Event>, before: Vec<LetGo>) -> (Vec<Event>, Vec<LetGo>) {
    let owners = owners(&events);
    let whose = |event: &Event| {
        let by = event.kind.told()?.by;
        Some(match by {
            By::Stream(stream) => owners.get(&stream).copied().unwrap_or(by),
            By::Client(_) | By::Target | By::Journey => by,
        })
    };
    let keep = chosen(&events, whose);
    let mut items: Vec<Item> = before.into_iter().map(Item::Gone).collect();
    for (event, keep) in events.into_iter().zip(keep) {
        if keep {
            items.push(Item::Kept(Box::new(cut(event))));
        } else if let Some(by) = whose(&event) {
            let (seq, count) = (event.seq, 1);
            items.push(Item::Gone(LetGo { seq, by, count }));
        }
    }
    items.sort_by_key(Item::seq);
    gathered(items)
}

enum Item {
    Kept(Box<Event>),
    Gone(LetGo),
}

impl Item {
    fn seq(&self) -> u64 {
        match self {
            Self::Kept(event) => event.seq,
            Self::Gone(gone) => gone.seq,
        }
    }
}

/// What was let go between two kept events becomes one entry for each end.
fn gathered(items: Vec<Item>) -> (Vec<Event>, Vec<LetGo>) {
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    let mut row: BTreeMap<By, LetGo> = BTreeMap::new();
    for item in items {
        match item {
            Item::Kept(event) => {
                gone.extend(std::mem::take(&mut row).into_values());
                kept.push(*event);
            }
            Item::Gone(one) => match row.get_mut(&one.by) {
                Some(known) => (known.seq, known.count) = (one.seq, known.count + one.count),
                None => drop(row.insert(one.by, one)),
            },
        }
    }
    gone.extend(row.into_values());
    kept.shrink_to_fit();
    (kept, gone)
}

fn owners(events: &[Event]) -> BTreeMap<StreamId, By> {
    let opening = events.iter().filter_map(|event| match &event.kind {
        EventKind::StreamOpening { stream, client, .. } => Some((*stream, By::Client(*client))),
        _ => None,
    });
    opening.collect()
}

/// Which of the events are kept.
fn chosen(events: &[Event], whose: impl Fn(&Event) -> Option<By>) -> Vec<bool> {
    let mut keep: Vec<bool> = events.iter().map(is_always_kept).collect();
    let told: Vec<usize> = (0..events.len())
        .filter(|at| events[*at].kind.told().is_some())
        .collect();
    let is_act = |at: &usize| events[*at].kind.told().is_some_and(|told| told.act);
    let acts: Vec<usize> = told.iter().copied().filter(is_act).collect();
    let last = |of: &[usize], until: u64, most: usize, keep: &mut Vec<bool>| {
        let end = of.partition_point(|at| events[*at].seq <= until);
        for at in &of[end.saturating_sub(most)..end] {
            keep[*at] = true;
        }
    };
    let mut of_end: BTreeMap<By, Vec<usize>> = BTreeMap::new();
    for at in &told {
        if let Some(by) = whose(&events[*at]) {
            of_end.entry(by).or_default().push(*at);
        }
    }
    for until in ends(events) {
        last(&told, until, BEFORE, &mut keep);
        last(&acts, until, ACTS, &mut keep);
        // Diagrams leave out clients, and then need more of the others.
        for of in of_end.values() {
            last(of, until, END, &mut keep);
        }
    }
    let named = named(events);
    for at in &told {
        keep[*at] |= named.contains(&events[*at].seq);
    }
    for at in told.iter().take(HEAD) {
        keep[*at] = true;
    }
    // The first one of each end as well: reports list clients in that order.
    let mut seen: BTreeMap<By, usize> = BTreeMap::new();
    for at in &told {
        let first = whose(&events[*at]).is_some_and(|by| seen.insert(by, 0).is_none());
        keep[*at] |= first;
    }
    for at in told.iter().rev() {
        let count = whose(&events[*at]).and_then(|by| seen.get_mut(&by));
        if let Some(count) = count.filter(|count| **count < END) {
            *count += 1;
            keep[*at] = true;
        }
    }
    name_exchanges(events, &mut keep);
    keep
}

/// Up to where reports look back: at each failure, and at the end.
fn ends(events: &[Event]) -> Vec<u64> {
    let failed = events.iter().filter_map(|event| match &event.kind {
        EventKind::Failed(failure) => Some(failure.expectation.unwrap_or(event.seq)),
        _ => None,
    });
    failed.chain([u64::MAX]).collect()
}

/// Events that an expectation points to: what came nearest, and what decided it.
fn named(events: &[Event]) -> BTreeSet<u64> {
    let expected = events.iter().filter_map(|event| match &event.kind {
        EventKind::Expected(it) => Some(it),
        _ => None,
    });
    let named = expected.flat_map(|it| {
        let nearest = it.nearest.as_ref().and_then(|nearest| nearest.seq);
        [it.decided_by, nearest]
    });
    named.flatten().collect()
}

/// A kept answer needs its request, and a request without an answer may still get one.
fn name_exchanges(events: &[Event], keep: &mut [bool]) {
    let (mut answered, mut needed) = (BTreeSet::new(), BTreeSet::new());
    for (event, keep) in events.iter().zip(keep.iter()) {
        if let EventKind::ResponseReceived { exchange, .. }
        | EventKind::RequestFailed { exchange, .. } = &event.kind
        {
            answered.insert(*exchange);
            if *keep {
                needed.insert(*exchange);
            }
        }
    }
    for (event, keep) in events.iter().zip(keep.iter_mut()) {
        if let EventKind::RequestSent { exchange, .. } = &event.kind {
            *keep |= needed.contains(exchange) || !answered.contains(exchange);
        }
    }
}

/// Names, expectations and failures; what passed over the wire and what was said is not.
fn is_always_kept(event: &Event) -> bool {
    match &event.kind {
        EventKind::RequestSent { .. }
        | EventKind::ResponseReceived { .. }
        | EventKind::RequestFailed { .. }
        | EventKind::StreamOpened { .. }
        | EventKind::StreamFailed { .. }
        | EventKind::FrameSent { .. }
        | EventKind::FrameReceived { .. }
        | EventKind::StreamActed { .. }
        | EventKind::StreamEnded { .. }
        | EventKind::StreamStopped { .. }
        | EventKind::StepStarted { .. }
        | EventKind::StepEnded { .. }
        | EventKind::Polled { .. }
        | EventKind::Caught { .. }
        | EventKind::Noted { .. }
        | EventKind::Recorded { .. }
        | EventKind::NumberCompared(_)
        | EventKind::Attached { .. }
        | EventKind::BranchCancelled { .. }
        | EventKind::FaultApplied { .. } => false,
        EventKind::RunStarted(_)
        | EventKind::CouldNotStart { .. }
        | EventKind::FloorChecked { .. }
        | EventKind::WaitStarted(_)
        | EventKind::WaitAsked(_)
        | EventKind::WaitEnded(_)
        | EventKind::ReleaseChecked(_)
        | EventKind::ReleaseSeen(_)
        | EventKind::NotRun { .. }
        | EventKind::AttemptStarted { .. }
        | EventKind::ClientMade { .. }
        | EventKind::StreamOpening { .. }
        | EventKind::Expected(_)
        | EventKind::Failed(_)
        | EventKind::AttemptEnded { .. }
        | EventKind::RunEnded { .. } => true,
    }
}

/// Without what no moment shows of it.
fn cut(mut event: Event) -> Event {
    match &mut event.kind {
        EventKind::RequestSent { headers, body, .. }
        | EventKind::ResponseReceived { headers, body, .. } => {
            *headers = Vec::new();
            cut_payload(body);
        }
        EventKind::StreamOpening { headers, .. } | EventKind::StreamOpened { headers, .. } => {
            *headers = Vec::new();
        }
        EventKind::FrameSent { payload, .. } | EventKind::FrameReceived { payload, .. } => {
            cut_payload(payload);
        }
        _ => {}
    }
    event
}

fn cut_payload(payload: &mut Payload) {
    // Of bytes the number is told, and half of base64 would be garbage.
    payload.kept = match payload.base64 {
        true => String::new(),
        false => shorten(&payload.kept, TEXT),
    };
}
