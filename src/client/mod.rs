//! One user's end: what a client sends and receives over HTTP and WebSocket, its cookies, the
//! pages and forms it reads, and the guard that holds it to its target. It may use `model` and
//! `record` only and knows nothing of Lua.

mod aside;
pub mod body_stream;
pub mod cookies;
pub mod fault;
pub mod guard;
pub mod html;
pub mod http;
pub mod link;
pub mod multipart;
pub mod release;
pub mod resolve;
pub mod route;
pub mod tcp;
pub mod tls;
mod tunnel;
pub mod turns;
pub mod websocket;
