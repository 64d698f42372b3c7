//! The embedded target from outside, over real sockets on ports from the system.

mod bodies;
mod bugs;
mod chat;
mod comments;
mod drop;
mod leaving;
mod metrics;
mod plain;
mod raw;
mod release;
mod settings;
