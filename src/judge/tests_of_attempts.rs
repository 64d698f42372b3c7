//! Several attempts of one journey, and journeys that do not gate.

use super::builder::{Builder, MS, failure, floor, planned};
use super::judge;
use super::merge::{ShardTrace, merge};
use crate::model::event::{Cause, Failure, NotRun, Planned, Shard, Stop};
use crate::model::outcome::{OnFlaky, Whose};
use crate::model::run::{JourneyResult, Run};
use crate::model::{Event, EventKind, Gate, Outcome, ProblemKind, Quarantine, Verdict};

const TARGET: Outcome = Outcome::Errored(Whose::Target);
const OURS: Outcome = Outcome::Errored(Whose::Ours);

fn broken(message: &str) -> Failure {
    failure(ProblemKind::Expectation, message)
}

fn floor_down() -> Failure {
    let mut it = broken("never came");
    it.floor = Some(floor(Some("GET /health refused the connection")));
    it
}

fn ours() -> Failure {
    failure(ProblemKind::Script, "`witin` is no option")
}

fn tried(retries: u32) -> Planned {
    Planned {
        retries,
        ..planned("j.lua", "one")
    }
}

/// One journey with these attempts, one after the other.
fn attempts(each: Vec<(Option<Failure>, Cause)>, stop: Option<Stop>) -> Vec<Event> {
    let mut builder = Builder::run(vec![tried(2)]);
    for ((failure, cause), attempt) in each.into_iter().zip(0..) {
        let now = u64::from(attempt) * 10 * MS;
        builder.at(now).start_again(attempt, 0, attempt + 1);
        if let Some(failure) = failure {
            builder.fail(attempt, failure);
        }
        builder.at(now + 4 * MS).end(attempt, cause);
    }
    builder.finish(stop)
}

fn one(run: &Run) -> &JourneyResult {
    &run.journeys[0]
}

fn fails(message: &str) -> (Option<Failure>, Cause) {
    (Some(broken(message)), Cause::Failed)
}

fn passes() -> (Option<Failure>, Cause) {
    (None, Cause::Completed)
}

fn with_policy(mut events: Vec<Event>, flaky: OnFlaky) -> Vec<Event> {
    if let EventKind::RunStarted(header) = &mut events[0].kind {
        header.flaky = flaky;
    }
    events
}

#[test]
fn a_pass_after_an_attempt_that_did_not_is_flaky() {
    let run = judge(&attempts(
        vec![fails("a"), (Some(floor_down()), Cause::Failed), passes()],
        None,
    ));
    let journey = one(&run);
    assert_eq!(journey.outcome, Outcome::Flaky);
    assert_eq!(
        journey.reason,
        "attempt 2 errored: the floor is down: GET /health refused the connection"
    );
    let each: Vec<_> = journey.attempts.iter().map(|it| it.outcome).collect();
    assert_eq!(each, [Outcome::Failed, TARGET, Outcome::Passed]);
    assert_eq!(journey.told().map(|it| it.number), Some(2));
    assert_eq!(journey.decisive().map(|it| it.number), Some(3));
    assert_eq!((journey.started, journey.took), (0, 4 * MS));
    assert_eq!(run.verdict, Verdict::Passed);
    assert_eq!(run.coverage.verified, ["chat.presence"]);
    assert!(!run.is_red(journey));
}

#[test]
fn flaky_fails_where_that_is_asked_for() {
    let events = attempts(vec![fails("a"), passes()], None);
    let run = judge(&with_policy(events, OnFlaky::Fail));
    assert_eq!(run.verdict, Verdict::Failed);
    assert!(run.is_red(one(&run)));
    let green = attempts(vec![passes()], None);
    assert_eq!(
        judge(&with_policy(green, OnFlaky::Fail)).verdict,
        Verdict::Passed
    );
}

#[test]
fn else_the_last_attempt_counts() {
    let rows = [
        (vec![fails("a"), fails("b")], Outcome::Failed, "b", 1),
        (
            vec![(Some(floor_down()), Cause::Failed), fails("b")],
            Outcome::Failed,
            "b",
            1,
        ),
        (
            vec![fails("a"), (Some(floor_down()), Cause::Failed)],
            TARGET,
            "the floor is down: GET /health refused the connection",
            3,
        ),
        (
            vec![fails("a"), (Some(ours()), Cause::Failed)],
            OURS,
            "`witin` is no option",
            2,
        ),
    ];
    for (each, outcome, reason, exit) in rows {
        let run = judge(&attempts(each, None));
        assert_eq!(
            (one(&run).outcome, one(&run).reason.as_str()),
            (outcome, reason)
        );
        assert_eq!(run.verdict.exit_code(), exit);
    }
}

#[test]
fn an_attempt_that_found_nothing_disproves_no_failure() {
    for (cause, stop, exit) in [
        (Cause::Skipped("not now".into()), None, 1),
        (Cause::Stopped(Stop::MaxTime), Some(Stop::MaxTime), 1),
        (Cause::Stopped(Stop::Watchdog), Some(Stop::Watchdog), 1),
        (
            Cause::Stopped(Stop::Interrupted),
            Some(Stop::Interrupted),
            130,
        ),
    ] {
        let run = judge(&attempts(vec![fails("a"), (None, cause.clone())], stop));
        assert_eq!(one(&run).outcome, Outcome::Failed, "{cause:?}");
        assert_eq!(one(&run).reason, "a");
        assert_eq!(one(&run).told().map(|it| it.number), Some(1));
        assert_eq!(run.verdict.exit_code(), exit, "{cause:?}");
    }
    let skipped = judge(&attempts(vec![(None, Cause::Skipped("x".into()))], None));
    assert_eq!(one(&skipped).outcome, Outcome::Skipped);
}

#[test]
fn a_retry_that_was_never_begun_leaves_what_there_is() {
    let mut builder = Builder::run(vec![tried(2)]);
    builder.start(0).fail(0, broken("a")).end(0, Cause::Failed);
    builder.not_run(0, NotRun::Stopped(Stop::MaxTime));
    let run = judge(&builder.finish(Some(Stop::MaxTime)));
    assert_eq!(one(&run).outcome, Outcome::Failed);
    assert_eq!(run.verdict, Verdict::Failed);
}

/// The run of the builder starts on 2026-11-21.
fn quarantined(name: &str, expires: &str) -> Planned {
    let mut it = planned("j.lua", name);
    it.journey.quarantine = Some(Quarantine {
        reason: "the chat loses pings".into(),
        expires: expires.parse().expect("a day"),
    });
    it
}

fn exit_of(plan: Vec<(Planned, Option<Failure>)>) -> (u8, Run) {
    let mut builder = Builder::run(plan.iter().map(|(it, _)| it.clone()).collect());
    for ((_, failure), attempt) in plan.into_iter().zip(0..) {
        builder.start(attempt);
        let cause = match failure {
            Some(failure) => {
                builder.fail(attempt, failure);
                Cause::Failed
            }
            None => Cause::Completed,
        };
        builder.end(attempt, cause);
    }
    let run = judge(&builder.finish(None));
    (run.verdict.exit_code(), run)
}

#[test]
fn quarantine_does_not_gate_until_it_ends() {
    let good = || (planned("j.lua", "good"), None);
    for failure in [broken("a"), floor_down(), ours()] {
        let bad = |expires| (quarantined("bad", expires), Some(failure.clone()));
        let (exit, run) = exit_of(vec![good(), bad("2026-11-21")]);
        assert_eq!(exit, 0);
        assert_eq!(run.journeys[1].gate, Gate::Quarantined(0));
        assert!(!run.is_red(&run.journeys[1]));
        assert_ne!(exit_of(vec![good(), bad("2026-11-20")]).0, 0);
    }
    let passed = (quarantined("fine", "2026-12-31"), None);
    assert_eq!(exit_of(vec![passed]).0, 0);
    let all = (quarantined("bad", "2026-12-31"), Some(broken("a")));
    assert_eq!(exit_of(vec![all]).0, 2, "nothing was verified");
}

#[test]
fn quarantine_neither_verifies_nor_breaks_a_feature_by_failing() {
    let good = || (planned("j.lua", "good"), None);
    let bad = |expires| (quarantined("bad", expires), Some(broken("a")));
    let (_, run) = exit_of(vec![good(), bad("2026-12-31")]);
    assert_eq!(run.coverage.verified, ["chat.presence"]);
    let (_, run) = exit_of(vec![good(), bad("2026-11-20")]);
    assert_eq!(run.coverage.broken, ["chat.presence"]);
    let (_, run) = exit_of(vec![bad("2026-12-31")]);
    assert_eq!(run.coverage.broken, ["chat.presence"]);
}

#[test]
fn a_flaky_journey_in_quarantine_fails_nothing() {
    let mut builder = Builder::run(vec![
        planned("j.lua", "good"),
        quarantined("bad", "2026-12-31"),
    ]);
    builder.start(0).end(0, Cause::Completed);
    builder.start(1).fail(1, broken("a")).end(1, Cause::Failed);
    builder.start_again(2, 1, 2).end(2, Cause::Completed);
    let run = judge(&with_policy(builder.finish(None), OnFlaky::Fail));
    assert_eq!(run.journeys[1].outcome, Outcome::Flaky);
    assert_eq!(run.verdict, Verdict::Passed);
}

#[test]
fn attempts_whose_lines_are_out_of_order_are_told_apart() {
    let events = attempts(vec![fails("a"), fails("b"), passes()], None);
    let mut late = events.clone();
    late[1..].reverse();
    assert_eq!(judge(&late), judge(&events));
}

#[test]
fn attempts_of_merged_shards_stay_with_their_journeys() {
    let shard = |number: u32| {
        let mut events = attempts(vec![fails("a"), passes()], None);
        if let EventKind::RunStarted(header) = &mut events[0].kind {
            header.shard = Some(Shard {
                number,
                of: 2,
                whole: 2,
                places: vec![number - 1],
            });
            header.flaky = OnFlaky::Fail;
        }
        let name = format!("{number}.jsonl");
        ShardTrace { name, events }
    };
    let run = judge(&merge(vec![shard(1), shard(2)]).expect("one run"));
    for journey in &run.journeys {
        assert_eq!(journey.outcome, Outcome::Flaky);
        assert_eq!(journey.attempts.len(), 2);
    }
    assert_eq!((run.journeys.len(), run.verdict), (2, Verdict::Failed));
    let mut other = shard(2);
    if let EventKind::RunStarted(header) = &mut other.events[0].kind {
        header.flaky = OnFlaky::Warn;
    }
    let error = merge(vec![shard(1), other]).expect_err("two policies");
    assert!(
        error
            .to_string()
            .contains("what a flaky journey means differs: fail, warn")
    );
}
