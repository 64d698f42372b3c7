//! Turning names into addresses, behind a seam: HTTP and streams resolve through the same trait,
//! tests put delays and failures there, and a later `resolve` option its own answers.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
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
