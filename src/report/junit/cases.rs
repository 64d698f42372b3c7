//! One test case for each journey, and those about the run itself.

use std::collections::BTreeSet;

use junit_report::{Duration, TestCase, TestCaseBuilder};

use crate::model::run::{JourneyResult, Run};
use crate::model::{Nanos, Outcome};
use crate::report::style::{Style, one_line};
use crate::report::{about, attempts, failure, names};

use super::budget::Budget;
use super::clean::{attribute, cdata};
use super::properties::{self, Property};
use super::reruns::{self, Rerun};
use super::{kind_of, output};

/// What the pass adds to a case.
pub(super) struct Case {
    /// Nanoseconds.
    pub(super) time: Nanos,
    /// Nanoseconds since the run's start.
    pub(super) started: Nanos,
    /// Where the journey is declared.
    pub(super) line: Option<u32>,
    pub(super) owner: Option<String>,
    pub(super) skipped: bool,
    pub(super) properties: Vec<Property>,
    /// Goes into the element `skipped`, for which the library has no text.
    pub(super) skipped_text: Option<String>,
    pub(super) reruns: Vec<Rerun>,
    pub(super) output: Option<String>,
}

/// The case of one journey; `taken` holds the names given so far, for readers drop duplicates.
pub(super) fn of_journey(
    run: &Run,
    journey: &JourneyResult,
    budget: &Budget,
    taken: &mut BTreeSet<(String, String)>,
) -> (TestCase, Case) {
    let place = &journey.planned.journey.place;
    let file = &journey.planned.journey.id.file;
    let class = attribute(&names::without_extension(file).replace('/', "."));
    let name = unique(&class, &attribute(&journey.planned.display_name()), taken);
    let mut case = of_outcome(run, journey, &name, budget);
    case.set_classname(&class);
    case.set_filepath(&attribute(&place.file));
    let more = Case {
        time: journey.took,
        started: journey.started,
        line: Some(place.line),
        owner: journey.planned.journey.owner.clone(),
        skipped: is_shown_skipped(run, journey),
        properties: properties::of_journey(journey),
        skipped_text: skipped_text(run, journey, budget),
        reruns: reruns::of_journey(run, journey, budget),
        output: output::of_journey(run, journey, budget),
    };
    (case.build(), more)
}

/// GitLab shows the text of `skipped` and not its message.
fn skipped_text(run: &Run, journey: &JourneyResult, budget: &Budget) -> Option<String> {
    if !is_shown_skipped(run, journey) {
        return None;
    }
    let text = match journey.outcome {
        Outcome::Skipped => one_line(&journey.reason),
        Outcome::Passed | Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) => {
            failure::body(run, journey, &Style::plain())
        }
    };
    Some(budget.failure(&text))
}

/// What does not gate must not turn a page red: readers know nothing but failures and errors.
fn is_shown_skipped(run: &Run, journey: &JourneyResult) -> bool {
    match journey.outcome {
        Outcome::Skipped => true,
        Outcome::Failed | Outcome::Errored(_) => !run.is_red(journey),
        Outcome::Passed | Outcome::Flaky => false,
    }
}

fn of_outcome(run: &Run, journey: &JourneyResult, name: &str, budget: &Budget) -> TestCaseBuilder {
    let kind = kind_of(run, journey);
    let message = || attribute(&failure::headline(run, journey));
    let body = || cdata(&budget.failure(&failure::body(run, journey, &Style::plain())));
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

/// What is wrong with the run beside its journeys.
pub(super) fn about_the_run(run: &Run) -> Vec<(TestCase, Case)> {
    let about = about::of_run(run).into_iter();
    about
        .map(|it| error(it.name, it.kind, &it.message, &it.text))
        .collect()
}

fn error(name: &str, kind: &str, message: &str, text: &str) -> (TestCase, Case) {
    let mut case = TestCaseBuilder::error(name, Duration::ZERO, kind, &attribute(message));
    case.set_classname("jaunt").set_trace(&cdata(text));
    let more = Case {
        time: 0,
        started: 0,
        line: None,
        owner: None,
        skipped: false,
        properties: Vec::new(),
        skipped_text: None,
        reruns: Vec::new(),
        output: None,
    };
    (case.build(), more)
}
