//! `jaunt prove` as a user meets it: which faults journeys notice, the embedded target their peer.

#[path = "cli/support.rs"]
mod support;
