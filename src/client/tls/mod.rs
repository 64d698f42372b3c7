//! TLS for both clients: what a journey trusts and shows of itself ([`Profile`]), one shared
//! configuration per profile, what a handshake failed of, and what the other end showed.
//!
//! rustls with ring. No session is ever resumed: every handshake is a whole one, so that each sees
//! the certificate as it is now and each costs the same. It may use `model` only.

mod config;
mod fault;
mod peer;
mod profile;
mod secured;

pub use config::{Offer, config};
pub use fault::{Refusal, refusal, refusal_of};
pub use peer::{Peer, ShownCertificate};
pub use profile::{BadPem, Profile};
pub use secured::{Secured, Unsecured, secure, shake_hands, shown};

#[cfg(test)]
pub(crate) mod tests;
