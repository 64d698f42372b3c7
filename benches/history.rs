//! What a long history costs a run: the time of what a run asks of 100,000 stored runs, of appending
//! one more, and how the file grows. The goal is 50 ms for the comparison.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use jaunt::model::JourneyId;
use jaunt::model::number::history::{StoredJourney, StoredRun};
use jaunt::model::number::{Exact, Measured, NumberKey, NumberKind, Origin, Tolerance, Worth};
use jaunt::store::{Access, History, PastQuery, Retention};

const RUNS: u64 = 100_000;
const JOURNEYS: u64 = 5;
const NUMBERS: u64 = 8;
/// So many runs of each release: a check every five minutes, and a release a day.
const OF_A_RELEASE: u64 = 288;
const ROUNDS: usize = 21;
const GOAL: Duration = Duration::from_millis(50);

fn main() {
    let runs: u64 = std::env::var("RUNS").map_or(RUNS, |it| it.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path(), Access::Write).unwrap();
    let began = Instant::now();
    let mut half = 0;
    for at in 0..runs {
        history.append(&run(at), &Retention::ALL).unwrap();
        if at == runs / 2 {
            half = size(folder.path());
        }
    }
    let took = began.elapsed();
    let whole = size(folder.path());
    println!("{runs} runs of {JOURNEYS} journeys with {NUMBERS} numbers each:");
    println!("  file            {:>10} KiB", whole / 1024);
    println!(
        "  growth per run  {:>10} bytes",
        (whole - half) / (runs - runs / 2).max(1)
    );
    let micros = took.as_micros() / u128::from(runs.max(1));
    println!("  append          {micros:>10} µs");
    drop(history);
    let none = BTreeMap::new();
    let query = PastQuery {
        target: "staging",
        context: &none,
        releases: 50,
        journeys: None,
        excluding: Some("next"),
    };
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            // Opened each time, as a run does.
            let began = Instant::now();
            let history = History::open(folder.path(), Access::Write).unwrap();
            let past = history.past(&query).unwrap();
            let baseline = history.baseline("staging", &none, Some("next")).unwrap();
            let took = began.elapsed();
            assert_eq!(past.series.len() as u64, JOURNEYS * NUMBERS);
            assert!(baseline.is_some());
            took
        })
        .collect();
    times.sort_unstable();
    let (median, most) = (times[ROUNDS / 2], times[ROUNDS - 1]);
    println!("  open, past of 50 releases and baseline: median {median:.1?}, most {most:.1?}");
    println!(
        "  the goal is {GOAL:?}: {}",
        if most < GOAL { "met" } else { "MISSED" }
    );
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|it| it.unwrap().metadata().unwrap().len())
        .sum()
}

fn run(at: u64) -> StoredRun {
    let journeys = (0..JOURNEYS).map(|journey| StoredJourney {
        journey: JourneyId {
            file: "journeys/shop.lua".into(),
            name: format!("journey {journey}"),
        },
        repetition: 1,
        outcome: "passed".into(),
        attempts: 1,
        took: 1_000_000_000 + at,
        numbers: (0..NUMBERS).map(|number| measured(at, number)).collect(),
        ..StoredJourney::default()
    });
    StoredRun {
        run: format!("{at:032x}"),
        project: "shop".into(),
        target: "staging".into(),
        release: Some(format!("r{}", at / OF_A_RELEASE)),
        started: 1_700_000_000_000_000_000 + at * 300_000_000_000,
        took: 5_000_000_000,
        seed: format!("{at:x}"),
        host: "machine".into(),
        jaunt: "0.1.0".into(),
        journeys: journeys.collect(),
        ..StoredRun::default()
    }
}

fn measured(at: u64, number: u64) -> Measured {
    let noise = at.wrapping_mul(6_364_136_223_846_793_005) >> 40;
    // Half of them are counts, half are durations.
    let (origin, kind, worth) = match number % 2 {
        0 => (Origin::Free, NumberKind::Count, Exact::of_count(number + 3)),
        _ => (
            Origin::Timing,
            NumberKind::Duration,
            Exact::of_nanos(5_000_000 + noise),
        ),
    };
    Measured {
        key: NumberKey::new(format!("number {number}")).with("client", "alice"),
        origin,
        kind,
        unit: None,
        tolerance: Tolerance::Observed,
        core: false,
        worth: Worth::Number(worth),
    }
}
