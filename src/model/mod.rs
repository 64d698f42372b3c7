//! Plain values that every other part of jaunt shares: what a target, a journey, an event and a
//! finished run *are*. Nothing here waits, reads, prints or knows Lua; it may use `serde`, the
//! calendar of `jiff`, the decimals of `rust_decimal` and the standard library only, and no other
//! part of this crate.

pub mod day;
pub mod diagnostic;
pub mod duration;
pub mod ending;
pub mod event;
pub mod expectation;
pub mod fault;
pub mod floor;
pub mod header;
pub mod journey;
pub mod likeness;
pub mod number;
pub mod outcome;
pub mod place;
pub mod problem;
pub mod proof;
pub mod proxy;
pub mod quarantine;
pub mod release;
pub mod run;
pub mod suggest;
pub mod syntax;
pub mod target;
pub mod tls;
pub mod told;
pub mod value;
pub mod walked;
pub mod wire;

pub use day::Day;
pub use diagnostic::Diagnostic;
pub use event::{Event, EventKind};
pub use floor::{FloorCheck, FloorReport};
pub use journey::{Journey, JourneyId};
pub use outcome::{Outcome, Verdict};
pub use place::{Excerpt, Place};
pub use problem::{Problem, ProblemKind};
pub use quarantine::{Gate, Quarantine};
pub use target::Target;
pub use value::Value;

/// Nanoseconds since the run started; integer, so that a replay gives the same text.
pub type Nanos = u64;
