//! The embedded target: the chat of demo.md, speaking the same wire protocol as the service the
//! incident happened in, with bugs that no health check sees and that can be switched on by name.
//!
//! It stands alone: of the rest of the crate it uses [`crate::model::suggest`] only. Framing and
//! HTTP are written by hand, because a WebSocket library's server cannot write after the client's
//! FIN, refuses unmasked frames and reassembles fragments; the ghosts of the incident could not
//! exist in it. One listener routes by path prefix to a service; every service of [`SERVICES`]
//! shares one address.

mod bug;
mod chat;
mod clock;
mod http;
mod listener;
mod release;
mod running;
mod service;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod version;

pub use bug::{Bug, UnknownBug};
pub use release::RELEASE_HEADER;
pub use running::{Running, StartError, start};
pub use service::{SERVICES, Service};
pub use settings::{Settings, SettingsError};
pub use table::{Amount, SETTINGS, Setting};
pub use version::{UnknownVersion, Version};
