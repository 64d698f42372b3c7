//! One event of an attempt as a line for people: who, which way, what.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::event::{
    ClientId, ExchangeId, FrameKind, How, Met, Payload, StreamAction, StreamId,
};
use crate::model::told::By;
use crate::model::value::{quote, shorten};
use crate::model::{Event, EventKind, Nanos};

use super::style::{Style, duration, one_line};

/// A line of what a client saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    /// Its event's place in the order.
    pub(super) seq: u64,
    /// Nanoseconds since the run's start.
    pub(super) at: Nanos,
    /// The client, as the script names it.
    pub(super) who: String,
    /// Which way it went.
    pub(super) way: Way,
    /// What it was.
    pub(super) what: String,
    /// A cause rather than a message: it is kept when there is no room for all.
    pub(super) act: bool,
}

/// Between client and target, or at the client itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Out,
    In,
    Here,
    Missed,
}

impl Way {
    /// The word of the JSON report.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Out => "sent",
            Self::In => "received",
            Self::Here => "here",
            Self::Missed => "missed",
        }
    }

    /// As an arrow away from the client's name.
    pub(super) fn arrow(self, style: &Style) -> &'static str {
        match self {
            Self::Out => style.either("→", ">"),
            Self::In => style.either("←", "<"),
            Self::Here => style.either("·", "."),
            Self::Missed => style.either("✗", "x"),
        }
    }
}

/// Names of the clients, streams and exchanges of an attempt, as its events tell them.
#[derive(Debug, Default)]
pub(super) struct Cast {
    clients: BTreeMap<ClientId, String>,
    streams: BTreeMap<StreamId, ClientId>,
    paths: BTreeMap<StreamId, String>,
    requests: BTreeMap<ExchangeId, String>,
}

impl Cast {
    /// Learns who is who, then gives the event's line if people want to see it.
    pub(super) fn moment(&mut self, event: &Event) -> Option<Moment> {
        let line = self.line(event);
        let told = event.kind.told();
        // What is let go of a long attempt is counted by `told`.
        debug_assert_eq!(
            line.as_ref().map(|(who, _, _, act)| (who.clone(), *act)),
            told.map(|told| (self.name(told.by), told.act))
        );
        let (who, way, what, act) = line?;
        Some(Moment {
            seq: event.seq,
            at: event.at,
            who,
            way,
            what,
            act,
        })
    }

    fn line(&mut self, event: &Event) -> Option<(String, Way, String, bool)> {
        match &event.kind {
            EventKind::ReleaseSeen(seen) => {
                let what = format!("this was release {}", one_line(&seen.release));
                Some(("target".to_string(), Way::In, what, true))
            }
            EventKind::ClientMade { client, name, .. } => {
                self.clients.insert(*client, one_line(name));
                None
            }
            EventKind::RequestSent {
                client,
                exchange,
                method,
                url,
                ..
            } => {
                let what = format!("{} {}", one_line(method), path_of(url));
                self.requests.insert(*exchange, what.clone());
                Some((self.client(*client), Way::Out, what, false))
            }
            EventKind::ResponseReceived {
                client,
                exchange,
                status,
                body,
                phases,
                ..
            } => {
                let request = self.request(*exchange);
                let took = duration(phases.total);
                let what = format!("{status} to {request}, {took}{}", spaced(&shown(body)));
                Some((self.client(*client), Way::In, what, false))
            }
            EventKind::RequestFailed {
                client,
                exchange,
                problem,
                cut_by,
            } => {
                // A client that gave up heard nothing.
                let way = match cut_by {
                    Some(_) => Way::Here,
                    None => Way::In,
                };
                let what = format!(
                    "{}: {}",
                    self.request(*exchange),
                    one_line(&problem.message)
                );
                Some((self.client(*client), way, what, true))
            }
            EventKind::StreamOpening {
                client,
                stream,
                url,
                ..
            } => {
                self.streams.insert(*stream, *client);
                self.paths.insert(*stream, path_of(url));
                None
            }
            EventKind::StreamOpened { stream, status, .. } => {
                let path = self.paths.get(stream).cloned().unwrap_or_default();
                let what = format!("open {path}: {status}");
                Some((self.owner(*stream), Way::Out, what, true))
            }
            EventKind::StreamFailed {
                stream, problem, ..
            } => {
                let path = self.paths.get(stream).cloned().unwrap_or_default();
                let what = format!("open {path}: {}", one_line(&problem.message));
                Some((self.owner(*stream), Way::Out, what, true))
            }
            EventKind::FrameSent {
                stream,
                frame,
                payload,
                by_itself,
            } => {
                let what = frame_text(*frame, payload);
                (!by_itself).then(|| (self.owner(*stream), Way::Out, what, false))
            }
            EventKind::FrameReceived {
                stream,
                frame,
                payload,
                unanswered,
            } => self.received(*stream, *frame, payload, *unanswered),
            EventKind::StreamActed { stream, action } => {
                let what = acted(*action).to_string();
                Some((self.owner(*stream), Way::Here, what, true))
            }
            EventKind::StreamEnded { stream, ended } => {
                let (way, whose) = if ended.by_us {
                    (Way::Here, "by the journey")
                } else {
                    (Way::In, "by the target")
                };
                let how = match ended.how {
                    How::Close => "close frame",
                    How::Fin => "FIN",
                    How::Reset => "reset",
                    How::End => "end of the body",
                };
                let reason = spaced(&one_line(&ended.reason));
                // An empty close frame has none.
                let code = match (ended.how, ended.code) {
                    (How::Close, 1005) => String::new(),
                    (_, code) => format!(", {code}"),
                };
                let what = format!("{how} {whose}{code}{reason}");
                Some((self.owner(*stream), way, what, true))
            }
            EventKind::StreamStopped { stream, problem } => {
                let what = format!("stopped: {}", one_line(&problem.message));
                Some((self.owner(*stream), Way::Here, what, true))
            }
            EventKind::Caught { problem, .. } => {
                let what = format!("caught: {}", one_line(&problem.message));
                Some((String::new(), Way::Here, what, false))
            }
            EventKind::Noted { text, .. } => {
                let what = format!("note: {}", one_line(text));
                Some((String::new(), Way::Here, what, false))
            }
            EventKind::FaultApplied { client, text, .. } => {
                let what = format!("fault: {}", one_line(text));
                let who = client.map(|it| self.client(it));
                Some((who.unwrap_or_default(), Way::Here, what, false))
            }
            EventKind::StepStarted { name, .. } => {
                let what = format!("step: {}", one_line(name));
                Some((String::new(), Way::Here, what, false))
            }
            EventKind::Expected(expectation) => {
                // Some promises have no pattern: `eventually` repeats what its function demands.
                let pattern = match expectation.pattern.is_empty() {
                    true => one_line(&expectation.promise),
                    false => one_line(&expectation.pattern),
                };
                let what = match (expectation.counts, expectation.result) {
                    (false, _) | (true, Met::Met) => return None,
                    (true, Met::Unmet) => pattern,
                    (true, Met::Late(by)) => format!("{} late: {pattern}", duration(by)),
                };
                let who = expectation.client.map(|it| self.client(it));
                Some((who.unwrap_or_default(), Way::Missed, what, true))
            }
            // What these say stands elsewhere in a report, or is of no interest there.
            EventKind::RunStarted(_)
            | EventKind::CouldNotStart { .. }
            | EventKind::FloorChecked { .. }
            | EventKind::NotRun { .. }
            | EventKind::AttemptStarted { .. }
            | EventKind::StepEnded { .. }
            | EventKind::Polled { .. }
            | EventKind::Recorded { .. }
            | EventKind::NumberCompared(_)
            | EventKind::Attached { .. }
            | EventKind::BranchCancelled { .. }
            | EventKind::Failed(_)
            | EventKind::AttemptEnded { .. }
            | EventKind::WaitStarted(_)
            | EventKind::WaitAsked(_)
            | EventKind::WaitEnded(_)
            | EventKind::ReleaseChecked(_)
            | EventKind::RunEnded { .. } => None,
        }
    }

    fn received(
        &self,
        stream: StreamId,
        frame: FrameKind,
        payload: &Payload,
        unanswered: bool,
    ) -> Option<(String, Way, String, bool)> {
        let what = match (frame, unanswered) {
            (FrameKind::Ping | FrameKind::Pong, false) => return None,
            (_, true) => format!("{}, not answered", frame_text(frame, payload)),
            (_, false) => frame_text(frame, payload),
        };
        Some((self.owner(stream), Way::In, what, unanswered))
    }

    /// How an end is called; nothing for the journey itself.
    pub(super) fn name(&self, by: By) -> String {
        match by {
            By::Client(client) => self.client(client),
            By::Stream(stream) => self.owner(stream),
            By::Target => "target".to_string(),
            By::Journey => String::new(),
        }
    }

    fn client(&self, client: ClientId) -> String {
        match self.clients.get(&client) {
            Some(name) => name.clone(),
            None => format!("client {client}"),
        }
    }

    fn owner(&self, stream: StreamId) -> String {
        match self.streams.get(&stream) {
            Some(client) => self.client(*client),
            None => format!("stream {stream}"),
        }
    }

    fn request(&self, exchange: ExchangeId) -> String {
        let known = self.requests.get(&exchange).cloned();
        known.unwrap_or_else(|| "a request".to_string())
    }
}

pub(super) fn acted(action: StreamAction) -> &'static str {
    match action {
        StreamAction::Frozen => "frozen: TCP stays open, nothing is answered",
        StreamAction::Thawed => "thawed",
        StreamAction::Blackholed => "blackholed: nothing in, nothing out",
        StreamAction::HalfClosed => "half closed",
        StreamAction::Vanished => "vanished: FIN without a close frame",
        StreamAction::Aborted => "aborted: reset",
        StreamAction::Closing => "closes with a close frame",
    }
}

fn frame_text(frame: FrameKind, payload: &Payload) -> String {
    let kind = match frame {
        FrameKind::Text => return shown(payload),
        FrameKind::Binary => "binary",
        FrameKind::Ping => "ping",
        FrameKind::Pong => "pong",
        FrameKind::Close => return close_frame(payload),
        FrameKind::Raw => "raw frame",
    };
    if payload.size == 0 {
        kind.to_string()
    } else {
        format!("{kind}{}", spaced(&shown(payload)))
    }
}

/// A close frame with what it says: `close frame 1000 bye`.
pub(super) fn close_frame(payload: &Payload) -> String {
    let bytes = match payload.base64 {
        true => STANDARD.decode(&payload.kept).unwrap_or_default(),
        false => payload.kept.clone().into_bytes(),
    };
    let Some((code, reason)) = bytes.split_first_chunk::<2>() else {
        return "close frame".to_string();
    };
    let reason = spaced(&one_line(&String::from_utf8_lossy(reason)));
    format!("close frame {}{reason}", u16::from_be_bytes(*code))
}

/// A payload on one line: JSON and text as they are, bytes by their number.
pub fn shown(payload: &Payload) -> String {
    if payload.base64 {
        return format!("{} bytes", payload.size);
    }
    let text = shorten(&payload.kept, 300);
    let text = text.trim();
    if text.starts_with(['{', '[']) || text.is_empty() {
        one_line(text)
    } else {
        let mut out = String::new();
        quote(text.as_bytes(), &mut out);
        one_line(&out)
    }
}

fn spaced(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" {text}")
    }
}

/// Path and query of a URL: its host is the target's, which the report names already.
pub(super) fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find(['/', '?']).map_or("/", |at| &rest[at..]);
    one_line(path)
}
