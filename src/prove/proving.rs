//! A proof from its first walk to its end.

mod finish;
mod recording;
mod trying;

use std::sync::Arc;
use std::time::{Duration, Instant};

use self::recording::{Recording, refusal};
use super::asked::{Asked, Progress};
use super::caps::caps;
use super::choose::folded;
use super::faults::{Candidate, Material, candidates};
use super::recorded::Recorded;
use super::sites::sites;
use super::walk::{Ended, Reins};
use crate::model::event::Stop;
use crate::model::fault::Operator;
use crate::model::proof::{JourneyProof, Proof, ProofStop, State};
use crate::model::{Nanos, duration};
use crate::record::Recorder;
use crate::script::host::Caps;

/// A mutant may take at least this long.
const SHORTEST: Duration = Duration::from_secs(2);
/// What is delayed comes this much after the longest wait.
const BEYOND: Duration = Duration::from_millis(200);

/// Is told how far a proof has come.
pub type Watch = Arc<dyn Fn(Progress) + Send + Sync>;

/// Proves what it is asked to. Interrupted, it gives what it has.
pub fn prove(asked: &Asked, reins: &Reins, watch: &Watch) -> Proof {
    let began = Instant::now();
    let mut proof = Proof {
        project: asked.header.project.clone(),
        jaunt: asked.header.jaunt.clone(),
        id: asked.header.run.clone(),
        started: asked.header.started,
        seed: asked.header.seed.clone(),
        host: asked.header.host.clone(),
        target: asked.header.target.clone(),
        operators: asked.wanted.resolved(),
        outbound: asked.wanted.outbound,
        again: asked.header.again.clone(),
        ..Proof::default()
    };
    let proving = Proving {
        asked,
        reins,
        watch,
        began,
    };
    let (recording, recordings) = proving.record();
    proof.stop = proving.stop(&recording.ended, &mut proof.troubles);
    let mut all: Vec<Prepared> = recordings
        .into_iter()
        .map(|one| proving.prepare(one, &proof.operators, &recording.recorder))
        .collect();
    if proof.stop.is_none() {
        proof.stop = proving.try_all(&mut all, &mut proof.troubles);
    }
    proof.journeys = all
        .into_iter()
        .map(|prepared| prepared.finish(asked, &recording.recorder))
        .collect();
    proof.left_out = proof.score().left_out;
    proof.took = duration::nanos(began.elapsed());
    proof
}

/// What became of a mutant's walk.
#[derive(Debug, Clone)]
struct Tried {
    state: State,
    /// It failed although no fault was put.
    failed_by_itself: bool,
    took: Nanos,
}

struct Proving<'a> {
    asked: &'a Asked,
    reins: &'a Reins,
    watch: &'a Watch,
    began: Instant,
}

/// A journey whose faults are known.
struct Prepared {
    proof: JourneyProof,
    /// The first walk.
    first: Option<Recorded>,
    candidates: Vec<Candidate>,
    tried: Vec<Option<Tried>>,
    journey: usize,
    caps: Arc<Caps>,
    timeout: Nanos,
}

impl Proving<'_> {
    /// What the random values of a walk without a fault follow: others each time, for a journey that
    /// fails by some of them is no steady one.
    fn green_seed(&self, journey: usize, number: u32) -> String {
        format!("{}#{number}", self.asked.planned[journey].journey.id)
    }

    /// The same of a mutant: those of the recorded walk where it has a target of its own, and others
    /// where what one walk leaves behind meets the next.
    fn mutant_seed(&self, journey: usize, mutant: &str) -> String {
        match self.asked.lease {
            Some(_) => self.green_seed(journey, 1),
            None => format!("{}#{mutant}", self.asked.planned[journey].journey.id),
        }
    }

    fn left(&self) -> Option<Duration> {
        let budget = self.asked.budget?;
        Some(budget.saturating_sub(self.began.elapsed()))
    }

    fn stop(&self, ended: &Ended, troubles: &mut Vec<String>) -> Option<ProofStop> {
        if self.reins.is_interrupted() {
            return Some(ProofStop::Interrupted);
        }
        match ended {
            Ended::Whole => None,
            Ended::Early(Stop::MaxTime) => Some(ProofStop::Budget),
            Ended::Early(stop) => Some(ProofStop::Stopped(*stop)),
            Ended::Never(why) => {
                troubles.push(why.clone());
                None
            }
        }
    }

    /// Finds the faults of a journey.
    fn prepare(
        &self,
        recording: Recording,
        operators: &[Operator],
        recorder: &Recorder,
    ) -> Prepared {
        let asked = self.asked;
        let planned = &asked.planned[recording.journey];
        let events = recording.walks.iter().map(|walk| walk.events.as_slice());
        let caps = caps(events, asked.factor, asked.least);
        let took = recording.walks.iter().map(|walk| walk.took).max();
        let longest = Duration::from_nanos(took.unwrap_or_default()).mul_f64(asked.factor);
        let beyond = longest_of(&caps) + BEYOND;
        let mut prepared = Prepared {
            proof: JourneyProof {
                journey: planned.journey.clone(),
                green: (recording.passed, recording.walked),
                refused: refusal(&recording),
                ..JourneyProof::default()
            },
            first: None,
            candidates: Vec::new(),
            tried: Vec::new(),
            journey: recording.journey,
            timeout: duration::nanos(longest.max(SHORTEST) + beyond),
            caps,
        };
        if prepared.proof.refused.is_some() {
            return prepared;
        }
        let sites = sites(&recording.walks);
        let material = Material {
            walks: &recording.walks,
            sites: &sites,
            operators,
            wanted: &asked.wanted,
            started: asked.header.started,
            recorder,
            beyond: duration::nanos(beyond),
        };
        let found = candidates(&material);
        let first = &recording.walks[0];
        let all = folded(found.all, |one| (&one.fault, &first.passed[one.at].what));
        prepared.tried = vec![None; all.len()];
        prepared.candidates = all;
        prepared.proof.volatile = found.volatile.into_iter().collect();
        prepared.proof.unsteady = sites.unsteady;
        prepared.proof.floor = sites.floor;
        prepared.proof.expectations = first.expectations();
        prepared.first = recording.walks.into_iter().next();
        prepared
    }
}

fn longest_of(caps: &Caps) -> Duration {
    let all = caps.by_place.values().copied();
    all.max().unwrap_or_default().max(caps.otherwise)
}

impl Prepared {
    /// True if a mutant is to be walked once more: its time was over, or it failed by itself.
    fn is_doubtful(&self, mutant: usize) -> bool {
        let operator = self.candidates[mutant].fault.change.operator();
        let tried = self.tried[mutant].as_ref();
        tried.is_some_and(|tried| match &tried.state {
            State::TimedOut => true,
            // A connection that broke may have broken by itself, on a machine that was busy.
            State::Killed { by, .. } => by.kind == "closed" && !operator.ends_connections(),
            State::Survived
            | State::NotArmed
            | State::Errored { .. }
            | State::Ignored { .. }
            | State::LeftOut => tried.failed_by_itself,
        })
    }
}
