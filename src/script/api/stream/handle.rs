//! What a stream is connected by: the kinds of streams differ in what a journey can do to its own
//! end of them, and in nothing else.

use bytes::Bytes;
use tokio::time::Instant;

use crate::client::body_stream::BodyStream;
use crate::client::websocket::{Connection, State};
use crate::model::event::FrameKind;
use crate::model::{Problem, ProblemKind};
use crate::record::Stamp;
use crate::script::raise::{raise, wrong};

/// One's own end of a stream.
pub enum Handle {
    /// Of a WebSocket.
    WebSocket(Connection),
    /// Of the body of an answer.
    Body(Reader),
}

/// One's own end of a body.
pub struct Reader {
    /// The opener that scripts called: `events`, `lines` or `chunks`.
    pub opener: &'static str,
    /// The connection.
    pub body: BodyStream,
}

impl Handle {
    /// What can be done with it right now.
    pub fn state(&self) -> State {
        match self {
            Self::WebSocket(connection) => connection.state(),
            Self::Body(reader) => reader.body.state(),
        }
    }

    /// Sends what `answer` or a heartbeat say; a body takes nothing.
    pub async fn send(&self, kind: FrameKind, bytes: Bytes) -> Result<Stamp, Problem> {
        match self {
            Self::WebSocket(connection) => connection.send(kind, bytes, true).await,
            Self::Body(_) => {
                let message = "nothing can be sent on the body of an answer";
                Err(Problem::new(ProblemKind::Script, message))
            }
        }
    }

    /// The last event's id.
    pub fn last_event_id(&self) -> Option<Bytes> {
        match self {
            Self::WebSocket(_) => None,
            Self::Body(reader) => reader.body.last_event_id(),
        }
    }

    /// For the end of a journey: a polite goodbye by `deadline`, and the end of the connection.
    pub async fn finish(&self, deadline: Instant) {
        match self {
            Self::WebSocket(connection) => connection.finish(deadline).await,
            Self::Body(reader) => reader.body.finish().await,
        }
    }
}

impl Reader {
    /// Does what a method of the stream says; `given` if it was given anything.
    pub async fn act(&self, call: &str, given: bool) -> mlua::Result<()> {
        let body = &self.body;
        if given && matches!(call, "close" | "abort" | "freeze" | "blackhole") {
            return Err(wrong(format!(
                "`{call}` takes nothing on a stream of `{}`: there is no close frame",
                self.opener
            )));
        }
        match call {
            "close" => body.close().await.map_err(raise),
            "abort" => body.abort().await.map_err(raise),
            "freeze" => body.freeze().await.map_err(raise),
            "blackhole" => body.blackhole().await.map_err(raise),
            other => Err(wrong(format!(
                "`{other}` is for a websocket: a stream of `{}` has `close`, `abort`, `freeze` and `blackhole`",
                self.opener
            ))),
        }
    }
}
