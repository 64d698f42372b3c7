//! What a proof comes to as a whole, and the exit code of it.

use serde::{Deserialize, Serialize};

use super::{Proof, ProofStop, State};

/// What a proof comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofVerdict {
    /// All that was asked could be judged, and the gate holds, if one was asked for. It says nothing
    /// of how high the score is.
    Judged,
    /// The score is too low, or fell.
    GateFailed,
    /// A journey was refused, something is wrong with the proof, or no fault could be judged.
    CouldNotJudge,
    /// A signal ended it.
    Interrupted,
}

impl ProofVerdict {
    /// The exit code of `jaunt prove`.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Judged => 0,
            Self::GateFailed => 1,
            Self::CouldNotJudge => 2,
            Self::Interrupted => 130,
        }
    }
}

impl Proof {
    /// What it comes to. Where several apply: interrupted, then the gate, then what could not be
    /// judged. A proof that ran out of its budget has judged what it was asked to.
    pub fn verdict(&self) -> ProofVerdict {
        let stopped = match self.stop {
            Some(ProofStop::Interrupted) => return ProofVerdict::Interrupted,
            Some(ProofStop::Stopped(_)) => true,
            Some(ProofStop::Budget) | None => false,
        };
        if !self.gate.is_empty() {
            return ProofVerdict::GateFailed;
        }
        let refused = self.journeys.iter().any(|it| it.refused.is_some());
        if stopped || refused || !self.troubles.is_empty() || self.score().judged() == 0 {
            return ProofVerdict::CouldNotJudge;
        }
        ProofVerdict::Judged
    }

    /// How many mutants were left out in all. Those that are named among the mutants are not the
    /// whole of it where a journey's were never counted out one by one.
    pub fn all_left_out(&self) -> u64 {
        self.left_out.max(self.score().left_out)
    }
}

impl State {
    /// Its word in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Killed { .. } => "killed",
            Self::TimedOut => "timed_out",
            Self::Survived => "survived",
            Self::NotArmed => "not_armed",
            Self::Errored { .. } => "errored",
            Self::Ignored { .. } => "ignored",
            Self::LeftOut => "left_out",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Stop;
    use crate::model::fault::{Change, Fault, Passage, Site};
    use crate::model::proof::{JourneyProof, Mutant, Refusal};

    fn proof(states: Vec<State>) -> Proof {
        let mutant = |state| Mutant {
            id: String::new(),
            fault: Fault {
                site: Site {
                    client: "bob".into(),
                    passage: Passage::Response {
                        request: "GET /".into(),
                    },
                    nth: 1,
                },
                change: Change::SecondRead,
            },
            told: String::new(),
            step: None,
            place: None,
            line: None,
            seq: None,
            state,
            suggestion: None,
            took: 0,
        };
        Proof {
            journeys: vec![JourneyProof {
                mutants: states.into_iter().map(mutant).collect(),
                ..JourneyProof::default()
            }],
            ..Proof::default()
        }
    }

    #[test]
    fn each_way_to_end_has_its_code_and_the_graver_one_goes_first() {
        let judged = || proof(vec![State::Survived]);
        let exit = |proof: &Proof| proof.verdict().exit_code();
        assert_eq!(exit(&judged()), 0);
        for nothing in [vec![], vec![State::NotArmed], vec![State::LeftOut]] {
            assert_eq!(exit(&proof(nothing)), 2);
        }
        let mut one = judged();
        one.stop = Some(ProofStop::Budget);
        assert_eq!(exit(&one), 0);
        one.stop = Some(ProofStop::Stopped(Stop::FailFast));
        assert_eq!(exit(&one), 2);
        one.stop = None;
        one.troubles = vec!["an entry fits nothing".into()];
        assert_eq!(exit(&one), 2);
        one.troubles.clear();
        one.journeys[0].refused = Some(Refusal {
            reason: "flaky".into(),
            failure: None,
        });
        assert_eq!(exit(&one), 2);
        one.gate = vec!["score 0 %, wanted 90 %".into()];
        assert_eq!(exit(&one), 1);
        one.stop = Some(ProofStop::Interrupted);
        assert_eq!(exit(&one), 130);
    }
}
