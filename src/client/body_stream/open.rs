//! Opening a stream: one request up to the head of its answer, and the task that owns the body.

use std::rc::Rc;
use std::time::Duration;

use crate::client::fault::Border;
use crate::client::fault::gate::{Family, Gate};
use crate::client::http::{HttpClient, Opened, Request, Response};
use crate::client::websocket::{Incoming, Shared};
use crate::model::event::{ClientId, StreamId};
use crate::model::{EventKind, Problem, ProblemKind};
use crate::record::Emitter;

use super::handle::BodyStream;
use super::split::Splitter;
use super::task::Task;

/// What to open.
#[derive(Debug, Clone)]
pub struct Open {
    /// Who opens it.
    pub client: ClientId,
    /// Its number.
    pub stream: StreamId,
    /// What to ask; its deadline is that of the answer's head, and of a refusal's body.
    pub request: Request,
    /// What the body is.
    pub shape: Shape,
    /// The most bytes that an event, a line or a chunk may have.
    pub max_message: usize,
    /// Where faults are put at what comes.
    pub border: Rc<Border>,
}

/// What the body of a stream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Server-sent events.
    Events {
        /// The id to continue after, sent as `Last-Event-ID`.
        last_id: Option<String>,
        /// Whether to reconnect when the body ends or breaks off.
        resuming: Option<Resuming>,
    },
    /// Lines that end in LF or CRLF.
    Lines,
    /// Whatever comes, as it comes.
    Chunks,
}

impl Shape {
    fn family(&self) -> Family {
        match self {
            Self::Events { .. } => Family::Events,
            Self::Lines => Family::Lines,
            Self::Chunks => Family::Chunks,
        }
    }
}

/// How to reconnect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resuming {
    /// How long each attempt may take to the head of its answer.
    pub timeout: Duration,
}

/// Why a stream could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct OpenError {
    /// `refused` for an answer that is no event stream, else as of a request.
    #[source]
    pub problem: Problem,
    /// That answer, with its body.
    pub response: Option<Box<Response>>,
}

/// Opens a stream and starts the task that owns it; must run inside a `LocalSet`.
///
/// Emits `StreamOpening`, the events of each exchange, and then `StreamOpened` or `StreamFailed`.
pub async fn open(
    http: &HttpClient,
    options: Open,
    emitter: &Emitter,
) -> Result<(BodyStream, Incoming), OpenError> {
    let Open {
        client,
        stream,
        mut request,
        shape,
        max_message,
        border,
    } = options;
    border.open(client, stream);
    // A stream is read as it comes: what would have to be unpacked first is not asked for.
    unless_given(&mut request, "accept-encoding", "identity");
    if let Shape::Events { last_id, .. } = &shape {
        unless_given(&mut request, "accept", "text/event-stream");
        continue_after(
            &mut request,
            last_id.as_deref().unwrap_or_default().as_bytes(),
        );
    }
    emitter.emit(EventKind::StreamOpening {
        client,
        stream,
        url: request.url.clone(),
        headers: as_text(&request.headers),
        place: request.place.clone(),
    });
    let opened = match answered(http, &request, &shape).await {
        Ok(opened) => opened,
        Err(error) => {
            emitter.emit(EventKind::StreamFailed {
                stream,
                problem: error.problem.clone(),
                status: error.response.as_ref().map(|response| response.status),
            });
            return Err(error);
        }
    };
    let (response, body) = opened.split();
    emitter.emit(EventKind::StreamOpened {
        stream,
        status: response.status,
        headers: as_text(&response.headers),
        phases: response.phases,
    });
    let shared = Shared::new(Gate::new(&border, client, stream, shape.family()));
    let splitter = Splitter::new(&shape, max_message);
    let (handle, commands) = BodyStream::new(shared.clone(), response, splitter.last_id());
    let task = Task::new(
        stream,
        emitter.clone(),
        body,
        splitter,
        shared.clone(),
        commands,
    )
    .telling(handle.shared_last_id())
    .resuming(http.clone(), request, &shape);
    tokio::task::spawn_local(task.run());
    Ok((handle, Incoming::new(shared)))
}

async fn answered(
    http: &HttpClient,
    request: &Request,
    shape: &Shape,
) -> Result<Opened, OpenError> {
    let opened = http
        .open(request.clone())
        .await
        .map_err(|problem| OpenError {
            problem,
            response: None,
        })?;
    let refusal = match shape {
        Shape::Events { .. } => refusal(request, &opened),
        Shape::Lines | Shape::Chunks => None,
    };
    match refusal {
        None => Ok(opened),
        Some(problem) => Err(OpenError {
            problem,
            response: Some(Box::new(opened.what_comes().await)),
        }),
    }
}

/// Why an answer is no event stream.
pub(super) fn refusal(request: &Request, opened: &Opened) -> Option<Problem> {
    let kind = String::from_utf8_lossy(opened.header("content-type").unwrap_or_default());
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let what = match opened.status() {
        200 if essence.eq_ignore_ascii_case("text/event-stream") => return None,
        200 if essence.is_empty() => "200 without a content type".to_string(),
        200 => format!("200 and the content type {essence}"),
        status => status.to_string(),
    };
    let message = format!(
        "{} {} was answered with {what}, not with an event stream (200 and text/event-stream)",
        request.method, request.url
    );
    Some(Problem::new(ProblemKind::Refused, message))
}

fn unless_given(request: &mut Request, name: &str, value: &str) {
    let headers = &mut request.headers;
    if !headers
        .iter()
        .any(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        headers.push((name.to_string(), value.as_bytes().to_vec()));
    }
}

/// Sends the last event's id, if there is one, in place of what was sent before.
pub(super) fn continue_after(request: &mut Request, last_id: &[u8]) {
    const NAME: &str = "last-event-id";
    if !last_id.is_empty() {
        request
            .headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case(NAME));
        request.headers.push((NAME.to_string(), last_id.to_vec()));
    }
}

fn as_text(headers: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
        .collect()
}
