//! Secrets that became known on the way: what was recorded before is masked when the run is over,
//! and the reports are made of what the masked trace says. Lines that are printed meanwhile are
//! masked as they are printed: they tell of events that were masked before.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, OnceLock, Weak};

use super::signals;
use crate::judge::Fold;
use crate::model::Diagnostic;
use crate::model::run::Run;
use crate::record::{Mask, NotMasked, Recorder, mask_again, mask_run, read_masked};
use crate::report::Outputs;

/// What the masked trace says, or what was judged on the way where no secret came late. A trace that
/// cannot be masked goes, so that it shows that secret to nobody; this is said.
pub(super) fn finish(
    fold: Fold,
    recorder: &Recorder,
    outputs: &mut Outputs,
) -> (Run, Option<Diagnostic>) {
    let Some(mask) = recorder.late() else {
        return (fold.finish(), None);
    };
    // One that breaks off tells less than what was seen.
    let is_whole = recorder.trouble().is_none();
    let trace = outputs.trace();
    let mut again = Fold::new();
    let stopped = signals::since_now();
    let masked = mask_again(&trace, &mask, &stopped, |event| again.push(event));
    let (again, trouble) = match masked {
        Ok(()) => (Some(again), None),
        Err(why) => {
            let read = unwritten(&trace, &mask, &stopped).ok();
            (read, Some(withheld(&why, outputs.withhold_trace())))
        }
    };
    let finish = |mut fold: Fold| {
        if let Some(trouble) = &trouble {
            fold.add_trouble(trouble.title.as_str());
            if stopped() {
                fold.interrupt();
            }
        }
        fold.finish()
    };
    let run = match again.filter(|_| is_whole) {
        Some(again) => finish(again),
        None => {
            let mut run = finish(fold);
            mask_run(&mut run, &mask);
            run
        }
    };
    (run, trouble)
}

/// What the masked trace would say.
fn unwritten(trace: &Path, mask: &Mask, stopped: impl Fn() -> bool) -> Result<Fold, NotMasked> {
    let mut fold = Fold::new();
    read_masked(trace, mask, stopped, |event| fold.push(event))?;
    Ok(fold)
}

fn withheld(why: &NotMasked, removed: std::io::Result<()>) -> Diagnostic {
    let title = "`j:secret` came late, and the trace could not be masked";
    let diagnostic = Diagnostic::new(title).note(why.to_string());
    match removed {
        Ok(()) => diagnostic.note("the trace was removed, as it showed that secret"),
        Err(error) => diagnostic
            .note(format!("the trace could not be removed either: {error}"))
            .help("remove it, for it may show that secret"),
    }
}

/// Who masks what is printed, once there is somebody. The recorder shows events to who prints, so
/// that it is not held from there.
pub(super) type Masker = Arc<OnceLock<Weak<Recorder>>>;

/// A text without the secrets that are known by now.
pub(super) fn hidden(by: &Masker, text: &str) -> String {
    match by.get().and_then(Weak::upgrade) {
        Some(recorder) => recorder.masked(text),
        None => text.to_string(),
    }
}

/// Masks what is printed; each write is a text of its own.
pub(super) struct Veil {
    pub out: Box<dyn Write + Send>,
    pub by: Masker,
}

impl Write for Veil {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        match std::str::from_utf8(text) {
            Ok(shown) => self.out.write_all(hidden(&self.by, shown).as_bytes())?,
            Err(_) => self.out.write_all(text)?,
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::builder::mixed;
    use crate::judge::judge;

    #[test]
    fn a_run_is_masked_as_the_run_of_its_masked_trace_would_be() {
        let mut mask = Mask::none();
        // In what is planned, in steps, in notes and in failures.
        for secret in ["hush-hush-1234", "goodbye", "drop.lua", "witin", "noon"] {
            mask.hide(secret).expect("a secret");
        }
        let mut events = mixed("hush-hush-1234");
        let mut run = judge(&events);
        mask_run(&mut run, &mask);
        events.iter_mut().for_each(|event| mask.apply(event));
        assert_eq!(run, judge(&events));
        let text = format!("{run:?}");
        assert!(
            text.contains("[masked]") && !text.contains("hush"),
            "{text}"
        );
    }
}
