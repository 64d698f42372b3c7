//! The comments below posts. `submission` reads what a visitor sends, `posts` keeps it, both plain
//! data; `service` gives them HTTP, limits and time; `webhook` tells others of what was stored.

mod page;
mod posts;
mod service;
mod submission;
mod webhook;

pub(super) use service::Comments;
pub use webhook::{WEBHOOK, WEBHOOK_HELP, Webhook};
