//! Faults at the border where a client hands up what came and takes down what goes: one HTTP
//! exchange, one message before any `decode`. An attempt has one [`Border`]; where it is idle it
//! costs a look at a flag.
//!
//! It counts what passes, so that a fault finds its place again, and writes down what passed where
//! somebody wants to make faults of it.

mod answers;
pub mod border;
pub mod conditions;
pub mod edit;
pub(in crate::client) mod gate;
pub mod json;

pub use border::{Border, Log};
pub use conditions::{Predicate, Rule, RuleId, Traffic};

pub use crate::numbers::kind;
