//! Exit codes. Verdicts have their own, see [`crate::model::Verdict::exit_code`].

use std::io::Write as _;

/// Everything went well.
pub(super) const OK: u8 = 0;
/// Nothing wrong was found in the target, but something could not run.
pub(super) const COULD_NOT_RUN: u8 = 2;

/// A signal ended it.
pub(super) const INTERRUPTED: u8 = 130;

/// Ends the process, also when a worker hangs.
pub(super) fn with(code: u8) -> ! {
    // What cannot be written any more is lost either way.
    let _ = std::io::stdout().flush();
    let _ = std::io::stderr().flush();
    std::process::exit(i32::from(code))
}
