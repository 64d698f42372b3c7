//! Counts of mutants by what became of them, and the score they make.

use serde::{Deserialize, Serialize};

use super::{Mutant, State};

/// Counts of states, of which a score is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// A check failed.
    pub killed: u64,
    /// Of these, by a specific expectation.
    pub sharp: u64,
    /// The time was over.
    pub timed_out: u64,
    /// Nobody noticed.
    pub survived: u64,
    /// Not reached, or nothing changed.
    pub not_armed: u64,
    /// Could not be judged.
    pub errored: u64,
    /// Nobody has to notice.
    pub ignored: u64,
    /// Left out.
    pub left_out: u64,
    /// Of those that nobody is asked to notice, how many were not noticed.
    pub unscored: u64,
}

impl Score {
    /// The score of some mutants. What nobody is asked to notice is counted apart.
    pub fn of<'a>(mutants: impl IntoIterator<Item = &'a Mutant>) -> Self {
        let mut score = Self::default();
        for mutant in mutants {
            let scored = mutant.fault.change.operator().is_scored();
            match &mutant.state {
                State::NotArmed => score.not_armed += 1,
                State::Errored { .. } => score.errored += 1,
                State::Ignored { .. } => score.ignored += 1,
                State::LeftOut => score.left_out += 1,
                State::Killed { .. } | State::TimedOut | State::Survived if !scored => {
                    score.unscored += 1;
                }
                State::Killed { sharp, .. } => {
                    score.killed += 1;
                    score.sharp += u64::from(*sharp);
                }
                State::TimedOut => score.timed_out += 1,
                State::Survived => score.survived += 1,
            }
        }
        score
    }

    /// How many mutants it is made of.
    pub fn judged(&self) -> u64 {
        self.killed + self.timed_out + self.survived
    }

    /// (killed + timed out) / (killed + timed out + survived), from 0 to 1; nothing without mutants.
    pub fn value(&self) -> Option<f64> {
        share(self.killed + self.timed_out, self.judged())
    }

    /// The same without the guilt of not being asked: not armed ones count as not noticed.
    pub fn with_uncovered(&self) -> Option<f64> {
        share(self.killed + self.timed_out, self.judged() + self.not_armed)
    }

    /// How many of the killed were noticed by a specific expectation, from 0 to 1.
    pub fn sharpness(&self) -> Option<f64> {
        share(self.sharp, self.killed)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of mutants stay far below 2^52"
)]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::Fault;
    use crate::model::fault::{Change, Passage, Site};
    use crate::model::proof::{Check, JourneyProof};

    fn mutant(state: State) -> Mutant {
        Mutant {
            id: "bob response 1 second-read".into(),
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
        }
    }

    fn killed(sharp: bool) -> State {
        State::Killed {
            by: Check::default(),
            sharp,
        }
    }

    /// Statistics, section 6: 14 killed, 2 timeout, 3 survived, 1 no coverage, 2 invalid, 1
    /// equivalent is 16/20 = 80 %, and 16/19 = 84.2105 % of what was covered.
    #[test]
    fn the_vector_of_the_score() {
        let ignored = State::Ignored {
            reason: "a twin".into(),
            owner: "me".into(),
        };
        let errored = State::Errored {
            reason: "the floor is down".into(),
        };
        let states = [
            (killed(true), 12),
            (killed(false), 2),
            (State::TimedOut, 2),
            (State::Survived, 3),
            (State::NotArmed, 1),
            (errored, 2),
            (ignored, 1),
        ];
        let all: Vec<Mutant> = states
            .into_iter()
            .flat_map(|(state, count)| std::iter::repeat_n(mutant(state), count))
            .collect();
        let score = Score::of(&all);
        let close =
            |value: Option<f64>, wanted: f64| (value.expect("mutants") - wanted).abs() < 1e-6;
        assert!(close(score.value(), 16.0 / 19.0) && close(score.value(), 0.842_105_263));
        assert!(close(score.with_uncovered(), 0.8));
        assert!(close(score.sharpness(), 12.0 / 14.0));
        assert_eq!((score.errored, score.ignored), (2, 1));
        assert_eq!(Score::default().value(), None);
    }

    #[test]
    fn what_nobody_is_asked_to_notice_is_no_part_of_a_score() {
        let mut slow = mutant(State::Survived);
        slow.fault.change = Change::Slow { by: 1 };
        let score = Score::of([&slow]);
        assert_eq!((score.judged(), score.unscored), (0, 1));
    }

    #[test]
    fn a_step_is_decoration_if_each_of_its_actions_can_go() {
        let action = |step: &str, state| {
            let mut action = mutant(state);
            action.step = Some(step.into());
            action.fault.change = Change::RemoveAction;
            action
        };
        let proof = JourneyProof {
            mutants: vec![
                action("a", State::Survived),
                action("a", killed(true)),
                action("b", State::Survived),
                action("c", State::NotArmed),
            ],
            ..JourneyProof::default()
        };
        assert_eq!(proof.decoration(), ["b"]);
    }
}
