//! The one way into the trace: every event is stamped here, and what leaves the process passes
//! here to be masked and capped. It may use `model` only.

pub mod emitter;

pub use emitter::{Emitter, Stamp};
