//! Streams that are the body of one HTTP answer: server-sent events, lines, chunks. The exchange
//! is `client::http`'s, with its guard, cookies and redirects; what is handed up, and how it waits
//! to be taken, is as of a WebSocket. It may use `model`, `record`, `client::http`, the queue of
//! `client::websocket` and the border of `client::fault`.
//!
//! A task per stream owns the body. It must be opened inside a `tokio::task::LocalSet`.

mod acts;
mod events;
mod handle;
mod open;
mod resume;
mod split;
mod task;

pub use events::Said;
pub use handle::BodyStream;
pub use open::{Open, OpenError, Resuming, Shape, open};

#[cfg(test)]
mod tests;
