//! What a connection's task does with what arrives.

use bytes::Bytes;

use crate::client::fault::gate::{Cut, Pinged};
use crate::model::event::{Ended, EventKind, FrameKind, How};
use crate::record::Stamp;
use crate::record::emitter::payload;

use super::frame::{RawFrame, broken};
use super::incoming::Arrival;
use super::message::{Farewell, NO_CODE, may_be_sent};
use super::socket::{Outgoing, Wire};
use super::task::{Phase, Task};

impl<W: Wire> Task<W> {
    pub(super) fn message(&mut self, kind: FrameKind, bytes: Bytes) {
        // Nobody is told any more, and a target may go on for ever.
        if !self.shared.keeps() {
            return;
        }
        let stamp = self.emitter.emit(EventKind::FrameReceived {
            stream: self.stream,
            frame: kind,
            payload: payload(&bytes),
            unanswered: false,
        });
        self.shared.push(Arrival::Message {
            seq: stamp.seq,
            at: stamp.at,
            kind,
            bytes,
        });
        if self.shared.gate.cut() == Some(Cut::Behind) {
            self.cut();
        }
    }

    /// Breaks the connection where that was asked for: both ends see a reset.
    pub(super) fn cut(&mut self) {
        let within = self.shared.gate.cut() == Some(Cut::Within);
        self.shared.gate.breaks(within && self.is_amid());
        let ended = Ended {
            code: 1006,
            reason: String::new(),
            how: How::Reset,
            by_us: false,
        };
        self.end(ended, Phase::Leaving);
        if let Some(socket) = self.socket.take() {
            socket.reset();
        }
    }

    /// Tells of a frame that is no message; gives its stamp if it is kept in the trace.
    pub(super) fn heard(
        &mut self,
        kind: FrameKind,
        bytes: &Bytes,
        unanswered: bool,
    ) -> Option<Stamp> {
        let is_aside = matches!(kind, FrameKind::Ping | FrameKind::Pong);
        if is_aside && !self.asides.tell(&self.emitter) {
            return None;
        }
        Some(self.emitter.emit(EventKind::FrameReceived {
            stream: self.stream,
            frame: kind,
            payload: payload(bytes),
            unanswered,
        }))
    }

    pub(super) fn pinged(&mut self, bytes: Bytes) {
        let silent = self.is_silent();
        let looked_at = self.shared.gate.pinged();
        let suppressed = looked_at.as_ref().is_some_and(Pinged::is_suppressed);
        let stamp = self.heard(FrameKind::Ping, &bytes, silent || suppressed);
        if let Some(ping) = looked_at {
            self.shared.gate.was_pinged(ping, stamp, !silent);
        }
        if silent || suppressed {
            return;
        }
        if let (Some(socket), Some(pong)) =
            (self.socket.as_mut(), by_itself(10, FrameKind::Pong, bytes))
        {
            socket.queue_pong(pong);
        }
    }

    /// True if nothing may leave by itself.
    pub(super) fn is_silent(&self) -> bool {
        self.frozen || self.half_closed || self.close_sent || self.write_failed
    }

    pub(super) fn told_goodbye(&mut self, said: Farewell) {
        let by_us = self.close_sent;
        let silent = self.is_silent();
        self.heard(FrameKind::Close, &said.payload, silent && !by_us);
        let ended = Ended {
            code: said.code,
            reason: said.reason,
            how: How::Close,
            by_us,
        };
        self.end(ended, Phase::Draining);
        if !silent {
            self.say_goodbye(answer_to(said.code));
        }
    }

    /// Queues a close frame that nobody waits for.
    pub(super) fn say_goodbye(&mut self, content: Bytes) {
        self.close_sent = true;
        if let (Some(socket), Some(frame)) = (
            self.socket.as_mut(),
            by_itself(8, FrameKind::Close, content),
        ) {
            socket.queue(frame);
        }
    }

    /// True if only the beginning of a frame or message is here.
    fn is_amid(&self) -> bool {
        let read = self.socket.as_ref();
        self.assembler.is_amid() || read.is_some_and(|socket| !socket.inbound.is_empty())
    }

    /// The target's direction ended without a close frame.
    pub(super) fn input_ended(&mut self, how: How) {
        let cut = self.is_amid();
        let by_us = self.close_sent;
        if cut && how == How::Fin && !by_us && self.phase == Phase::Alive {
            self.stop(broken(
                "the target closed the connection in the middle of a frame",
            ));
        } else {
            let ended = Ended {
                code: 1006,
                reason: String::new(),
                how,
                by_us,
            };
            self.end(ended, Phase::Leaving);
        }
        // Without the target's direction nothing is left to wait for.
        self.drop_socket();
    }
}

/// The answer to a close frame repeats its code, unless that may not be sent.
fn answer_to(code: u16) -> Bytes {
    match code {
        NO_CODE => Bytes::new(),
        code if may_be_sent(code) => Bytes::copy_from_slice(&code.to_be_bytes()),
        _ => Bytes::copy_from_slice(&1002_u16.to_be_bytes()),
    }
}

/// A frame that jaunt sends without being told.
pub(super) fn by_itself(opcode: u8, kind: FrameKind, content: Bytes) -> Option<Outgoing> {
    let bytes = RawFrame::plain(opcode, content.clone()).encode().ok()?;
    Some(Outgoing {
        bytes,
        kind,
        payload: content,
        by_itself: true,
        reply: None,
    })
}
