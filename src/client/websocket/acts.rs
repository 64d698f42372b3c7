//! What a connection's task does when a journey asks for it.

use bytes::Bytes;
use tokio::time::Instant;

use crate::model::event::{Ended, EventKind, FrameKind, How, StreamAction};
use crate::model::{Problem, ProblemKind};
use crate::record::Stamp;

use super::arrivals::by_itself;
use super::connection::{Command, closed, ours};
use super::frame::RawFrame;
use super::incoming::State;
use super::socket::{Outgoing, Reply, Wire};
use super::task::{Closing, Phase, Task};

impl<W: Wire> Task<W> {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Send {
                frame,
                kind,
                by_itself,
                reply,
            } => self.send(frame, kind, by_itself, reply),
            Command::Act(action, reply) => self.act(action, reply),
            Command::Close {
                payload,
                deadline,
                reply,
            } => self.close(payload, deadline, reply),
            Command::Finish { deadline, reply } => self.finish(deadline, reply),
        }
    }

    fn send(&mut self, frame: RawFrame, kind: FrameKind, by_itself: bool, reply: Reply<Stamp>) {
        let refusal = self.refusal("send").or_else(|| {
            let ended = ended(How::Reset, false);
            self.write_failed.then(|| closed(&ended))
        });
        if let Some(problem) = refusal {
            let _ = reply.send(Err(problem));
            return;
        }
        let bytes = match frame.encode() {
            Ok(bytes) => bytes,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        if let Some(stamp) = self.shared.gate.loses(kind, &frame.payload) {
            let _ = reply.send(Ok(stamp));
            return;
        }
        // After a close frame of the journey's own making, an answer to it is no goodbye of the
        // target's.
        self.close_sent |= frame.opcode == 8;
        if let Some(socket) = self.socket.as_mut() {
            socket.queue(Outgoing {
                bytes,
                kind,
                payload: frame.payload,
                by_itself,
                reply: Some(reply),
            });
        }
        self.show_state();
    }

    fn act(&mut self, action: StreamAction, reply: Reply<()>) {
        if let Some(problem) = self.act_refusal(action) {
            let _ = reply.send(Err(problem));
            return;
        }
        match action {
            StreamAction::Frozen => {
                self.frozen = true;
                self.at_boundary.push((action, reply));
            }
            StreamAction::HalfClosed => {
                self.half_closed = true;
                self.at_boundary.push((action, reply));
            }
            StreamAction::Thawed => {
                self.frozen = false;
                self.done(action, reply);
            }
            StreamAction::Blackholed => {
                self.blackholed = true;
                self.drop_queue(&Self::mistake("send"));
                self.done(action, reply);
            }
            StreamAction::Vanished => {
                self.done(action, reply);
                self.leave();
            }
            StreamAction::Aborted => self.abort(reply),
            // Its own command, with a deadline.
            StreamAction::Closing => {}
        }
        self.show_state();
    }

    /// Why an action cannot be done in this state, if it cannot.
    fn act_refusal(&self, action: StreamAction) -> Option<Problem> {
        let state = self.shared.state();
        match state {
            State::Closed(ended) => return Some(closed(&ended)),
            State::Stopped(problem) => return Some(problem),
            State::Open
            | State::Frozen
            | State::HalfClosed
            | State::Blackholed
            | State::Closing => {}
        }
        match action {
            StreamAction::Thawed if self.blackholed => Some(Self::mistake("thaw")),
            StreamAction::HalfClosed if self.blackholed => Some(Self::mistake("half-close")),
            StreamAction::Frozen
            | StreamAction::Thawed
            | StreamAction::Blackholed
            | StreamAction::HalfClosed
            | StreamAction::Vanished
            | StreamAction::Aborted
            | StreamAction::Closing => None,
        }
    }

    /// All that was sent before is written; now an action that waited for that is done.
    pub(super) fn reached(&mut self, action: StreamAction, reply: Reply<()>) {
        let shut = match (action, self.socket.as_ref()) {
            (StreamAction::HalfClosed, Some(socket)) => socket.shut_writing(),
            _ => Ok(()),
        };
        if let Err(error) = shut {
            // It ended a moment ago, which reading will find out.
            let message = format!("the target ended the connection: {error}");
            let _ = reply.send(Err(Problem::new(ProblemKind::Closed, message)));
            return;
        }
        self.done(action, reply);
    }

    fn done(&mut self, action: StreamAction, reply: Reply<()>) {
        self.emitter.emit(EventKind::StreamActed {
            stream: self.stream,
            action,
        });
        self.show_state();
        let _ = reply.send(Ok(()));
    }

    fn abort(&mut self, reply: Reply<()>) {
        self.emitter.emit(EventKind::StreamActed {
            stream: self.stream,
            action: StreamAction::Aborted,
        });
        self.end(ended(How::Reset, true), Phase::Leaving);
        if let Some(socket) = self.socket.take() {
            socket.reset();
        }
        let _ = reply.send(Ok(()));
    }

    fn close(&mut self, payload: Bytes, deadline: Instant, reply: Reply<()>) {
        match self.shared.state() {
            State::Closed(_) | State::Stopped(_) => {
                let _ = reply.send(Ok(()));
            }
            State::Closing => self.await_answer(deadline, Some(reply), false),
            State::Open => {
                self.emitter.emit(EventKind::StreamActed {
                    stream: self.stream,
                    action: StreamAction::Closing,
                });
                self.queue_close(payload, false);
                self.await_answer(deadline, Some(reply), false);
            }
            State::Frozen | State::HalfClosed | State::Blackholed => {
                let problem = self.refusal("send a close frame");
                let _ = reply.send(Err(problem.unwrap_or_else(|| ours("cannot close"))));
            }
        }
    }

    fn finish(&mut self, deadline: Instant, reply: Reply<()>) {
        self.shared.keep_no_more();
        match self.shared.real_state() {
            State::Open => {
                self.queue_close(Bytes::copy_from_slice(&1000_u16.to_be_bytes()), true);
                self.await_answer(deadline, Some(reply), true);
            }
            State::Closing => self.await_answer(deadline, Some(reply), true),
            State::Frozen
            | State::HalfClosed
            | State::Blackholed
            | State::Closed(_)
            | State::Stopped(_) => {
                self.leave();
                let _ = reply.send(Ok(()));
            }
        }
    }

    fn queue_close(&mut self, payload: Bytes, by_us_alone: bool) {
        self.close_sent = true;
        if let (Some(socket), Some(mut frame)) = (
            self.socket.as_mut(),
            by_itself(8, FrameKind::Close, payload),
        ) {
            frame.by_itself = by_us_alone;
            socket.queue(frame);
        }
        self.show_state();
    }

    fn await_answer(&mut self, deadline: Instant, reply: Option<Reply<()>>, finishing: bool) {
        let closing = self.closing.get_or_insert_with(|| Closing {
            deadline,
            replies: Vec::new(),
            finishing: false,
        });
        closing.deadline = closing.deadline.min(deadline);
        closing.finishing |= finishing;
        closing.replies.extend(reply);
    }
}

/// An ending without a close frame.
fn ended(how: How, by_us: bool) -> Ended {
    Ended {
        code: 1006,
        reason: String::new(),
        how,
        by_us,
    }
}
