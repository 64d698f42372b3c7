//! How much text a case may have, so that no reader refuses the file: GitLab takes 30 MB of it.

use crate::model::Outcome;
use crate::model::run::Run;

/// Bytes for all texts of what did not pass.
const FAILURES: usize = 10 << 20;
/// Bytes for the output of all cases.
const OUTPUTS: usize = 10 << 20;
/// Bytes that one text may have in the smallest file, and in the largest.
const MOST: usize = 64 << 10;
const LEAST: usize = 512;

/// What each text of one file may have.
#[derive(Debug)]
pub(super) struct Budget {
    failure: usize,
    output: usize,
}

impl Budget {
    /// Shares what a file may have between the cases of a run.
    pub(super) fn of(run: &Run) -> Self {
        let attempts = || run.journeys.iter().flat_map(|journey| &journey.attempts);
        let broken = attempts().filter(|it| it.outcome != Outcome::Passed);
        // A text of quarantine stands in its case twice, and an attempt that was retried has an
        // output of its own.
        let (broken, outputs) = (2 * broken.count(), attempts().count());
        Self {
            failure: (FAILURES / broken.max(1)).clamp(LEAST, MOST),
            output: (OUTPUTS / outputs.max(1)).clamp(LEAST, MOST),
        }
    }

    /// The text of a failure, cut if need be.
    pub(super) fn failure(&self, text: &str) -> String {
        without_middle(text, self.failure)
    }

    /// An output, cut if need be.
    pub(super) fn output(&self, text: &str) -> String {
        without_middle(text, self.output)
    }
}

/// Cuts whole lines out of the middle of a text of too many bytes: both ends matter.
fn without_middle(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_string();
    }
    let half = most / 2;
    let head = &text[..text.floor_char_boundary(half)];
    let tail = &text[text.ceil_char_boundary(text.len() - half)..];
    // A line that alone is too long is cut where it must be.
    let head = head.rfind('\n').map_or(head, |end| &head[..end]);
    let tail = tail.find('\n').map_or(tail, |end| &tail[end + 1..]);
    let missing = text.len() - head.len() - tail.len();
    format!("{head}\n… {missing} bytes are left out; the trace has them\n{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::builder::{Builder, failure, planned};
    use crate::judge::judge;
    use crate::model::ProblemKind;
    use crate::model::event::Cause;

    /// The shares of a run of so many journeys that all failed.
    fn shares(count: u32) -> (usize, usize) {
        let plan = (0..count).map(|at| planned("j.lua", &at.to_string()));
        let mut builder = Builder::run(plan.collect());
        for attempt in 0..count {
            let broken = failure(ProblemKind::Expectation, "broken");
            builder
                .start(attempt)
                .fail(attempt, broken)
                .end(attempt, Cause::Failed);
        }
        let budget = Budget::of(&judge(&builder.finish(None)));
        let long = "word\n".repeat(50_000);
        (budget.failure(&long).len(), budget.output(&long).len())
    }

    #[test]
    fn texts_of_all_cases_together_are_bounded() {
        let (failure, output) = shares(1);
        assert!(failure > 60_000 && output > 60_000, "{failure} {output}");
        for count in [1000, 10_000] {
            let (failure, output) = shares(count);
            // A text may stand twice; the note of what is missing comes on top.
            let all = (count as usize) * (2 * failure + output);
            assert!(all < 24_000_000, "{count}: {failure} + {output}");
            assert!(
                failure > 400 && output > 400,
                "{count}: {failure} + {output}"
            );
        }
    }

    #[test]
    fn both_ends_of_a_long_text_are_kept() {
        let text: String = (0..1000).map(|line| format!("line {line} ü\n")).collect();
        let cut = without_middle(&text, 300);
        assert!(cut.len() < 400, "{cut}");
        assert!(cut.starts_with("line 0 ü\nline 1 ü\n") && cut.ends_with("line 999 ü\n"));
        assert!(
            cut.lines()
                .all(|line| line.starts_with("line ") || line.starts_with("… "))
        );
        let one = without_middle(&"ü".repeat(1000), 301);
        assert!(
            one.starts_with('ü') && one.ends_with('ü') && one.len() < 400,
            "{one}"
        );
        assert_eq!(without_middle("short", 300), "short");
    }
}
