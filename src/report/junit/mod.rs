//! The run as a JUnit file that CI systems show: a suite is a journey file, a case is a journey;
//! `failure` means that the ceiling is broken, `error` that it could not be judged.

mod cases;
mod clean;
mod pass;

#[cfg(test)]
mod tests;

use junit_report::{OffsetDateTime, Report, TestSuite};

use crate::model::run::{JourneyResult, Run};
use crate::model::{Nanos, Outcome};
use crate::report::release;

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

/// A suite with what the pass adds to it.
struct Suite {
    report: TestSuite,
    cases: Vec<Case>,
    /// Nanoseconds from the start of its first journey to the end of its last.
    time: Nanos,
}

/// The file's bytes: valid XML whatever a server sent, and the same for the same run.
pub fn junit(run: &Run) -> Result<Vec<u8>, JunitError> {
    let suites = suites(run);
    let mut report = Report::new();
    report.add_testsuites(suites.iter().map(|suite| suite.report.clone()));
    let mut raw = Vec::new();
    report.write_xml(&mut raw)?;
    pass::complete(&raw, &suites, &properties(run), run.took)
}

/// What was judged, for readers that know nothing but this file.
fn properties(run: &Run) -> Vec<(&'static str, String)> {
    let mut properties = Vec::new();
    if let Some(deploy) = &run.header.deploy {
        properties.push(("deploy", attribute(&deploy.id)));
        let commit = deploy.commit.as_ref();
        properties.extend(commit.map(|commit| ("commit", attribute(commit))));
    }
    let answered = run.release.answered.iter();
    properties.extend(answered.map(|it| ("release", attribute(&it.release))));
    properties
}

fn suites(run: &Run) -> Vec<Suite> {
    let mut files: Vec<(&str, Vec<&JourneyResult>)> = Vec::new();
    for journey in &run.journeys {
        let file = journey.planned.journey.id.file.as_str();
        match files.iter_mut().find(|(known, _)| *known == file) {
            Some((_, journeys)) => journeys.push(journey),
            None => files.push((file, vec![journey])),
        }
    }
    let mut taken = std::collections::BTreeSet::new();
    let mut suites: Vec<Suite> = files
        .iter()
        .map(|(file, journeys)| of_file(run, file, journeys, &mut taken))
        .collect();
    let about = cases::about_the_run(run);
    if !about.is_empty() {
        suites.push(suite(run, "jaunt", about, run.took));
    }
    suites
}

fn of_file(
    run: &Run,
    file: &str,
    journeys: &[&JourneyResult],
    taken: &mut std::collections::BTreeSet<(String, String)>,
) -> Suite {
    let ran = || journeys.iter().filter(|it| !it.attempts.is_empty());
    let start = ran().map(|it| it.started).min().unwrap_or(0);
    let ends = ran()
        .flat_map(|it| &it.attempts)
        .map(|it| it.started.saturating_add(it.took));
    let time = ends.max().unwrap_or(0).saturating_sub(start);
    let cases = journeys
        .iter()
        .map(|journey| cases::of_journey(run, journey, taken));
    suite(run, file, cases.collect(), time)
}

fn suite(run: &Run, name: &str, cases: Vec<Case>, time: Nanos) -> Suite {
    let mut report = TestSuite::new(&attribute(name));
    report.package = String::new();
    report.hostname = attribute(&run.header.host);
    report.timestamp = OffsetDateTime::from_unix_timestamp_nanos(i128::from(run.header.started))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    report.add_testcases(cases.iter().map(|case| case.report.clone()));
    Suite {
        report,
        cases,
        time,
    }
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
