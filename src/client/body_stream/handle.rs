//! The handle of an open stream: what a journey can do to its own end of it.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use futures_channel::mpsc;
use tokio::sync::oneshot;

use crate::client::http::Response;
use crate::client::websocket::{Shared, State, refusal};
use crate::model::event::StreamAction;
use crate::model::{Problem, ProblemKind};

/// What a handle asks of the stream's task.
#[derive(Debug)]
pub(super) enum Command {
    Act(StreamAction, Reply),
    Finish(Reply),
}

/// Told when it was done, or why it was not.
pub(super) type Reply = oneshot::Sender<Result<(), Problem>>;

/// One end of an open stream. Clones are the same stream; when the last one and its `Incoming` are
/// dropped, the connection is closed.
#[derive(Debug, Clone)]
pub struct BodyStream {
    commands: mpsc::UnboundedSender<Command>,
    shared: Rc<Shared>,
    response: Rc<Response>,
    last_id: Rc<RefCell<Bytes>>,
}

impl BodyStream {
    pub(super) fn new(
        shared: Rc<Shared>,
        response: Response,
        last_id: Bytes,
    ) -> (Self, mpsc::UnboundedReceiver<Command>) {
        let (commands, inbox) = mpsc::unbounded();
        let handle = Self {
            commands,
            shared,
            response: Rc::new(response),
            last_id: Rc::new(RefCell::new(last_id)),
        };
        (handle, inbox)
    }

    pub(super) fn shared_last_id(&self) -> Rc<RefCell<Bytes>> {
        Rc::clone(&self.last_id)
    }

    /// The answer that opened it, without its body.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// What can be done with it right now.
    pub fn state(&self) -> State {
        self.shared.state()
    }

    /// The last event's id; at first the one that was sent. Nothing without one.
    pub fn last_event_id(&self) -> Option<Bytes> {
        let id = self.last_id.borrow().clone();
        (!id.is_empty()).then_some(id)
    }

    /// Closes the connection, which the target sees as its end. A closed stream stays as it is.
    pub async fn close(&self) -> Result<(), Problem> {
        self.unless_over(StreamAction::Closing).await
    }

    /// Gives the connection up at once, with what waits in it unread. A closed stream stays as it
    /// is.
    pub async fn abort(&self) -> Result<(), Problem> {
        self.unless_over(StreamAction::Aborted).await
    }

    /// Falls silent: what comes is still kept, but proves nothing any more, and a stream that
    /// breaks is not opened again. Errors: `closed`.
    pub async fn freeze(&self) -> Result<(), Problem> {
        self.request(|reply| Command::Act(StreamAction::Frozen, reply))
            .await
    }

    /// Reads nothing from now on; the connection stays. Errors: `closed`.
    pub async fn blackhole(&self) -> Result<(), Problem> {
        self.request(|reply| Command::Act(StreamAction::Blackholed, reply))
            .await
    }

    /// For the end of a journey: closes the connection. What arrives meanwhile is not kept.
    pub async fn finish(&self) {
        // Nothing to report: the stream's ending is an event of its own.
        let _ = self.request(Command::Finish).await;
    }

    async fn unless_over(&self, action: StreamAction) -> Result<(), Problem> {
        if self.state().is_over() {
            return Ok(());
        }
        match self.request(|reply| Command::Act(action, reply)).await {
            // It ended on the way: then there is nothing left to do.
            Err(problem) if problem.kind == ProblemKind::Closed => Ok(()),
            other => other,
        }
    }

    async fn request(&self, command: impl FnOnce(Reply) -> Command) -> Result<(), Problem> {
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
        refusal(&self.state(), "do that")
            .unwrap_or_else(|| Problem::new(ProblemKind::Closed, "the stream is closed"))
    }
}
