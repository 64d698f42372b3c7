//! What is wrong with a run beside its journeys. A run that is not green must not look green to a
//! reader that knows nothing but one report.

use crate::model::Verdict;
use crate::model::run::Run;

use super::style::Style;
use super::{diagnostic, release};

/// One thing that is wrong, as a case of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    /// What the case is called.
    pub(super) name: &'static str,
    /// The word in its `type`.
    pub(super) kind: &'static str,
    /// In one line.
    pub(super) message: String,
    /// In full.
    pub(super) text: String,
    /// The file and line that a person must look at, if there is one.
    pub(super) place: Option<(String, u32)>,
}

/// All of it.
pub(super) fn of_run(run: &Run) -> Vec<About> {
    let mut all: Vec<About> = not_judged(run).into_iter().collect();
    if let (Some(reason), Some(text)) = (&run.release.errored, release::body(run, &Style::plain()))
    {
        all.push(About {
            name: release::CASE,
            kind: release::CASE,
            message: reason.clone(),
            text,
            place: None,
        });
    }
    all
}

fn not_judged(run: &Run) -> Option<About> {
    if let Some(first) = run.could_not_start.first() {
        let texts = run.could_not_start.iter();
        let texts: Vec<String> = texts.map(|it| diagnostic::render(it, false, 100)).collect();
        let place = first.source.as_ref();
        return Some(About {
            name: "the run could not start",
            kind: "could_not_start",
            message: first.title.clone(),
            text: texts.join("\n\n"),
            place: place.map(|it| (it.file.clone(), it.line)),
        });
    }
    let shown =
        run.release.errored.is_some() || run.journeys.iter().any(|journey| run.is_red(journey));
    if run.troubles.is_empty() && (shown || run.verdict == Verdict::Passed) {
        return None;
    }
    let mut reasons = run.troubles.clone();
    reasons.extend(run.stop.map(|stop| stop.reason().to_string()));
    if !run.complete {
        reasons.push("the trace has no end: the process that wrote it was killed".to_string());
    }
    if reasons.is_empty() {
        reasons.push("no journey passed: nothing was verified".to_string());
    }
    Some(About {
        name: "the run was not judged",
        kind: match run.verdict {
            Verdict::Interrupted => "interrupted",
            Verdict::CouldNotJudge => "floor",
            Verdict::Passed | Verdict::Failed | Verdict::CouldNotRun => "not_judged",
        },
        message: reasons[0].clone(),
        text: reasons.join("\n"),
        place: None,
    })
}
