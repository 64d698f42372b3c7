//! One attempt of a journey as JSON.

use serde::Serialize;

use crate::model::event::{Difference, Expectation, Failure, FailureRole, Met, StepId, StepRole};
use crate::model::run::Attempt;
use crate::model::walked::{self, What};
use crate::model::{EventKind, Excerpt, Nanos, Place, ProblemKind};
use crate::report::transcript::tails;

use super::{Floor, floor};

/// How many of its last moments are kept of every client: those that JUnit has too.
const MOMENTS: usize = 20;

#[derive(Serialize)]
pub(super) struct Try<'a> {
    number: u32,
    outcome: &'static str,
    reason: &'a str,
    started: Nanos,
    took: Nanos,
    decisive: Option<usize>,
    failures: Vec<Broken<'a>>,
    steps: Vec<Step<'a>>,
    /// How many expectations were decided.
    expected: u64,
    expectations: Vec<Expected<'a>>,
    numbers: Vec<Number<'a>>,
    notes: Vec<&'a str>,
    attachments: Vec<Attached<'a>>,
    clients: Vec<Client>,
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

#[derive(Serialize)]
struct Attached<'a> {
    name: &'a str,
    size: u64,
}

/// What a client saw last.
#[derive(Serialize)]
struct Client {
    name: String,
    missing: usize,
    moments: Vec<Seen>,
}

#[derive(Serialize)]
struct Seen {
    at: Nanos,
    way: &'static str,
    what: String,
}

/// The attempt as it stands in the report.
pub(super) fn of(attempt: &Attempt) -> Try<'_> {
    let mut it = Try {
        number: attempt.number,
        outcome: attempt.outcome.name(),
        reason: &attempt.reason,
        started: attempt.started,
        took: attempt.took,
        decisive: attempt.decisive,
        failures: attempt.failures.iter().map(broken).collect(),
        steps: attempt.steps.iter().map(step).collect(),
        expected: attempt.expected,
        expectations: expectations(attempt),
        numbers: Vec::new(),
        notes: Vec::new(),
        attachments: Vec::new(),
        clients: clients(attempt),
    };
    for said in &attempt.said {
        match &said.what {
            What::Note(text) => it.notes.push(text),
            What::Number { name, value } => it.numbers.push(Number { name, value }),
            What::Attached { name, size } => it.attachments.push(Attached { name, size: *size }),
        }
    }
    it
}

fn step(step: &walked::Step) -> Step<'_> {
    let stretch = &step.stretch;
    Step {
        id: step.id,
        parent: stretch.parent,
        name: &stretch.name,
        role: stretch.role,
        place: stretch.place.as_ref(),
        started: step.started,
        took: step.ended.map(|(took, _)| took),
        ok: step.ended.map(|(_, ok)| ok),
    }
}

fn expectations(attempt: &Attempt) -> Vec<Expected<'_>> {
    let decided = attempt.events.iter().filter_map(|event| match &event.kind {
        EventKind::Expected(it) => Some(expected(event.seq, event.at, it)),
        _ => None,
    });
    decided.collect()
}

fn clients(attempt: &Attempt) -> Vec<Client> {
    let tails = tails(attempt, MOMENTS).into_iter();
    tails
        .map(|seen| Client {
            name: seen.who,
            missing: seen.missing,
            moments: seen
                .moments
                .into_iter()
                .map(|moment| Seen {
                    at: moment.at,
                    way: moment.way.name(),
                    what: moment.what,
                })
                .collect(),
        })
        .collect()
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
