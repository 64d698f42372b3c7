//! Runs with numbers, made by hand for the tests of what is said of them.

use std::sync::Arc;

use crate::judge::builder::{Builder, failure, floor, planned, silent_departure};
use crate::judge::judge;
use crate::model::event::Cause;
use crate::model::number::history::{OutcomeOf, Outcomes, Past, Point, Release, Series};
use crate::model::number::{
    Against, Baseline, Comparison, Exact, NumberKey, NumberKind, Origin, Policy, References,
    Source, Standing, Tolerance, Which, Worth,
};
use crate::model::release::Answered;
use crate::model::run::Run;
use crate::model::{JourneyId, ProblemKind};

pub(in crate::report) const FILE: &str = "journeys/orders.lua";
const HOUR: u64 = 3_600_000_000_000;

pub(in crate::report) fn exact(text: &str) -> Exact {
    Exact::parse(text).expect("a number")
}

/// A declared number that was one thing in r41 and is another now.
pub(in crate::report) fn number(name: &str, before: &str, now: &str) -> Comparison {
    let within = before == now;
    Comparison {
        key: NumberKey::new(name),
        origin: Origin::Declared,
        kind: NumberKind::Decimal,
        unit: None,
        tolerance: Tolerance::Exact,
        core: false,
        now: Some(Worth::Number(exact(now))),
        against: vec![Against {
            which: Which::Baseline,
            release: "r41".into(),
            worth: Worth::Number(exact(before)),
            within,
        }],
        standing: if within {
            Standing::Unchanged
        } else {
            Standing::Moved
        },
        text: String::new(),
        since: None,
        place: None,
    }
}

/// Something that nobody declared, with what is said of it.
pub(in crate::report) fn undeclared(
    name: &str,
    origin: Origin,
    standing: Standing,
    text: &str,
) -> Comparison {
    Comparison {
        origin,
        standing,
        text: text.into(),
        kind: NumberKind::Count,
        ..number(name, "1", "2")
    }
}

pub(in crate::report) fn id(name: &str) -> JourneyId {
    JourneyId {
        file: FILE.into(),
        name: name.into(),
    }
}

/// How a journey went in a release, by its index; passed two hours before the run, if it did.
pub(in crate::report) fn went(release: u32, passed: u32, failed: u32) -> OutcomeOf {
    let started = crate::judge::builder::header(Vec::new()).started;
    OutcomeOf {
        release,
        passed,
        failed,
        flaky: 0,
        held: if passed > 0 { started - 2 * HOUR } else { 0 },
    }
}

/// The releases r36 to r41; r41 is the baseline, three commits ago.
pub(in crate::report) fn references(series: Vec<Series>, outcomes: Vec<Outcomes>) -> References {
    let release = |number: u64| Release {
        id: format!("r{number}"),
        commit: None,
        at: number * HOUR,
    };
    References {
        policy: Policy::default(),
        baseline: Some(Baseline {
            source: Source::History,
            release: "r41".into(),
            at: 41 * HOUR,
            commits: ["4be1d2c", "90aa31f", "c77e0b2"].map(String::from).into(),
            commits_in_all: Some(3),
            ..Baseline::default()
        }),
        past: Past {
            releases: (36..=41).map(release).collect(),
            series,
            outcomes,
            ..Past::default()
        },
        ..References::default()
    }
}

/// One value per release from r36 on.
pub(in crate::report) fn series(name: &str, journey: &str, values: &[f64]) -> Series {
    Series {
        journey: id(journey),
        key: NumberKey::new(name),
        origin: Origin::Declared,
        points: values
            .iter()
            .zip(0..)
            .map(|(value, release)| Point {
                release,
                value: Some(*value),
                mark: None,
                unlearnt: false,
            })
            .collect(),
    }
}

/// Gives a run its numbers: those of each journey, what they were compared with, and that r42
/// answered.
pub(in crate::report) fn with(
    mut run: Run,
    numbers: Vec<Vec<Comparison>>,
    references: Option<References>,
) -> Run {
    run.header.numbers = references.map(Arc::new);
    run.release.answered = vec![Answered {
        release: "r42".into(),
        first: "before the journeys".into(),
    }];
    for (journey, numbers) in run.journeys.iter_mut().zip(numbers) {
        journey.numbers = numbers;
    }
    run
}

/// Journeys that passed.
pub(in crate::report) fn passed(names: &[&str]) -> Run {
    let mut builder = Builder::run(names.iter().map(|name| planned(FILE, name)).collect());
    builder.floor(floor(None));
    for attempt in 0..u32::try_from(names.len()).expect("few") {
        builder.start(attempt).expect_met(attempt);
        builder.end(attempt, Cause::Completed);
    }
    judge(&builder.finish(None))
}

/// A journey whose number moved, the drawing of the looks: 36 others are what they were.
pub(in crate::report) fn one_moved() -> Run {
    let mut builder = Builder::run(vec![planned(FILE, "an order is paid")]);
    builder.floor(floor(None)).start(0);
    let text = "orders.total: 1284.50 to 1284.49 (-0.0008 %, tolerance exact)";
    builder.fail(0, failure(ProblemKind::Number, text));
    builder.end(0, Cause::Failed);
    let run = judge(&builder.finish(None));
    let mut numbers = vec![number("orders.total", "1284.50", "1284.49")];
    numbers.extend((0..36).map(|at| number(&format!("orders.n{at}"), "3", "3")));
    let shape = "`count` disappeared (in all of r1 … r41)";
    numbers.push(undeclared(
        "system at alice",
        Origin::Shape,
        Standing::Moved,
        shape,
    ));
    numbers.push(undeclared(
        "journey",
        Origin::Timing,
        Standing::Anomaly,
        "4.1 s, usually 1.2 s to 1.4 s",
    ));
    let series = series("orders.total", "an order is paid", &[1284.50; 6]);
    let outcomes = Outcomes {
        journey: id("an order is paid"),
        of: vec![went(5, 2, 0)],
    };
    with(
        run,
        vec![numbers],
        Some(references(vec![series], vec![outcomes])),
    )
}

/// The red run of the drawings, of which earlier releases are known: r40, r41, and r42 itself.
pub(in crate::report) fn failed(of: Vec<OutcomeOf>) -> Run {
    let name = "a silent departure is announced, once";
    let mut builder = Builder::run(vec![planned(FILE, name)]);
    builder.floor(floor(None));
    silent_departure(&mut builder, 0);
    let run = judge(&builder.finish(None));
    let journey = id(name);
    let mut references = references(Vec::new(), vec![Outcomes { journey, of }]);
    let names = ["r40", "r41", "r42"];
    references.past.releases = names
        .map(|id| Release {
            id: id.into(),
            commit: None,
            at: 0,
        })
        .into();
    with(run, Vec::new(), Some(references))
}
