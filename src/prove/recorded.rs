//! A walk without a fault: what happened and what passed its border, and questions about both.

use crate::model::event::{
    ClientId, Event, EventKind, ExchangeId, Expectation, Met, StepId, StepRole, StreamId,
};
use crate::model::fault::{Passed, What};
use crate::model::{Nanos, Place};

/// Calls that one message decides, though several were looked at.
const OF_SEVERAL: [&str; 2] = ["expect_all", "expect_sequence"];

/// A walk without a fault.
pub(super) struct Recorded {
    /// Its events, in order.
    pub events: Vec<Event>,
    /// What passed its border, in order.
    pub passed: Vec<Passed>,
    /// How long it took.
    pub took: Nanos,
}

/// The line of a journey that something belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it stands.
    pub place: Option<Place>,
    /// The step around it.
    pub step: Option<StepId>,
    /// The expectation there that looked, as a script would write its pattern.
    pub looked: Option<Looked>,
}

/// An expectation that looked at something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looked {
    /// `expect`
    pub call: String,
    /// Its pattern.
    pub pattern: String,
    /// It demands a number.
    pub counted: bool,
}

impl Looked {
    fn at(it: &Expectation) -> Self {
        Self {
            call: it.call.clone(),
            pattern: it.pattern.clone(),
            counted: it.expected.is_some(),
        }
    }
}

impl Recorded {
    /// The number of a client by its name.
    pub(super) fn client(&self, wanted: &str) -> Option<ClientId> {
        self.events.iter().find_map(|event| match &event.kind {
            EventKind::ClientMade { client, name, .. } if name == wanted => Some(*client),
            _ => None,
        })
    }

    /// The names of all clients, in the order in which they were made.
    pub(super) fn clients(&self) -> Vec<&str> {
        let made = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::ClientMade { name, .. } => Some(name.as_str()),
            _ => None,
        });
        made.collect()
    }

    /// The names of the clients that have a stream open at a moment.
    pub(super) fn listening_at(&self, seq: u64) -> Vec<&str> {
        let mut whose: Vec<(StreamId, ClientId)> = Vec::new();
        let mut open: Vec<StreamId> = Vec::new();
        let mut names: Vec<(ClientId, &str)> = Vec::new();
        for event in self.events.iter().filter(|event| event.seq < seq) {
            match &event.kind {
                EventKind::ClientMade { client, name, .. } => names.push((*client, name)),
                EventKind::StreamOpening { client, stream, .. } => whose.push((*stream, *client)),
                EventKind::StreamOpened { stream, .. } => open.push(*stream),
                EventKind::StreamEnded { stream, .. } | EventKind::StreamStopped { stream, .. } => {
                    open.retain(|one| one != stream);
                }
                _ => {}
            }
        }
        let listens = |client: &ClientId| {
            let mut streams = whose.iter().filter(|(_, one)| one == client);
            streams.any(|(stream, _)| open.contains(stream))
        };
        let listening = names.into_iter().filter(|(client, _)| listens(client));
        listening.map(|(_, name)| name).collect()
    }

    /// True if the journey did something of its own between two moments: what comes after that may
    /// well be owed to it.
    pub(super) fn acts_between(&self, from: u64, to: u64) -> bool {
        let between = self
            .events
            .iter()
            .filter(|event| (from..to).contains(&event.seq));
        between.into_iter().any(|event| match &event.kind {
            EventKind::FrameSent { by_itself, .. } => !by_itself,
            EventKind::RequestSent { .. }
            | EventKind::StreamOpening { .. }
            | EventKind::StreamActed { .. } => true,
            _ => false,
        })
    }

    /// The name of a step.
    pub(super) fn step(&self, wanted: StepId) -> Option<&str> {
        self.events.iter().find_map(|event| match &event.kind {
            EventKind::StepStarted { step, name, .. } if *step == wanted => Some(name.as_str()),
            _ => None,
        })
    }

    /// The innermost step that was open at a moment, floor and cleanup aside.
    pub(super) fn step_at(&self, seq: u64) -> Option<StepId> {
        let mut open: Vec<StepId> = Vec::new();
        for event in self.events.iter().filter(|event| event.seq <= seq) {
            match &event.kind {
                EventKind::StepStarted {
                    step,
                    role: StepRole::Step | StepRole::Soft,
                    ..
                } => open.push(*step),
                EventKind::StepEnded { step, .. } => open.retain(|one| one != step),
                _ => {}
            }
        }
        open.last().copied()
    }

    fn met(&self) -> impl Iterator<Item = (&Event, &Expectation)> {
        self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Expected(it) if it.result == Met::Met => Some((event, it.as_ref())),
            _ => None,
        })
    }

    /// The line that looked at a message; where none did, the line that could have, without `looked`.
    pub(super) fn line_of_message(&self, seq: u64) -> Line {
        if let Some((_, it)) = self.looking(seq) {
            return line(it);
        }
        let stream = self.stream_of(seq);
        // Nobody looked: it could have been asked for where that stream was asked next, or where it
        // was opened.
        let next = self
            .met()
            .find(|(event, it)| it.stream == stream && event.seq > seq)
            .or_else(|| self.met().filter(|(_, it)| it.stream == stream).last());
        Line {
            looked: None,
            ..match next {
                Some((_, it)) => line(it),
                None => Line {
                    place: stream.and_then(|stream| self.opened_at(stream)),
                    step: self.step_at(seq),
                    looked: None,
                },
            }
        }
    }

    /// The expectation that looked at a message.
    fn looking(&self, seq: u64) -> Option<(&Event, &Expectation)> {
        if let Some(found) = self.met().find(|(_, it)| it.decided_by == Some(seq)) {
            return Some(found);
        }
        let stream = self.stream_of(seq);
        let decided_another = |it: &Expectation| it.decided_by.is_some_and(|by| by < seq);
        self.met().find(|(event, it)| {
            let many = OF_SEVERAL.contains(&it.call.as_str())
                || it.expected.is_some_and(|count| count > 1) && self.is_alike(it.decided_by, seq);
            many && it.stream == stream && seq < event.seq && !decided_another(it)
        })
    }

    /// When that expectation was met.
    pub(super) fn met_at(&self, seq: u64) -> Option<Nanos> {
        self.looking(seq).map(|(event, _)| event.at)
    }

    /// True if two messages are of one kind: what a number is demanded of are such.
    fn is_alike(&self, one: Option<u64>, other: u64) -> bool {
        let kind = |seq: u64| {
            let mut all = self.passed.iter().filter(|passed| passed.seq == seq);
            all.find_map(|passed| match &passed.what {
                What::Message { site, .. } => Some(&site.passage),
                _ => None,
            })
        };
        one.is_some_and(|one| kind(one) == kind(other))
    }

    /// The stream on which an event stands.
    pub(super) fn stream_of(&self, seq: u64) -> Option<StreamId> {
        let event = self.events.iter().find(|event| event.seq == seq)?;
        match &event.kind {
            EventKind::FrameReceived { stream, .. }
            | EventKind::StreamEnded { stream, .. }
            | EventKind::FrameSent { stream, .. } => Some(*stream),
            _ => None,
        }
    }

    fn opened_at(&self, wanted: StreamId) -> Option<Place> {
        self.events.iter().find_map(|event| match &event.kind {
            EventKind::StreamOpening { stream, place, .. } if *stream == wanted => place.clone(),
            _ => None,
        })
    }

    /// The line that looked at a response: the next expectation of that client, or of the journey
    /// itself, before the client asks for something else; without one the line that asked.
    pub(super) fn line_of_response(&self, seq: u64) -> Line {
        let Some((client, exchange)) = self.response(seq) else {
            return Line::default();
        };
        let sent = self.sent(exchange);
        let step = self.step_at(sent.map_or(seq, |(event, _)| event.seq));
        let mut after = self.events.iter().filter(|event| event.seq > seq);
        let looked = after.find_map(|event| match &event.kind {
            EventKind::RequestSent { client: other, .. } if *other == client => Some(None),
            EventKind::Expected(it) => {
                let fits = it.stream.is_none() && it.client.is_none_or(|one| one == client);
                fits.then(|| Some(it.as_ref()))
            }
            _ => None,
        });
        match looked.flatten() {
            Some(it) => line(it),
            None => Line {
                place: sent.and_then(|(_, place)| place.cloned()),
                step,
                looked: None,
            },
        }
    }

    fn response(&self, seq: u64) -> Option<(ClientId, ExchangeId)> {
        self.events.iter().find_map(|event| match &event.kind {
            EventKind::ResponseReceived {
                client, exchange, ..
            } if event.seq == seq => Some((*client, *exchange)),
            _ => None,
        })
    }

    fn sent(&self, wanted: ExchangeId) -> Option<(&Event, Option<&Place>)> {
        self.events.iter().find_map(|event| match &event.kind {
            EventKind::RequestSent {
                exchange, place, ..
            } if *exchange == wanted => Some((event, place.as_ref())),
            _ => None,
        })
    }

    /// The line of an expectation by the place of its event.
    pub(super) fn line_of_expectation(&self, seq: u64) -> Line {
        let found = self.met().find(|(event, _)| event.seq == seq);
        found.map(|(_, it)| line(it)).unwrap_or_default()
    }

    /// How many distinct expectations were decided: by line and call.
    pub(super) fn expectations(&self) -> u32 {
        let mut lines: Vec<(&Option<Place>, &str)> = self
            .met()
            .map(|(_, it)| (&it.place, it.call.as_str()))
            .collect();
        lines.sort();
        lines.dedup();
        u32::try_from(lines.len()).unwrap_or(u32::MAX)
    }

    /// All that the journey made or sent before something passed, in one text: what came of it is the
    /// journey's own, though it differs from walk to walk.
    pub(super) fn own_before(&self, at: usize) -> Own<'_> {
        let mut own = Own::default();
        for passed in self.passed.iter().take(at + 1) {
            match &passed.what {
                What::Made { value, .. } => own.made.push(value),
                What::Sent { bytes, .. } => own.say(&String::from_utf8_lossy(bytes)),
                What::Response { url, sent, .. } => {
                    own.say(url);
                    own.say(&String::from_utf8_lossy(sent));
                }
                What::Message { .. }
                | What::Ended { .. }
                | What::Pinged { .. }
                | What::Acted { .. }
                | What::Met { .. } => {}
            }
        }
        own
    }

    /// The line on which the script made a value that stands in a text, and that value.
    pub(super) fn made_in(&self, text: &str) -> Option<(&str, Option<&Place>)> {
        let made = self.passed.iter().filter_map(|passed| match &passed.what {
            What::Made { value, place }
                if value.len() >= SHORT && text.contains(value.as_str()) =>
            {
                Some((value.as_str(), place.as_ref()))
            }
            _ => None,
        });
        made.max_by_key(|(value, _)| value.len())
    }
}

/// A shorter text is in others by chance.
const SHORT: usize = 3;

/// What a journey made and sent.
#[derive(Default)]
pub(super) struct Own<'a> {
    made: Vec<&'a str>,
    sent: String,
}

impl Own<'_> {
    fn say(&mut self, text: &str) {
        self.sent.push_str(text);
        self.sent.push('\n');
    }

    /// True if a text is made of what the journey itself said.
    pub(super) fn has(&self, text: &str) -> bool {
        text.len() >= SHORT
            && (self.sent.contains(text)
                || self
                    .made
                    .iter()
                    .any(|made| made.len() >= SHORT && text.contains(made)))
    }
}

fn line(it: &Expectation) -> Line {
    Line {
        place: it.place.clone(),
        step: it.step,
        looked: Some(Looked::at(it)),
    }
}
