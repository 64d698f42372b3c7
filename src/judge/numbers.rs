//! The numbers of a run: what was declared, and what nobody declared and yet is not as it was. By
//! policy a journey fails for the latter too.

use crate::model::Outcome;
use crate::model::event::{Failure, FailureRole, RunHeader};
use crate::model::number::{
    Comparison, Measured, OnChange, Origin, Policy, References, Standing, Worth,
};
use crate::model::release::ReleaseReport;
use crate::model::run::{JourneyResult, decisive};
use crate::model::{Problem, ProblemKind};
use crate::numbers::compare::{Case, missing};
use crate::numbers::fingerprint::fingerprint;
use crate::numbers::index::Index;
use crate::numbers::meter::MESSAGES;
use crate::numbers::undeclared::{Found, undeclared};

/// Gives each journey its numbers, compared, and fails those that the policy wants to.
pub(super) fn judge(journeys: &mut [JourneyResult], header: &RunHeader, release: &ReleaseReport) {
    let Some(references) = &header.numbers else {
        return;
    };
    let deployed = header.deploy.as_ref().map(|deploy| deploy.id.as_str());
    let answered = release.answered.last().map(|it| it.release.as_str());
    let index = Index::new(references, deployed.or(answered));
    let shares: Vec<Option<String>> = journeys
        .iter()
        .map(|it| {
            it.planned
                .journey
                .share
                .clone()
                .filter(|_| !it.attempts.is_empty())
        })
        .collect();
    let sharers = |share: &String| shares.iter().flatten().filter(|it| *it == share).count();
    for journey in journeys {
        // Who shares a thing with nobody in this run hears nobody else.
        let share = journey.planned.journey.share.as_ref();
        let has_company = share.is_some_and(|share| sharers(share) > 1);
        if has_company {
            let attempts = journey.attempts.iter_mut();
            attempts.for_each(|attempt| of_sharer(&mut attempt.measured));
        }
        of_journey(journey, references, &index, has_company);
    }
}

/// A journey that shares a thing with others hears what they cause: how many messages came, and what
/// the elements of their lists looked like, says nothing of it.
fn of_sharer(measured: &mut Vec<Measured>) {
    measured.retain(|one| one.origin != Origin::Free || one.key.name != MESSAGES);
    for one in measured
        .iter_mut()
        .filter(|one| one.origin == Origin::Shape)
    {
        if let Worth::Fingerprint(print) = &one.worth {
            let own = print.members.iter().filter(|it| !it.contains("[]"));
            one.worth = Worth::Fingerprint(fingerprint(own.cloned()));
        }
    }
}

fn of_journey(
    journey: &mut JourneyResult,
    references: &References,
    index: &Index<'_>,
    has_company: bool,
) {
    let id = &journey.planned.journey.id;
    if journey.outcome == Outcome::Skipped {
        // A person says why; what is not known for it is counted all the same.
        let case = Case {
            journey: id,
            release: index.release,
            references,
        };
        journey.numbers = missing(&[], case);
        return;
    }
    let Some(attempt) = decisive(&journey.attempts) else {
        return;
    };
    let mut numbers = attempt.compared.clone();
    // Of a journey that ended early much is missing, and nothing of it says anything.
    let found = match journey.outcome {
        Outcome::Passed | Outcome::Flaky => undeclared(&attempt.measured, id, index),
        Outcome::Failed | Outcome::Errored(_) | Outcome::Skipped => Vec::new(),
    };
    let mut broken = Vec::new();
    for Found {
        comparison,
        may_fail,
    } in found
    {
        if has_company && comes_and_goes(&comparison) {
            continue;
        }
        if may_fail && on_change(&comparison, references.policy) == OnChange::Fail {
            broken.push(failure(&comparison));
        }
        // A declared number that may be whatever it is has its row already.
        let same =
            |it: &&mut Comparison| it.origin == comparison.origin && it.key == comparison.key;
        match numbers.iter_mut().find(same) {
            Some(known) => {
                (known.standing, known.text) = (comparison.standing, comparison.text);
            }
            None => numbers.push(comparison),
        }
    }
    journey.numbers = numbers;
    fail(journey, broken);
}

/// A kind of message that is there or not: where others speak, they bring it.
fn comes_and_goes(one: &Comparison) -> bool {
    one.origin == Origin::Shape && matches!(one.standing, Standing::New | Standing::Missing)
}

/// What a change means by the policy.
fn on_change(one: &Comparison, policy: Policy) -> OnChange {
    match (one.standing, one.origin) {
        (Standing::Anomaly, _) => policy.anomaly,
        (_, Origin::Free | Origin::Shape) => policy.drift,
        (_, Origin::Timing | Origin::Declared) => policy.anomaly,
    }
}

fn failure(one: &Comparison) -> Failure {
    let what = match one.standing {
        Standing::Anomaly => "unusual",
        Standing::Unchanged
        | Standing::Moved
        | Standing::Missing
        | Standing::New
        | Standing::NotComparable => "drift",
    };
    // Of a count that is another one the text says who got what, of an unusual one it does not.
    let message = match (one.standing, one.origin) {
        (Standing::Anomaly, _) | (_, Origin::Timing | Origin::Declared) => {
            format!("{what}: `{}` {}", one.key, one.text)
        }
        (_, Origin::Free | Origin::Shape) => format!("{what}: {}", one.text),
    };
    Failure {
        problem: Problem::new(ProblemKind::Number, message),
        role: FailureRole::Number,
        in_floor: false,
        step: None,
        expectation: None,
        excerpt: None,
        frames: Vec::new(),
        floor: None,
    }
}

/// The journey has failed if anything is broken: its last attempt passed, and is the one that fails.
fn fail(journey: &mut JourneyResult, broken: Vec<Failure>) {
    let Some(first) = broken.first() else { return };
    let reason = first.problem.message.clone();
    if let Some(attempt) = journey.attempts.last_mut() {
        attempt.decisive = Some(attempt.failures.len());
        attempt.failures.extend(broken);
        attempt.outcome = Outcome::Failed;
        attempt.reason.clone_from(&reason);
    }
    journey.outcome = Outcome::Failed;
    journey.reason = reason;
}
