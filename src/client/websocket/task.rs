//! The task that owns a connection: it reads and writes at once, hears its handles, and knows
//! which phase of its life the connection is in. What arrives is in `arrivals`, what the journey
//! does in `acts`.

use std::rc::Rc;

use futures_channel::mpsc;
use futures_util::StreamExt as _;
use tokio::time::{Instant, sleep_until};

use crate::client::turns::Turns;
use crate::model::event::{EventKind, FrameKind, How, StreamAction, StreamId};
use crate::model::{Problem, ProblemKind};
use crate::record::Emitter;
use crate::record::emitter::payload;

use crate::client::aside::Aside;

use super::connection::{Command, ours, refusal};
use super::incoming::{Shared, State};
use super::message::{Assembler, Whole};
use super::socket::{Outgoing, Reply, Socket, Turn, Wire};

/// What the socket is still needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Everything.
    Alive,
    /// The stream is over: what waits is written, what comes is thrown away, until the target
    /// closes the connection or nobody holds it.
    Draining,
    /// The stream is over: what waits is written, then the connection is closed.
    Leaving,
}

/// A close frame of ours that waits for its answer.
#[derive(Debug)]
pub(super) struct Closing {
    pub(super) deadline: Instant,
    pub(super) replies: Vec<Reply<()>>,
    /// The journey is over: close the connection with the answer, or without it.
    pub(super) finishing: bool,
}

pub(super) struct Task<W> {
    pub(super) stream: StreamId,
    pub(super) emitter: Emitter,
    /// Nothing once the connection is closed.
    pub(super) socket: Option<Socket<W>>,
    pub(super) assembler: Assembler,
    pub(super) shared: Rc<Shared>,
    pub(super) commands: mpsc::UnboundedReceiver<Command>,
    pub(super) held: bool,
    pub(super) phase: Phase,
    pub(super) closing: Option<Closing>,
    /// A close frame left, or will.
    pub(super) close_sent: bool,
    pub(super) frozen: bool,
    pub(super) half_closed: bool,
    pub(super) blackholed: bool,
    /// Done as soon as all that waits is written.
    pub(super) at_boundary: Vec<(StreamAction, Reply<()>)>,
    /// Writing failed with a reset: the end of input that follows is no FIN.
    pub(super) reset_seen: bool,
    pub(super) write_failed: bool,
    pub(super) asides: Aside,
    pub(super) turns: Turns,
}

/// Tells those who wait that nothing will come, however the task ended.
struct Farewell(Rc<Shared>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.task_is_gone();
    }
}

enum Woken {
    Command(Option<Command>),
    Socket(Turn),
    CloseDeadline,
    Taken,
}

impl<W: Wire> Task<W> {
    pub(super) fn new(
        stream: StreamId,
        emitter: Emitter,
        socket: Socket<W>,
        max_message: usize,
        shared: Rc<Shared>,
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> Self {
        Self {
            stream,
            emitter,
            socket: Some(socket),
            assembler: Assembler::new(max_message),
            shared,
            commands,
            held: true,
            phase: Phase::Alive,
            closing: None,
            close_sent: false,
            frozen: false,
            half_closed: false,
            blackholed: false,
            at_boundary: Vec::new(),
            reset_seen: false,
            write_failed: false,
            asides: Aside::new("pings and pongs"),
            turns: Turns::new(),
        }
    }

    /// Runs until the connection is closed.
    pub(super) async fn run(mut self) {
        let _farewell = Farewell(Rc::clone(&self.shared));
        loop {
            while self.read_what_is_here() {
                self.turns.give_way().await;
            }
            self.after_flush();
            if !self.held && !self.shared.is_listened_to() {
                self.leave();
            }
            self.turns.give_way().await;
            let Some(woken) = self.wait().await else {
                return;
            };
            match woken {
                Woken::Command(Some(command)) => self.command(command),
                Woken::Command(None) => self.held = false,
                Woken::Socket(turn) => self.turned(turn),
                Woken::CloseDeadline => self.close_unanswered(),
                Woken::Taken => {}
            }
        }
    }

    /// The next thing that happens; nothing once the socket is gone.
    async fn wait(&mut self) -> Option<Woken> {
        let heard = self.is_heard();
        let socket = self.socket.as_mut()?;
        let reading = match self.phase {
            Phase::Alive => !self.blackholed && heard && self.shared.has_room(),
            Phase::Draining => true,
            Phase::Leaving => false,
        };
        let writing = !self.blackholed && !self.write_failed;
        let deadline = self.closing.as_ref().map(|closing| closing.deadline);
        tokio::select! {
            biased;
            command = self.commands.next(), if self.held => Some(Woken::Command(command)),
            // Before the socket, which always has something to say where a target floods.
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                Some(Woken::CloseDeadline)
            }
            turn = socket.turn(reading, writing) => Some(Woken::Socket(turn)),
            () = self.shared.taken.notified() => Some(Woken::Taken),
        }
    }

    /// Handles what was read, as far as the queue has room for it; true if there may be more of it
    /// but the turn is over.
    fn read_what_is_here(&mut self) -> bool {
        while self.phase == Phase::Alive && !self.blackholed && self.shared.has_room() {
            if self.turns.is_over() {
                return true;
            }
            let Some(socket) = self.socket.as_mut() else {
                return false;
            };
            match self.assembler.take(&mut socket.inbound) {
                Ok(Some(whole)) => self.arrived(whole),
                Ok(None) => {
                    if self.shared.gate.cut().is_some() {
                        self.cut();
                    }
                    return false;
                }
                Err(problem) => self.stop(problem),
            }
        }
        if self.phase != Phase::Alive
            && let Some(socket) = self.socket.as_mut()
        {
            socket.inbound.clear();
        }
        false
    }

    /// True while it matters what comes. Where a message was refused nobody listens any more, and
    /// a target that floods is left to its own buffers.
    fn is_heard(&self) -> bool {
        self.closing.is_some() || self.shared.is_read()
    }

    fn turned(&mut self, turn: Turn) {
        match turn {
            Turn::Read(0) if self.reset_seen => self.input_ended(How::Reset),
            Turn::Read(0) => self.input_ended(How::Fin),
            Turn::Read(count) => self.was_read(count),
            Turn::ReadFailed => self.input_ended(How::Reset),
            Turn::Flushed(frame) => self.flushed(frame),
            Turn::WriteFailed(error) => {
                // What the target sent before is still there to be read, and its end tells more.
                // A broken pipe is one that the target had ended with a FIN before.
                self.write_failed = true;
                self.reset_seen = error.kind() == std::io::ErrorKind::ConnectionReset;
                let problem = Problem::new(
                    ProblemKind::Closed,
                    format!("the target ended the connection while a frame was written: {error}"),
                );
                self.drop_queue(&problem.with_reason("reset"));
            }
        }
    }

    /// Of what was read, only so much came as the network let through.
    fn was_read(&mut self, count: usize) {
        if self.phase != Phase::Alive {
            return;
        }
        let lost = count - self.shared.gate.lets_through(count);
        if let Some(socket) = self.socket.as_mut().filter(|_| lost > 0) {
            let rest = socket.inbound.len().saturating_sub(lost);
            socket.inbound.truncate(rest);
        }
    }

    fn flushed(&mut self, frame: Outgoing) {
        if frame.by_itself && frame.kind == FrameKind::Pong && !self.asides.tell(&self.emitter) {
            return;
        }
        let stamp = self.emitter.emit(EventKind::FrameSent {
            stream: self.stream,
            frame: frame.kind,
            payload: payload(&frame.payload),
            by_itself: frame.by_itself,
        });
        self.shared.gate.sent(stamp, frame.kind, &frame.payload);
        if let Some(reply) = frame.reply {
            let _ = reply.send(Ok(stamp));
        }
    }

    /// Does what waited for the boundary between two frames.
    fn after_flush(&mut self) {
        let Some(socket) = self.socket.as_ref() else {
            return;
        };
        if !socket.is_flushed() && !self.write_failed {
            return;
        }
        if self.phase == Phase::Leaving {
            self.drop_socket();
            return;
        }
        for (action, reply) in std::mem::take(&mut self.at_boundary) {
            self.reached(action, reply);
        }
    }

    /// Why nothing may be sent right now.
    pub(super) fn refusal(&self, what: &str) -> Option<Problem> {
        refusal(&self.shared.state(), what)
    }

    /// Puts the flags into the one word that handles see.
    pub(super) fn show_state(&self) {
        if self.shared.real_state().is_over() {
            return;
        }
        self.shared.set_state(if self.blackholed {
            State::Blackholed
        } else if self.half_closed {
            State::HalfClosed
        } else if self.frozen {
            State::Frozen
        } else if self.close_sent {
            State::Closing
        } else {
            State::Open
        });
    }

    pub(super) fn mistake(what: &str) -> Problem {
        ours(format!("cannot {what}: the stream is blackholed"))
    }

    fn arrived(&mut self, whole: Whole) {
        match whole {
            Whole::Text(bytes) => self.message(FrameKind::Text, bytes),
            Whole::Binary(bytes) => self.message(FrameKind::Binary, bytes),
            Whole::Ping(bytes) => self.pinged(bytes),
            Whole::Pong(bytes) => {
                self.heard(FrameKind::Pong, &bytes, false);
            }
            Whole::Close(said) => self.told_goodbye(said),
        }
    }
}
