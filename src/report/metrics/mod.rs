//! The run as a page for Prometheus' textfile collector: what the last run came to, and counters
//! that go on from the page before it. `docs/ci.md` lists the metrics.

mod numbers;
mod page;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::model::run::{Attempt, JourneyResult, Run};
use crate::model::{Nanos, Outcome, ProblemKind, Verdict};

use super::style::one_line;
use page::{Earlier, Kind, Labels, Page, labels};

/// Most steps of a journey that have a series: a step in a loop may have a name for each round.
const STEPS: usize = 50;

/// The page of a run; `earlier` is the page that it replaces, or nothing.
pub fn metrics(run: &Run, earlier: &str) -> String {
    let earlier = Earlier::read(earlier);
    let mut page = Page::new(&earlier);
    let target = run.header.target.name.as_str();
    of_run(run, target, &mut page);
    of_floor(run, target, &mut page);
    of_journeys(run, target, &mut page);
    of_steps(run, target, &mut page);
    numbers::of_run(run, target, &mut page);
    page.finish()
}

fn of_run(run: &Run, target: &str, page: &mut Page<'_>) {
    let alone = || labels([("target", target)]);
    let ended = seconds(run.header.started.saturating_add(run.took));
    let conclusive = match run.verdict {
        Verdict::Passed | Verdict::Failed => true,
        Verdict::CouldNotRun | Verdict::CouldNotJudge | Verdict::Interrupted => false,
    };
    let verdict = |labelled: Verdict| {
        let it = labels([("target", target), ("verdict", word(labelled))]);
        (it, f64::from(u8::from(run.verdict == labelled)))
    };
    const VERDICTS: [Verdict; 5] = [
        Verdict::Passed,
        Verdict::Failed,
        Verdict::CouldNotRun,
        Verdict::CouldNotJudge,
        Verdict::Interrupted,
    ];
    let gauge = |page: &mut Page<'_>, name: &str, help: &str, value: f64| {
        page.metric(name, Kind::Gauge, help, vec![(alone(), value)]);
    };
    gauge(
        page,
        "jaunt_last_run_timestamp_seconds",
        "When the last run ended, in seconds since the Unix epoch.",
        ended,
    );
    page.lasting(
        "jaunt_last_conclusive_timestamp_seconds",
        "When the last run ended that passed or failed.",
        alone(),
        conclusive.then_some(ended),
    );
    gauge(
        page,
        "jaunt_run_duration_seconds",
        "How long the last run took.",
        seconds(run.took),
    );
    gauge(
        page,
        "jaunt_run_exit_code",
        "What the last run ended with.",
        f64::from(run.verdict.exit_code()),
    );
    page.metric(
        "jaunt_run_verdict",
        Kind::Gauge,
        "1 for the verdict of the last run.",
        VERDICTS.map(verdict).into(),
    );
    page.metric(
        "jaunt_runs_total",
        Kind::Counter,
        "Runs, by their verdict.",
        vec![(verdict(run.verdict).0, 1.0)],
    );
    let commit = run
        .header
        .deploy
        .as_ref()
        .and_then(|it| it.commit.as_deref());
    let release = |name: &str| {
        let it = [
            ("release", name),
            ("revision", commit.unwrap_or_default()),
            ("target", target),
        ];
        (labels(it), 1.0)
    };
    let answered = run.release.answered.iter();
    page.metric(
        "jaunt_release_info",
        Kind::Gauge,
        "The releases that answered the last run.",
        answered.map(|it| release(&it.release)).collect(),
    );
    let coverage = &run.coverage;
    let features = [
        ("verified", coverage.verified.len()),
        ("broken", coverage.broken.len()),
        ("not_covered", coverage.not_covered.len()),
    ];
    let features = features.map(|(state, count)| {
        (
            labels([("state", state), ("target", target)]),
            number(count),
        )
    });
    page.metric(
        "jaunt_features",
        Kind::Gauge,
        "Features of the project, by what the last run says of them.",
        features.into(),
    );
}

fn of_floor(run: &Run, target: &str, page: &mut Page<'_>) {
    let Some(floor) = &run.floor else { return };
    let of = |name: &str| labels([("check", name), ("target", target)]);
    let up = floor.checks.iter().map(|check| {
        let up = u8::from(check.down.is_none());
        (of(&check.name), f64::from(up))
    });
    page.metric(
        "jaunt_floor_check_up",
        Kind::Gauge,
        "1 if the floor check was up before the last run's journeys.",
        up.collect(),
    );
    let took = floor
        .checks
        .iter()
        .map(|check| (of(&check.name), seconds(check.took)));
    page.metric(
        "jaunt_floor_check_duration_seconds",
        Kind::Gauge,
        "How long the floor check took.",
        took.collect(),
    );
}

fn of_journeys(run: &Run, target: &str, page: &mut Page<'_>) {
    let of = |journey: &JourneyResult| {
        let id = one_line(&journey.planned.journey.id.to_string());
        labels([("journey", id.as_str()), ("target", target)])
    };
    let runs = run.journeys.iter().map(|journey| {
        let id = one_line(&journey.planned.journey.id.to_string());
        let all = [
            ("journey", id.as_str()),
            ("target", target),
            ("verdict", journey.outcome.name()),
        ];
        (labels(all), 1.0)
    });
    page.metric(
        "jaunt_journey_runs_total",
        Kind::Counter,
        "Runs of a journey, by its outcome.",
        runs.collect(),
    );
    // Of several repetitions the worst and the slowest count.
    let (mut success, mut took) = (BTreeMap::new(), BTreeMap::new());
    for journey in &run.journeys {
        let good = match journey.outcome {
            Outcome::Passed | Outcome::Flaky => 1.0,
            Outcome::Failed => 0.0,
            // What could not be judged was neither.
            Outcome::Errored(_) | Outcome::Skipped => continue,
        };
        let id = &journey.planned.journey.id;
        let known: &mut (Labels, f64) = success.entry(id).or_insert((of(journey), good));
        known.1 = known.1.min(good);
        let slow: &mut (Labels, f64) = took.entry(id).or_insert((of(journey), 0.0));
        slow.1 = slow.1.max(seconds(journey.took));
    }
    page.metric(
        "jaunt_journey_success",
        Kind::Gauge,
        "1 if the journey passed in the last run, 0 if it failed; nothing if it was not judged.",
        success.into_values().collect(),
    );
    page.metric(
        "jaunt_journey_duration_seconds",
        Kind::Gauge,
        "How long the journey took in the last run.",
        took.into_values().collect(),
    );
    checks(run, target, page);
}

/// Floor checks before the journeys, and expectations in all attempts.
fn checks(run: &Run, target: &str, page: &mut Page<'_>) {
    let of = |level: &str, verdict: &str, count: usize| {
        let all = [("level", level), ("target", target), ("verdict", verdict)];
        (labels(all), number(count))
    };
    let (up, all) = run
        .floor
        .as_ref()
        .map_or((0, 0), |it| (it.up_count(), it.checks.len()));
    let attempts = || run.journeys.iter().flat_map(|it| &it.attempts);
    let broken = |attempt: &Attempt| {
        let unmet =
            |it: &&crate::model::event::Failure| it.problem.kind == ProblemKind::Expectation;
        attempt.failures.iter().filter(unmet).count()
    };
    let unmet: usize = attempts().map(broken).sum();
    let decided: u64 = attempts().map(|it| it.expected).sum();
    let decided = usize::try_from(decided).unwrap_or(usize::MAX);
    page.metric(
        "jaunt_checks_total",
        Kind::Counter,
        "Floor checks and expectations, by what became of them.",
        vec![
            of("floor", "passed", up),
            of("floor", "failed", all - up),
            of("ceiling", "passed", decided.saturating_sub(unmet)),
            of("ceiling", "failed", unmet),
        ],
    );
}

/// Steps of the attempt that decides, by journey and name.
fn of_steps(run: &Run, target: &str, page: &mut Page<'_>) {
    let mut steps = Vec::new();
    for journey in &run.journeys {
        let Some(attempt) = journey.decisive() else {
            continue;
        };
        let id = one_line(&journey.planned.journey.id.to_string());
        let mut took: BTreeMap<&str, Nanos> = BTreeMap::new();
        for step in &attempt.steps {
            let name = step.stretch.name.as_str();
            if took.len() < STEPS || took.contains_key(name) {
                *took.entry(name).or_default() += step.ended.map_or(0, |(took, _)| took);
            }
        }
        for (name, took) in took {
            let all = [("journey", id.as_str()), ("step", name), ("target", target)];
            steps.push((labels(all), seconds(took)));
        }
    }
    page.metric(
        "jaunt_step_duration_seconds",
        Kind::Gauge,
        "How long the steps of that name took in the last run, together.",
        steps,
    );
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::CouldNotRun => "could_not_run",
        Verdict::CouldNotJudge => "could_not_judge",
        Verdict::Interrupted => "interrupted",
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sample is a double; a count or a time that large is none"
)]
fn seconds(nanos: Nanos) -> f64 {
    nanos as f64 / 1e9
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sample is a double; a count that large is none"
)]
fn number(count: usize) -> f64 {
    count as f64
}
