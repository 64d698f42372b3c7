//! The walks with a fault each.

use std::sync::{Arc, Mutex, PoisonError};

use super::recording::journeys_of;
use super::{Prepared, Proving};
use crate::model::proof::{ProofStop, Score, State};
use crate::model::{Nanos, Outcome};
use crate::prove::asked::Progress;
use crate::prove::choose::order;
use crate::prove::walk::{Walk, Walked, walk};
use crate::prove::{state, told};

/// What became of each of some mutants, and how long it took.
type Found = Vec<Option<(State, Nanos)>>;

impl Proving<'_> {
    /// Walks the mutants, and those whose time was over once more.
    pub(super) fn try_all(
        &self,
        all: &mut [Prepared],
        troubles: &mut Vec<String>,
    ) -> Option<ProofStop> {
        let every: Vec<(usize, usize)> = all
            .iter()
            .enumerate()
            .flat_map(|(at, prepared)| (0..prepared.candidates.len()).map(move |one| (at, one)))
            .collect();
        let names: Vec<String> = every
            .iter()
            .map(|(at, one)| {
                let prepared = &all[*at];
                let journey = &self.asked.planned[prepared.journey].journey.id;
                format!("{journey}: {}", told::id(&prepared.candidates[*one].fault))
            })
            .collect();
        let shuffled = order(&names, &self.asked.header.seed);
        let most = self.asked.wanted.sample.unwrap_or(usize::MAX);
        let chosen: Vec<(usize, usize)> = shuffled
            .into_iter()
            .take(most)
            .map(|at| every[at])
            .collect();
        let stop = self.try_some(all, &chosen, troubles);
        if stop.is_some() {
            return stop;
        }
        let again: Vec<(usize, usize)> = chosen
            .into_iter()
            .filter(|(at, one)| all[*at].states[*one].0 == State::TimedOut)
            .collect();
        let stop = self.try_some(all, &again, troubles);
        if stop.is_some() {
            return stop;
        }
        self.look_again(all, troubles)
    }

    fn try_some(
        &self,
        all: &mut [Prepared],
        chosen: &[(usize, usize)],
        troubles: &mut Vec<String>,
    ) -> Option<ProofStop> {
        let walks: Vec<Walk> = chosen
            .iter()
            .map(|(at, one)| {
                let prepared = &all[*at];
                let fault = prepared.candidates[*one].fault.clone();
                Walk {
                    journey: prepared.journey,
                    seed: self.seed(prepared.journey, &told::id(&fault)),
                    fault: Some(fault),
                    caps: Some(prepared.caps.clone()),
                    timeout: Some(prepared.timeout),
                }
            })
            .collect();
        let of = walks.len();
        let found: Arc<Mutex<Found>> = Arc::new(Mutex::new(vec![None; of]));
        let (mine, watch) = (found.clone(), self.watch.clone());
        let tally = Mutex::new(Tally::default());
        let over = Box::new(move |walked: Walked| {
            let state = state::of(&walked);
            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
            tally.add(&state);
            watch(Progress::Proving {
                done: tally.done,
                of,
                score: tally.score,
            });
            let mut found = mine.lock().unwrap_or_else(PoisonError::into_inner);
            found[walked.walk] = Some((state, walked.took));
        });
        let done = walk(self.asked, walks, self.left(), self.reins, over);
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        for ((at, one), state) in chosen.iter().zip(found.drain(..)) {
            if let Some(state) = state {
                all[*at].states[*one] = state;
            }
        }
        self.stop(&done.ended, troubles)
    }

    /// A target that others use may have changed meanwhile: then nothing of what was found out about
    /// a journey can be believed.
    fn look_again(&self, all: &mut [Prepared], troubles: &mut Vec<String>) -> Option<ProofStop> {
        if self.asked.lease.is_some() {
            return None;
        }
        let proved = all.iter().filter(|one| !one.candidates.is_empty());
        let walks: Vec<Walk> = proved
            .map(|one| Walk {
                journey: one.journey,
                fault: None,
                caps: None,
                timeout: None,
                seed: self.seed(one.journey, "again"),
            })
            .collect();
        let journeys = journeys_of(&walks);
        let red: Arc<Mutex<Vec<(usize, String)>>> = Arc::default();
        let mine = red.clone();
        let over = Box::new(move |walked: Walked| {
            if walked.judged.outcome != Outcome::Passed && !walked.stopped {
                let mut red = mine.lock().unwrap_or_else(PoisonError::into_inner);
                red.push((walked.walk, walked.judged.reason));
            }
        });
        let done = walk(self.asked, walks, self.left(), self.reins, over);
        for (walk, reason) in red.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let id = &self.asked.planned[journeys[walk]].journey.id;
            troubles.push(format!(
                "{id} no longer passes without a fault, so that what its mutants say cannot be believed: {reason}"
            ));
        }
        self.stop(&done.ended, troubles)
    }
}

/// What has become of mutants so far.
#[derive(Default)]
struct Tally {
    done: usize,
    score: Score,
}

impl Tally {
    fn add(&mut self, state: &State) {
        self.done += 1;
        let score = &mut self.score;
        match state {
            State::Killed { sharp, .. } => {
                score.killed += 1;
                score.sharp += u64::from(*sharp);
            }
            State::TimedOut => score.timed_out += 1,
            State::Survived => score.survived += 1,
            State::NotArmed => score.not_armed += 1,
            State::Errored { .. } => score.errored += 1,
            State::Ignored { .. } => score.ignored += 1,
            State::LeftOut => score.left_out += 1,
        }
    }
}
