//! What each run says once and the merged one says once for all: how the floor was before the
//! journeys, and how it ended.

use std::collections::BTreeMap;

use crate::model::event::Stop;
use crate::model::{Event, EventKind, FloorReport, Nanos};

/// What was said once by each shard.
#[derive(Default)]
pub(super) struct Ends {
    shards: usize,
    ended: usize,
    floor: Option<(Nanos, FloorReport)>,
    last: Nanos,
    stop: Option<Stop>,
    troubles: Vec<String>,
    facts: BTreeMap<String, String>,
}

impl Ends {
    /// Takes what is said once out of the events of so many shards.
    pub(super) fn take(shards: usize, events: &mut Vec<Event>) -> Self {
        let mut ends = Self {
            shards,
            ..Self::default()
        };
        events.retain(|event| {
            ends.last = ends.last.max(event.at);
            match &event.kind {
                EventKind::FloorChecked { report } => ends.floor(event.at, report),
                EventKind::RunEnded {
                    stop,
                    troubles,
                    facts,
                } => {
                    ends.ended += 1;
                    ends.stop = worse(ends.stop, *stop);
                    ends.troubles.extend_from_slice(troubles);
                    ends.facts.extend(facts.clone());
                }
                _ => return true,
            }
            false
        });
        ends
    }

    /// The first report stands for all, unless the floor was down for one of them.
    fn floor(&mut self, at: Nanos, report: &FloorReport) {
        let known_up = self.floor.as_ref().is_none_or(|(_, known)| known.is_up());
        if self.floor.is_none() || (known_up && !report.is_up()) {
            self.floor = Some((at, report.clone()));
        }
    }

    /// The floor as one event, to stand before the others.
    pub(super) fn floor_checked(&mut self, seq: u64) -> Option<Event> {
        let (at, report) = self.floor.take()?;
        let kind = EventKind::FloorChecked { report };
        Some(run_event(seq, at, kind))
    }

    /// The end as one event; nothing if a shard was killed, for then the whole has no end either.
    pub(super) fn run_ended(self, seq: u64, further: Vec<String>) -> Option<Event> {
        let mut troubles = self.troubles;
        troubles.extend(further);
        let kind = EventKind::RunEnded {
            stop: self.stop,
            troubles,
            facts: self.facts,
        };
        (self.ended == self.shards).then(|| run_event(seq, self.last, kind))
    }
}

fn run_event(seq: u64, at: Nanos, kind: EventKind) -> Event {
    Event {
        seq,
        at,
        attempt: None,
        kind,
    }
}

/// Of two ends the one that says more of what is missing.
fn worse(one: Option<Stop>, other: Option<Stop>) -> Option<Stop> {
    let rank = |stop: Option<Stop>| match stop {
        Some(Stop::Interrupted) => 4,
        Some(Stop::Watchdog) => 3,
        Some(Stop::MaxTime) => 2,
        Some(Stop::FailFast) => 1,
        None => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}
