//! The handle of an open WebSocket: what a journey can do to its own end of it.

use std::rc::Rc;

use bytes::Bytes;
use futures_channel::mpsc;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::client::guard::Watch;
use crate::client::tls::Peer;
use crate::model::event::{Ended, FrameKind, How, Phases, StreamAction};
use crate::model::{Problem, ProblemKind};
use crate::record::Stamp;

use super::frame::{LONGEST_CONTROL, RawFrame};
use super::incoming::{Shared, State};
use super::message::may_be_sent;
use super::socket::Reply;

/// How the target accepted the upgrade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Where it was opened, with the scheme `ws` or `wss`.
    pub url: String,
    /// 101.
    pub status: u16,
    /// The answer's headers as on the wire, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// What the target chose of those offered.
    pub subprotocol: Option<String>,
    /// What the target showed of itself over TLS.
    pub tls: Option<Peer>,
    /// How long it took.
    pub phases: Phases,
}

/// What a handle asks of the connection's task.
#[derive(Debug)]
pub(super) enum Command {
    Send {
        frame: RawFrame,
        kind: FrameKind,
        by_itself: bool,
        reply: Reply<Stamp>,
    },
    Act(StreamAction, Reply<()>),
    Close {
        payload: Bytes,
        deadline: Instant,
        reply: Reply<()>,
    },
    Finish {
        deadline: Instant,
        reply: Reply<()>,
    },
}

/// One end of an open WebSocket. Clones are the same connection; when the last one and its
/// [`Incoming`](super::Incoming) are dropped, the connection is closed with a FIN.
#[derive(Debug, Clone)]
pub struct Connection {
    commands: mpsc::UnboundedSender<Command>,
    shared: Rc<Shared>,
    accepted: Rc<Accepted>,
    watch: Rc<Watch>,
}

impl Connection {
    pub(super) fn new(
        commands: mpsc::UnboundedSender<Command>,
        shared: Rc<Shared>,
        accepted: Accepted,
        watch: Watch,
    ) -> Self {
        Self {
            commands,
            shared,
            accepted: Rc::new(accepted),
            watch: Rc::new(watch),
        }
    }

    /// How the target accepted it.
    pub fn accepted(&self) -> &Accepted {
        &self.accepted
    }

    /// What can be done with it right now.
    pub fn state(&self) -> State {
        self.shared.state()
    }

    /// Sends a whole message (`Text` or `Binary`) and returns its stamp when it was flushed.
    /// `by_itself` marks what jaunt sends without being told: an `answer`, a heartbeat.
    ///
    /// Errors: `script` for another kind, and if the stream is frozen, half-closed or
    /// blackholed; `closed` if it is closed; what stopped it, if something did; `host` for a
    /// secret that must not go there, whatever the stream is like.
    pub async fn send(
        &self,
        kind: FrameKind,
        bytes: Bytes,
        by_itself: bool,
    ) -> Result<Stamp, Problem> {
        let opcode = match kind {
            FrameKind::Text if std::str::from_utf8(&bytes).is_err() => {
                let message = "a text message must be UTF-8; send it with `binary = true`, or as it is with `send_frame`";
                return Err(ours(message));
            }
            FrameKind::Text => 1,
            FrameKind::Binary => 2,
            FrameKind::Ping | FrameKind::Pong | FrameKind::Close | FrameKind::Raw => {
                return Err(ours("a message is text or binary"));
            }
        };
        self.submit(RawFrame::plain(opcode, bytes), kind, by_itself)
            .await
    }

    /// Sends a ping. Errors as [`Self::send`]; also `script` beyond 125 bytes.
    pub async fn ping(&self, payload: Bytes) -> Result<Stamp, Problem> {
        at_most_a_control_frame(payload.len(), "ping")?;
        self.submit(RawFrame::plain(9, payload), FrameKind::Ping, false)
            .await
    }

    /// Sends one frame exactly as given. Errors as [`Self::send`].
    pub async fn send_frame(&self, frame: RawFrame) -> Result<Stamp, Problem> {
        self.submit(frame, FrameKind::Raw, false).await
    }

    /// Sends a close frame (an empty one without a code) and waits for the answer, or until the
    /// target ends the connection. A closed stream stays as it is.
    ///
    /// Errors: `timeout` if neither came by `deadline`, in which case the connection is closed
    /// with a FIN; `script` for a code or a reason that cannot be sent, and if the stream is
    /// frozen, half-closed or blackholed.
    pub async fn close(
        &self,
        code: Option<u16>,
        reason: &str,
        deadline: Instant,
    ) -> Result<(), Problem> {
        let payload = farewell(code, reason)?;
        self.watch.check(&payload, || "a close frame".to_string())?;
        self.unless_over(|reply| Command::Close {
            payload,
            deadline,
            reply,
        })
        .await
    }

    /// Resets the connection. A closed stream stays as it is.
    pub async fn abort(&self) -> Result<(), Problem> {
        self.unless_over(|reply| Command::Act(StreamAction::Aborted, reply))
            .await
    }

    /// Goes away without a close frame, as a process that died: the receive buffer is emptied
    /// and the connection closed, so that the target sees a FIN. What the target writes after
    /// that its kernel refuses, which shows at its second write. A closed stream stays as it is.
    pub async fn vanish(&self) -> Result<(), Problem> {
        self.unless_over(|reply| Command::Act(StreamAction::Vanished, reply))
            .await
    }

    /// Ends our direction with a FIN behind what was sent so far; messages still come, no pong
    /// can leave. Errors: `closed`; `script` if blackholed.
    pub async fn half_close(&self) -> Result<(), Problem> {
        self.act(StreamAction::HalfClosed).await
    }

    /// Falls silent behind what was sent so far: messages still come, nothing is answered or
    /// sent. Errors: `closed`.
    pub async fn freeze(&self) -> Result<(), Problem> {
        self.act(StreamAction::Frozen).await
    }

    /// Ends [`Self::freeze`]; what came meanwhile stays unanswered. Errors: `closed`; `script`
    /// if blackholed, which cannot be undone because a frame may have been cut.
    pub async fn thaw(&self) -> Result<(), Problem> {
        self.act(StreamAction::Thawed).await
    }

    /// Reads nothing and writes nothing from now on. The kernel still acknowledges until its
    /// buffer is full: it is not a pulled cable. Errors: `closed`.
    pub async fn blackhole(&self) -> Result<(), Problem> {
        self.act(StreamAction::Blackholed).await
    }

    /// For the end of a journey: a close frame with 1000 and its answer by `deadline` if the
    /// stream is open, else a FIN. Returns when the socket is closed. What arrives meanwhile is
    /// not kept.
    pub async fn finish(&self, deadline: Instant) {
        // Nothing to report: the stream's ending is an event of its own.
        let _ = self
            .request(|reply| Command::Finish { deadline, reply })
            .await;
    }

    async fn submit(
        &self,
        frame: RawFrame,
        kind: FrameKind,
        by_itself: bool,
    ) -> Result<Stamp, Problem> {
        self.watch
            .check(&frame.payload, || "a frame of the stream".to_string())?;
        self.request(|reply| Command::Send {
            frame,
            kind,
            by_itself,
            reply,
        })
        .await
    }

    async fn act(&self, action: StreamAction) -> Result<(), Problem> {
        self.request(|reply| Command::Act(action, reply)).await
    }

    async fn unless_over(&self, command: impl FnOnce(Reply<()>) -> Command) -> Result<(), Problem> {
        if self.state().is_over() {
            return Ok(());
        }
        let done = self.request(command).await;
        // It may have ended on the way: then there is nothing left to do.
        match done {
            Err(problem) if problem.kind == ProblemKind::Closed => Ok(()),
            other => other,
        }
    }

    async fn request<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, Problem> {
        let (reply, done) = oneshot::channel();
        if self.commands.unbounded_send(command(reply)).is_err() {
            return Err(self.gone());
        }
        match done.await {
            Ok(result) => result,
            Err(_) => Err(self.gone()),
        }
    }

    fn gone(&self) -> Problem {
        refusal(&self.state(), "send")
            .unwrap_or_else(|| Problem::new(ProblemKind::Closed, "the stream is closed"))
    }
}

/// What `what` on a stream in this state ends in, if it cannot be done.
pub(in crate::client) fn refusal(state: &State, what: &str) -> Option<Problem> {
    match state {
        State::Open => None,
        State::Frozen => Some(ours(format!(
            "cannot {what}: the stream is frozen (`:thaw()` it first)"
        ))),
        State::HalfClosed => Some(ours(format!("cannot {what}: the stream is half-closed"))),
        State::Blackholed => Some(ours(format!("cannot {what}: the stream is blackholed"))),
        State::Closing => Some(Problem::new(
            ProblemKind::Closed,
            format!("cannot {what}: the stream is being closed"),
        )),
        State::Closed(ended) => Some(closed(ended)),
        State::Stopped(problem) => Some(problem.clone()),
    }
}

/// The problem of needing a stream that has ended; its reason is the `how`.
pub fn closed(ended: &Ended) -> Problem {
    let who = if ended.by_us {
        "the journey"
    } else {
        "the target"
    };
    let message = match ended.how {
        How::Close if ended.reason.is_empty() => {
            format!("the stream is closed: {who} closed it, code {}", ended.code)
        }
        How::Close => format!(
            "the stream is closed: {who} closed it, code {} ({})",
            ended.code, ended.reason
        ),
        How::Fin => {
            format!("the stream is closed: {who} ended it without a close frame, code 1006")
        }
        How::Reset => format!("the stream is closed: {who} reset the connection, code 1006"),
        How::End => "the stream is closed: it came to its end".to_string(),
    };
    Problem::new(ProblemKind::Closed, message).with_reason(ended.how.name())
}

/// A mistake of the journey.
pub(super) fn ours(message: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Script, message)
}

fn farewell(code: Option<u16>, reason: &str) -> Result<Bytes, Problem> {
    let Some(code) = code else {
        if reason.is_empty() {
            return Ok(Bytes::new());
        }
        return Err(ours("a close frame with a reason needs a code"));
    };
    if !may_be_sent(code) {
        return Err(ours(format!(
            "{code} is no close code that may be sent (1000 to 1003, 1007 to 1014, 3000 to 4999); use `send_frame` to send it all the same"
        )));
    }
    let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
    at_most_a_control_frame(payload.len(), "close reason with its code")?;
    Ok(Bytes::from(payload))
}

fn at_most_a_control_frame(length: usize, what: &str) -> Result<(), Problem> {
    if length as u64 <= LONGEST_CONTROL {
        return Ok(());
    }
    Err(ours(format!(
        "a {what} has at most {LONGEST_CONTROL} bytes, found {length}"
    )))
}
