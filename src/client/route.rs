//! The way to a host: straight, to an address of one's own choosing, through a proxy, or over a
//! socket file. HTTP and WebSockets go it alike. It may use `model`, and of `client` what is below.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::UnixStream;
use tokio::time::{Instant, timeout_at};

use crate::model::proxy::Proxy;
use crate::model::{Nanos, Problem, ProblemKind, Target};

use super::link::Link;
use super::resolve::{Over, Pinned, Resolve};
use super::tcp::{Phase, Undialled, connect_to, nanos, seconds};
use super::tunnel;

/// How hosts are reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Route {
    /// The proxy, for whatever has no socket file.
    pub proxy: Option<Proxy>,
    /// Names whose addresses are known.
    pub pinned: Pinned,
    /// Hosts that are reached over a socket file, at port 80.
    pub sockets: Arc<BTreeMap<String, PathBuf>>,
}

/// Where to.
#[derive(Debug, Clone, Copy)]
pub struct To<'a> {
    /// A name, or an address without brackets.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// Plain HTTP/1.1 requests, which a proxy takes as they are, without a tunnel.
    pub plain: bool,
}

/// A connection, and how long it took to get it.
#[derive(Debug)]
pub struct Reached {
    /// The connection.
    pub link: Link,
    /// Nanoseconds for resolving the name; nothing if that was not for us to do.
    pub dns: Option<Nanos>,
    /// Nanoseconds for connecting; with a proxy, for finding it and for the tunnel as well.
    pub connect: Nanos,
    /// The other end is a proxy that must be told where each request goes.
    pub absolute: bool,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum Unreached {
    /// The host itself was not reached.
    #[error(transparent)]
    Host(#[from] Undialled),
    /// The socket file took no connection.
    #[error("could not connect to unix:{}: {error}", path.display())]
    Socket {
        /// Its path.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The proxy is the reason.
    #[error("{0}")]
    Proxy(Problem),
}

impl Unreached {
    /// The problem of who wanted to go to `host:port`.
    pub fn problem(&self, host: &str, port: u16) -> Problem {
        match self {
            Self::Host(undialled) => undialled.problem(host, port),
            Self::Socket { .. } => Problem::new(ProblemKind::Connect, self.to_string()),
            Self::Proxy(problem) => problem.clone(),
        }
    }
}

impl Route {
    /// As the target says.
    pub fn of(target: &Target) -> Self {
        Self {
            proxy: target.proxy.clone(),
            pinned: Pinned::default(),
            sockets: Arc::new(target.sockets.clone()),
        }
    }

    /// The proxy that is sent plain requests to a host as they are; nothing where there is none,
    /// and where the name's address is ours to say: then even they go through a tunnel.
    pub fn told(&self, to: To<'_>) -> Option<&Proxy> {
        let told = to.plain && self.socket(to).is_none() && self.pinned.of(to.host).is_none();
        self.proxy.as_ref().filter(|_| told)
    }

    /// Connects. Phases are told as they begin; what is done for a proxy counts as connecting.
    pub async fn reach(
        &self,
        resolver: &dyn Resolve,
        to: To<'_>,
        deadline: Instant,
        watch: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Reached, Unreached> {
        if let Some(path) = self.socket(to) {
            return over_socket(path, deadline).await;
        }
        let resolver = Over {
            pinned: &self.pinned,
            rest: resolver,
        };
        if let Some(proxy) = &self.proxy {
            return self.through(proxy, &resolver, to, deadline, watch).await;
        }
        let dialled = connect_to(&resolver, to.host, to.port, deadline, watch).await?;
        Ok(Reached {
            link: Link::Tcp(dialled.stream),
            dns: dialled.dns,
            connect: dialled.connect,
            absolute: false,
        })
    }

    async fn through(
        &self,
        proxy: &Proxy,
        resolver: &dyn Resolve,
        to: To<'_>,
        deadline: Instant,
        watch: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Reached, Unreached> {
        let started = Instant::now();
        watch(Phase::ToProxy);
        let dialled = connect_to(resolver, &proxy.host, proxy.port, deadline, &|_| ()).await;
        let mut tcp = dialled
            .map_err(|error| Unreached::Proxy(unreachable(proxy, &error)))?
            .stream;
        let told = self.told(to).is_some();
        if !told {
            watch(Phase::Tunnelling);
            // A name whose address is ours to say is not the proxy's to resolve.
            let pinned = self.pinned.of(to.host).map(|address| address.to_string());
            let host = pinned.as_deref().unwrap_or(to.host);
            let asking = tunnel::open(&mut tcp, proxy, host, to.port);
            timeout_at(deadline, asking)
                .await
                .unwrap_or_else(|_| {
                    let waited = seconds(started.elapsed());
                    let proxy = proxy.authority();
                    let message =
                        format!("the proxy {proxy} did not answer CONNECT (waited {waited})");
                    Err(Problem::new(ProblemKind::Timeout, message).with_reason("connect"))
                })
                .map_err(Unreached::Proxy)?;
        }
        Ok(Reached {
            link: Link::Tcp(tcp),
            dns: None,
            connect: nanos(started.elapsed()),
            absolute: told,
        })
    }

    fn socket(&self, to: To<'_>) -> Option<&PathBuf> {
        self.sockets.get(to.host).filter(|_| to.port == 80)
    }
}

/// The problem of a proxy that cannot be reached: a setting of ours, not the target's doing.
fn unreachable(proxy: &Proxy, error: &Undialled) -> Problem {
    let why = error.problem(&proxy.host, proxy.port).message;
    tunnel::ours(proxy, &format!("cannot be reached: {why}"))
}

async fn over_socket(path: &PathBuf, deadline: Instant) -> Result<Reached, Unreached> {
    let started = Instant::now();
    let connected = timeout_at(deadline, UnixStream::connect(path)).await;
    let unix = connected
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(|error| Unreached::Socket {
            path: path.clone(),
            error,
        })?;
    Ok(Reached {
        link: Link::Unix(unix),
        dns: None,
        connect: nanos(started.elapsed()),
        absolute: false,
    })
}
