//! The run as a JUnit file that CI systems show: a suite is a journey file, a case is a journey;
//! `failure` means that the ceiling is broken, `error` that it could not be judged.

mod budget;
mod cases;
pub(super) mod clean;
mod output;
pub(super) mod pass;
mod properties;
mod reruns;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_cases;

use junit_report::{Report, TestCase, TestSuite};

use crate::model::run::{JourneyResult, Run};
use crate::model::{Nanos, Outcome};
use crate::report::release;

use budget::Budget;
use cases::Case;
use clean::attribute;

/// Why no JUnit could be written: never because of what a server sent.
#[derive(Debug, thiserror::Error)]
pub enum JunitError {
    /// The builder refused.
    #[error("JUnit could not be built: {0}")]
    Build(#[from] junit_report::Error),
    /// The pass over it failed.
    #[error("JUnit could not be completed: {0}")]
    Pass(#[from] quick_xml::Error),
    /// An attribute could not be read back.
    #[error("JUnit could not be completed: {0}")]
    Attribute(#[from] quick_xml::events::attributes::AttrError),
    /// It could not be written to memory.
    #[error("JUnit could not be completed: {0}")]
    Write(#[from] std::io::Error),
}

/// What the pass adds to a suite.
struct Suite {
    tests: usize,
    failures: usize,
    errors: usize,
    cases: Vec<Case>,
    /// Nanoseconds since the run's start at which its first journey began.
    started: Nanos,
    /// Nanoseconds from the start of its first journey to the end of its last.
    time: Nanos,
}

/// The file's bytes: valid XML whatever a server sent, and the same for the same run.
pub fn junit(run: &Run) -> Result<Vec<u8>, JunitError> {
    let (reports, suites): (Vec<TestSuite>, Vec<Suite>) = suites(run).into_iter().unzip();
    let mut raw = Vec::new();
    {
        let mut report = Report::new();
        report.add_testsuites(reports);
        report.write_xml(&mut raw)?;
    }
    pass::complete(&raw, &suites, run)
}

fn suites(run: &Run) -> Vec<(TestSuite, Suite)> {
    let mut files: Vec<(&str, Vec<&JourneyResult>)> = Vec::new();
    for journey in &run.journeys {
        let file = journey.planned.journey.id.file.as_str();
        match files.iter_mut().find(|(known, _)| *known == file) {
            Some((_, journeys)) => journeys.push(journey),
            None => files.push((file, vec![journey])),
        }
    }
    let mut taken = std::collections::BTreeSet::new();
    let budget = Budget::of(run);
    let mut suites: Vec<(TestSuite, Suite)> = files
        .iter()
        .map(|(file, journeys)| of_file(run, file, journeys, &budget, &mut taken))
        .collect();
    let about = cases::about_the_run(run);
    if !about.is_empty() {
        suites.push(suite(run, "jaunt", about, 0, run.took));
    }
    suites
}

fn of_file(
    run: &Run,
    file: &str,
    journeys: &[&JourneyResult],
    budget: &Budget,
    taken: &mut std::collections::BTreeSet<(String, String)>,
) -> (TestSuite, Suite) {
    let ran = || journeys.iter().filter(|it| !it.attempts.is_empty());
    let start = ran().map(|it| it.started).min().unwrap_or(0);
    let ends = ran()
        .flat_map(|it| &it.attempts)
        .map(|it| it.started.saturating_add(it.took));
    let time = ends.max().unwrap_or(0).saturating_sub(start);
    let cases = journeys
        .iter()
        .map(|journey| cases::of_journey(run, journey, budget, taken));
    suite(run, file, cases.collect(), start, time)
}

fn suite(
    run: &Run,
    name: &str,
    cases: Vec<(TestCase, Case)>,
    started: Nanos,
    time: Nanos,
) -> (TestSuite, Suite) {
    let mut report = TestSuite::new(&attribute(name));
    report.package = String::new();
    report.hostname = attribute(&run.header.host);
    let (reports, cases): (Vec<TestCase>, Vec<Case>) = cases.into_iter().unzip();
    report.add_testcases(reports);
    let suite = Suite {
        tests: report.tests(),
        failures: report.failures(),
        errors: report.errors(),
        cases,
        started,
        time,
    };
    (report, suite)
}

/// The word in a case's `type`.
fn kind_of(run: &Run, journey: &JourneyResult) -> &'static str {
    use crate::model::outcome::Whose;
    let failure = journey.told().and_then(|it| it.failures.get(it.decisive?));
    match journey.outcome {
        Outcome::Errored(Whose::Target)
            if journey.attempts.is_empty() && release::is_why(run, &journey.reason) =>
        {
            release::CASE
        }
        Outcome::Errored(Whose::Target) => "floor",
        Outcome::Errored(Whose::Interrupt) => "interrupted",
        Outcome::Failed | Outcome::Errored(Whose::Ours) => {
            failure.map_or("not_judged", |it| it.problem.kind.name())
        }
        Outcome::Flaky => "flaky",
        Outcome::Passed | Outcome::Skipped => "skipped",
    }
}
