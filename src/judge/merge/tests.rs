//! Shards made by hand.

use super::{MergeError, ShardTrace, merge};
use crate::judge::builder::{Builder, MS, failure, floor, planned};
use crate::judge::judge;
use crate::model::event::{Cause, Shard, Stop};
use crate::model::{Event, EventKind, Outcome, ProblemKind, Verdict};

/// The second of two shards starts this much later.
const LATER: u64 = 50 * MS;

/// One shard of four journeys named by their places; the one at `fails` fails.
fn shard(number: u32, places: &[u32], fails: Option<u32>, stop: Option<Stop>) -> ShardTrace {
    let plan = places
        .iter()
        .map(|place| planned("j.lua", &format!("journey {place}")))
        .collect();
    let mut builder = Builder::run(plan);
    builder.floor(floor(None));
    for (attempt, place) in (0..).zip(places) {
        builder.at(10 * MS).start(attempt);
        if fails == Some(*place) {
            builder.fail(attempt, failure(ProblemKind::Expectation, "never came"));
        }
        builder.at(20 * MS).end(attempt, Cause::Completed);
    }
    let mut events = builder.finish(stop);
    if let EventKind::RunStarted(header) = &mut events[0].kind {
        header.started += u64::from(number - 1) * LATER;
        header.shard = Some(Shard {
            number,
            of: 2,
            whole: 4,
            places: places.to_vec(),
        });
    }
    ShardTrace {
        name: format!("{number}.jsonl"),
        events,
    }
}

fn both(fails: Option<u32>) -> Vec<ShardTrace> {
    vec![
        shard(1, &[0, 2], fails, None),
        shard(2, &[1, 3], fails, None),
    ]
}

#[test]
fn journeys_lie_in_the_order_of_the_whole_with_what_became_of_each() {
    let run = judge(&merge(both(Some(3))).expect("one run"));
    let names: Vec<(String, Outcome)> = run
        .journeys
        .iter()
        .map(|one| (one.planned.journey.id.name.clone(), one.outcome))
        .collect();
    let passed = |place: u32| (format!("journey {place}"), Outcome::Passed);
    let failed = ("journey 3".to_string(), Outcome::Failed);
    assert_eq!(names, [passed(0), passed(1), passed(2), failed]);
    assert_eq!(run.verdict, Verdict::Failed);
    assert_eq!(run.journeys[0].started, 10 * MS);
    assert_eq!(run.journeys[1].started, 10 * MS + LATER, "of the later one");
    assert_eq!(run.took, 20 * MS + LATER);
    assert!(run.complete && run.header.shard.is_none());
}

#[test]
fn places_in_the_order_are_unique_and_what_names_them_still_does() {
    let mut shards = both(None);
    for shard in &mut shards {
        let seq = shard.events.len() as u64;
        let mut fails = failure(ProblemKind::Expectation, "never came");
        fails.expectation = Some(seq);
        let of = |seq, kind| Event {
            seq,
            at: 15 * MS,
            attempt: Some(0),
            kind,
        };
        let named = EventKind::Noted {
            text: shard.name.clone(),
            place: None,
        };
        shard.events.push(of(seq, named));
        shard
            .events
            .push(of(seq + 1, EventKind::Failed(Box::new(fails))));
    }
    let events = merge(shards).expect("one run");
    let mut seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), events.len());
    let named: Vec<u64> = events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Failed(failure) => failure.expectation,
            _ => None,
        })
        .collect();
    assert_eq!(named.len(), 2);
    for seq in named {
        let there = events.iter().find(|event| event.seq == seq);
        assert!(
            there.is_some_and(|event| matches!(event.kind, EventKind::Noted { .. })),
            "{there:?}"
        );
    }
}

#[test]
fn a_missing_shard_is_a_trouble_and_a_killed_one_has_no_end() {
    let one = || shard(1, &[0, 2], None, None);
    let run = judge(&merge(vec![one()]).expect("a part"));
    assert_eq!(run.troubles, ["shard 2/2 is missing"]);
    assert_eq!(run.verdict, Verdict::CouldNotRun);
    let mut killed = shard(2, &[1, 3], None, None);
    killed.events.pop();
    let run = judge(&merge(vec![one(), killed]).expect("one run"));
    assert!(!run.complete);
    assert_eq!(run.verdict, Verdict::CouldNotRun);
}

#[test]
fn the_worst_end_and_the_floor_that_was_down_stand_for_all() {
    let mut down = shard(1, &[0, 2], None, Some(Stop::FailFast));
    for event in &mut down.events {
        if let EventKind::FloorChecked { report } = &mut event.kind {
            *report = floor(Some("GET /health refused the connection"));
        }
    }
    let other = shard(2, &[1, 3], None, Some(Stop::MaxTime));
    let run = judge(&merge(vec![other, down]).expect("one run"));
    assert_eq!(run.stop, Some(Stop::MaxTime));
    assert!(run.floor.is_some_and(|floor| !floor.is_up()));
    assert_eq!(run.verdict, Verdict::CouldNotJudge);
}

#[test]
fn what_is_no_shard_of_this_run_is_refused() {
    let mut twice = both(None);
    twice.push(shard(1, &[0, 2], None, None));
    assert!(matches!(
        merge(twice),
        Err(MergeError::Twice {
            number: 1,
            of: 2,
            ..
        })
    ));
    let mut whole = both(None);
    let mut other = both(None);
    if let EventKind::RunStarted(header) = &mut whole[0].events[0].kind {
        header.shard = None;
    }
    assert_eq!(
        merge(whole),
        Err(MergeError::NoShard("1.jsonl".to_string()))
    );
    if let EventKind::RunStarted(header) = &mut other[1].events[0].kind {
        header.target.name = "staging".into();
    }
    let error = merge(other).expect_err("two runs").to_string();
    assert_eq!(
        error,
        "`1.jsonl` and `2.jsonl` are no shards of one run: the target differs: demo, staging"
    );
}

#[test]
fn seeds_that_differ_are_not_given_to_the_journeys_of_others() {
    let mut shards = both(None);
    let seed = |events: &[Event]| judge(events).header.seed;
    assert_eq!(seed(&merge(shards.clone()).expect("one run")), "7f3a");
    if let EventKind::RunStarted(header) = &mut shards[1].events[0].kind {
        header.seed = "81b2".into();
    }
    assert_eq!(seed(&merge(shards).expect("one run")), "");
}
