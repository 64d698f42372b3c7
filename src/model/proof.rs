//! A finished proof: what `jaunt prove` found out, of which every report of it is a pure function.
//! The words follow mutation testing: killed, survived, score.

#[cfg(test)]
pub(crate) mod builder;
mod score;
mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::{Event, Stop, TargetSummary};
use super::fault::{Fault, Operator};
use super::{Journey, Nanos, Place};

pub use score::Score;
pub use verdict::ProofVerdict;

/// A finished proof.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proof {
    /// Name of the project.
    pub project: String,
    /// Version of jaunt.
    pub jaunt: String,
    /// Identifies the proof, as a run's id does.
    pub id: String,
    /// Nanoseconds since the Unix epoch at its start.
    pub started: u64,
    /// Nanoseconds it took.
    pub took: Nanos,
    /// What the order of mutants, and all random values of journeys, follow.
    pub seed: String,
    /// Name of the machine, for JUnit.
    pub host: String,
    /// What was proved against.
    pub target: TargetSummary,
    /// The operators that were tried: a score means nothing without them.
    pub operators: Vec<Operator>,
    /// Faults that the target sees were among them.
    pub outbound: bool,
    /// What a command needs besides its journey to prove against the same: `--target staging`.
    pub again: String,
    /// Every journey of the project is among them: none was selected, so that one that is not there
    /// is gone.
    pub whole: bool,
    /// One per journey, in the order of the plan.
    pub journeys: Vec<JourneyProof>,
    /// How many mutants were left out by `--sample`, `--budget` or an interruption.
    pub left_out: u64,
    /// What stopped it early.
    pub stop: Option<ProofStop>,
    /// What keeps the proof from being believed: a journey that no longer passes without a fault, an
    /// entry of the list of ignored ones that fits nothing.
    pub troubles: Vec<String>,
    /// Why the gate that was asked for does not hold, one line each; none if it holds.
    pub gate: Vec<String>,
}

/// Why a proof ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofStop {
    /// A signal.
    Interrupted,
    /// `--budget` was over.
    Budget,
    /// A worker hung, or another reason of the runner's.
    Stopped(Stop),
}

/// What was found out about one journey.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JourneyProof {
    /// Which.
    pub journey: Arc<Journey>,
    /// Why it was not proved.
    pub refused: Option<Refusal>,
    /// The walks without a fault: how many passed of how many.
    pub green: (u32, u32),
    /// One per fault that was tried or would have been, in the order of their sites.
    pub mutants: Vec<Mutant>,
    /// Leaves that differ from walk to walk, and so were not changed.
    pub volatile: Vec<Volatile>,
    /// Kinds of messages and answers that did not come in every walk without a fault.
    pub unsteady: Vec<String>,
    /// How many exchanges lie in floor steps, whose faults say nothing about the ceiling.
    pub floor: u32,
    /// How many distinct expectations were decided: by line and call.
    pub expectations: u32,
    /// The recorded walk, for the lanes.
    pub recorded: Vec<Event>,
}

/// Why a journey was not proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// In one line: `flaky: 2 of 3 walks without a fault passed`.
    pub reason: String,
    /// The first failure's message, if there was one.
    pub failure: Option<String>,
}

/// A leaf that differs from walk to walk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Volatile {
    /// Its last key: `ts`, or its whole path where it has none.
    pub name: String,
    /// In what: a kind of message, or a request.
    pub of: String,
    /// The whole path: `messages[0].ts`.
    pub path: String,
}

/// One mutant and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mutant {
    /// Names it in files, the same from proof to proof: client, passage, number, operator, path.
    pub id: String,
    /// The fault.
    pub fault: Fault,
    /// What it does, as a person would say it: `"bob left" reached alice twice`.
    pub told: String,
    /// The step in which it matters, innermost last: `alice sees bob leave`.
    pub step: Option<String>,
    /// The line that could have noticed: an expectation that looked at it, else the call that asked.
    pub place: Option<Place>,
    /// That line as it stands in the file, trimmed.
    pub line: Option<String>,
    /// The event of the recorded walk that it changes, for the mark on its arrow.
    pub seq: Option<u64>,
    /// What became of it.
    pub state: State,
    /// What would notice, for one that survived.
    pub suggestion: Option<Suggestion>,
    /// Nanoseconds its walk took.
    pub took: Nanos,
}

/// An expectation that would notice, as Lua.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Suggestion {
    /// The statement: `b:expect({ type = "message", text = said }, { exactly = 1 })`.
    pub lua: String,
    /// Whether it takes the place of what stands at the line, or goes behind it.
    pub replaces: bool,
    /// What to know about it, if anything: where a variable comes from.
    pub note: Option<String>,
    /// Its line, where that is another one than the mutant's.
    pub at: Option<Place>,
}

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// A check failed.
    Killed {
        /// What noticed.
        by: Check,
        /// It was a specific expectation, no generic timeout or transport error.
        sharp: bool,
    },
    /// The journey's time was over, twice: counts as noticed.
    TimedOut,
    /// The journey passed.
    Survived,
    /// Its site was not reached, or no byte was changed there.
    NotArmed,
    /// The journey could not be judged: the floor was down, or the script could not go on.
    Errored {
        /// Why.
        reason: String,
    },
    /// A list that is checked in says that nobody has to notice.
    Ignored {
        /// Why not.
        reason: String,
        /// Who says so.
        owner: String,
    },
    /// It was left out: `--sample`, `--budget`, an interruption.
    LeftOut,
}

/// What noticed a mutant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The script's line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The kind of error: `expectation`, `timeout`.
    pub kind: String,
    /// Its message.
    pub message: String,
}

impl Proof {
    /// Every mutant of every journey.
    pub fn mutants(&self) -> impl Iterator<Item = &Mutant> {
        self.journeys.iter().flat_map(|journey| &journey.mutants)
    }

    /// The score of all of it.
    pub fn score(&self) -> Score {
        Score::of(self.mutants())
    }

    /// The score of each operator that has mutants.
    pub fn by_operator(&self) -> BTreeMap<Operator, Score> {
        grouped(self.mutants(), |mutant| mutant.fault.change.operator())
    }
}

impl JourneyProof {
    /// Its score.
    pub fn score(&self) -> Score {
        Score::of(&self.mutants)
    }

    /// The score of each of its steps; what belongs to none stands under the empty name.
    pub fn by_step(&self) -> BTreeMap<String, Score> {
        grouped(&self.mutants, |mutant| {
            mutant.step.clone().unwrap_or_default()
        })
    }

    /// The steps whose every action could be left out without anybody noticing.
    pub fn decoration(&self) -> Vec<String> {
        let mut left: BTreeMap<&str, bool> = BTreeMap::new();
        for mutant in &self.mutants {
            let is_action = matches!(
                mutant.fault.change.operator(),
                Operator::ActionRemoved | Operator::WriteLost
            );
            let Some(step) = mutant.step.as_deref().filter(|_| is_action) else {
                continue;
            };
            match mutant.state {
                State::Survived => drop(left.entry(step).or_insert(true)),
                State::Killed { .. } | State::TimedOut | State::Errored { .. } => {
                    left.insert(step, false);
                }
                State::NotArmed | State::Ignored { .. } | State::LeftOut => {}
            }
        }
        let unnoticed = left.into_iter().filter(|(_, unnoticed)| *unnoticed);
        unnoticed.map(|(step, _)| step.to_string()).collect()
    }
}

fn grouped<'a, K: Ord>(
    mutants: impl IntoIterator<Item = &'a Mutant>,
    key: impl Fn(&Mutant) -> K,
) -> BTreeMap<K, Score> {
    let mut groups: BTreeMap<K, Vec<&Mutant>> = BTreeMap::new();
    for mutant in mutants {
        groups.entry(key(mutant)).or_default().push(mutant);
    }
    let scored = groups
        .into_iter()
        .map(|(key, group)| (key, Score::of(group)));
    scored.collect()
}
