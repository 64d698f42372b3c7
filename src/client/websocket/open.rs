//! Opening a WebSocket, from the name to the task that owns the connection.

use std::rc::Rc;

use bytes::BytesMut;
use futures_channel::mpsc;
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::client::fault::Border;
use crate::client::fault::gate::{Family, Gate};
use crate::client::guard::Outbound;
use crate::client::link::Link;
use crate::client::resolve::System;
use crate::client::route::{Route, To};
use crate::client::tcp::{nanos, seconds};
use crate::client::tls::{Offer, Peer, Profile, Secured, config, secure};
use crate::model::event::{ClientId, EventKind, Phases, StreamId};
use crate::model::{Place, Problem, ProblemKind};
use crate::record::Emitter;

use super::answer::Rejected;
use super::connection::{Accepted, Connection};
use super::handshake::{Failure, Upgraded, upgrade};
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
    /// Where to, with the scheme `ws` or `http`, over TLS `wss` or `https`.
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
    /// What is trusted and shown over TLS.
    pub tls: Profile,
    /// The way there.
    pub route: Route,
    /// What must not go where it is opened, neither now nor later.
    pub outbound: Outbound,
    /// Where faults are put at what comes and goes.
    pub border: Rc<Border>,
    /// The script's line.
    pub place: Option<Place>,
}

/// Why a WebSocket could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct OpenError {
    /// `refused` for an answer without an upgrade, `protocol` for a wrong upgrade, `dns`,
    /// `connect`, `tls`, `closed`, `timeout` (with the phase as its reason), `config` where TLS has
    /// no roots to trust, `host` for a secret that must not go there, `script` for a scheme that is not spoken and headers that cannot be sent.
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
/// sent because of the scheme, the headers or what they carry.
pub async fn open(options: Open, emitter: &Emitter) -> Result<(Connection, Incoming), OpenError> {
    options.border.open(options.client, options.stream);
    let place = Address::of(&options.url)?;
    let request = request::build(&options.url, &options.headers, &options.subprotocols)?;
    stays_home(&options, &request)?;
    emitter.emit(EventKind::StreamOpening {
        client: options.client,
        stream: options.stream,
        url: shown(&options.url),
        headers: as_text(&request.headers),
        place: options.place.clone(),
    });
    match connect(&place, &request, &options, emitter).await {
        Ok(opened) => Ok(opened),
        Err(Failure { problem, rejected }) => {
            emitter.emit(EventKind::StreamFailed {
                stream: options.stream,
                problem: problem.clone(),
                status: rejected.as_ref().map(|response| response.status),
            });
            Err(OpenError {
                problem,
                response: rejected,
            })
        }
    }
}

/// Refuses a handshake that would carry a secret where it must not go.
fn stays_home(options: &Open, request: &Request) -> Result<(), Problem> {
    let outbound = &options.outbound;
    outbound.check(options.url.as_str().as_bytes(), || "the URL".to_string())?;
    for (name, value) in &request.headers {
        outbound.check(value, || format!("the header `{name}`"))?;
    }
    outbound.check(&request.bytes, || "the handshake".to_string())
}

async fn connect(
    place: &Address,
    request: &Request,
    options: &Open,
    emitter: &Emitter,
) -> Result<(Connection, Incoming), Failure> {
    if place.tls {
        // The system's roots are read once per process, which is no part of any handshake.
        config(&options.tls, Offer::Http1).await?;
    }
    let opening = Instant::now();
    let to = To {
        host: &place.host,
        port: place.port,
        // An upgrade makes of the connection what no proxy understands.
        plain: false,
    };
    let reached = options
        .route
        .reach(&System, to, options.deadline, &|_| ())
        .await
        .map_err(|unreached| unreached.problem(&place.host, place.port))?;
    let phases = Phases {
        dns: reached.dns,
        connect: Some(reached.connect),
        ..Phases::default()
    };
    let mut connected = Connected {
        wire: reached.link,
        peer: None,
        phases,
        opening,
    };
    if !place.tls {
        let upgraded = connected.upgrade(request, options.deadline).await?;
        return Ok(connected.start(upgraded, options, emitter));
    }
    let securing = Instant::now();
    let wire = in_time(connected.wire, place, options).await?;
    let mut connected = Connected {
        peer: Some(wire.peer()),
        wire,
        phases: Phases {
            tls: Some(nanos(securing.elapsed())),
            ..phases
        },
        opening,
    };
    let upgraded = connected.upgrade(request, options.deadline).await?;
    Ok(connected.start(upgraded, options, emitter))
}

/// The TLS handshake, held to the deadline.
async fn in_time(link: Link, place: &Address, options: &Open) -> Result<Secured, Problem> {
    let began = Instant::now();
    let handshake = secure(link, &place.host, &options.tls, "the target");
    timeout_at(options.deadline, handshake)
        .await
        .unwrap_or_else(|_| {
            let waited = seconds(began.elapsed());
            let message = format!("the TLS handshake did not end in time (waited {waited})");
            Err(Problem::new(ProblemKind::Timeout, message).with_reason("tls"))
        })
}

/// A connection over which nothing was said yet.
struct Connected<W> {
    wire: W,
    peer: Option<Peer>,
    phases: Phases,
    opening: Instant,
}

impl<W: Wire> Connected<W> {
    async fn upgrade(&mut self, request: &Request, deadline: Instant) -> Result<Upgraded, Failure> {
        let asking = upgrade(
            &mut self.wire,
            request,
            deadline,
            self.opening,
            &mut self.phases,
        );
        match asking.await {
            Err(mut failure) => {
                if let Some(rejected) = &mut failure.rejected {
                    rejected.tls = self.peer.take();
                }
                Err(failure)
            }
            upgraded => upgraded,
        }
    }

    fn start(
        self,
        upgraded: Upgraded,
        options: &Open,
        emitter: &Emitter,
    ) -> (Connection, Incoming) {
        emitter.emit(EventKind::StreamOpened {
            stream: options.stream,
            status: upgraded.status,
            headers: as_text(&upgraded.headers),
            phases: self.phases,
        });
        let accepted = Accepted {
            url: shown(&options.url),
            status: upgraded.status,
            headers: upgraded.headers,
            subprotocol: upgraded.subprotocol,
            tls: self.peer,
            phases: self.phases,
        };
        let socket = Socket::new(self.wire, BytesMut::from(&upgraded.rest[..]));
        start(socket, options, emitter, accepted)
    }
}

fn start<W: Wire>(
    socket: Socket<W>,
    options: &Open,
    emitter: &Emitter,
    accepted: Accepted,
) -> (Connection, Incoming) {
    let (commands, inbox) = mpsc::unbounded();
    let shared = Shared::new(Gate::new(
        &options.border,
        options.client,
        options.stream,
        Family::WebSocket,
    ));
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
    let watch = options.outbound.clone().watch();
    (Connection::new(commands, shared, accepted, watch), incoming)
}

/// Where to connect.
struct Address {
    /// A name, or an address without brackets.
    host: String,
    port: u16,
    tls: bool,
}

impl Address {
    fn of(url: &Url) -> Result<Self, Problem> {
        let refused = |message: String| Problem::new(ProblemKind::Script, message);
        let tls = match url.scheme() {
            "ws" | "http" => false,
            "wss" | "https" => true,
            other => {
                return Err(refused(format!(
                    "a WebSocket over `{other}` is not spoken: use `ws`, `wss`, `http` or `https`"
                )));
            }
        };
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_string(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => return Err(refused(format!("`{url}` names no host"))),
        };
        let usual = if tls { 443 } else { 80 };
        Ok(Self {
            host,
            port: url.port_or_known_default().unwrap_or(usual),
            tls,
        })
    }
}

/// As people know the address of a WebSocket.
fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_fragment(None);
    let scheme = match url.scheme() {
        "https" | "wss" => "wss",
        _ => "ws",
    };
    // Both schemes are among those that may stand for each other.
    let _ = shown.set_scheme(scheme);
    shown.to_string()
}

fn as_text(headers: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
        .collect()
}
