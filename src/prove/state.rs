//! What became of a mutant, from what became of its walk.

use super::walk::Walked;
use crate::model::Outcome;
use crate::model::ProblemKind;
use crate::model::event::Failure;
use crate::model::proof::{Check, State};
use crate::script::attempt::JOURNEY_TIMEOUT;

/// The state of the mutant whose walk this was.
///
/// Nothing is noticed where no fault was put: a walk that then failed could not be judged. A journey
/// whose time was over has not said what it noticed.
pub(super) fn of(walked: &Walked) -> State {
    if walked.stopped {
        return State::LeftOut;
    }
    if failed_by_itself(walked) {
        return State::Errored {
            reason: format!(
                "it failed before its fault was put: {}",
                walked.judged.reason
            ),
        };
    }
    if walked.applied.is_empty() {
        return State::NotArmed;
    }
    let decisive = walked
        .judged
        .decisive
        .and_then(|at| walked.failures.get(at));
    match (walked.judged.outcome, decisive) {
        (Outcome::Passed | Outcome::Flaky, _) => State::Survived,
        (Outcome::Failed, Some(failure)) if is_time_over(failure) => State::TimedOut,
        (Outcome::Failed, failure) => State::Killed {
            by: failure.map(|it| check(it, walked)).unwrap_or_default(),
            sharp: failure.is_some_and(is_sharp),
        },
        (Outcome::Errored(_), _) => State::Errored {
            reason: walked.judged.reason.clone(),
        },
        (Outcome::Skipped, _) => State::Errored {
            reason: format!("it skipped itself: {}", walked.judged.reason),
        },
    }
}

/// True for a walk that failed although no fault was put: its waits were cut too short, or the journey
/// is not as steady as it seemed.
pub(super) fn failed_by_itself(walked: &Walked) -> bool {
    walked.applied.is_empty() && !walked.stopped && walked.judged.outcome != Outcome::Passed
}

/// A specific expectation noticed, no generic timeout or transport error. One that names its pattern
/// is specific, even if what it noticed is an absence.
fn is_sharp(failure: &Failure) -> bool {
    failure.problem.kind == ProblemKind::Expectation
}

fn is_time_over(failure: &Failure) -> bool {
    failure.problem.kind == ProblemKind::Timeout
        && failure.problem.message.starts_with(JOURNEY_TIMEOUT)
}

fn check(failure: &Failure, walked: &Walked) -> Check {
    Check {
        place: walked
            .noticed_at
            .clone()
            .or_else(|| failure.frames.first().cloned()),
        kind: failure.problem.kind.name().to_string(),
        message: failure.problem.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::outcome::Judged;
    use crate::model::Problem;
    use crate::model::event::FailureRole;
    use crate::model::outcome::Whose;

    fn walked(outcome: Outcome, problem: Option<Problem>, applied: bool) -> Walked {
        let failures: Vec<Failure> = problem
            .into_iter()
            .map(|problem| Failure {
                problem,
                role: FailureRole::Journey,
                in_floor: false,
                step: None,
                expectation: None,
                excerpt: None,
                frames: Vec::new(),
                floor: None,
            })
            .collect();
        Walked {
            walk: 0,
            judged: Judged {
                outcome,
                reason: "because".into(),
                decisive: (!failures.is_empty()).then_some(0),
            },
            failures,
            noticed_at: None,
            applied: applied.then(|| "dropped".to_string()).into_iter().collect(),
            stopped: false,
            took: 0,
            events: Vec::new(),
            passed: Vec::new(),
        }
    }

    fn problem(kind: ProblemKind, message: &str) -> Option<Problem> {
        Some(Problem::new(kind, message))
    }

    #[test]
    fn what_was_not_armed_is_never_noticed() {
        let failed = problem(ProblemKind::Expectation, "alice never heard it");
        let failed = walked(Outcome::Failed, failed, false);
        assert!(matches!(of(&failed), State::Errored { .. }));
        assert_eq!(of(&walked(Outcome::Passed, None, false)), State::NotArmed);
    }

    #[test]
    fn an_expectation_is_sharp_and_a_timeout_or_a_transport_error_is_not() {
        let sharp = |kind| match of(&walked(Outcome::Failed, problem(kind, "x"), true)) {
            State::Killed { sharp, .. } => sharp,
            other => panic!("{other:?}"),
        };
        assert!(sharp(ProblemKind::Expectation));
        assert!(!sharp(ProblemKind::Timeout) && !sharp(ProblemKind::Closed));
    }

    #[test]
    fn a_journey_whose_time_is_over_has_noticed_without_saying_what() {
        let over = problem(
            ProblemKind::Timeout,
            &format!("{JOURNEY_TIMEOUT} 2.0 s is over: alice waits"),
        );
        assert_eq!(of(&walked(Outcome::Failed, over, true)), State::TimedOut);
    }

    #[test]
    fn what_could_not_be_judged_is_neither() {
        let script = problem(ProblemKind::Script, "nil");
        let walked_ = walked(Outcome::Errored(Whose::Ours), script, true);
        assert!(matches!(of(&walked_), State::Errored { .. }));
        assert_eq!(of(&walked(Outcome::Passed, None, true)), State::Survived);
    }
}
