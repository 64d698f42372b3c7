//! A secret that became known on the way stands in what was recorded before. When the run is over,
//! its trace is read once more, masked, and put in the place of the first one.

mod of_run;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::model::Event;

use super::mask::{Mask, cap};
use super::trace::{TraceError, TraceFile, TraceReader};

pub use of_run::mask_run;

/// Why a trace could not be masked again. The first one stands as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotMasked {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] TraceError),
    /// The new one cannot be made or put in its place.
    #[error("{0}")]
    Write(#[from] std::io::Error),
    /// The new one cannot be written whole.
    #[error("{0}")]
    Trouble(String),
    /// Somebody did not want to wait for it.
    #[error("a signal ended it")]
    Stopped,
}

/// Masks a whole trace, and shows each event of the new one to `consumer`, in their order. The new
/// one takes the place of the first by rename, when it is whole. It is given up when `stopped` says
/// so.
///
/// # Errors
/// The trace stays as it was, whatever went wrong, and what `consumer` has seen is not to be used.
pub fn mask_again(
    path: &Path,
    mask: &Mask,
    stopped: impl Fn() -> bool,
    mut consumer: impl FnMut(&Event),
) -> Result<(), NotMasked> {
    let new = New::beside(path);
    let mut trace = TraceFile::create(&new.0)?;
    read_masked(path, mask, stopped, |event| {
        trace.add(event);
        consumer(event);
    })?;
    trace.settle();
    match trace.trouble() {
        Some(trouble) => Err(NotMasked::Trouble(trouble.to_string())),
        None => Ok(std::fs::rename(&new.0, path)?),
    }
}

/// Shows each event of a trace to `consumer`, masked, in their order: for when there is no place for
/// a second file.
///
/// # Errors
/// The trace cannot be read to its end, or `stopped` says that it is not to be.
pub fn read_masked(
    path: &Path,
    mask: &Mask,
    stopped: impl Fn() -> bool,
    mut consumer: impl FnMut(&Event),
) -> Result<(), NotMasked> {
    if stopped() {
        return Err(NotMasked::Stopped);
    }
    let mut reader = TraceReader::open(path)?;
    while let Some(mut event) = reader.next_event()? {
        if stopped() {
            return Err(NotMasked::Stopped);
        }
        mask.apply(&mut event);
        cap(&mut event);
        consumer(&event);
    }
    Ok(())
}

/// A file that is gone when nobody has put it anywhere else.
struct New(PathBuf);

impl New {
    /// In the folder of the run, which is nobody else's.
    fn beside(path: &Path) -> Self {
        Self(path.with_extension("masked.tmp"))
    }
}

impl Drop for New {
    fn drop(&mut self) {
        // After the rename there is none.
        let _ = std::fs::remove_file(&self.0);
    }
}
