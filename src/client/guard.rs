//! The host guard: a journey reaches only the hosts its target names.
//!
//! Names are compared, not addresses: `localhost` is not `127.0.0.1`. Any port and any of our
//! schemes of a host of `url` and `services` is allowed; an entry of `allow_hosts` may be narrowed
//! to a port. Every hop, every stream and every `Host` header a journey sets is held to it. What a
//! target keeps secret goes to its own hosts alone ([`Outbound`]). It may use `model`, and of
//! `record` the forms of a secret.

mod kept;
mod undone;

use std::collections::BTreeSet;
use std::sync::Arc;

use url::Url;

use crate::model::floor::Asks;
use crate::model::proxy::Proxy;
use crate::model::{Problem, ProblemKind, Target};

use self::kept::Kept;

pub use self::kept::{Outbound, Watch};

/// The port at which a host that stands for a socket file is known.
const SOCKET_PORT: u16 = 80;

/// The hosts that one target may reach, and what its run keeps from them.
#[derive(Debug, Clone)]
pub struct Guard {
    target: String,
    own: BTreeSet<String>,
    /// Hosts that stand for socket files: what else listens on this machine is not meant.
    sockets: BTreeSet<String>,
    /// Hosts that floor checks name, for floor checks alone.
    checked: BTreeSet<String>,
    allowed: Vec<Allowed>,
    kept: Arc<Kept>,
}

/// One entry of `allow_hosts`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowed {
    host: String,
    port: Option<u16>,
}

impl Guard {
    /// The guard of a target. A `config` problem says which of its URLs or `allow_hosts` entries
    /// is none.
    pub fn new(target: &Target) -> Result<Self, Problem> {
        let others = target.others.iter().map(Arc::as_ref);
        let all = std::iter::once(target).chain(others);
        let homes = all
            .map(|target| Ok((target, own_hosts(target)?)))
            .collect::<Result<Vec<_>, Problem>>()?;
        Self::keeping(target, Arc::new(Kept::of(&homes)))
    }

    /// The guard of another target of the same run: other hosts, and the same secrets to keep.
    pub fn of_other(&self, other: &Target) -> Result<Self, Problem> {
        Self::keeping(other, self.kept.clone())
    }

    fn keeping(target: &Target, kept: Arc<Kept>) -> Result<Self, Problem> {
        let allowed = target
            .allow_hosts
            .iter()
            .map(|entry| {
                let (host, port) = split(entry).ok_or_else(|| {
                    config(format!(
                        "`{entry}` is no host: expected `host` or `host:port`"
                    ))
                })?;
                Ok(Allowed { host, port })
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Self {
            target: target.name.clone(),
            own: network_hosts(target)?,
            sockets: target.sockets.keys().cloned().collect(),
            checked: BTreeSet::new(),
            allowed,
            kept,
        })
    }

    /// The same for the target's floor checks, which also reach the hosts that they name.
    pub fn for_floor(target: &Target) -> Result<Self, Problem> {
        let urls = target.floor.iter().filter_map(|check| match &check.asks {
            Asks::Get { url, .. } => Url::parse(url).ok(),
            Asks::Connect { .. } => None,
        });
        let guard = Self::new(target)?;
        let checked = urls
            .filter(|url| !guard.is_own(url))
            .filter_map(|url| host_of(&url))
            .collect();
        Ok(Self { checked, ..guard })
    }

    /// Refuses, with a `host` problem, an address that the target does not name.
    pub fn check(&self, url: &Url) -> Result<(), Problem> {
        let scheme = url.scheme();
        if !matches!(scheme, "http" | "https" | "ws" | "wss") {
            return Err(Problem::new(
                ProblemKind::Host,
                format!("`{scheme}:` cannot be reached: expected http, https, ws or wss"),
            ));
        }
        let host = host_of(url).unwrap_or_default();
        let port = url.port_or_known_default();
        if self.is_socket(&host, port) {
            return Ok(());
        }
        self.admit(&host, |narrowed| port == Some(narrowed), &host)
    }

    /// Refuses a header that names a host in place of the URL (`Host`, `:authority`) if the target
    /// does not name that host. Every other header passes.
    pub fn check_header(&self, name: &str, value: &[u8]) -> Result<(), Problem> {
        if !name.eq_ignore_ascii_case("host") && name != ":authority" {
            return Ok(());
        }
        let shown = String::from_utf8_lossy(value);
        let Some((host, port)) = std::str::from_utf8(value).ok().and_then(split) else {
            return Err(self.refusal(&shown));
        };
        // Without a port the header means the scheme's own, and every scheme of a host is allowed.
        let fits = |narrowed| match port {
            Some(port) => port == narrowed,
            None => matches!(narrowed, 80 | 443),
        };
        if self.is_socket(&host, Some(port.unwrap_or(SOCKET_PORT))) {
            return Ok(());
        }
        self.admit(&host, fits, &shown)
    }

    /// Refuses, with a `host` problem, an address to which a script directs a name (`resolve`). It
    /// must be named as a whole: one that is narrowed to a port is not.
    pub fn check_address(&self, address: &str) -> Result<(), Problem> {
        let host = split(address).map(|(host, _)| host).unwrap_or_default();
        self.admit(&host, |_| false, address)
    }

    /// Refuses, with a `host` problem, a proxy that a script names; one of the project file needs no
    /// permission.
    pub fn check_proxy(&self, proxy: &Proxy) -> Result<(), Problem> {
        let shown = proxy.authority();
        let host = split(&shown).map(|(host, _)| host).unwrap_or_default();
        self.admit(&host, |narrowed| proxy.port == narrowed, &shown)
    }

    /// True for a host of the target's `url` or `services`, false for one that `allow_hosts` adds:
    /// the target's own headers go only to the former.
    pub fn is_own(&self, url: &Url) -> bool {
        host_of(url).is_some_and(|host| {
            self.own.contains(&host) || self.is_socket(&host, url.port_or_known_default())
        })
    }

    fn is_socket(&self, host: &str, port: Option<u16>) -> bool {
        port == Some(SOCKET_PORT) && self.sockets.contains(host)
    }

    /// True for a host to which the target's `tls` applies: its own, and those of floor checks.
    pub fn is_vouched(&self, url: &Url) -> bool {
        self.is_own(url) || host_of(url).is_some_and(|host| self.checked.contains(&host))
    }

    /// What must not go where an address leads.
    pub fn outbound(&self, url: &Url) -> Outbound {
        self.kept.outbound(|| host_of(url).unwrap_or_default())
    }

    fn admit(&self, host: &str, fits: impl Fn(u16) -> bool, shown: &str) -> Result<(), Problem> {
        let named = self.own.contains(host)
            || self.checked.contains(host)
            || self
                .allowed
                .iter()
                .any(|allowed| allowed.host == host && allowed.port.is_none_or(&fits));
        if named {
            Ok(())
        } else {
            Err(self.refusal(shown))
        }
    }

    fn refusal(&self, shown: &str) -> Problem {
        let mut hosts: Vec<String> = self.own.iter().chain(&self.sockets).cloned().collect();
        hosts.extend(self.allowed.iter().map(|allowed| match allowed.port {
            Some(port) => format!("{}:{port}", allowed.host),
            None => allowed.host.clone(),
        }));
        Problem::new(
            ProblemKind::Host,
            format!(
                "the host `{shown}` is not of target `{}` (allowed: {}); `allow_hosts` adds one",
                self.target,
                hosts.join(", ")
            ),
        )
    }
}

/// Those of them that are reached over the network, on whatever port.
fn network_hosts(target: &Target) -> Result<BTreeSet<String>, Problem> {
    let mut hosts = own_hosts(target)?;
    let bases = std::iter::once(&target.url).chain(target.services.values());
    let urls: Vec<Url> = bases.filter_map(|base| Url::parse(base).ok()).collect();
    hosts.retain(|host| {
        let mut urls = urls
            .iter()
            .filter(|url| host_of(url).as_ref() == Some(host));
        !target.sockets.contains_key(host)
            || urls.any(|url| url.port_or_known_default() != Some(SOCKET_PORT))
    });
    Ok(hosts)
}

/// The hosts of `url` and `services`.
fn own_hosts(target: &Target) -> Result<BTreeSet<String>, Problem> {
    let bases = std::iter::once(&target.url).chain(target.services.values());
    bases
        .map(|base| {
            let host = Url::parse(base).ok().and_then(|url| host_of(&url));
            host.ok_or_else(|| config(format!("`{base}` is no URL with a host")))
        })
        .collect()
}

/// The host of a URL as the guard compares it: lower case, without a trailing dot, IPv6 in
/// brackets.
pub(crate) fn host_of(url: &Url) -> Option<String> {
    url.host_str().and_then(normal)
}

/// The form in which two spellings of one name are equal; the URL standard's, so that an address
/// written oddly (`0x7f.1`) cannot differ from what is connected to.
fn normal(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    url::Host::parse(host).ok().map(|host| host.to_string())
}

/// `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address; nothing else, so that no
/// credentials, path or second host can hide in it.
fn split(authority: &str) -> Option<(String, Option<u16>)> {
    let bare_v6 = !authority.starts_with('[') && authority.matches(':').count() > 1;
    if bare_v6 {
        return Some((normal(&format!("[{authority}]"))?, None));
    }
    let port_at = match authority.rfind(']') {
        Some(end) => authority[end..].find(':').map(|at| end + at),
        None => authority.find(':'),
    };
    let (host, port) = match port_at {
        Some(at) => (&authority[..at], Some(&authority[at + 1..])),
        None => (authority, None),
    };
    let port = match port {
        // `+80` is a number to `parse` and no port to anybody else.
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        Some(_) => return None,
        None => None,
    };
    // Percent signs would be decoded by the parser: `evil%2ecom` in a Host header is no name.
    if host.contains('%') {
        return None;
    }
    Some((normal(host)?, port))
}

fn config(message: String) -> Problem {
    Problem::new(ProblemKind::Config, message)
}

#[cfg(test)]
mod tests;
