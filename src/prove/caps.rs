//! What the waits of mutants may last: a factor times what the walks without a fault needed at the
//! same line. A message that was dropped costs that much, not its whole deadline.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::model::event::{Event, EventKind, ExchangeId, StreamId};
use crate::model::{Nanos, Place};
use crate::script::host::Caps;

/// The caps that some recorded walks of a journey come to.
pub(super) fn caps<'a>(
    walks: impl IntoIterator<Item = &'a [Event]>,
    factor: f64,
    least: Duration,
) -> Arc<Caps> {
    let mut longest: HashMap<Place, Nanos> = HashMap::new();
    for events in walks {
        for (place, waited) in waits(events) {
            let known = longest.entry(place).or_default();
            *known = waited.max(*known);
        }
    }
    let cap = |nanos: Nanos| Duration::from_nanos(nanos).mul_f64(factor).max(least);
    let otherwise = cap(longest.values().copied().max().unwrap_or_default());
    Arc::new(Caps {
        by_place: longest
            .into_iter()
            .map(|(place, nanos)| (place, cap(nanos)))
            .collect(),
        otherwise,
    })
}

/// How long each line waited each time.
fn waits(events: &[Event]) -> Vec<(Place, Nanos)> {
    let mut asked: HashMap<ExchangeId, (&Place, Nanos)> = HashMap::new();
    let mut opening: HashMap<StreamId, (&Place, Nanos)> = HashMap::new();
    let mut waits = Vec::new();
    for event in events {
        match &event.kind {
            EventKind::Expected(it) => {
                if let Some(place) = &it.place {
                    waits.push((place.clone(), it.waited));
                }
            }
            EventKind::RequestSent {
                exchange,
                place: Some(place),
                ..
            } => drop(asked.insert(*exchange, (place, event.at))),
            EventKind::ResponseReceived { exchange, .. } => {
                if let Some((place, since)) = asked.remove(exchange) {
                    waits.push((place.clone(), event.at.saturating_sub(since)));
                }
            }
            EventKind::StreamOpening {
                stream,
                place: Some(place),
                ..
            } => drop(opening.insert(*stream, (place, event.at))),
            EventKind::StreamOpened { stream, .. } => {
                if let Some((place, since)) = opening.remove(stream) {
                    waits.push((place.clone(), event.at.saturating_sub(since)));
                }
            }
            _ => {}
        }
    }
    waits
}
