//! Turning names into addresses, behind a seam: HTTP and streams resolve through the same trait,
//! tests put delays and failures there, and the option `resolve` its own answers.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

/// The addresses of a name, or why there are none. Ports are 0: whoever connects sets theirs.
pub type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Something that knows the addresses of names.
pub trait Resolve: Send + Sync {
    /// Looks a name up. It is never asked for an address in text.
    fn resolve(&self, host: &str) -> Addresses;
}

/// Asks the system, as every other program on the machine does.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Resolve for System {
    fn resolve(&self, host: &str) -> Addresses {
        let host = host.to_string();
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.collect()) })
    }
}

/// Names whose addresses are known: the option `resolve`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Pinned(BTreeMap<String, IpAddr>);

impl Pinned {
    /// Names (lower case) and their addresses.
    pub fn new(names: impl IntoIterator<Item = (String, IpAddr)>) -> Self {
        Self(names.into_iter().collect())
    }

    /// The address of a name, if it is known.
    pub fn of(&self, host: &str) -> Option<IpAddr> {
        self.0.get(&host.to_ascii_lowercase()).copied()
    }
}

/// Knows some names itself and asks for all others.
pub(super) struct Over<'a> {
    pub(super) pinned: &'a Pinned,
    pub(super) rest: &'a dyn Resolve,
}

impl Resolve for Over<'_> {
    fn resolve(&self, host: &str) -> Addresses {
        match self.pinned.of(host) {
            Some(address) => {
                let found = vec![SocketAddr::new(address, 0)];
                Box::pin(std::future::ready(Ok(found)))
            }
            None => self.rest.resolve(host),
        }
    }
}
