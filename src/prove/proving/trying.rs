//! The walks with a fault each.

use std::sync::{Arc, Mutex, PoisonError};

use super::recording::journeys_of;
use super::{Prepared, Proving, Tried};
use crate::model::fault::Change;
use crate::model::proof::{ProofStop, Score, State};
use crate::model::{Nanos, Outcome};
use crate::prove::asked::Progress;
use crate::prove::choose::order;
use crate::prove::walk::{Done, Walk, Walked, walk};
use crate::prove::{state, told};

/// What is doubtful is walked again with waits so many times as long.
const PATIENCE: u32 = 4;

/// What became of some mutants.
type Found = Vec<Option<Tried>>;

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
        let shuffled = shuffled.into_iter().map(|at| every[at]);
        let mut chosen = dealt(shuffled, all.len());
        chosen.truncate(most);
        let stop = self.try_some(all, &chosen, 1, troubles);
        if stop.is_some() {
            return stop;
        }
        let again: Vec<(usize, usize)> = chosen
            .into_iter()
            .filter(|(at, one)| all[*at].is_doubtful(*one))
            .collect();
        let stop = self.try_some(all, &again, PATIENCE, troubles);
        if stop.is_some() {
            return stop;
        }
        let failed = all.iter().flat_map(|one| &one.tried).flatten();
        let failed = failed.filter(|tried| tried.failed_by_itself).count();
        if failed > 0 {
            troubles.push(format!(
                "{failed} walks failed before their fault was put: the target, or a journey, is not as steady as it was"
            ));
        }
        self.look_again(all, troubles)
    }

    fn try_some(
        &self,
        all: &mut [Prepared],
        chosen: &[(usize, usize)],
        patience: u32,
        troubles: &mut Vec<String>,
    ) -> Option<ProofStop> {
        let walks: Vec<Walk> = chosen
            .iter()
            .map(|(at, one)| {
                let prepared = &all[*at];
                let mut fault = prepared.candidates[*one].fault.clone();
                if let Change::Delay { by } = &mut fault.change {
                    // Beyond the longer waits as well.
                    *by = by.saturating_mul(Nanos::from(patience));
                }
                Walk {
                    journey: prepared.journey,
                    seed: self.mutant_seed(prepared.journey, &told::id(&fault)),
                    fault: Some(fault),
                    caps: Some(match patience {
                        1 => prepared.caps.clone(),
                        _ => Arc::new(prepared.caps.times(patience)),
                    }),
                    timeout: Some(prepared.timeout.saturating_mul(Nanos::from(patience))),
                }
            })
            .collect();
        let of = walks.len();
        let found: Arc<Mutex<Found>> = Arc::new(Mutex::new(vec![None; of]));
        let (mine, watch) = (found.clone(), self.watch.clone());
        let tally = Mutex::new(Tally::default());
        let over = Box::new(move |walked: Walked| {
            let tried = Tried {
                state: state::of(&walked),
                failed_by_itself: state::failed_by_itself(&walked),
                took: walked.took,
            };
            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
            tally.add(&tried.state);
            watch(Progress::Proving {
                done: tally.done,
                of,
                score: tally.score,
            });
            let mut found = mine.lock().unwrap_or_else(PoisonError::into_inner);
            found[walked.walk] = Some(tried);
        });
        let done = walk(self.asked, walks, self.left(), self.reins, over);
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        for ((at, one), tried) in chosen.iter().zip(found.drain(..)) {
            if let Some(tried) = tried {
                all[*at].tried[*one] = Some(tried);
            }
        }
        went_down(&done, troubles);
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
                seed: self.mutant_seed(one.journey, "again"),
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
        went_down(&done, troubles);
        self.stop(&done.ended, troubles)
    }
}

/// A floor that is down lets nothing be walked, which is no proof of anything.
fn went_down(done: &Done, troubles: &mut Vec<String>) {
    if let Some(down) = &done.floor {
        troubles.push(format!("the floor went down during the proof: {down}"));
    }
}

/// Mutants so that each journey has its turn: a small sample sees something of every journey.
fn dealt(shuffled: impl Iterator<Item = (usize, usize)>, journeys: usize) -> Vec<(usize, usize)> {
    let mut turns = vec![0_usize; journeys];
    let mut dealt: Vec<(usize, (usize, usize))> = shuffled
        .map(|(journey, mutant)| {
            let turn = turns[journey];
            turns[journey] += 1;
            (turn, (journey, mutant))
        })
        .collect();
    // The sort is stable: within a turn the seed's order stays.
    dealt.sort_by_key(|(turn, _)| *turn);
    dealt.into_iter().map(|(_, mutant)| mutant).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_journey_has_its_turn() {
        let shuffled = [(0, 2), (0, 1), (1, 0), (0, 0), (2, 5)];
        assert_eq!(
            dealt(shuffled.into_iter(), 3),
            [(0, 2), (1, 0), (2, 5), (0, 1), (0, 0)]
        );
    }
}
