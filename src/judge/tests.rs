//! Every row of the tables in the design, section 1, and the API reference, section 2.

use std::sync::Arc;

use super::builder::{Builder, MS, failure, floor, mixed, planned, silent_departure};
use super::judge;
use super::outcome::{CUT_SHORT, of_attempt};
use crate::model::event::{Cause, Failure, FailureRole, NotRun, Stop};
use crate::model::outcome::Whose;
use crate::model::{Event, EventKind, Outcome, ProblemKind, Verdict};

const TARGET: Outcome = Outcome::Errored(Whose::Target);
const OURS: Outcome = Outcome::Errored(Whose::Ours);
const INTERRUPT: Outcome = Outcome::Errored(Whose::Interrupt);

fn broken() -> Failure {
    failure(ProblemKind::Expectation, "bob never left")
}

fn floor_down() -> Failure {
    let mut it = broken();
    it.floor = Some(floor(Some("GET /health refused the connection")));
    it
}

fn in_floor() -> Failure {
    let mut it = broken();
    it.in_floor = true;
    it
}

fn ours() -> Failure {
    failure(ProblemKind::Script, "`witin` is no option")
}

fn cleanup(mut it: Failure) -> Failure {
    it.role = FailureRole::Cleanup;
    it
}

#[test]
fn every_row_of_the_table_of_outcomes() {
    let rows: Vec<(Vec<Failure>, Option<Cause>, Outcome, &str)> = vec![
        (vec![], Some(Cause::Completed), Outcome::Passed, ""),
        (
            vec![broken()],
            Some(Cause::Failed),
            Outcome::Failed,
            "bob never left",
        ),
        (
            vec![broken()],
            Some(Cause::Completed),
            Outcome::Failed,
            "bob never left",
        ),
        (
            vec![floor_down()],
            Some(Cause::Failed),
            TARGET,
            "the floor is down: GET /health refused the connection",
        ),
        (
            vec![in_floor()],
            Some(Cause::Failed),
            TARGET,
            "the floor is down: bob never left",
        ),
        (
            vec![ours()],
            Some(Cause::Failed),
            OURS,
            "`witin` is no option",
        ),
        (
            vec![ours(), in_floor(), broken()],
            Some(Cause::Failed),
            Outcome::Failed,
            "bob never left",
        ),
        (
            vec![ours(), in_floor()],
            Some(Cause::Failed),
            TARGET,
            "the floor is down: bob never left",
        ),
        (
            vec![broken(), cleanup(ours())],
            Some(Cause::Failed),
            Outcome::Failed,
            "bob never left",
        ),
        (
            vec![cleanup(broken())],
            Some(Cause::Completed),
            Outcome::Failed,
            "bob never left",
        ),
        (
            vec![],
            Some(Cause::Failed),
            OURS,
            "the journey ended in a failure that the trace does not hold",
        ),
        (
            vec![],
            Some(Cause::Skipped("no room".into())),
            Outcome::Skipped,
            "no room",
        ),
        (
            vec![broken()],
            Some(Cause::Skipped("no room".into())),
            Outcome::Failed,
            "bob never left",
        ),
        (
            vec![],
            Some(Cause::Stopped(Stop::Interrupted)),
            INTERRUPT,
            "interrupted",
        ),
        (
            vec![broken()],
            Some(Cause::Stopped(Stop::Interrupted)),
            Outcome::Failed,
            "bob never left",
        ),
        (
            vec![in_floor()],
            Some(Cause::Stopped(Stop::Interrupted)),
            INTERRUPT,
            "interrupted",
        ),
        (
            vec![],
            Some(Cause::Stopped(Stop::FailFast)),
            OURS,
            Stop::FailFast.reason(),
        ),
        (
            vec![in_floor()],
            Some(Cause::Stopped(Stop::MaxTime)),
            TARGET,
            "the floor is down: bob never left",
        ),
        (
            vec![cleanup(ours())],
            Some(Cause::Stopped(Stop::MaxTime)),
            OURS,
            Stop::MaxTime.reason(),
        ),
        (
            vec![],
            Some(Cause::Stopped(Stop::Watchdog)),
            OURS,
            Stop::Watchdog.reason(),
        ),
        (
            vec![],
            Some(Cause::Panicked("index".into())),
            OURS,
            "a bug in jaunt: index",
        ),
        (
            vec![broken()],
            Some(Cause::Panicked("index".into())),
            Outcome::Failed,
            "bob never left",
        ),
        (vec![], None, OURS, CUT_SHORT),
        (vec![broken()], None, Outcome::Failed, "bob never left"),
        (vec![ours()], None, OURS, "`witin` is no option"),
    ];
    for (failures, cause, outcome, reason) in rows {
        let judged = of_attempt(&failures, cause.as_ref(), None);
        let row = format!("{failures:?} {cause:?}");
        assert_eq!(
            (judged.outcome, judged.reason.as_str()),
            (outcome, reason),
            "{row}"
        );
    }
}

#[test]
fn every_kind_of_problem_has_its_side() {
    for kind in ProblemKind::ALL {
        let judged = of_attempt(&[failure(kind, "x")], Some(&Cause::Failed), None);
        let expected = if kind.is_targets() {
            Outcome::Failed
        } else {
            OURS
        };
        assert_eq!(judged.outcome, expected, "{kind}");
    }
}

/// A run of one journey per cause, folded.
fn exit_of(causes: &[(Option<Failure>, Cause)], stop: Option<Stop>) -> u8 {
    let names: Vec<String> = (0..causes.len())
        .map(|at| format!("journey {at}"))
        .collect();
    let mut builder = Builder::run(names.iter().map(|name| planned("j.lua", name)).collect());
    for (attempt, (failure, cause)) in (0..).zip(causes) {
        builder.start(attempt);
        if let Some(failure) = failure {
            builder.fail(attempt, failure.clone());
        }
        builder.end(attempt, cause.clone());
    }
    judge(&builder.finish(stop)).verdict.exit_code()
}

#[test]
fn every_precedence_of_exit_codes() {
    let pass = || (None, Cause::Completed);
    let fail = || (Some(broken()), Cause::Failed);
    let target = || (Some(in_floor()), Cause::Failed);
    let ours = || (Some(ours()), Cause::Failed);
    let skip = || (None, Cause::Skipped("x".into()));
    let stopped = |stop| (None, Cause::Stopped(stop));
    assert_eq!(exit_of(&[pass(), skip()], None), 0);
    assert_eq!(exit_of(&[pass(), fail(), target(), ours()], None), 1);
    assert_eq!(exit_of(&[ours(), target(), pass()], None), 3);
    assert_eq!(exit_of(&[ours(), pass()], None), 2);
    assert_eq!(exit_of(&[skip(), skip()], None), 2);
    assert_eq!(exit_of(&[], None), 2);
    assert_eq!(exit_of(&[fail(), pass()], Some(Stop::Interrupted)), 130);
    assert_eq!(exit_of(&[fail(), stopped(Stop::Interrupted)], None), 130);
    assert_eq!(exit_of(&[pass()], Some(Stop::MaxTime)), 2);
    assert_eq!(exit_of(&[pass(), fail()], Some(Stop::MaxTime)), 1);
    assert_eq!(exit_of(&[pass(), target()], Some(Stop::Watchdog)), 3);
    assert_eq!(
        exit_of(&[fail(), stopped(Stop::FailFast)], Some(Stop::FailFast)),
        1
    );
}

#[test]
fn a_floor_down_before_the_start_errs_every_journey() {
    let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
    builder.floor(floor(Some("GET /chat/health refused the connection")));
    builder
        .not_run(0, NotRun::FloorDown)
        .not_run(1, NotRun::FloorDown);
    let run = judge(&builder.finish(None));
    assert_eq!(run.verdict, Verdict::CouldNotJudge);
    for journey in &run.journeys {
        assert_eq!(journey.outcome, TARGET);
        assert_eq!(
            journey.reason,
            "the floor is down: GET /chat/health refused the connection"
        );
    }
}

#[test]
fn a_trouble_or_a_run_that_could_not_start_is_never_green() {
    let mut builder = Builder::run(vec![planned("j.lua", "one")]);
    builder.start(0).end(0, Cause::Completed);
    let mut events = builder.finish(None);
    assert_eq!(judge(&events).verdict, Verdict::Passed);
    if let Some(Event {
        kind: EventKind::RunEnded { troubles, .. },
        ..
    }) = events.last_mut()
    {
        troubles.push("the trace could not be written".into());
    }
    assert_eq!(judge(&events).verdict, Verdict::CouldNotRun);

    let mut builder = Builder::run(Vec::new());
    let errors = vec![crate::model::Diagnostic::new("unknown key `witin`")];
    builder.say(None, EventKind::CouldNotStart { errors });
    let run = judge(&builder.finish(None));
    assert_eq!(
        (run.verdict, run.could_not_start.len()),
        (Verdict::CouldNotRun, 1)
    );
}

#[test]
fn what_never_began_is_skipped_with_the_reason_or_errored() {
    let begin = || Builder::run(vec![planned("j.lua", "one")]);
    let one = |events: Vec<Event>| {
        let run = judge(&events);
        (
            run.journeys[0].outcome,
            run.journeys[0].reason.clone(),
            run.complete,
        )
    };
    let mut stopped = begin();
    stopped.not_run(0, NotRun::Stopped(Stop::MaxTime));
    let (outcome, reason, _) = one(stopped.finish(Some(Stop::MaxTime)));
    assert_eq!(
        (outcome, reason.as_str()),
        (Outcome::Skipped, "stopped by --max-time")
    );
    assert_eq!(one(begin().cut()), (OURS, CUT_SHORT.to_string(), false));
    let mut hung = begin();
    hung.start(0);
    let (outcome, reason, complete) = one(hung.finish(Some(Stop::Watchdog)));
    assert_eq!(
        (outcome, reason.as_str(), complete),
        (OURS, Stop::Watchdog.reason(), true)
    );
}

#[test]
fn a_feature_is_verified_by_what_passed_and_broken_by_what_did_not() {
    let covers = |features: &[&str]| {
        let mut it = planned("j.lua", &features.join("+"));
        Arc::make_mut(&mut it.journey).covers = features.iter().map(|it| it.to_string()).collect();
        it
    };
    let plan = vec![
        covers(&["both", "good"]),
        covers(&["both", "elsewhere"]),
        covers(&["later", "good", "elsewhere"]),
    ];
    let mut builder = Builder::run(plan);
    builder.start(0).end(0, Cause::Completed);
    builder.start(1).fail(1, broken()).end(1, Cause::Failed);
    builder.not_run(2, NotRun::Skipped("x".into()));
    let mut events = builder.finish(None);
    if let EventKind::RunStarted(header) = &mut events[0].kind {
        header.features = ["good", "both", "later", "search"]
            .map(String::from)
            .to_vec();
    }
    let coverage = judge(&events).coverage;
    assert_eq!(coverage.verified, ["good"]);
    assert_eq!(coverage.broken, ["both", "later"]);
    assert_eq!(coverage.not_covered, ["search"]);
    assert_eq!(coverage.unknown, ["elsewhere"], "named once");
}

#[test]
fn attempts_that_interleave_out_of_order_are_told_apart() {
    let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
    builder.start(0).start(1);
    builder.at(5 * MS).fail(1, broken());
    builder.at(7 * MS).end(0, Cause::Completed);
    builder.at(9 * MS).end(1, Cause::Failed);
    let mut events = builder.finish(None);
    let straight = judge(&events);
    assert_eq!(straight.journeys[0].took, 7 * MS);
    assert_eq!(straight.journeys[1].outcome, Outcome::Failed);
    events[1..].reverse();
    assert_eq!(judge(&events), straight);
}

#[test]
fn any_prefix_of_a_trace_can_be_judged_and_none_but_the_whole_is_complete() {
    let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
    builder.floor(floor(None));
    silent_departure(&mut builder, 0);
    builder.not_run(1, NotRun::Skipped("x".into()));
    for events in [builder.finish(None), mixed("\u{1b}[31m")] {
        for length in 0..=events.len() {
            let run = judge(&events[..length]);
            let whole = length == events.len();
            assert_eq!(run.complete, whole, "{length} events");
            assert_ne!(run.verdict, Verdict::Passed);
            assert_eq!(run.journeys.is_empty(), length == 0);
            if whole {
                assert_eq!(run.verdict, Verdict::Failed);
            }
        }
    }
}
