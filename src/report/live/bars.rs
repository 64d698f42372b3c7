//! The moving lines: what ended lately, what is in flight, and the bar for the whole.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::model::event::AttemptId;
use crate::report::style::Style;

/// Most ended journeys that stay in sight; the summary has all of them.
const SHOWN: usize = 8;
const TICK: Duration = Duration::from_millis(120);

/// Lines of a terminal.
pub(super) struct Bars {
    all: MultiProgress,
    style: Style,
    /// Header and floor.
    above: Vec<ProgressBar>,
    ended: VecDeque<ProgressBar>,
    going: BTreeMap<AttemptId, ProgressBar>,
    whole: Option<ProgressBar>,
    /// What `--wait` waits for, and what it heard last.
    waiting: Option<(ProgressBar, ProgressBar)>,
}

impl Bars {
    pub(super) fn new(target: ProgressDrawTarget, style: Style) -> Self {
        Self {
            all: MultiProgress::with_draw_target(target),
            style,
            above: Vec::new(),
            ended: VecDeque::new(),
            going: BTreeMap::new(),
            whole: None,
            waiting: None,
        }
    }

    /// Begins below a header; `columns` is the room that the bar for the whole has.
    pub(super) fn begin(&mut self, header: &[String], planned: usize, columns: usize) {
        self.above(header);
        let length = u64::try_from(planned).unwrap_or(u64::MAX);
        let whole = self.all.add(ProgressBar::new(length));
        let chars = if self.style.unicode {
            "━╸━"
        } else {
            "=>-"
        };
        // What stands behind the bar needs about 24 columns.
        let bar = columns.saturating_sub(24).clamp(8, 48);
        let template = format!(" {{bar:{bar}}} {{pos:>4}} of {{len}}   {{elapsed}}");
        whole.set_style(style(&template).progress_chars(chars));
        whole.enable_steady_tick(TICK);
        self.whole = Some(whole);
    }

    /// Adds lines that stay until the end.
    pub(super) fn above(&mut self, lines: &[String]) {
        for line in lines {
            let bar = self.all.insert(self.above.len(), still());
            bar.finish_with_message(self.style.shown(line.clone()));
            self.above.push(bar);
        }
    }

    /// Begins to wait, with the time that it takes.
    pub(super) fn waiting(&mut self, text: &str) {
        let at = self.above.len();
        let bar = self.all.insert(at, ProgressBar::new_spinner());
        bar.set_style(style("{msg}   {spinner} {elapsed}").tick_chars(self.ticks()));
        bar.enable_steady_tick(TICK);
        bar.set_message(self.style.shown(text.to_string()));
        let heard = self.all.insert(at + 1, still());
        self.waiting = Some((bar, heard));
    }

    /// What was heard last.
    pub(super) fn waiting_more(&mut self, text: &str) {
        if let Some((_, heard)) = &self.waiting {
            heard.set_message(self.style.shown(text.to_string()));
        }
    }

    /// It is over.
    pub(super) fn waited(&mut self) {
        if let Some((bar, heard)) = self.waiting.take() {
            for bar in [bar, heard] {
                bar.finish_and_clear();
                self.all.remove(&bar);
            }
        }
    }

    fn ticks(&self) -> &'static str {
        match self.style.unicode {
            true => "⠋⠙⠹⠼⠴⠦⠇ ",
            false => "|/-\\ ",
        }
    }

    pub(super) fn in_flight(&mut self, attempt: AttemptId, text: &str) {
        let ticks = self.ticks();
        let bar = self.going.entry(attempt).or_insert_with(|| {
            let bar = ProgressBar::new_spinner();
            let bar = match &self.whole {
                Some(whole) => self.all.insert_before(whole, bar),
                None => self.all.add(bar),
            };
            bar.set_style(style(" {spinner} {msg}").tick_chars(ticks));
            bar.enable_steady_tick(TICK);
            bar
        });
        bar.set_message(self.style.shown(text.to_string()));
    }

    /// An attempt is no longer in flight; its journey is, or will be.
    pub(super) fn gone(&mut self, attempt: AttemptId) {
        if let Some(bar) = self.going.remove(&attempt) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
    }

    pub(super) fn done(&mut self, attempt: Option<AttemptId>, line: &str) {
        if let Some(attempt) = attempt {
            self.gone(attempt);
        }
        if self.ended.len() == SHOWN
            && let Some(oldest) = self.ended.pop_front()
        {
            self.all.remove(&oldest);
        }
        let bar = self
            .all
            .insert(self.above.len() + self.ended.len(), still());
        bar.finish_with_message(self.style.shown(line.to_string()));
        self.ended.push_back(bar);
        if let Some(whole) = &self.whole {
            whole.inc(1);
        }
    }

    /// Takes everything away again.
    pub(super) fn clear(&mut self) {
        self.waited();
        let still_going = std::mem::take(&mut self.going).into_values();
        for bar in still_going.chain(self.whole.take()) {
            bar.finish_and_clear();
        }
        self.ended.clear();
        self.above.clear();
        // A terminal that is gone needs no clearing.
        let _ = self.all.clear();
    }
}

/// A line that does not move.
fn still() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.set_style(style("{msg}"));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
