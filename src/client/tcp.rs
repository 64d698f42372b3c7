//! Resolving a name and connecting to it, each timed and both held to one deadline. It knows
//! nothing of what is said over the connection; it may use `model`, and of `client` the resolver.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::client::resolve::Resolve;
use crate::model::{Nanos, Problem, ProblemKind};

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
    let started = Instant::now();
    let addresses = resolve(resolver, host, port, deadline).await?;
    let resolved = Instant::now();
    let stream = connect(host, port, &addresses, deadline).await?;
    // A client that waits for an answer to a small frame must not wait for Nagle as well. A
    // connection that ended already refuses this; whoever uses it next says so better.
    let _ = stream.set_nodelay(true);
    let is_address = host.parse::<IpAddr>().is_ok();
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
) -> Result<Vec<SocketAddr>, Problem> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let started = Instant::now();
    let mut found = match in_time(deadline, resolver.resolve(host)).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            let message = format!("`{host}` could not be resolved: {error}");
            return Err(Problem::new(ProblemKind::Dns, message));
        }
        Err(TooLate) => {
            let waited = seconds(started.elapsed());
            let message = format!("`{host}` was not resolved in time (waited {waited})");
            return Err(Problem::new(ProblemKind::Timeout, message).with_reason("dns"));
        }
    };
    if found.is_empty() {
        let message = format!("`{host}` has no address");
        return Err(Problem::new(ProblemKind::Dns, message));
    }
    for address in &mut found {
        address.set_port(port);
    }
    Ok(found)
}

/// Tries the addresses in order. Each gets its share of the time that is left, so that one which
/// swallows packets does not keep the next from its turn.
async fn connect(
    host: &str,
    port: u16,
    addresses: &[SocketAddr],
    deadline: Instant,
) -> Result<TcpStream, Problem> {
    let started = Instant::now();
    let mut refused = None;
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        let turns = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let share = Instant::now() + left / turns;
        match in_time(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => refused = Some(error),
            Err(TooLate) => {}
        }
    }
    match refused {
        Some(error) => {
            let message = format!("could not connect to {host}:{port}: {error}");
            Err(Problem::new(ProblemKind::Connect, message))
        }
        None => {
            let waited = seconds(started.elapsed());
            let message = format!("{host}:{port} did not take the connection (waited {waited})");
            Err(Problem::new(ProblemKind::Timeout, message).with_reason("connect"))
        }
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
