//! Counts and times one attempt from its events, without being asked: messages by kind and client,
//! responses by status, durations, sizes, and the shape of the conversation.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::model::event::{ClientId, ExchangeId, FrameKind, Payload, Phases, StreamId};
use crate::model::number::{Exact, Measured, NumberKey, NumberKind, Origin, Tolerance, Worth};
use crate::model::{Event, EventKind, Nanos};

use super::fingerprint::fingerprint;
use super::kind;
use super::shape::shape;

/// Different numbers of one attempt that are kept of each origin: what has more is no number of a
/// conversation, but its content.
const MOST: usize = 200;

/// How many answers of a status came to a client.
const RESPONSES: &str = "responses";
/// How many messages of a kind came to a client.
pub const MESSAGES: &str = "messages";

/// What one attempt measures beside what it declares.
#[derive(Debug, Default)]
pub struct Meter {
    clients: BTreeMap<ClientId, String>,
    streams: BTreeMap<StreamId, (ClientId, String)>,
    exchanges: BTreeMap<ExchangeId, (ClientId, String)>,
    counts: BTreeMap<NumberKey, u64>,
    times: BTreeMap<NumberKey, Vec<Nanos>>,
    sizes: BTreeMap<NumberKey, Vec<u64>>,
    shapes: BTreeMap<NumberKey, BTreeSet<String>>,
    /// It asked again until something held: how often says nothing.
    polled: bool,
}

impl Meter {
    /// Takes the next event of the attempt.
    pub fn push(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ClientMade { client, name, .. } => {
                self.clients.insert(*client, name.clone());
            }
            EventKind::StreamOpening {
                client,
                stream,
                url,
                ..
            } => {
                self.streams.insert(*stream, (*client, path(url)));
            }
            EventKind::StreamOpened { stream, phases, .. } => {
                if let Some((client, path)) = self.streams.get(stream) {
                    let key = self.of("stream opened", *client).with("from", path.clone());
                    self.time(key, phases);
                }
            }
            EventKind::FrameReceived {
                stream,
                frame,
                payload,
                ..
            } => self.message(*stream, *frame, payload),
            EventKind::RequestSent {
                client,
                exchange,
                method,
                url,
                ..
            } => {
                if let Ok(url) = Url::parse(url) {
                    let kind = kind::of_request(method, &url, &[]);
                    self.exchanges.insert(*exchange, (*client, kind));
                }
            }
            EventKind::ResponseReceived {
                exchange,
                status,
                body,
                phases,
                ..
            } => self.response(*exchange, *status, body, phases),
            EventKind::Polled { .. } => self.polled = true,
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
            | EventKind::StepStarted { .. }
            | EventKind::StepEnded { .. }
            | EventKind::RequestFailed { .. }
            | EventKind::StreamFailed { .. }
            | EventKind::FrameSent { .. }
            | EventKind::StreamActed { .. }
            | EventKind::StreamEnded { .. }
            | EventKind::StreamStopped { .. }
            | EventKind::Expected(_)
            | EventKind::Caught { .. }
            | EventKind::Noted { .. }
            | EventKind::Recorded { .. }
            | EventKind::NumberCompared(_)
            | EventKind::Attached { .. }
            | EventKind::BranchCancelled { .. }
            | EventKind::FaultApplied { .. }
            | EventKind::Failed(_)
            | EventKind::AttemptEnded { .. }
            | EventKind::RunEnded { .. } => {}
        }
    }

    fn of(&self, name: &str, client: ClientId) -> NumberKey {
        let client = self.clients.get(&client).cloned().unwrap_or_default();
        NumberKey::new(name).with("client", client)
    }

    fn message(&mut self, stream: StreamId, frame: FrameKind, payload: &Payload) {
        let binary = match frame {
            FrameKind::Text => payload.base64,
            FrameKind::Binary => true,
            FrameKind::Ping | FrameKind::Pong | FrameKind::Close | FrameKind::Raw => return,
        };
        let Some((client, path)) = self.streams.get(&stream) else {
            return;
        };
        if binary {
            // Of base64 the first byte is another one than that of the message.
            let key = self.of(MESSAGES, *client).with("message", "binary");
            return count(&mut self.counts, key);
        }
        let shape = NumberKey::new("shape").with("from", path.clone());
        let called = kind::called(&payload.kept);
        let key = self.of(MESSAGES, *client).with("message", called.told);
        count(&mut self.counts, key);
        if is_whole(payload) {
            self.shape(shape.with("message", called.name), called.json.as_ref());
        }
    }

    fn response(&mut self, exchange: ExchangeId, status: u16, body: &Payload, phases: &Phases) {
        let Some((client, request)) = self.exchanges.get(&exchange) else {
            return;
        };
        let (client, request) = (*client, request.clone());
        let answered = self
            .of(RESPONSES, client)
            .with("request", request.clone())
            .with("status", status.to_string());
        count(&mut self.counts, answered);
        let key = self.of("answer", client).with("request", request.clone());
        self.time(key, phases);
        let key = NumberKey::new("body size").with("request", request.clone());
        push(&mut self.sizes, key, body.size);
        if is_whole(body) && !body.base64 {
            let json: Option<serde_json::Value> = serde_json::from_str(&body.kept).ok();
            let json = json.filter(|json| json.is_object() || json.is_array());
            let key = NumberKey::new("shape")
                .with("from", request)
                .with("status", status.to_string());
            self.shape(key, json.as_ref());
        }
    }

    fn shape(&mut self, key: NumberKey, json: Option<&serde_json::Value>) {
        let Some(json) = json else { return };
        if self.shapes.len() < MOST || self.shapes.contains_key(&key) {
            self.shapes.entry(key).or_default().extend(shape(json));
        }
    }

    /// The whole, and each phase that there was.
    fn time(&mut self, key: NumberKey, phases: &Phases) {
        let phases = [
            ("dns", phases.dns),
            ("connect", phases.connect),
            ("tls", phases.tls),
            ("first byte", phases.first_byte),
            ("total", Some(phases.total)),
        ];
        for (phase, took) in phases {
            if let Some(took) = took {
                push(&mut self.times, key.clone().with("phase", phase), took);
            }
        }
    }

    /// What was measured, in order of origin and key. `steps` are names of steps and what they took;
    /// `took` is the whole attempt, the `number`th of its journey.
    pub fn finish<'a>(
        mut self,
        took: Nanos,
        number: u32,
        steps: impl Iterator<Item = (&'a str, Nanos)>,
    ) -> Vec<Measured> {
        for (name, took) in steps {
            push(
                &mut self.times,
                NumberKey::new("step").with("step", name),
                took,
            );
        }
        push(&mut self.times, NumberKey::new("journey"), took);
        if self.polled {
            self.counts.retain(|key, _| key.name != RESPONSES);
        }
        self.counts
            .insert(NumberKey::new("attempts"), u64::from(number));
        let counts = self.counts.into_iter().map(|(key, count)| {
            let worth = Worth::Number(Exact::of_count(count));
            measured(key, Origin::Free, NumberKind::Count, worth)
        });
        let times = self.times.into_iter().filter_map(|(key, mut times)| {
            let worth = Worth::Number(Exact::of_nanos(middle(&mut times)?));
            Some(measured(key, Origin::Timing, NumberKind::Duration, worth))
        });
        let sizes = self.sizes.into_iter().filter_map(|(key, mut sizes)| {
            let worth = Worth::Number(Exact::of_count(middle(&mut sizes)?));
            Some(measured(key, Origin::Timing, NumberKind::Size, worth))
        });
        let shapes = self.shapes.into_iter().map(|(key, members)| {
            let worth = Worth::Fingerprint(fingerprint(members));
            measured(key, Origin::Shape, NumberKind::Fingerprint, worth)
        });
        counts.chain(times).chain(sizes).chain(shapes).collect()
    }
}

fn measured(key: NumberKey, origin: Origin, kind: NumberKind, worth: Worth) -> Measured {
    Measured {
        key,
        origin,
        kind,
        unit: None,
        tolerance: match origin {
            Origin::Timing => Tolerance::Observed,
            Origin::Declared | Origin::Free | Origin::Shape => Tolerance::Exact,
        },
        core: false,
        worth,
    }
}

fn count(counts: &mut BTreeMap<NumberKey, u64>, key: NumberKey) {
    if counts.len() < MOST || counts.contains_key(&key) {
        *counts.entry(key).or_default() += 1;
    }
}

fn push<T>(values: &mut BTreeMap<NumberKey, Vec<T>>, key: NumberKey, value: T) {
    if values.len() < MOST || values.contains_key(&key) {
        values.entry(key).or_default().push(value);
    }
}

/// The lower median.
fn middle<T: Ord + Copy>(values: &mut [T]) -> Option<T> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// What was cut has no shape, and no words that could be told.
fn is_whole(payload: &Payload) -> bool {
    payload.base64 || u64::try_from(payload.kept.len()) == Ok(payload.size)
}

/// The path of an address: the port of a target that is started differs from run to run.
fn path(url: &str) -> String {
    let path = Url::parse(url).map(|url| kind::of_request("", &url, &[]));
    path.map(|path| path.trim_start().to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
