//! The run as JSON, for programs. `docs/report-json.md` documents the schema; a field that goes
//! away or changes its meaning is a new major version.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::event::{
    Difference, Expectation, Failure, FailureRole, Met, Planned, Shard, StepId, StepRole, Stop,
    TargetSummary,
};
use crate::model::release::ReleaseReport;
use crate::model::run::{Attempt, Coverage, JourneyResult, Run};
use crate::model::target::Var;
use crate::model::{
    Diagnostic, EventKind, Excerpt, FloorReport, Nanos, Outcome, Place, ProblemKind, Quarantine,
    Verdict,
};

use super::names;

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
    journeys: Vec<Journey<'a>>,
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
struct Counts {
    planned: usize,
    passed: usize,
    flaky: usize,
    failed: usize,
    errored: usize,
    skipped: usize,
    quarantined: usize,
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

#[derive(Serialize)]
struct Try<'a> {
    number: u32,
    outcome: &'static str,
    reason: &'a str,
    started: Nanos,
    took: Nanos,
    decisive: Option<usize>,
    failures: Vec<Broken<'a>>,
    steps: Vec<Step<'a>>,
    expectations: Vec<Expected<'a>>,
    numbers: Vec<Number<'a>>,
}

#[derive(Serialize)]
struct Broken<'a> {
    kind: ProblemKind,
    message: &'a str,
    reason: Option<&'a str>,
    role: FailureRole,
    in_floor: bool,
    step: Option<StepId>,
    expectation: Option<u64>,
    excerpt: Option<&'a Excerpt>,
    frames: &'a [Place],
    floor: Option<Floor<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    id: StepId,
    parent: Option<StepId>,
    name: &'a str,
    role: StepRole,
    place: Option<&'a Place>,
    started: Nanos,
    took: Option<Nanos>,
    ok: Option<bool>,
}

#[derive(Serialize)]
struct Expected<'a> {
    seq: u64,
    at: Nanos,
    call: &'a str,
    step: Option<StepId>,
    place: Option<&'a Place>,
    pattern: &'a str,
    promise: &'a str,
    result: &'static str,
    late_by: Option<Nanos>,
    counts: bool,
    expected: Option<u64>,
    got: Option<u64>,
    waited: Nanos,
    listened: Nanos,
    cut_by: Option<&'a str>,
    nearest: Option<&'a str>,
    differences: &'a [Difference],
    found: &'a [String],
}

#[derive(Serialize)]
struct Number<'a> {
    name: &'a str,
    /// JSON text, exactly as the journey recorded it.
    value: &'a str,
}

/// The report's bytes, with a line end; keys stand in the order of the documentation.
pub fn json(run: &Run) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(&report(run))?;
    bytes.push(b'\n');
    Ok(bytes)
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
        counts: counts(&run.journeys),
        features: &run.coverage,
        journeys: run.journeys.iter().map(|it| journey(run, it)).collect(),
    }
}

fn floor(report: &FloorReport) -> Floor<'_> {
    Floor {
        up: report.is_up(),
        report,
    }
}

fn counts(journeys: &[JourneyResult]) -> Counts {
    let mut counts = Counts {
        planned: journeys.len(),
        passed: 0,
        flaky: 0,
        failed: 0,
        errored: 0,
        skipped: 0,
        quarantined: journeys.iter().filter(|it| !it.gate.gates()).count(),
    };
    for journey in journeys {
        match journey.outcome {
            Outcome::Passed => counts.passed += 1,
            Outcome::Flaky => counts.flaky += 1,
            Outcome::Failed => counts.failed += 1,
            Outcome::Errored(_) => counts.errored += 1,
            Outcome::Skipped => counts.skipped += 1,
        }
    }
    counts
}

fn journey<'a>(run: &Run, result: &'a JourneyResult) -> Journey<'a> {
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
        attempts: result.attempts.iter().map(attempt).collect(),
    }
}

fn attempt(attempt: &Attempt) -> Try<'_> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    let (mut expectations, mut numbers) = (Vec::new(), Vec::new());
    for event in &attempt.events {
        match &event.kind {
            EventKind::StepStarted {
                step,
                parent,
                name,
                role,
                place,
            } => steps.push(Step {
                id: *step,
                parent: *parent,
                name,
                role: *role,
                place: place.as_ref(),
                started: event.at,
                took: None,
                ok: None,
            }),
            EventKind::StepEnded { step, ok } => {
                if let Some(known) = steps.iter_mut().find(|it| it.id == *step) {
                    known.took = Some(event.at.saturating_sub(known.started));
                    known.ok = Some(*ok);
                }
            }
            EventKind::Expected(it) => expectations.push(expected(event.seq, event.at, it)),
            EventKind::Recorded { name, value } => numbers.push(Number { name, value }),
            _ => {}
        }
    }
    Try {
        number: attempt.number,
        outcome: attempt.outcome.name(),
        reason: &attempt.reason,
        started: attempt.started,
        took: attempt.took,
        decisive: attempt.decisive,
        failures: attempt.failures.iter().map(broken).collect(),
        steps,
        expectations,
        numbers,
    }
}

fn broken(failure: &Failure) -> Broken<'_> {
    Broken {
        kind: failure.problem.kind,
        message: &failure.problem.message,
        reason: failure.problem.reason.as_deref(),
        role: failure.role,
        in_floor: failure.in_floor,
        step: failure.step,
        expectation: failure.expectation,
        excerpt: failure.excerpt.as_ref(),
        frames: &failure.frames,
        floor: failure.floor.as_ref().map(floor),
    }
}

fn expected(seq: u64, at: Nanos, it: &Expectation) -> Expected<'_> {
    let (result, late_by) = match it.result {
        Met::Met => ("met", None),
        Met::Unmet => ("unmet", None),
        Met::Late(by) => ("late", Some(by)),
    };
    Expected {
        seq,
        at,
        call: &it.call,
        step: it.step,
        place: it.place.as_ref(),
        pattern: &it.pattern,
        promise: &it.promise,
        result,
        late_by,
        counts: it.counts,
        expected: it.expected,
        got: it.got,
        waited: it.waited,
        listened: it.listened,
        cut_by: it.cut_by.as_deref(),
        nearest: it.nearest.as_ref().map(|it| it.value.as_str()),
        differences: it
            .nearest
            .as_ref()
            .map_or(&[], |it| it.differences.as_slice()),
        found: &it.found,
    }
}
