//! Makes one trace of the traces of shards: as if one run had walked the whole selection. Only
//! ids, times and hosts differ from that run's.

mod ends;
mod numbers;
mod shift;

#[cfg(test)]
mod tests;

use crate::model::event::{Planned, PlannedIndex, RunHeader, Shard};
use crate::model::{Event, EventKind};

use ends::Ends;
use shift::Shift;

/// The trace of one shard: its header, and the events behind it.
#[derive(Debug, Clone)]
pub struct ShardTrace {
    /// What a person calls it: the path of its file.
    pub name: String,
    /// All of its events.
    pub events: Vec<Event>,
}

/// Why traces cannot be merged. A gate must not be green with a part of it missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// It is the trace of a whole run.
    #[error("`{0}` is no shard's trace: its run had no `--shard`")]
    NoShard(String),
    /// Two traces of one part.
    #[error("shard {number}/{of} is there twice: `{first}` and `{second}`")]
    Twice {
        /// Which part.
        number: u32,
        /// Of how many.
        of: u32,
        /// One of its traces.
        first: String,
        /// The other.
        second: String,
    },
    /// Parts of different runs.
    #[error("`{first}` and `{second}` are no shards of one run: {what} differs: {one}, {other}")]
    Different {
        /// The first trace.
        first: String,
        /// The one that differs from it.
        second: String,
        /// What differs.
        what: &'static str,
        /// What the first says.
        one: String,
        /// What the other says.
        other: String,
    },
}

/// A shard's trace, with its header taken apart.
struct Part {
    name: String,
    header: RunHeader,
    shard: Shard,
    events: Vec<Event>,
}

impl Part {
    /// False if its run could not start: then its header knows little more than which part it is.
    fn started(&self) -> bool {
        let broken = |event: &Event| matches!(event.kind, EventKind::CouldNotStart { .. });
        !self.events.iter().any(broken)
    }
}

/// Merges the traces of all shards of one selection into one. A shard that is missing is a trouble
/// of the merged run, so that it cannot be green while what is there is still reported.
///
/// # Errors
/// A trace of no shard, a shard that is there twice, and shards of different runs.
pub fn merge(traces: Vec<ShardTrace>) -> Result<Vec<Event>, MergeError> {
    let mut parts: Vec<Part> = traces.into_iter().map(part).collect::<Result<_, _>>()?;
    parts.sort_by_key(|part| part.shard.number);
    check(&parts)?;
    let missing = missing(&parts);
    let header = header(&parts);
    let shards = parts.len();
    let mut body = shifted(parts, header.started);
    let mut ends = Ends::take(shards, &mut body);
    let seq = body.iter().map(|event| event.seq + 1).max().unwrap_or(2);
    body.sort_by_key(|event| (event.at, event.seq));
    let mut events = vec![Event {
        seq: 0,
        at: 0,
        attempt: None,
        kind: EventKind::RunStarted(Box::new(header)),
    }];
    events.extend(ends.floor_checked(1));
    events.extend(body);
    events.extend(ends.run_ended(seq, missing));
    Ok(events)
}

/// All events but the headers, moved to their places; the first two are left to the run.
fn shifted(parts: Vec<Part>, started: u64) -> Vec<Event> {
    let indices = indices(&parts);
    let mut body: Vec<Event> = Vec::new();
    let (mut seq, mut attempt) = (2, 0);
    for (part, indices) in parts.into_iter().zip(indices) {
        let shift = Shift {
            seq,
            attempt,
            later: part.header.started.saturating_sub(started),
            indices,
        };
        for event in part.events.into_iter().map(|event| shift.event(event)) {
            seq = seq.max(event.seq + 1);
            attempt = attempt.max(event.attempt.map_or(0, |one| one + 1));
            body.push(event);
        }
    }
    body
}

fn part(trace: ShardTrace) -> Result<Part, MergeError> {
    let mut events = trace.events.into_iter();
    let header = match events.next().map(|event| event.kind) {
        Some(EventKind::RunStarted(header)) => *header,
        _ => return Err(MergeError::NoShard(trace.name)),
    };
    match header.shard.clone() {
        Some(shard) => Ok(Part {
            name: trace.name,
            header,
            shard,
            events: events.collect(),
        }),
        None => Err(MergeError::NoShard(trace.name)),
    }
}

fn check(parts: &[Part]) -> Result<(), MergeError> {
    let Some(first) = best(parts) else {
        return Ok(());
    };
    for part in parts {
        for (what, one, other) in alike(first, part) {
            if one != other {
                return Err(MergeError::Different {
                    first: first.name.clone(),
                    second: part.name.clone(),
                    what,
                    one,
                    other,
                });
            }
        }
    }
    let of = first.shard.of;
    for pair in parts.windows(2) {
        if pair[0].shard.number == pair[1].shard.number {
            return Err(MergeError::Twice {
                number: pair[0].shard.number,
                of,
                first: pair[0].name.clone(),
                second: pair[1].name.clone(),
            });
        }
    }
    Ok(())
}

/// What is to be said of shards that are not there.
fn missing(parts: &[Part]) -> Vec<String> {
    let of = parts.first().map_or(0, |part| part.shard.of);
    let there = |number: &u32| parts.iter().any(|part| part.shard.number == *number);
    let missing: Vec<String> = (1..=of)
        .filter(|number| !there(number))
        .map(|number| format!("{number}/{of}"))
        .collect();
    match missing.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("shard {one} is missing")],
        many => vec![format!("shards {} are missing", many.join(", "))],
    }
}

/// What must be the same in all shards of one run. The address of an embedded target is each
/// shard's own, and so is the seed where none was given.
fn alike(one: &Part, other: &Part) -> Vec<(&'static str, String, String)> {
    let url = |part: &Part| match part.header.target.embedded {
        true => "embedded".to_string(),
        false => part.header.target.url.clone(),
    };
    let pair = |what, of: &dyn Fn(&Part) -> String| (what, of(one), of(other));
    let always = vec![
        pair("jaunt's version", &|part| part.header.jaunt.clone()),
        pair("the number of shards", &|part| part.shard.of.to_string()),
    ];
    if !other.started() {
        return always;
    }
    let further = vec![
        pair("the project", &|part| part.header.project.clone()),
        pair("the target", &|part| part.header.target.name.clone()),
        pair("the target's address", &url),
        pair("what a flaky journey means", &|part| {
            format!("{:?}", part.header.flaky).to_lowercase()
        }),
        pair("the deploy", &|part| {
            let deploy = part.header.deploy.as_ref();
            deploy.map_or_else(|| "none".to_string(), |deploy| deploy.id.clone())
        }),
        pair("the bugs", &|part| part.header.target.bugs.join(", ")),
        pair("the number of journeys selected", &|part| {
            part.shard.whole.to_string()
        }),
    ];
    [always, further].concat()
}

/// The shard whose header says most.
fn best(parts: &[Part]) -> Option<&Part> {
    parts.iter().find(|part| part.started()).or(parts.first())
}

fn header(parts: &[Part]) -> RunHeader {
    let mut header = best(parts)
        .map(|part| part.header.clone())
        .unwrap_or_default();
    let started = parts.iter().map(|part| part.header.started).min();
    header.started = started.unwrap_or_default();
    let same = |part: &Part| part.header.seed == header.seed;
    if !parts.iter().all(same) {
        // Each journey followed its own shard's; one of them for all would be wrong.
        header.seed = String::new();
    }
    let mut placed: Vec<(u32, Planned)> = parts
        .iter()
        .flat_map(|part| {
            let places = part.shard.places.iter().copied();
            places.zip(part.header.planned.clone())
        })
        .collect();
    placed.sort_by_key(|(place, _)| *place);
    header.planned = placed.into_iter().map(|(_, planned)| planned).collect();
    header.shard = None;
    let known: Vec<_> = parts
        .iter()
        .map(|part| part.header.numbers.as_deref())
        .collect();
    header.numbers = numbers::references(&known);
    header.idle = match header.planned.is_empty() {
        true => header.idle,
        false => None,
    };
    header
}

/// For each part, the index that each of its planned journeys has in the merged plan.
fn indices(parts: &[Part]) -> Vec<Vec<PlannedIndex>> {
    let mut places: Vec<u32> = parts
        .iter()
        .flat_map(|part| part.shard.places.clone())
        .collect();
    places.sort_unstable();
    let index = |place: &u32| {
        let at = places.binary_search(place).unwrap_or_default();
        PlannedIndex::try_from(at).unwrap_or(PlannedIndex::MAX)
    };
    parts
        .iter()
        .map(|part| part.shard.places.iter().map(index).collect())
        .collect()
}
