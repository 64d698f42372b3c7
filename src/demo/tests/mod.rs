//! The embedded target from outside, over real sockets on ports from the system.

mod bugs;
mod chat;
mod leaving;
mod plain;
mod raw;
mod release;
mod settings;
