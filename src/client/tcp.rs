//! Resolving a name and connecting to it, each timed and both held to one deadline. It knows
//! nothing of what is said over the connection; it may use `model`, and of `client` the resolver.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::client::resolve::Resolve;
use crate::model::{Nanos, Problem, ProblemKind};

/// How long an address is tried alone before the next has its turn as well (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);

/// A connection and how long it took to get it.
#[derive(Debug)]
pub struct Dialled {
    /// The connection, with Nagle's algorithm off.
    pub stream: TcpStream,
    /// Nanoseconds for resolving the name; nothing if the host is an address.
    pub dns: Option<Nanos>,
    /// Nanoseconds for connecting, attempts at further addresses of the name included.
    pub connect: Nanos,
}

/// What is being done, as it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The name is looked up.
    Resolving,
    /// It was found; what follows is connecting.
    Resolved,
    /// The proxy is looked for and connected to.
    ToProxy,
    /// The proxy is asked for a tunnel.
    Tunnelling,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum Undialled {
    /// The name could not be resolved.
    #[error("{0}")]
    Unresolved(io::Error),
    /// None of its addresses takes the connection; what the last of them said.
    #[error("{0}")]
    NotTaken(io::Error),
    /// The deadline passed while the name was looked up.
    #[error("the name was not resolved in time")]
    LateName(Duration),
    /// The deadline passed while connecting.
    #[error("the connection was not taken in time")]
    LateConnection(Duration),
}

impl Undialled {
    /// The problem of who wanted to go to `host:port`: `dns`, `connect`, or `timeout` with the
    /// reason `dns` or `connect`.
    pub fn problem(&self, host: &str, port: u16) -> Problem {
        let (kind, message) = match self {
            Self::Unresolved(error) => {
                let message = format!("`{host}` could not be resolved: {error}");
                (ProblemKind::Dns, message)
            }
            Self::NotTaken(error) => {
                let message = format!("could not connect to {host}:{port}: {error}");
                (ProblemKind::Connect, message)
            }
            Self::LateName(waited) => {
                let waited = seconds(*waited);
                let message = format!("`{host}` was not resolved in time (waited {waited})");
                return Problem::new(ProblemKind::Timeout, message).with_reason("dns");
            }
            Self::LateConnection(waited) => {
                let waited = seconds(*waited);
                let message =
                    format!("{host}:{port} did not take the connection (waited {waited})");
                return Problem::new(ProblemKind::Timeout, message).with_reason("connect");
            }
        };
        Problem::new(kind, message)
    }
}

/// Resolves `host` (a name, or an address without brackets) and connects to it.
///
/// Errors: `dns` if the name has no address, `connect` if none of its addresses takes the
/// connection, `timeout` with the reason `dns` or `connect` if the deadline passed meanwhile.
pub async fn dial(
    resolver: &dyn Resolve,
    host: &str,
    port: u16,
    deadline: Instant,
) -> Result<Dialled, Problem> {
    connect_to(resolver, host, port, deadline, &|_| ())
        .await
        .map_err(|error| error.problem(host, port))
}

/// The same for who wants to know what is being done.
pub(super) async fn connect_to(
    resolver: &dyn Resolve,
    host: &str,
    port: u16,
    deadline: Instant,
    watch: &(dyn Fn(Phase) + Send + Sync),
) -> Result<Dialled, Undialled> {
    let started = Instant::now();
    let is_address = host.parse::<IpAddr>().is_ok();
    if !is_address {
        watch(Phase::Resolving);
    }
    let addresses = resolve(resolver, host, port, deadline).await?;
    let resolved = Instant::now();
    if !is_address {
        watch(Phase::Resolved);
    }
    let stream = connect(&addresses, deadline).await?;
    // A client that waits for an answer to a small frame must not wait for Nagle as well. A
    // connection that ended already refuses this; whoever uses it next says so better.
    let _ = stream.set_nodelay(true);
    Ok(Dialled {
        stream,
        dns: (!is_address).then(|| nanos(resolved - started)),
        connect: nanos(resolved.elapsed()),
    })
}

/// A duration as integer nanoseconds.
pub fn nanos(duration: Duration) -> Nanos {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// All addresses of a host, in the resolver's order; never empty.
async fn resolve(
    resolver: &dyn Resolve,
    host: &str,
    port: u16,
    deadline: Instant,
) -> Result<Vec<SocketAddr>, Undialled> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let started = Instant::now();
    let mut found = in_time(deadline, resolver.resolve(host))
        .await
        .map_err(|TooLate| Undialled::LateName(started.elapsed()))?
        .map_err(Undialled::Unresolved)?;
    if found.is_empty() {
        return Err(Undialled::Unresolved(io::Error::other("it has no address")));
    }
    for address in &mut found {
        address.set_port(port);
    }
    Ok(found)
}

/// Tries the addresses in order. One that swallows packets keeps the next from its turn only for a
/// moment; the first that takes the connection wins, and the others are given up.
async fn connect(addresses: &[SocketAddr], deadline: Instant) -> Result<TcpStream, Undialled> {
    let started = Instant::now();
    let mut refused = None;
    let mut waiting = addresses.iter();
    let mut trying = FuturesUnordered::new();
    let attempts = async {
        loop {
            let Some(address) = waiting.next() else {
                match trying.next().await {
                    Some(Ok(stream)) => return Some(stream),
                    Some(Err(error)) => refused = Some(error),
                    None => return None,
                }
                continue;
            };
            trying.push(TcpStream::connect(*address));
            match timeout_at(Instant::now() + HEAD_START, trying.next()).await {
                Ok(Some(Ok(stream))) => return Some(stream),
                Ok(Some(Err(error))) => refused = Some(error),
                Ok(None) | Err(_) => {}
            }
        }
    };
    match (in_time(deadline, attempts).await, refused) {
        (Ok(Some(stream)), _) => Ok(stream),
        // One that refused says more than one that said nothing.
        (_, Some(error)) => Err(Undialled::NotTaken(error)),
        (_, None) => Err(Undialled::LateConnection(started.elapsed())),
    }
}

struct TooLate;

/// As `timeout_at`, but a deadline that has passed already gives nothing a chance.
async fn in_time<F: Future>(deadline: Instant, future: F) -> Result<F::Output, TooLate> {
    if Instant::now() >= deadline {
        return Err(TooLate);
    }
    timeout_at(deadline, future).await.map_err(|_| TooLate)
}

/// `5.0 s`, as reports write it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
pub(crate) mod congested;
#[cfg(test)]
mod tests;
