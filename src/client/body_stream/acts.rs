//! What a stream's task does when a journey asks for it, and how the stream comes to its end.

use crate::client::websocket::{State, refusal};
use crate::model::event::{Ended, EventKind, How, StreamAction};
use crate::model::{Problem, ProblemKind};
use crate::record::Stamp;

use super::handle::{Command, Reply};
use super::task::Task;

impl Task {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Act(action, reply) => self.act(action, reply),
            Command::Finish(reply) => {
                self.shared.keep_no_more();
                self.end(How::Fin, true);
                let _ = reply.send(Ok(()));
            }
        }
    }

    fn act(&mut self, action: StreamAction, reply: Reply) {
        let state = self.shared.state();
        if state.is_over() {
            let problem = refusal(&state, "do that");
            let _ = reply.send(problem.map_or(Ok(()), Err));
            return;
        }
        match action {
            StreamAction::Frozen => {
                self.frozen = true;
                // It would be an answer to have broken off.
                self.resumption = None;
                self.did(action);
                self.end_if_lost();
            }
            StreamAction::Blackholed => {
                self.blackholed = true;
                self.resumption = None;
                self.did(action);
                self.end_if_lost();
            }
            StreamAction::Closing => {
                self.did(action);
                self.end(How::Fin, true);
            }
            StreamAction::Aborted => {
                self.did(action);
                self.end(How::Reset, true);
            }
            StreamAction::Thawed | StreamAction::HalfClosed | StreamAction::Vanished => {
                let message = "a body cannot be thawed, half-closed or left without closing it";
                let _ = reply.send(Err(Problem::new(ProblemKind::Script, message)));
                return;
            }
        }
        let _ = reply.send(Ok(()));
    }

    fn did(&mut self, action: StreamAction) {
        self.emitter.emit(EventKind::StreamActed {
            stream: self.stream,
            action,
        });
        self.shared.set_state(if self.blackholed {
            State::Blackholed
        } else if self.frozen {
            State::Frozen
        } else {
            State::Open
        });
    }

    /// A stream that plays dead between two connections has none any more.
    fn end_if_lost(&mut self) {
        if self.body.is_none() {
            self.end(How::Fin, false);
        }
    }

    /// The stream ended, and its connection with it.
    pub(super) fn end(&mut self, how: How, by_us: bool) {
        if self.over {
            return;
        }
        let ended = Ended {
            code: 1006,
            reason: String::new(),
            how,
            by_us,
        };
        let stamp = self.emitter.emit(EventKind::StreamEnded {
            stream: self.stream,
            ended: ended.clone(),
        });
        self.finish(State::Closed(ended), stamp);
    }

    /// The stream stopped because of what the target sent, or did not.
    pub(super) fn stop(&mut self, problem: Problem) {
        if self.over {
            return;
        }
        let stamp = self.emitter.emit(EventKind::StreamStopped {
            stream: self.stream,
            problem: problem.clone(),
        });
        self.finish(State::Stopped(problem), stamp);
    }

    fn finish(&mut self, state: State, stamp: Stamp) {
        self.over = true;
        self.body = None;
        self.resumption = None;
        self.shared.finish(state, stamp);
    }
}
