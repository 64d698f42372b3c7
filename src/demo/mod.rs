//! The embedded target: a chat, a drop for secrets and comments, speaking the same wire protocol as
//! the services of the site the incident happened on, with bugs that no health check sees and that
//! can be switched on by name.
//!
//! It stands alone: of the rest of the crate it uses [`crate::model::suggest`] only. Framing and
//! HTTP are written by hand, because a WebSocket library's server cannot write after the client's
//! FIN, refuses unmasked frames and reassembles fragments; the ghosts of the incident could not
//! exist in it. One listener routes by path prefix to a service; every service of [`SERVICES`]
//! shares one address. What is stored lives in memory and ends with the target.

mod body;
mod bug;
mod chat;
mod clock;
mod comments;
mod connection;
mod drop;
mod http;
mod json;
mod ledger;
mod listener;
mod metrics;
mod rate;
mod release;
mod running;
mod service;
mod services;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod version;

pub use bug::{Bug, UnknownBug};
pub use comments::{WEBHOOK, WEBHOOK_HELP, Webhook};
pub use release::RELEASE_HEADER;
pub use running::{Running, StartError, start};
pub use service::{SERVICES, Service};
pub use settings::{Settings, SettingsError};
pub use table::{Amount, SETTINGS, Setting};
pub use version::{UnknownVersion, Version};
