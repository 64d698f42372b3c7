//! Puts the events of an attempt together again: a request with its answer, a stream with its
//! messages.

use std::collections::BTreeMap;

use super::Frame;
use crate::model::event::{
    ClientId, Ended, ExchangeId, FrameKind, Payload, Phases, StreamAction, StreamId,
};
use crate::model::{Event, EventKind, Nanos, Place, Problem};

/// What went over the wire.
#[derive(Default)]
pub(super) struct Wire<'a> {
    clients: BTreeMap<ClientId, &'a str>,
    pub(super) exchanges: Vec<Exchange<'a>>,
    pub(super) streams: Vec<Stream<'a>>,
}

/// A request, and what became of it.
pub(super) struct Exchange<'a> {
    id: ExchangeId,
    pub(super) client: String,
    pub(super) at: Nanos,
    pub(super) hop: u32,
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a Payload,
    pub(super) place: Option<&'a Place>,
    pub(super) answer: Option<Answer<'a>>,
    /// Why there is none, and when that was known.
    pub(super) failed: Option<(Nanos, &'a Problem)>,
}

/// A whole answer.
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) version: &'a str,
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a Payload,
    pub(super) phases: Phases,
}

/// A stream from its opening to its end.
pub(super) struct Stream<'a> {
    id: StreamId,
    pub(super) client: String,
    pub(super) at: Nanos,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(String, String)],
    pub(super) place: Option<&'a Place>,
    pub(super) opened: Option<Opened<'a>>,
    pub(super) failed: Option<(Nanos, &'a Problem, Option<u16>)>,
    pub(super) moments: Vec<Moment<'a>>,
}

/// The answer to an upgrade.
pub(super) struct Opened<'a> {
    pub(super) status: u16,
    pub(super) headers: &'a [(String, String)],
    pub(super) phases: Phases,
}

/// One thing that happened on a stream.
pub(super) struct Moment<'a> {
    pub(super) at: Nanos,
    pub(super) what: What<'a>,
}

/// What it was.
pub(super) enum What<'a> {
    Sent {
        frame: FrameKind,
        payload: &'a Payload,
        by_itself: bool,
    },
    Received {
        frame: FrameKind,
        payload: &'a Payload,
        unanswered: bool,
    },
    Acted(StreamAction),
    Ended(&'a Ended),
    Stopped(&'a Problem),
}

impl<'a> Wire<'a> {
    pub(super) fn of(events: &'a [Event]) -> Self {
        let mut wire = Self::default();
        for event in events {
            wire.push(event);
        }
        wire
    }

    pub(super) fn is_empty(&self) -> bool {
        self.exchanges.is_empty() && self.streams.is_empty()
    }

    /// From the first request or opening to the last answer.
    pub(super) fn frame(&self, start: Nanos) -> Frame {
        let answered = |at: Nanos, answer: Option<Nanos>, failed: Option<Nanos>| {
            let answered = answer.map(|took| at.saturating_add(took));
            (at, answered.or(failed).unwrap_or(at))
        };
        let exchanges = self.exchanges.iter().map(|it| {
            let took = it.answer.as_ref().map(|answer| answer.phases.total);
            answered(it.at, took, it.failed.map(|(at, _)| at))
        });
        let streams = self.streams.iter().map(|it| {
            let took = it.opened.as_ref().map(|opened| opened.phases.total);
            answered(it.at, took, it.failed.map(|(at, _, _)| at))
        });
        let all: Vec<(Nanos, Nanos)> = exchanges.chain(streams).collect();
        Frame {
            start,
            from: all.iter().map(|(from, _)| *from).min().unwrap_or(start),
            to: all.iter().map(|(_, to)| *to).max().unwrap_or(start),
        }
    }

    fn push(&mut self, event: &'a Event) {
        let at = event.at;
        match &event.kind {
            EventKind::ClientMade { client, name, .. } => {
                self.clients.insert(*client, name);
            }
            EventKind::RequestSent {
                client,
                exchange,
                hop,
                method,
                url,
                headers,
                body,
                place,
            } => self.exchanges.push(Exchange {
                id: *exchange,
                client: self.client(*client),
                at,
                hop: *hop,
                method,
                url,
                headers,
                body,
                place: place.as_ref(),
                answer: None,
                failed: None,
            }),
            EventKind::ResponseReceived {
                exchange,
                status,
                version,
                headers,
                body,
                phases,
                ..
            } => {
                if let Some(it) = self.exchange(*exchange) {
                    it.answer = Some(Answer {
                        status: *status,
                        version,
                        headers,
                        body,
                        phases: *phases,
                    });
                }
            }
            EventKind::RequestFailed {
                exchange, problem, ..
            } => {
                if let Some(it) = self.exchange(*exchange) {
                    it.failed = Some((at, problem));
                }
            }
            EventKind::StreamOpening {
                client,
                stream,
                url,
                headers,
                place,
            } => self.streams.push(Stream {
                id: *stream,
                client: self.client(*client),
                at,
                url,
                headers,
                place: place.as_ref(),
                opened: None,
                failed: None,
                moments: Vec::new(),
            }),
            EventKind::StreamOpened {
                stream,
                status,
                headers,
                phases,
            } => {
                if let Some(it) = self.stream(*stream) {
                    it.opened = Some(Opened {
                        status: *status,
                        headers,
                        phases: *phases,
                    });
                }
            }
            EventKind::StreamFailed {
                stream,
                problem,
                status,
            } => {
                if let Some(it) = self.stream(*stream) {
                    it.failed = Some((at, problem, *status));
                }
            }
            EventKind::FrameSent {
                stream,
                frame,
                payload,
                by_itself,
            } => self.moment(
                *stream,
                at,
                What::Sent {
                    frame: *frame,
                    payload,
                    by_itself: *by_itself,
                },
            ),
            EventKind::FrameReceived {
                stream,
                frame,
                payload,
                unanswered,
            } => self.moment(
                *stream,
                at,
                What::Received {
                    frame: *frame,
                    payload,
                    unanswered: *unanswered,
                },
            ),
            EventKind::StreamActed { stream, action } => {
                self.moment(*stream, at, What::Acted(*action));
            }
            EventKind::StreamEnded { stream, ended } => {
                self.moment(*stream, at, What::Ended(ended));
            }
            EventKind::StreamStopped { stream, problem } => {
                self.moment(*stream, at, What::Stopped(problem));
            }
            // These go over no wire; what they say stands elsewhere in the page.
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
            | EventKind::Expected(_)
            | EventKind::Polled { .. }
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

    fn client(&self, client: ClientId) -> String {
        let known = self.clients.get(&client);
        known.map_or_else(|| format!("client {client}"), |name| (*name).to_string())
    }

    /// The newest of that number: hops of redirects have numbers of their own.
    fn exchange(&mut self, id: ExchangeId) -> Option<&mut Exchange<'a>> {
        self.exchanges.iter_mut().rfind(|it| it.id == id)
    }

    fn stream(&mut self, id: StreamId) -> Option<&mut Stream<'a>> {
        self.streams.iter_mut().rfind(|it| it.id == id)
    }

    fn moment(&mut self, stream: StreamId, at: Nanos, what: What<'a>) {
        if let Some(it) = self.stream(stream) {
            it.moments.push(Moment { at, what });
        }
    }
}
