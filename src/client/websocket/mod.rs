//! The WebSocket client: it owns its connection from the name up, so that every phase is timed
//! and every way to go away can be played. tungstenite gives the format of frames and the
//! handshake's arithmetic; messages, pongs and closing are ours, because a client that answers by
//! itself can never be a ghost. It may use `model`, `record`, and of `client` the
//! resolver, `tcp`, `tls` and the border of `fault` only.
//!
//! A task per connection owns the socket. It must be opened inside a `tokio::task::LocalSet`.

mod acts;
mod answer;
mod arrivals;
mod connection;
mod endings;
mod frame;
mod handshake;
mod incoming;
mod message;
mod open;
mod request;
mod socket;
mod task;

pub use answer::Rejected;
pub(in crate::client) use connection::refusal;
pub use connection::{Accepted, Connection, closed};
pub use frame::RawFrame;
pub(in crate::client) use incoming::Shared;
pub use incoming::{Arrival, Incoming, QUEUE_BYTES, QUEUE_MESSAGES, State};
pub use open::{Open, OpenError, open};
pub use socket::Wire;

#[cfg(test)]
mod tests;
