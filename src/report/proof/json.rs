//! A proof as JSON, for programs. `docs/prove-json.md` documents the schema; a field that goes away
//! or changes its meaning is a new major version.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::model::event::TargetSummary;
use crate::model::fault::{Direction, Operator, Site};
use crate::model::proof::{
    Check, JourneyProof, Mutant, Proof, ProofStop, ProofVerdict, Refusal, Score, State, Suggestion,
    Volatile,
};
use crate::model::{Nanos, Place};
use crate::report::files::Content;

use super::words;

/// Name and version of the schema.
const SCHEMA: &str = "jaunt-prove/1.0";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    jaunt: &'a str,
    proof: &'a str,
    project: &'a str,
    /// Nanoseconds since the Unix epoch, as text: most readers of JSON hold no such integer.
    started: String,
    took: Nanos,
    seed: &'a str,
    host: &'a str,
    target: &'a TargetSummary,
    operators: &'a [Operator],
    outbound: bool,
    whole: bool,
    verdict: ProofVerdict,
    exit_code: u8,
    badge: String,
    score: Scored,
    left_out: u64,
    stop: Option<String>,
    troubles: &'a [String],
    gate: &'a [String],
    by_operator: BTreeMap<&'static str, Scored>,
    journeys: Vec<Journey<'a>>,
}

/// Counts with the shares they make.
#[derive(Serialize)]
struct Scored {
    noticed: Option<f64>,
    sharply: Option<f64>,
    #[serde(flatten)]
    counts: Score,
}

#[derive(Serialize)]
struct Journey<'a> {
    file: &'a str,
    name: &'a str,
    line: u32,
    owner: Option<&'a str>,
    refused: Option<&'a Refusal>,
    green: Green,
    score: Scored,
    by_step: BTreeMap<String, Scored>,
    decoration: Vec<String>,
    expectations: u32,
    volatile: &'a [Volatile],
    unsteady: &'a [String],
    floor: u32,
    mutants: Vec<Mutated<'a>>,
}

#[derive(Serialize)]
struct Green {
    passed: u32,
    walks: u32,
}

#[derive(Serialize)]
struct Mutated<'a> {
    id: &'a str,
    operator: Operator,
    direction: Direction,
    scored: bool,
    state: &'static str,
    told: String,
    step: Option<&'a str>,
    place: Option<&'a Place>,
    source: Option<&'a str>,
    site: &'a Site,
    change: Value,
    seq: Option<u64>,
    by: Option<&'a Check>,
    sharp: Option<bool>,
    reason: Option<&'a str>,
    owner: Option<&'a str>,
    suggestion: Option<&'a Suggestion>,
    took: Nanos,
    again: String,
}

/// The report, made while it is written.
#[derive(Debug)]
pub struct ProofJson<'a>(pub &'a Proof);

impl Content for ProofJson<'_> {
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &report(self.0))?;
        out.write_all(b"\n")
    }
}

fn report(proof: &Proof) -> Report<'_> {
    let verdict = proof.verdict();
    let by_operator = proof.by_operator().into_iter();
    Report {
        schema: SCHEMA,
        jaunt: &proof.jaunt,
        proof: &proof.id,
        project: &proof.project,
        started: proof.started.to_string(),
        took: proof.took,
        seed: &proof.seed,
        host: &proof.host,
        target: &proof.target,
        operators: &proof.operators,
        outbound: proof.outbound,
        whole: proof.whole,
        verdict,
        exit_code: verdict.exit_code(),
        badge: words::badge(proof),
        score: scored(proof.score()),
        left_out: proof.all_left_out(),
        stop: proof.stop.map(stop),
        troubles: &proof.troubles,
        gate: &proof.gate,
        by_operator: by_operator
            .map(|(operator, score)| (operator.name(), scored(score)))
            .collect(),
        journeys: proof.journeys.iter().map(|it| journey(proof, it)).collect(),
    }
}

/// The word of what ended it, whoever's word it is.
fn stop(stop: ProofStop) -> String {
    let word = match stop {
        ProofStop::Interrupted => return "interrupted".to_string(),
        ProofStop::Budget => return "budget".to_string(),
        ProofStop::Stopped(stop) => serde_json::to_value(stop),
    };
    match word {
        Ok(Value::String(word)) => word,
        Ok(_) | Err(_) => "stopped".to_string(),
    }
}

fn scored(counts: Score) -> Scored {
    Scored {
        noticed: counts.value(),
        sharply: counts.sharpness(),
        counts,
    }
}

fn journey<'a>(proof: &Proof, journey: &'a JourneyProof) -> Journey<'a> {
    let declared = &journey.journey;
    let by_step = journey.by_step().into_iter();
    let (passed, walks) = journey.green;
    Journey {
        file: &declared.id.file,
        name: &declared.id.name,
        line: declared.place.line,
        owner: declared.owner.as_deref(),
        refused: journey.refused.as_ref(),
        green: Green { passed, walks },
        score: scored(journey.score()),
        by_step: by_step.map(|(step, score)| (step, scored(score))).collect(),
        decoration: journey.decoration(),
        expectations: journey.expectations,
        volatile: &journey.volatile,
        unsteady: &journey.unsteady,
        floor: journey.floor,
        mutants: journey
            .mutants
            .iter()
            .map(|it| mutated(proof, journey, it))
            .collect(),
    }
}

fn mutated<'a>(proof: &Proof, journey: &JourneyProof, mutant: &'a Mutant) -> Mutated<'a> {
    let operator = mutant.fault.change.operator();
    let (mut by, mut sharp, mut reason, mut owner) = (None, None, None, None);
    match &mutant.state {
        State::Killed {
            by: check,
            sharp: it,
        } => (by, sharp) = (Some(check), Some(*it)),
        State::Errored { reason: why } => reason = Some(why.as_str()),
        State::Ignored {
            reason: why,
            owner: who,
        } => {
            (reason, owner) = (Some(why.as_str()), Some(who.as_str()));
        }
        State::TimedOut | State::Survived | State::NotArmed | State::LeftOut => {}
    }
    Mutated {
        id: &mutant.id,
        operator,
        direction: operator.direction(),
        scored: operator.is_scored(),
        state: mutant.state.name(),
        told: words::told(mutant),
        step: mutant.step.as_deref(),
        place: mutant.place.as_ref(),
        source: mutant.line.as_deref(),
        site: &mutant.fault.site,
        change: change(mutant),
        seq: mutant.seq,
        by,
        sharp,
        reason,
        owner,
        suggestion: mutant.suggestion.as_ref(),
        took: mutant.took,
        again: words::again(proof, journey, mutant),
    }
}

/// What is done, without the answer that is given in place of a lost write: a body that may be
/// large, as numbers.
fn change(mutant: &Mutant) -> Value {
    let mut change = serde_json::to_value(&mutant.fault.change).unwrap_or_default();
    if let Some(parts) = change.as_object_mut() {
        parts.remove("answer");
    }
    change
}
