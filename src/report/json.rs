//! The run as JSON, for programs. `docs/report-json.md` documents the schema; a field that goes
//! away or changes its meaning is a new major version.

mod attempt;
mod numbers;

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::model::event::{Planned, Shard, Stop, TargetSummary};
use crate::model::release::ReleaseReport;
use crate::model::run::{Coverage, JourneyResult, Run};
use crate::model::target::Var;
use crate::model::{Diagnostic, FloorReport, JourneyId, Nanos, Outcome, Quarantine, Verdict};

use super::counts::Counts;
use super::files::Content;
use super::numbers::{known, listed};
use super::{Style, failure, names};
use attempt::Try;

/// Name and version of the schema.
pub const SCHEMA: &str = "jaunt-report/1.0";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    jaunt: &'a str,
    run: &'a str,
    project: &'a str,
    /// Nanoseconds since the Unix epoch, as text: most readers of JSON hold no such integer.
    started: String,
    took: Nanos,
    seed: &'a str,
    host: &'a str,
    target: &'a TargetSummary,
    shard: Option<&'a Shard>,
    idle: Option<&'a str>,
    verdict: Verdict,
    exit_code: u8,
    complete: bool,
    stop: Option<Stop>,
    troubles: &'a [String],
    could_not_start: &'a [Diagnostic],
    floor: Option<Floor<'a>>,
    deploy: Option<Deployed<'a>>,
    release: &'a ReleaseReport,
    counts: Counts,
    features: &'a Coverage,
    numbers: Option<numbers::Numbers<'a>>,
    phase: Option<numbers::Phased<'a>>,
    journeys: Journeys<'a>,
}

/// Made one after another while they are written: there may be ten thousand.
struct Journeys<'a>(&'a Run);

impl Serialize for Journeys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(run) = self;
        let known = known(run);
        serializer.collect_seq(run.journeys.iter().map(|it| journey(run, it, &known)))
    }
}

#[derive(Serialize)]
struct Floor<'a> {
    up: bool,
    #[serde(flatten)]
    report: &'a FloorReport,
}

#[derive(Serialize)]
struct Deployed<'a> {
    id: &'a str,
    commit: Option<&'a str>,
    /// As `started` of the run.
    time: String,
}

#[derive(Serialize)]
struct Journey<'a> {
    file: &'a str,
    name: &'a str,
    repetition: u32,
    line: u32,
    covers: &'a [String],
    tags: &'a [String],
    matrix: &'a BTreeMap<String, Var>,
    owner: Option<&'a str>,
    runbook: Option<&'a str>,
    quarantine: Option<Quarantined<'a>>,
    retries: u32,
    outcome: &'static str,
    whose: Option<crate::model::outcome::Whose>,
    reason: &'a str,
    started: Nanos,
    took: Nanos,
    again: String,
    warnings: Vec<&'static str>,
    /// The failure in full, as the console and JUnit have it.
    text: Option<String>,
    held: Option<numbers::HeldIn<'a>>,
    numbers: Vec<numbers::Number<'a>>,
    attempts: Vec<Try<'a>>,
}

#[derive(Serialize)]
struct Quarantined<'a> {
    #[serde(flatten)]
    declared: &'a Quarantine,
    /// Less than 0 once it has ended.
    days_left: i64,
    gates: bool,
}

/// The report's bytes, with a line end; keys stand in the order of the documentation.
pub fn json(run: &Run) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(&report(run))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The same, made while it is written: of ten thousand journeys it is too long to be held.
#[derive(Debug)]
pub struct JsonReport<'a>(pub &'a Run);

impl Content for JsonReport<'_> {
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &report(self.0))?;
        out.write_all(b"\n")
    }
}

fn report(run: &Run) -> Report<'_> {
    let header = &run.header;
    Report {
        schema: SCHEMA,
        jaunt: &header.jaunt,
        run: &header.run,
        project: &header.project,
        started: header.started.to_string(),
        took: run.took,
        seed: &header.seed,
        host: &header.host,
        target: &header.target,
        shard: header.shard.as_ref(),
        idle: header.idle.as_deref(),
        verdict: run.verdict,
        exit_code: run.verdict.exit_code(),
        complete: run.complete,
        stop: run.stop,
        troubles: &run.troubles,
        could_not_start: &run.could_not_start,
        floor: run.floor.as_ref().map(floor),
        deploy: header.deploy.as_ref().map(|deploy| Deployed {
            id: &deploy.id,
            commit: deploy.commit.as_deref(),
            time: deploy.time.to_string(),
        }),
        release: &run.release,
        counts: Counts::of(&run.journeys),
        features: &run.coverage,
        numbers: numbers::of_run(run),
        phase: numbers::phase(run),
        journeys: Journeys(run),
    }
}

fn floor(report: &FloorReport) -> Floor<'_> {
    Floor {
        up: report.is_up(),
        report,
    }
}

fn journey<'a>(
    run: &'a Run,
    result: &'a JourneyResult,
    known: &HashSet<&JourneyId>,
) -> Journey<'a> {
    let Planned {
        journey,
        repetition,
        ..
    } = &result.planned;
    Journey {
        file: &journey.id.file,
        name: &journey.id.name,
        repetition: *repetition,
        line: journey.place.line,
        covers: &journey.covers,
        tags: &journey.tags,
        matrix: &journey.matrix,
        owner: journey.owner.as_deref(),
        runbook: journey.runbook.as_deref(),
        quarantine: journey.quarantine.as_ref().map(|declared| Quarantined {
            declared,
            days_left: result.gate.days_left(),
            gates: result.gate.gates(),
        }),
        retries: result.planned.retries,
        outcome: result.outcome.name(),
        whose: match result.outcome {
            Outcome::Errored(whose) => Some(whose),
            Outcome::Passed | Outcome::Flaky | Outcome::Failed | Outcome::Skipped => None,
        },
        reason: &result.reason,
        started: result.started,
        took: result.took,
        again: names::again(&run.header, &result.planned),
        warnings: warnings(result),
        text: text(run, result),
        held: numbers::held(run, result),
        numbers: listed(result, known)
            .into_iter()
            .map(numbers::number)
            .collect(),
        attempts: result.attempts.iter().map(attempt::of).collect(),
    }
}

fn warnings(result: &JourneyResult) -> Vec<&'static str> {
    let nothing = result.expected_nothing().then_some("expected nothing");
    nothing.into_iter().collect()
}

fn text(run: &Run, result: &JourneyResult) -> Option<String> {
    match result.outcome {
        Outcome::Passed | Outcome::Skipped => None,
        Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) => {
            Some(failure::body(run, result, &Style::plain()))
        }
    }
}
