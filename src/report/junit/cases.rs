//! One test case for each journey, and those about the run itself.

use std::collections::BTreeSet;

use junit_report::{Duration, TestCase, TestCaseBuilder};

use crate::model::run::{JourneyResult, Run};
use crate::model::value::shorten;
use crate::model::{EventKind, Nanos, Outcome, Verdict};
use crate::report::style::{Style, one_line};
use crate::report::{attempts, diagnostic, failure, names, release};

use super::clean::{attribute, cdata};
use super::kind_of;

/// Most lines of what a journey said that a case keeps, first and last.
const OUTPUT_LINES: usize = 200;
/// Most characters of one such line.
const OUTPUT_WIDTH: usize = 500;

/// A case with what the pass adds to it.
pub(super) struct Case {
    pub(super) report: TestCase,
    /// Nanoseconds.
    pub(super) time: Nanos,
    /// Where the journey is declared.
    pub(super) line: Option<u32>,
    pub(super) skipped: bool,
}

/// The case of one journey; `taken` holds the names given so far, for readers drop duplicates.
pub(super) fn of_journey(
    run: &Run,
    journey: &JourneyResult,
    taken: &mut BTreeSet<(String, String)>,
) -> Case {
    let place = &journey.planned.journey.place;
    let file = &journey.planned.journey.id.file;
    let class = attribute(&names::without_extension(file).replace('/', "."));
    let name = unique(&class, &attribute(&journey.planned.display_name()), taken);
    let mut case = of_outcome(run, journey, &name);
    case.set_classname(&class);
    case.set_filepath(&attribute(&place.file));
    let red = !matches!(
        journey.outcome,
        Outcome::Passed | Outcome::Flaky | Outcome::Skipped
    );
    let quarantined = red && !run.is_red(journey);
    // A skipped case has no body; what was found in quarantine is not lost for that.
    let found = quarantined.then(|| failure::body(run, journey, &Style::plain()));
    let output: Vec<String> = found.into_iter().chain(output(journey)).collect();
    if !output.is_empty() {
        let output = output.join("\n\n");
        case.set_system_out(&cdata(&output));
    }
    Case {
        report: case.build(),
        time: journey.took,
        line: Some(place.line),
        skipped: is_shown_skipped(run, journey),
    }
}

/// What does not gate must not turn a page red: readers know nothing but failures and errors.
fn is_shown_skipped(run: &Run, journey: &JourneyResult) -> bool {
    match journey.outcome {
        Outcome::Skipped => true,
        Outcome::Failed | Outcome::Errored(_) => !run.is_red(journey),
        Outcome::Passed | Outcome::Flaky => false,
    }
}

fn of_outcome(run: &Run, journey: &JourneyResult, name: &str) -> TestCaseBuilder {
    let kind = kind_of(run, journey);
    let message = || attribute(&failure::headline(run, journey));
    let body = || cdata(&failure::body(run, journey, &Style::plain()));
    // The pass writes the time: this library rounds nothing.
    let time = Duration::ZERO;
    let mut case = match journey.outcome {
        Outcome::Failed | Outcome::Errored(_) if !run.is_red(journey) => {
            let why = attempts::quarantine(journey).unwrap_or_default();
            let cause = format!("{}: {}; {why}", journey.outcome.name(), journey.reason);
            return TestCaseBuilder::skipped_with_cause(name, "quarantined", &attribute(&cause));
        }
        Outcome::Flaky if run.is_red(journey) => {
            TestCaseBuilder::failure(name, time, kind, &message())
        }
        Outcome::Passed | Outcome::Flaky => return TestCaseBuilder::success(name, time),
        Outcome::Skipped => {
            return TestCaseBuilder::skipped_with_cause(name, kind, &attribute(&journey.reason));
        }
        Outcome::Failed => TestCaseBuilder::failure(name, time, kind, &message()),
        Outcome::Errored(_) => TestCaseBuilder::error(name, time, kind, &message()),
    };
    case.set_trace(&body());
    case
}

/// A name that no other case of its class has.
fn unique(class: &str, name: &str, taken: &mut BTreeSet<(String, String)>) -> String {
    let mut unique = name.to_string();
    for number in 2.. {
        if taken.insert((class.to_string(), unique.clone())) {
            break;
        }
        unique = format!("{name} ({number})");
    }
    unique
}

/// Steps, notes, numbers and names of attachments, bounded; nothing if there are none.
fn output(journey: &JourneyResult) -> Option<String> {
    let events = journey.decisive()?.events.iter();
    let lines: Vec<String> = events
        .filter_map(|event| match &event.kind {
            EventKind::StepStarted { name, .. } => Some(format!("step: {name}")),
            EventKind::Noted { text, .. } => Some(format!("note: {text}")),
            EventKind::Recorded { name, value } => Some(format!("number: {name} = {value}")),
            EventKind::Attached { name, payload, .. } => {
                Some(format!("attached: {name} ({} bytes)", payload.size))
            }
            _ => None,
        })
        .map(|line| shorten(&one_line(&line), OUTPUT_WIDTH))
        .collect();
    if lines.is_empty() {
        return None;
    }
    if lines.len() <= OUTPUT_LINES {
        return Some(lines.join("\n"));
    }
    let half = OUTPUT_LINES / 2;
    let missing = lines.len() - 2 * half;
    let (head, tail) = (&lines[..half], &lines[lines.len() - half..]);
    Some(format!(
        "{}\n… {missing} more\n{}",
        head.join("\n"),
        tail.join("\n")
    ))
}

/// What is wrong with the run beside its journeys. A run that is not green must not look green to
/// a reader that knows nothing but this file.
pub(super) fn about_the_run(run: &Run) -> Vec<Case> {
    let mut cases = not_judged(run);
    if let (Some(reason), Some(text)) = (&run.release.errored, release::body(run, &Style::plain()))
    {
        cases.push(error(release::CASE, release::CASE, reason, &text));
    }
    cases
}

fn not_judged(run: &Run) -> Vec<Case> {
    if !run.could_not_start.is_empty() {
        let texts: Vec<String> = run
            .could_not_start
            .iter()
            .map(|it| diagnostic::render(it, false, 100))
            .collect();
        let title = &run.could_not_start[0].title;
        return vec![error(
            "the run could not start",
            "could_not_start",
            title,
            &texts.join("\n\n"),
        )];
    }
    let shown =
        run.release.errored.is_some() || run.journeys.iter().any(|journey| run.is_red(journey));
    if run.troubles.is_empty() && (shown || run.verdict == Verdict::Passed) {
        return Vec::new();
    }
    let mut reasons = run.troubles.clone();
    reasons.extend(run.stop.map(|stop| stop.reason().to_string()));
    if !run.complete {
        reasons.push("the trace has no end: the process that wrote it was killed".to_string());
    }
    if reasons.is_empty() {
        reasons.push("no journey passed: nothing was verified".to_string());
    }
    let kind = match run.verdict {
        Verdict::Interrupted => "interrupted",
        Verdict::CouldNotJudge => "floor",
        Verdict::Passed | Verdict::Failed | Verdict::CouldNotRun => "not_judged",
    };
    vec![error(
        "the run was not judged",
        kind,
        &reasons[0],
        &reasons.join("\n"),
    )]
}

fn error(name: &str, kind: &str, message: &str, text: &str) -> Case {
    let mut case = TestCaseBuilder::error(name, Duration::ZERO, kind, &attribute(message));
    case.set_classname("jaunt").set_trace(&cdata(text));
    Case {
        report: case.build(),
        time: 0,
        line: None,
        skipped: false,
    }
}
