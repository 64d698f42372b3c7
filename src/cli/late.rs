//! Secrets that became known on the way: what was recorded before is masked when the run is over,
//! and the reports are made of what the masked trace says. Lines that are printed meanwhile are
//! masked as they are printed: they tell of events that were masked before.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, OnceLock, Weak};

use crate::judge::Fold;
use crate::model::Diagnostic;
use crate::record::{Recorder, mask_again};

/// The fold of the masked trace, or the one there is where no secret came late. What could not be
/// masked is said, for then a secret stands in the reports.
pub(super) fn masked(fold: Fold, recorder: &Recorder, trace: &Path) -> (Fold, Option<Diagnostic>) {
    let Some(mask) = recorder.late() else {
        return (fold, None);
    };
    // One that breaks off would tell less than what was seen.
    if let Some(trouble) = recorder.trouble() {
        return (fold, Some(unmasked(&trouble)));
    }
    let mut again = Fold::new();
    match mask_again(trace, &mask, |event| again.push(event)) {
        Ok(()) => (again, None),
        Err(error) => (fold, Some(unmasked(&error.to_string()))),
    }
}

fn unmasked(why: &str) -> Diagnostic {
    Diagnostic::new("what was recorded before a call of `j:secret` could not be masked")
        .note(why)
        .note("the trace and the reports of this run may show that secret")
}

/// Who masks what is printed, once there is somebody. The recorder shows events to who prints, so
/// that it is not held from there.
pub(super) type Masker = Arc<OnceLock<Weak<Recorder>>>;

/// Masks what is printed; each write is a text of its own.
pub(super) struct Veil {
    pub out: Box<dyn Write + Send>,
    pub by: Masker,
}

impl Write for Veil {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        let recorder = self.by.get().and_then(Weak::upgrade);
        match (recorder, std::str::from_utf8(text)) {
            (Some(recorder), Ok(shown)) => {
                self.out.write_all(recorder.masked(shown).as_bytes())?;
            }
            (None, _) | (_, Err(_)) => self.out.write_all(text)?,
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
