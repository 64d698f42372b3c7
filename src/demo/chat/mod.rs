//! The chat: a room over WebSocket with keepalive. `room` is a plain state machine (events in,
//! effects out), `service` gives it sockets and time.

mod frame;
mod history;
mod message;
mod page;
mod peer;
mod room;
#[cfg(test)]
mod room_tests;
mod service;
mod socket;
mod text;

pub(super) use service::Chat;
