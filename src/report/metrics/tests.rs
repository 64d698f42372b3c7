//! Pages for Prometheus: what they hold, and what goes on from one run to the next.

use super::metrics;
use crate::judge::builder::{Builder, floor, mixed, planned};
use crate::judge::judge;
use crate::model::event::{Cause, NotRun};

#[test]
fn a_run_is_told_in_gauges_and_counters() {
    let page = metrics(&judge(&mixed("words")), "");
    for line in [
        "# TYPE jaunt_journey_runs_total counter",
        "jaunt_run_exit_code{target=\"demo\"} 1",
        "jaunt_run_verdict{target=\"demo\",verdict=\"failed\"} 1",
        "jaunt_run_verdict{target=\"demo\",verdict=\"passed\"} 0",
        "jaunt_last_run_timestamp_seconds{target=\"demo\"} 1795224902.3",
        "jaunt_last_conclusive_timestamp_seconds{target=\"demo\"} 1795224902.3",
        "jaunt_floor_check_up{check=\"chat\",target=\"demo\"} 1",
        "jaunt_checks_total{level=\"floor\",target=\"demo\",verdict=\"passed\"} 3",
        "jaunt_checks_total{level=\"ceiling\",target=\"demo\",verdict=\"failed\"} 1",
        "jaunt_journey_success{journey=\"journeys/chat_presence.lua::a polite goodbye is announced\",target=\"demo\"} 1",
        "jaunt_journey_success{journey=\"journeys/chat_presence.lua::a silent departure is announced, once\",target=\"demo\"} 0",
        "jaunt_journey_runs_total{journey=\"journeys/drop.lua::a secret can be read once\",target=\"demo\",verdict=\"errored\"} 1",
        "jaunt_journey_duration_seconds{journey=\"journeys/chat_presence.lua::a polite goodbye is announced\",target=\"demo\"} 0.038",
    ] {
        assert!(page.lines().any(|it| it == line), "{line} in\n{page}");
    }
    let errored = "jaunt_journey_success{journey=\"journeys/drop.lua";
    assert!(!page.contains(errored), "what was not judged has no value");
}

#[test]
fn counters_and_the_last_judgement_go_on() {
    let run = judge(&mixed("words"));
    let first = metrics(&run, "");
    let second = metrics(&run, &first);
    let failed = "jaunt_runs_total{target=\"demo\",verdict=\"failed\"}";
    assert!(second.contains(&format!("{failed} 2\n")), "{second}");
    // A run of another selection, whose floor is down, forgets none of it.
    let mut builder = Builder::run(vec![planned("other.lua", "one \"\\\n")]);
    builder
        .floor(floor(Some("down")))
        .not_run(0, NotRun::FloorDown);
    let third = metrics(&judge(&builder.finish(None)), &second);
    for line in [
        "jaunt_runs_total{target=\"demo\",verdict=\"failed\"} 2",
        "jaunt_runs_total{target=\"demo\",verdict=\"could_not_judge\"} 1",
        "jaunt_last_conclusive_timestamp_seconds{target=\"demo\"} 1795224902.3",
        "jaunt_last_run_timestamp_seconds{target=\"demo\"} 1795224896",
        "jaunt_floor_check_up{check=\"chat\",target=\"demo\"} 0",
        "jaunt_journey_runs_total{journey=\"other.lua::one \\\"\\\\\\\\n\",target=\"demo\",verdict=\"errored\"} 1",
    ] {
        assert!(third.lines().any(|it| it == line), "{line} in\n{third}");
    }
    assert!(
        third.contains("a polite goodbye is announced\",target=\"demo\",verdict=\"passed\"} 2\n")
    );
}

#[test]
fn of_repetitions_the_worst_and_the_slowest_count() {
    let mut again = planned("j.lua", "one");
    again.repetition = 2;
    let mut builder = Builder::run(vec![planned("j.lua", "one"), again]);
    builder.start(0).at(3_000_000_000).end(0, Cause::Completed);
    builder.start(1).at(4_000_000_000).end(1, Cause::Completed);
    let page = metrics(&judge(&builder.finish(None)), "");
    let journey = "{journey=\"j.lua::one\",target=\"demo\"}";
    assert!(
        page.contains(&format!("jaunt_journey_duration_seconds{journey} 3\n")),
        "{page}"
    );
    assert!(
        page.contains("target=\"demo\",verdict=\"passed\"} 2\n"),
        "{page}"
    );
}
