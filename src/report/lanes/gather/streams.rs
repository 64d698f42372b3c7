//! What happened to streams, as rows.

use crate::model::event::{ClientId, Ended, FrameKind, How, StreamAction, StreamId};
use crate::model::{Event, EventKind};
use crate::report::moment::path_of;
use crate::report::style::one_line;

use super::super::{Kind, State, label};
use super::requests::Opening;
use super::{Gather, Side};

/// A close frame: the row of the end says it again.
pub(super) struct Goodbye {
    stream: StreamId,
    /// Its place in the order.
    seq: u64,
    /// True if the client sent it.
    own: bool,
    label: String,
}

impl Gather<'_> {
    pub(super) fn stream(&mut self, event: &Event, whole: bool) {
        if let EventKind::StreamOpening {
            client,
            stream,
            url,
            ..
        } = &event.kind
        {
            let host = self.host(url);
            self.streams.insert(*stream, (*client, host, path_of(url)));
            self.opening.push(Opening::new(*client, *stream, url));
            return;
        }
        let Some((client, host, path)) = stream_id(event).and_then(|it| self.of_stream(it)) else {
            return;
        };
        let (own, far) = (Side::Client(client), Side::Host(host));
        match &event.kind {
            EventKind::StreamOpened {
                stream,
                status,
                headers,
                ..
            } => {
                self.opened(*stream, headers);
                let row = self.row(event, Kind::Open, own, far, format!("open {path}"));
                row.remark = status.to_string();
            }
            EventKind::StreamFailed {
                problem, status, ..
            } => {
                let row = self.row(event, Kind::Open, own, far, format!("open {path}"));
                row.remark = match status {
                    Some(status) => status.to_string(),
                    None => one_line(&problem.message),
                };
                row.state = State::Failed;
            }
            EventKind::FrameSent {
                stream,
                frame,
                payload,
                by_itself,
            } => {
                let label = label::of_frame(*frame, payload, &self.wanted);
                self.goodbye(event, *stream, *frame, (true, &label));
                match by_itself {
                    false => self.row(event, Kind::Message, own, far, label),
                    true if whole => self.row(event, Kind::Control, own, far, label),
                    true => return,
                };
            }
            EventKind::FrameReceived {
                stream,
                frame,
                payload,
                unanswered,
            } => {
                let label = match self.events.contains(stream) {
                    true => label::of_event(payload, &self.wanted),
                    false => label::of_frame(*frame, payload, &self.wanted),
                };
                self.goodbye(event, *stream, *frame, (false, &label));
                let control = matches!(frame, FrameKind::Ping | FrameKind::Pong);
                match (control, unanswered) {
                    (_, true) => {
                        let row = self.row(event, Kind::Control, far, own, label);
                        row.remark = "not answered".to_string();
                        row.state = State::NotAnswered;
                    }
                    (true, false) if whole => {
                        self.row(event, Kind::Control, far, own, label);
                    }
                    (true, false) => {}
                    (false, false) => {
                        self.row(event, Kind::Message, far, own, label);
                    }
                }
            }
            EventKind::StreamActed { action, .. } => {
                let label = acted(*action).to_string();
                self.row(event, Kind::Act, own, own, label);
            }
            EventKind::StreamEnded { stream, ended } => {
                self.ended(event, ended, (*stream, client, host));
            }
            EventKind::StreamStopped { problem, .. } => {
                let label = format!("stopped: {}", one_line(&problem.message));
                self.row(event, Kind::End, own, own, label).state = State::Failed;
            }
            _ => {}
        }
    }

    fn goodbye(
        &mut self,
        event: &Event,
        stream: StreamId,
        frame: FrameKind,
        (own, label): (bool, &str),
    ) {
        if frame == FrameKind::Close {
            self.goodbyes.push(Goodbye {
                stream,
                seq: event.seq,
                own,
                label: label.to_string(),
            });
        }
    }

    /// The close frame that ended a stream, as its one row: that of the end. Who answered it is of
    /// no interest.
    fn closed(&mut self, stream: StreamId, by_us: bool) -> String {
        let mut all = self.goodbyes.iter().filter(|it| it.stream == stream);
        let seqs: Vec<u64> = all.clone().map(|it| it.seq).collect();
        let frame = all.rfind(|it| it.own == by_us);
        self.rows.retain(|row| !seqs.contains(&row.seq));
        frame.map_or_else(|| "close frame".to_string(), |it| it.label.clone())
    }

    fn ended(
        &mut self,
        event: &Event,
        ended: &Ended,
        (stream, client, host): (StreamId, ClientId, usize),
    ) {
        let (own, far) = (Side::Client(client), Side::Host(host));
        let label = match ended.how {
            How::Close => self.closed(stream, ended.by_us),
            How::Fin => "FIN".to_string(),
            How::Reset => "RST".to_string(),
            How::End => "end of the body".to_string(),
        };
        let (who, target) = (self.name(client), self.hosts[host].1.clone());
        if ended.by_us {
            // What was done stands in the row above; this is how it ended.
            self.row(event, Kind::End, own, far, label);
            return;
        }
        let row = self.row(event, Kind::End, far, own, label);
        row.remark = match ended.how {
            How::Fin | How::Reset => format!("{target} dropped {who}"),
            How::Close => format!("{target} closed it"),
            How::End => String::new(),
        };
    }
}

fn stream_id(event: &Event) -> Option<StreamId> {
    match &event.kind {
        EventKind::StreamOpened { stream, .. }
        | EventKind::StreamFailed { stream, .. }
        | EventKind::FrameSent { stream, .. }
        | EventKind::FrameReceived { stream, .. }
        | EventKind::StreamActed { stream, .. }
        | EventKind::StreamEnded { stream, .. }
        | EventKind::StreamStopped { stream, .. } => Some(*stream),
        _ => None,
    }
}

fn acted(action: StreamAction) -> &'static str {
    match action {
        StreamAction::Frozen => "freezes",
        StreamAction::Thawed => "thaws",
        StreamAction::Blackholed => "blackholes",
        StreamAction::HalfClosed => "half-closes",
        StreamAction::Vanished => "vanishes",
        StreamAction::Aborted => "aborts",
        StreamAction::Closing => "closes",
    }
}
