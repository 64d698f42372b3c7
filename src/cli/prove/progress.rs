//! How far a proof has come, at a terminal. In a pipe nothing moves, so nothing is shown.

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::prove::{Progress, Watch};
use crate::report::Style;

/// A line that moves.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// Shown on standard error, for standard output holds the report.
    pub(super) fn new(style: Style) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let (full, empty) = if style.unicode {
            ("━", "─")
        } else {
            ("#", ".")
        };
        if let Ok(look) = ProgressStyle::with_template("{prefix} {bar:24} {pos}/{len}  {msg}") {
            bar.set_style(look.progress_chars(&format!("{full}{full}{empty}")));
        }
        Self(bar)
    }

    /// Who tells it.
    pub(super) fn watch(&self) -> Watch {
        let bar = self.0.clone();
        Arc::new(move |progress| match progress {
            Progress::Recording { done, of } => {
                bar.set_prefix("without a fault");
                bar.set_length(of as u64);
                bar.set_position(done as u64);
            }
            Progress::Proving { done, of, score } => {
                bar.set_prefix("with one each");
                bar.set_length(of as u64);
                bar.set_position(done as u64);
                let so_far = score
                    .value()
                    .map(|value| format!("score {:.0} % so far", value * 100.0));
                bar.set_message(format!(
                    "{}, {} unnoticed",
                    so_far.unwrap_or_default(),
                    score.survived
                ));
            }
        })
    }

    /// It is over.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
