//! How a stream comes to its end inside the task that owns it, and what remains to be done with
//! its connection.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::model::event::{Ended, EventKind, How};
use crate::model::{Problem, ProblemKind};
use crate::record::Stamp;

use super::connection::closed;
use super::incoming::State;
use super::socket::{Outgoing, Socket, Wire};
use super::task::{Phase, Task};

impl<W: Wire> Task<W> {
    /// The stream ended; what remains of the socket's life is up to `phase`.
    pub(super) fn end(&mut self, ended: Ended, phase: Phase) {
        if self.phase != Phase::Alive {
            return;
        }
        let stamp = self.emitter.emit(EventKind::StreamEnded {
            stream: self.stream,
            ended: ended.clone(),
        });
        let why = closed(&ended);
        self.over(State::Closed(ended), stamp, &why, phase);
    }

    /// The stream stopped because of what the target sent.
    pub(super) fn stop(&mut self, problem: Problem) {
        if self.phase != Phase::Alive {
            return;
        }
        let stamp = self.emitter.emit(EventKind::StreamStopped {
            stream: self.stream,
            problem: problem.clone(),
        });
        let silent = self.is_silent();
        let code: u16 = if problem.kind == ProblemKind::Overflow {
            1009
        } else {
            1002
        };
        let state = State::Stopped(problem.clone());
        self.over(state, stamp, &problem, Phase::Leaving);
        if !silent {
            self.say_goodbye(Bytes::copy_from_slice(&code.to_be_bytes()));
        }
    }

    fn over(&mut self, state: State, stamp: Stamp, why: &Problem, phase: Phase) {
        let finishing = self.closing.as_ref().is_some_and(|it| it.finishing);
        self.phase = if finishing { Phase::Leaving } else { phase };
        self.shared.finish(state, stamp);
        // A frame that was begun is finished, or what follows it would be garbage.
        let frames = self.socket.as_mut().map(Socket::take_waiting);
        tell(frames.unwrap_or_default(), why);
        for (_, reply) in std::mem::take(&mut self.at_boundary) {
            let _ = reply.send(Err(why.clone()));
        }
        for reply in self.closing.take().map(|it| it.replies).unwrap_or_default() {
            let _ = reply.send(Ok(()));
        }
    }

    /// Nothing more can be written; those who wait for it hear why.
    pub(super) fn drop_queue(&mut self, why: &Problem) {
        let frames = self.socket.as_mut().map(Socket::take_all);
        tell(frames.unwrap_or_default(), why);
    }

    /// Closes the connection now: with a FIN, and the stream with it if it was not over.
    pub(super) fn leave(&mut self) {
        self.end(
            Ended {
                code: 1006,
                reason: String::new(),
                how: How::Fin,
                by_us: true,
            },
            Phase::Leaving,
        );
        self.drop_socket();
    }

    pub(super) fn drop_socket(&mut self) {
        if let Some(socket) = self.socket.take() {
            socket.leave();
        }
    }

    pub(super) fn close_unanswered(&mut self) {
        let closing = self.closing.as_mut();
        for reply in closing
            .map(|it| std::mem::take(&mut it.replies))
            .unwrap_or_default()
        {
            let problem = Problem::new(
                ProblemKind::Timeout,
                "the target did not answer the close frame in time",
            );
            let _ = reply.send(Err(problem.with_reason("close")));
        }
        self.leave();
    }
}

fn tell(frames: VecDeque<Outgoing>, why: &Problem) {
    for frame in frames {
        if let Some(reply) = frame.reply {
            let _ = reply.send(Err(why.clone()));
        }
    }
}
