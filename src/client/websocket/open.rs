//! Opening a WebSocket, from the name to the task that owns the connection.

use std::rc::Rc;

use tokio::sync::mpsc;
use tokio::time::Instant;
use url::{Host, Url};

use crate::client::tcp::dial;
use crate::model::event::{ClientId, EventKind, Phases, StreamId};
use crate::model::{Place, Problem, ProblemKind};
use crate::record::Emitter;

use super::answer::Rejected;
use super::connection::{Accepted, Connection};
use super::handshake::{Failure, upgrade};
use super::incoming::{Incoming, Shared};
use super::request::{self, Request};
use super::socket::{Socket, Wire};
use super::task::Task;

/// What to open.
#[derive(Debug, Clone)]
pub struct Open {
    /// Who opens it.
    pub client: ClientId,
    /// Its number.
    pub stream: StreamId,
    /// Where to, with the scheme `ws` or `http`.
    pub url: Url,
    /// Headers in order, cookies and credentials among them. One that would be sent by itself
    /// (`Host`, `User-Agent`, `Sec-WebSocket-Key`, …) is sent as given here instead.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Subprotocols to offer, the best first.
    pub subprotocols: Vec<String>,
    /// The most bytes a message may have.
    pub max_message: usize,
    /// When the handshake must be over, a rejection's body included.
    pub deadline: Instant,
    /// The script's line.
    pub place: Option<Place>,
}

/// Why a WebSocket could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct OpenError {
    /// `refused` for an answer without an upgrade, `protocol` for a wrong upgrade, `dns`,
    /// `connect`, `closed`, `timeout` (with the phase as its reason), `config` for a scheme that
    /// is not spoken, `script` for headers that cannot be sent.
    #[source]
    pub problem: Problem,
    /// The answer, if there was one.
    pub response: Option<Box<Rejected>>,
}

impl From<Problem> for OpenError {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            response: None,
        }
    }
}

/// Opens a WebSocket and starts the task that owns it; must run inside a `LocalSet`.
///
/// Emits `StreamOpening` and then `StreamOpened` or `StreamFailed`; nothing if nothing could be
/// sent because of the scheme or the headers.
pub async fn open(options: Open, emitter: &Emitter) -> Result<(Connection, Incoming), OpenError> {
    let (host, port) = address(&options.url)?;
    let request = request::build(&options.url, &options.headers, &options.subprotocols)?;
    let url = shown(&options.url);
    emitter.emit(EventKind::StreamOpening {
        client: options.client,
        stream: options.stream,
        url: url.clone(),
        headers: as_text(&request.headers),
        place: options.place.clone(),
    });
    let (wire, upgraded, phases) = match connect(&host, port, &request, options.deadline).await {
        Ok(connected) => connected,
        Err(Failure { problem, rejected }) => {
            emitter.emit(EventKind::StreamFailed {
                stream: options.stream,
                problem: problem.clone(),
                status: rejected.as_ref().map(|response| response.status),
            });
            return Err(OpenError {
                problem,
                response: rejected,
            });
        }
    };
    emitter.emit(EventKind::StreamOpened {
        stream: options.stream,
        status: upgraded.status,
        headers: as_text(&upgraded.headers),
        phases,
    });
    let accepted = Accepted {
        url,
        status: upgraded.status,
        headers: upgraded.headers,
        subprotocol: upgraded.subprotocol,
        phases,
    };
    Ok(start(
        Socket::new(wire, upgraded.rest),
        &options,
        emitter,
        accepted,
    ))
}

async fn connect(
    host: &str,
    port: u16,
    request: &Request,
    deadline: Instant,
) -> Result<(tokio::net::TcpStream, super::handshake::Upgraded, Phases), Failure> {
    let opening = Instant::now();
    let dialled = dial(host, port, deadline).await?;
    let mut phases = Phases {
        dns: dialled.dns,
        connect: Some(dialled.connect),
        ..Phases::default()
    };
    let mut wire = dialled.stream;
    let upgraded = upgrade(&mut wire, request, deadline, opening, &mut phases).await?;
    Ok((wire, upgraded, phases))
}

fn start<W: Wire>(
    socket: Socket<W>,
    options: &Open,
    emitter: &Emitter,
    accepted: Accepted,
) -> (Connection, Incoming) {
    let (commands, inbox) = mpsc::unbounded_channel();
    let shared = Shared::new();
    let task = Task::new(
        options.stream,
        emitter.clone(),
        socket,
        options.max_message,
        Rc::clone(&shared),
        inbox,
    );
    tokio::task::spawn_local(task.run());
    let incoming = Incoming::new(Rc::clone(&shared));
    (Connection::new(commands, shared, accepted), incoming)
}

/// Host without brackets, and port.
fn address(url: &Url) -> Result<(String, u16), Problem> {
    if !matches!(url.scheme(), "ws" | "http") {
        let message = format!(
            "a WebSocket over `{}` is not spoken yet: use `ws` or `http`",
            url.scheme()
        );
        return Err(Problem::new(ProblemKind::Config, message));
    }
    let host = match url.host() {
        Some(Host::Domain(name)) => name.to_string(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
        None => {
            let message = format!("`{url}` names no host");
            return Err(Problem::new(ProblemKind::Script, message));
        }
    };
    Ok((host, url.port_or_known_default().unwrap_or(80)))
}

/// As people know the address of a WebSocket.
fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_fragment(None);
    // Both schemes are among those that may stand for each other.
    let _ = shown.set_scheme("ws");
    shown.to_string()
}

fn as_text(headers: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
        .collect()
}
