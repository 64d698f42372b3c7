//! With real files, as everything that knows a disk.

use std::collections::BTreeMap;
use std::path::Path;

use super::open::writing_by;
use super::*;
use crate::model::JourneyId;
use crate::model::number::history::{OutcomeOf, StoredJourney, StoredRun};
use crate::model::number::{
    Exact, Fingerprint, Measured, NumberKey, NumberKind, Origin, Share, Tolerance, Worth,
};
mod gaps;

fn open(path: &Path) -> History {
    History::open(path, Access::Write).expect("a history")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn id(name: &str) -> JourneyId {
    JourneyId {
        file: "journeys/a.lua".into(),
        name: name.into(),
    }
}

fn exact(text: &str) -> Worth {
    Worth::Number(Exact::parse(text).expect("a number"))
}

fn number(name: &str, worth: Worth) -> Measured {
    Measured {
        key: NumberKey::new(name).with("region", "eu"),
        origin: Origin::Declared,
        kind: NumberKind::Count,
        unit: Some("EUR".into()),
        tolerance: Tolerance::Exact,
        core: true,
        worth,
    }
}

fn journey(name: &str, outcome: &str, numbers: Vec<Measured>) -> StoredJourney {
    StoredJourney {
        journey: id(name),
        repetition: 1,
        outcome: outcome.into(),
        quarantined: false,
        reason: if outcome == "passed" {
            String::new()
        } else {
            "it hung".into()
        },
        took: 1_500,
        attempts: 1,
        numbers,
    }
}

/// A run of a release, begun at that many nanoseconds, that measured `total`.
fn run(release: &str, started: u64, total: &str) -> StoredRun {
    StoredRun {
        run: format!("{release}-{started}"),
        project: "shop".into(),
        target: "staging".into(),
        release: Some(release.into()),
        commit: Some(format!("{release}c0ffee")),
        started,
        took: 5_000,
        seed: "7".into(),
        host: "here".into(),
        jaunt: "0.1.0".into(),
        journeys: vec![journey(
            "buy",
            "passed",
            vec![number("total", exact(total))],
        )],
        ..StoredRun::default()
    }
}

fn append(history: &mut History, run: &StoredRun) -> Appended {
    history.append(run, &Retention::ALL).expect("appended")
}

fn past(history: &History, excluding: Option<&str>) -> crate::model::number::history::Past {
    let query = PastQuery {
        target: "staging",
        context: &BTreeMap::new(),
        releases: 50,
        journeys: None,
        excluding,
    };
    history.past(&query).expect("a past")
}

#[test]
fn what_is_appended_is_read_again_whatever_it_is_worth() {
    let folder = folder();
    let mut history = open(folder.path());
    let print = Fingerprint {
        digest: "0123456789abcdef".into(),
        count: 2,
        members: vec!["a".into(), "b".into()],
    };
    let cohorts = BTreeMap::from([("a".to_string(), u64::MAX), ("b".to_string(), 1)]);
    let all = vec![
        number("whole", exact("42")),
        number("money", exact("1284.50")),
        number("minus", exact("-0.10")),
        number("long", exact("79228162514264337593543950335")),
        number("share", Worth::Share(Share { part: 3, of: 20 })),
        number("print", Worth::Fingerprint(print)),
        number("cohorts", Worth::Cohorts(cohorts)),
    ];
    let mut run = run("r1", 10, "1");
    run.phase = Some("before".into());
    run.context = BTreeMap::from([("location".to_string(), "eu".to_string())]);
    run.journeys = vec![
        journey("buy", "passed", all.clone()),
        journey("look", "failed", vec![]),
        journey("buy", "flaky", all),
    ];
    run.journeys[1].quarantined = true;
    assert_eq!(append(&mut history, &run), Appended::New);
    assert_eq!(append(&mut history, &run), Appended::Known);
    let read = history.run(&run.run).expect("read").expect("it is there");
    assert_eq!(read, run);
    // Equal numbers may be written differently: a total of 1284.50 stays 1284.50.
    assert_eq!(read.journeys[0].numbers[1].worth.to_string(), "1284.50");
    assert_eq!(history.run("nope").expect("read"), None);
    let nameless = StoredRun {
        run: "x".into(),
        release: None,
        commit: None,
        ..run
    };
    append(&mut history, &nameless);
    assert_eq!(history.run("x").expect("read"), Some(nameless));
}

#[test]
fn each_release_has_one_value_however_often_it_ran() {
    let folder = folder();
    let mut history = open(folder.path());
    for (at, total) in ["10", "12", "50"].into_iter().enumerate() {
        append(&mut history, &run("r1", 100 + at as u64, total));
    }
    append(&mut history, &run("r2", 200, "11"));
    append(&mut history, &run("r2", 201, "13"));
    append(&mut history, &run("r3", 300, "99"));
    let past = past(&history, Some("r3"));
    let releases: Vec<_> = past.releases.iter().map(|it| (&*it.id, it.at)).collect();
    assert_eq!(releases, [("r1", 102), ("r2", 201)]);
    assert_eq!(past.releases[0].commit.as_deref(), Some("r1c0ffee"));
    assert_eq!(past.series.len(), 1);
    let series = &past.series[0];
    assert_eq!(
        (&series.journey, series.origin),
        (&id("buy"), Origin::Declared)
    );
    assert_eq!(series.key, NumberKey::new("total").with("region", "eu"));
    let values: Vec<_> = series
        .points
        .iter()
        .map(|it| (it.release, it.value))
        .collect();
    assert_eq!(values, [(0, Some(12.0)), (1, Some(12.0))]);
    let of = OutcomeOf {
        release: 0,
        passed: 3,
        failed: 0,
        flaky: 0,
        held: 102,
    };
    assert_eq!(past.outcomes[0].of[0], of);
    let one = PastQuery {
        target: "staging",
        context: &BTreeMap::new(),
        releases: 1,
        journeys: Some(&[id("look")]),
        excluding: None,
    };
    let only = history.past(&one).expect("a past");
    assert_eq!(only.releases.len(), 1);
    assert_eq!(only.releases[0].id, "r3");
    assert!(only.series.is_empty() && only.outcomes.is_empty());
}

#[test]
fn the_baseline_is_what_the_newest_good_release_measured_last() {
    let folder = folder();
    let mut history = open(folder.path());
    let none = BTreeMap::new();
    let baseline = |history: &History, excluding| {
        let found = history.baseline("staging", &none, excluding);
        found.expect("read").map(|it| (it.release.clone(), it))
    };
    assert!(baseline(&history, None).is_none());
    append(&mut history, &run("r1", 100, "10.00"));
    append(&mut history, &run("r2", 200, "20.00"));
    append(&mut history, &run("r2", 210, "20.50"));
    // Imported later, measured before.
    append(&mut history, &run("r2", 205, "20.10"));
    let (release, it) = baseline(&history, Some("r3")).expect("one");
    assert_eq!((&*release, it.at), ("r2", 210));
    assert_eq!(it.numbers[0].worth.to_string(), "20.50");
    assert_eq!(it.numbers[0].unit.as_deref(), Some("EUR"));
    assert!(it.numbers[0].core);
    assert_eq!(it.outcomes["journeys/a.lua::buy"], "passed");
    assert_eq!(baseline(&history, Some("r2")).expect("one").0, "r1");
    history.label("r2", None, Label::Bad).expect("labelled");
    assert_eq!(baseline(&history, None).expect("one").0, "r1");
    let labelled = past(&history, None);
    assert_eq!(
        labelled.releases.len(),
        2,
        "it stays in the row of releases"
    );
    let points = &labelled.series[0].points;
    let unlearnt: Vec<_> = points.iter().map(|it| (it.value, it.unlearnt)).collect();
    assert_eq!(
        unlearnt,
        [(Some(10.0), false), (Some(20.1), true)],
        "it is shown, and nothing is learnt of it"
    );
    history
        .label("r2", Some("staging"), Label::Good)
        .expect("labelled");
    assert_eq!(baseline(&history, None).expect("one").0, "r2");
    let unknown = history.label("r9", None, Label::Bad).expect_err("unknown");
    assert_eq!(unknown.to_string(), "the history has no release `r9`");
}

#[test]
fn nothing_is_learnt_from_what_was_not_good() {
    let folder = folder();
    let mut history = open(folder.path());
    append(&mut history, &run("r1", 100, "10"));
    let mut unsound = run("r2", 200, "666");
    unsound.unsound = true;
    append(&mut history, &unsound);
    for (at, outcome) in ["failed", "errored", "flaky", "skipped"]
        .into_iter()
        .enumerate()
    {
        let mut bad = run("r3", 300 + at as u64, "666");
        bad.journeys[0].outcome = outcome.into();
        append(&mut history, &bad);
    }
    let mut apart = run("r4", 400, "666");
    apart.journeys[0].quarantined = true;
    append(&mut history, &apart);
    let past = past(&history, None);
    let points = past.series[0].points.iter();
    let points: Vec<_> = points
        .map(|it| (it.release, it.value, it.unlearnt))
        .collect();
    let apart = [(2, Some(666.0), true), (3, Some(666.0), true)];
    assert_eq!(
        points,
        [vec![(0, Some(10.0), false)], apart.into()].concat()
    );
    let of = past.outcomes[0]
        .of
        .iter()
        .map(|it| (it.passed, it.failed, it.flaky, it.held));
    let of: Vec<_> = of.collect();
    assert_eq!(
        of,
        [(1, 0, 0, 100), (1, 0, 0, 200), (0, 1, 1, 0), (1, 0, 0, 400)]
    );
    let baseline = history.baseline("staging", &BTreeMap::new(), None);
    assert_eq!(
        baseline.expect("read").map(|it| it.release).as_deref(),
        Some("r1")
    );
}

#[test]
fn what_nobody_learns_from_is_the_newest_and_stands_where_nothing_was_learnt() {
    let folder = folder();
    let mut history = open(folder.path());
    let failed = |release: &str, at, total: &str| {
        let mut run = run(release, at, total);
        run.journeys[0].outcome = "failed".into();
        run.exit_code = 1;
        run
    };
    append(&mut history, &failed("r1", 110, "11"));
    append(&mut history, &failed("r1", 120, "12"));
    append(&mut history, &failed("r1", 100, "10"));
    append(&mut history, &failed("r2", 200, "20"));
    append(&mut history, &run("r2", 190, "19"));
    let past = past(&history, None);
    let points = past.series[0].points.iter();
    let points: Vec<_> = points
        .map(|it| (it.release, it.value, it.mark.clone(), it.unlearnt))
        .collect();
    assert_eq!(
        points,
        [(0, Some(12.0), None, true), (1, Some(19.0), None, false)]
    );
}

#[test]
fn another_context_is_another_past_and_is_named() {
    let folder = folder();
    let mut history = open(folder.path());
    let eu = BTreeMap::from([("location".to_string(), "eu".to_string())]);
    let mut run = run("r1", 100, "10");
    run.context.clone_from(&eu);
    append(&mut history, &run);
    assert!(past(&history, None).is_empty());
    let none = BTreeMap::new();
    assert_eq!(
        history.other_contexts("staging", &none).expect("read"),
        std::slice::from_ref(&eu)
    );
    assert!(
        history
            .other_contexts("staging", &eu)
            .expect("read")
            .is_empty()
    );
    assert!(
        history
            .other_contexts("production", &none)
            .expect("read")
            .is_empty()
    );
}

#[test]
fn without_shared_memory_there_is_a_rollback_journal() {
    let folder = folder();
    let path = folder.path().join("h.db");
    // These functions of SQLite lock by files and share no memory, as network drives.
    let mut history = writing_by(path.clone(), Some("unix-dotfile")).expect("a history");
    assert!(
        history.remarks()[0].contains("rollback journal"),
        "{:?}",
        history.remarks()
    );
    append(&mut history, &run("r1", 100, "10"));
    drop(history);
    // What was written ahead elsewhere is turned back.
    let mut history = open(&path);
    assert!(history.remarks().is_empty());
    append(&mut history, &run("r2", 200, "10"));
    drop(history);
    let mut history = writing_by(path, Some("unix-dotfile")).expect("a history");
    assert!(
        history.remarks()[0].contains("rollback journal"),
        "{:?}",
        history.remarks()
    );
    append(&mut history, &run("r3", 300, "10"));
    assert_eq!(past(&history, None).releases.len(), 3);
}

#[test]
fn summaries_outlive_their_runs_as_long_as_they_are_needed() {
    let folder = folder();
    let mut history = open(folder.path());
    let retention = Retention {
        keep_days: None,
        keep_runs: Some(3),
        keep_releases: 5,
    };
    for at in 1..=9_u64 {
        let run = run(&format!("r{at}"), at * 100, "10");
        history.append(&run, &retention).expect("appended");
    }
    let rows = history.list(&Filter::default()).expect("read");
    let runs: Vec<_> = rows.iter().map(|it| &*it.release).collect();
    assert_eq!(runs, ["r9", "r8", "r7"]);
    let past = past(&history, None);
    let releases: Vec<_> = past.releases.iter().map(|it| &*it.id).collect();
    assert_eq!(releases, ["r5", "r6", "r7", "r8", "r9"]);
    assert_eq!(past.series[0].points.len(), 5);
    const DAY: u64 = 86_400_000_000_000;
    let by_age = Retention {
        keep_days: Some(2),
        keep_runs: None,
        keep_releases: 1,
    };
    let pruned = history.prune(&by_age, 850 + 2 * DAY).expect("pruned");
    assert_eq!(
        pruned,
        Pruned {
            runs: 2,
            releases: 4
        }
    );
}
