//! A finished run as the history keeps it, and as a baseline.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::number::history::{StoredJourney, StoredRun};
use crate::model::number::{Accepted, Baseline, Measured, NumberKey, Origin, Source, Worth};
use crate::model::run::{JourneyResult, Run};
use crate::model::{FloorReport, JourneyId, Outcome, ProblemKind};

/// The release that was judged: the one that was deployed, else the only one that answered.
pub fn release(run: &Run) -> Option<String> {
    let deployed = run.header.deploy.as_ref().map(|deploy| deploy.id.clone());
    deployed.or_else(|| match &run.release.answered[..] {
        [only] => Some(only.release.clone()),
        _ => None,
    })
}

/// Nothing may be learnt from it: two releases answered, the floor was down, or it was stopped.
pub fn is_unsound(run: &Run) -> bool {
    let floor_down = run
        .floor
        .as_ref()
        .is_some_and(|floor| !FloorReport::is_up(floor));
    let could_not_start = !run.could_not_start.is_empty();
    let stopped = run.stop.is_some() || !run.complete;
    run.release.errored.is_some() || floor_down || could_not_start || stopped
}

/// The run as the history keeps it.
pub fn stored(run: &Run) -> StoredRun {
    let header = &run.header;
    let numbers = header.numbers.as_ref();
    StoredRun {
        run: header.run.clone(),
        project: header.project.clone(),
        target: header.target.name.clone(),
        release: release(run),
        commit: header
            .deploy
            .as_ref()
            .and_then(|deploy| deploy.commit.clone()),
        phase: header.phase.map(|phase| phase.name().to_string()),
        started: header.started,
        took: run.took,
        exit_code: run.verdict.exit_code(),
        unsound: is_unsound(run),
        seed: header.seed.clone(),
        host: header.host.clone(),
        jaunt: header.jaunt.clone(),
        context: numbers.map(|it| it.context.clone()).unwrap_or_default(),
        journeys: journeys(run),
    }
}

/// Of a journey that did not pass each time nobody learns, whatever it measured when it did.
fn journeys(run: &Run) -> Vec<StoredJourney> {
    let unsteady: BTreeSet<&JourneyId> = run
        .journeys
        .iter()
        .filter(|it| it.outcome != Outcome::Passed)
        .map(|it| &it.planned.journey.id)
        .collect();
    let each = run.journeys.iter().map(|result| {
        let mut stored = journey(result);
        if stored.teaches() && unsteady.contains(&result.planned.journey.id) {
            stored.numbers.clear();
        }
        stored
    });
    each.collect()
}

fn journey(result: &JourneyResult) -> StoredJourney {
    // What failed for its numbers alone measured them well: nobody learns from them, and everybody
    // wants to see since when they are so.
    let is_measured = match result.outcome {
        Outcome::Passed => true,
        Outcome::Failed => failed_only_by(MOVED, result),
        Outcome::Errored(_) | Outcome::Skipped | Outcome::Flaky => false,
    };
    StoredJourney {
        journey: result.planned.journey.id.clone(),
        repetition: result.planned.repetition.max(1),
        outcome: result.outcome.name().to_string(),
        quarantined: !result.gate.gates(),
        reason: result.reason.clone(),
        took: result.took,
        attempts: u32::try_from(result.attempts.len()).unwrap_or(u32::MAX),
        numbers: match result.decisive().filter(|_| is_measured) {
            Some(attempt) => attempt.measured.clone(),
            None => Vec::new(),
        },
    }
}

/// The numbers of a run as a baseline, and the journeys that are left out of it with the reason: what
/// failed for another reason than its numbers teaches nothing. A person accepts what moved, so that
/// a journey that failed for its numbers alone is taken.
pub fn baseline(run: &Run, source: Source) -> (Baseline, Vec<(JourneyId, String)>) {
    let mut journeys: BTreeMap<&JourneyId, Vec<&JourneyResult>> = BTreeMap::new();
    let (mut left_out, mut outcomes) = (Vec::new(), BTreeMap::new());
    for result in &run.journeys {
        let id = &result.planned.journey.id;
        outcomes.insert(id.to_string(), result.outcome.name().to_string());
        match unfit(result) {
            None => journeys.entry(id).or_default().push(result),
            Some(why) => left_out.push((id.clone(), why)),
        }
    }
    // One repetition that is unfit makes all of them unfit.
    for (id, _) in &left_out {
        journeys.remove(id);
    }
    let numbers = journeys
        .into_iter()
        .flat_map(|(id, results)| accepted(id, &results))
        .collect();
    let header = &run.header;
    let baseline = Baseline {
        outcomes: match source {
            Source::Before => outcomes,
            Source::History | Source::File(_) => BTreeMap::new(),
        },
        source,
        release: release(run).unwrap_or_else(|| header.run.clone()),
        commit: header
            .deploy
            .as_ref()
            .and_then(|deploy| deploy.commit.clone()),
        at: header.started,
        context: header
            .numbers
            .as_ref()
            .map(|it| it.context.clone())
            .unwrap_or_default(),
        numbers,
        ..Baseline::default()
    };
    (baseline, left_out)
}

/// What failed for its numbers alone.
const MOVED: &[ProblemKind] = &[ProblemKind::Number];
/// The same, or for numbers that are not what they were: a person may accept that.
const ABOUT_NUMBERS: &[ProblemKind] = &[ProblemKind::Number, ProblemKind::NotMeasured];

/// True if nothing but problems of these kinds was met in the attempt that decided.
fn failed_only_by(kinds: &[ProblemKind], result: &JourneyResult) -> bool {
    result.decisive().is_some_and(|attempt| {
        let mut failures = attempt.failures.iter();
        !attempt.failures.is_empty() && failures.all(|it| kinds.contains(&it.problem.kind))
    })
}

/// Why nothing may be accepted of a journey.
fn unfit(result: &JourneyResult) -> Option<String> {
    if !result.gate.gates() {
        return Some("it is in quarantine".to_string());
    }
    match result.outcome {
        Outcome::Passed => None,
        Outcome::Failed | Outcome::Errored(_) if failed_only_by(ABOUT_NUMBERS, result) => None,
        Outcome::Failed | Outcome::Errored(_) | Outcome::Skipped | Outcome::Flaky => Some(format!(
            "it was {}: {}",
            result.outcome.name(),
            result.reason
        )),
    }
}

/// One value for each number: of repetitions the one in the middle.
fn accepted(id: &JourneyId, results: &[&JourneyResult]) -> Vec<Accepted> {
    let mut all: BTreeMap<(Origin, &NumberKey), Vec<&Measured>> = BTreeMap::new();
    for attempt in results.iter().filter_map(|result| result.decisive()) {
        for number in &attempt.measured {
            all.entry((number.origin, &number.key))
                .or_default()
                .push(number);
        }
    }
    all.into_values()
        .filter_map(|mut values| middle(&mut values).map(|it| of(id, it)))
        .collect()
}

fn middle<'a>(values: &mut [&'a Measured]) -> Option<&'a Measured> {
    let exact = |measured: &Measured| match &measured.worth {
        Worth::Number(exact) => Some(*exact),
        Worth::Share(_) | Worth::Fingerprint(_) | Worth::Cohorts(_) => None,
    };
    if values.iter().all(|it| exact(it).is_some()) {
        values.sort_by_key(|it| exact(it));
        return values.get(values.len().checked_sub(1)? / 2).copied();
    }
    values.last().copied()
}

/// A remembered run as a baseline, because a person names it: the numbers of the journeys that passed,
/// or failed for their numbers alone.
pub fn of_stored(run: &StoredRun) -> Baseline {
    let teaching = run.journeys.iter().filter(|it| !it.quarantined);
    let mut numbers: BTreeMap<(JourneyId, Origin, NumberKey), Accepted> = BTreeMap::new();
    for journey in teaching {
        for number in &journey.numbers {
            let name = (journey.journey.clone(), number.origin, number.key.clone());
            numbers
                .entry(name)
                .or_insert_with(|| of(&journey.journey, number));
        }
    }
    Baseline {
        source: Source::History,
        release: run.release.clone().unwrap_or_else(|| run.run.clone()),
        commit: run.commit.clone(),
        at: run.started,
        context: run.context.clone(),
        numbers: numbers.into_values().collect(),
        ..Baseline::default()
    }
}

fn of(journey: &JourneyId, measured: &Measured) -> Accepted {
    Accepted {
        journey: journey.clone(),
        key: measured.key.clone(),
        origin: measured.origin,
        kind: measured.kind,
        unit: measured.unit.clone(),
        tolerance: measured.tolerance.clone(),
        core: measured.core,
        worth: measured.worth.clone(),
        release: None,
    }
}
