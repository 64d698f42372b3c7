//! Faults at messages.

use super::Put;
use super::leaf;
use crate::model::duration;
use crate::model::fault::{Change, Passage, Passed, What};
use std::time::Duration;

/// Within every deadline that is worth its name.
const SLOW: Duration = Duration::from_millis(20);

pub(super) fn faults(put: &mut Put<'_, '_>) {
    let What::Message { bytes, binary, .. } = &put.passed().what else {
        return;
    };
    put.put(Change::Drop);
    if put.line.looked.is_none() {
        return;
    }
    // It is looked at later than it comes, and waited for from then on.
    let until = put.material.first().met_at(put.passed().seq);
    let after = until.map_or(0, |until| until.saturating_sub(put.passed().at));
    let by = put.material.beyond + after;
    put.put(Change::Delay { by });
    put.put_once(Change::Slow {
        by: duration::nanos(SLOW),
    });
    put.put(Change::Duplicate);
    let here = put.steady.at[0];
    // Once the journey has answered the first one, the next one is owed to that answer.
    let first = put.material.first();
    let seq = put.passed().seq;
    let unanswered = put
        .all()
        .filter(|(at, _)| *at > here)
        .take_while(|(_, passed)| !first.acts_between(seq, passed.seq));
    if neighbour(unanswered, put, bytes) {
        put.put(Change::Swap);
    }
    if neighbour(put.all().rev().filter(|(at, _)| *at < here), put, bytes) {
        put.put(Change::Replay);
    }
    if let Some(to) = other_client(put) {
        put.put(Change::Misdeliver { to });
    }
    if is_first_of_its_stream(put) {
        put.put(Change::CloseEarly);
    }
    if !binary {
        leaf::faults(put);
    }
}

/// True if the next message of the same stream is another one, and somebody looked at it: the order
/// of what nobody looks at is nobody's to notice.
fn neighbour<'a>(
    passed: impl Iterator<Item = (usize, &'a Passed)>,
    put: &Put<'_, '_>,
    bytes: &[u8],
) -> bool {
    let mut same_stream = passed.filter_map(|(at, passed)| match &passed.what {
        What::Message { site, bytes, .. } if is_same_stream(&site.passage, put) => {
            (site.client == put.site().client).then_some((at, bytes))
        }
        _ => None,
    });
    let next = same_stream.next();
    next.is_some_and(|(at, other)| other != bytes && put.looked.contains(&at))
}

fn is_same_stream(passage: &Passage, put: &Put<'_, '_>) -> bool {
    match (passage, &put.site().passage) {
        (Passage::Message { stream, .. }, Passage::Message { stream: own, .. }) => stream == own,
        _ => false,
    }
}

/// Ways to leave a stream: nobody can say when exactly it is gone.
const LEAVES: [&str; 4] = ["close", "abort", "half_close", "vanish"];

/// Another client that has a stream open when the message comes and has left none, the first that was
/// made.
fn other_client(put: &Put<'_, '_>) -> Option<String> {
    let walks = put.material.walks.iter().zip(&put.steady.at);
    // In each walk, or it were a matter of chance whether there is such a mutant.
    let listens = |name: &str| {
        walks.clone().all(|(walk, at)| {
            let seq = walk.passed[*at].seq;
            walk.listening_at(seq).contains(&name)
        })
    };
    let clients = put.material.first().clients();
    let mut others = clients
        .into_iter()
        .filter(|name| *name != put.site().client);
    let found = others.find(|name| listens(name) && !has_left(put.before(), name));
    found.map(str::to_string)
}

fn has_left(before: &[Passed], client: &str) -> bool {
    before.iter().any(|passed| match &passed.what {
        What::Ended { site, .. } => site.client == client,
        What::Acted { site } => match &site.passage {
            Passage::Action { call, .. } => {
                site.client == client && LEAVES.contains(&call.as_str())
            }
            Passage::Response { .. }
            | Passage::Message { .. }
            | Passage::Ending { .. }
            | Passage::Pings { .. }
            | Passage::Expectation { .. } => false,
        },
        What::Response { .. }
        | What::Message { .. }
        | What::Pinged { .. }
        | What::Sent { .. }
        | What::Made { .. }
        | What::Met { .. } => false,
    })
}

/// One early end for each stream is enough: at the first message at which somebody looked.
fn is_first_of_its_stream(put: &Put<'_, '_>) -> bool {
    !put.found.all.iter().any(|one| {
        one.fault.change == Change::CloseEarly
            && one.fault.site.client == put.site().client
            && is_same_stream(&one.fault.site.passage, put)
    })
}
