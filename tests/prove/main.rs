//! `jaunt prove` with the built program: what it finds, what it refuses, what a target gets to see
//! of it, and how it ends. Every test has a project of its own in a temporary folder.

mod armed;
mod changed;
mod deployed;
mod documented;
mod ending;
mod gate;
mod proofs;
mod refused;
mod secret;
mod server;
mod steady;
#[path = "../support/mod.rs"]
mod support;
mod twins;
mod weak;
