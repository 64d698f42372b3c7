//! The one way into the trace: every event is stamped here, and what leaves the process passes
//! here to be masked and capped, then written, then shown to judge and reports. It may use `model`
//! only.

pub mod again;
pub mod emitter;
pub mod mask;
pub mod recorder;
pub mod secret;
mod texts;
pub mod trace;

pub use again::{NotMasked, mask_again, mask_run, read_masked};
pub use emitter::{Emitter, Record, Stamp};
pub use mask::Mask;
pub use recorder::{Consumer, Recorder};
pub use secret::NoSecret;
pub use trace::{FORMAT, TraceError, TraceFile, TraceReader, Warning, read, read_what_is_whole};

#[cfg(test)]
mod documented;
#[cfg(test)]
mod every_kind;
#[cfg(test)]
mod tests;
