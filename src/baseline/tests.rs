use super::read::parse;
use super::*;
use crate::model::JourneyId;
use crate::model::number::tolerance::Alarm;
use crate::model::number::{
    Accepted, Exact, Fingerprint, NumberKey, NumberKind, Origin, Share, Source, Tolerance, Worth,
};

fn exact(text: &str) -> Exact {
    Exact::parse(text).expect("a number")
}

fn number(name: &str, kind: NumberKind, worth: Worth, tolerance: Tolerance) -> Accepted {
    Accepted {
        journey: JourneyId {
            file: "journeys/orders.lua".into(),
            name: "orders \"add\" up".into(),
        },
        key: NumberKey::new(name).with("region", "eu\u{1}\n\"west\""),
        origin: Origin::Declared,
        kind,
        unit: None,
        tolerance,
        core: false,
        worth,
        release: None,
    }
}

fn whole() -> BaselineFile {
    let mut numbers = vec![
        number(
            "a",
            NumberKind::Count,
            Worth::Number(exact("-3")),
            Tolerance::Exact,
        ),
        number(
            "b",
            NumberKind::Ratio,
            Worth::Share(Share { part: 3, of: 200 }),
            Tolerance::Binomial(Alarm(0.001)),
        ),
        number(
            "c",
            NumberKind::Cohort,
            Worth::Cohorts([("blue".to_string(), 5), ("a b".to_string(), 6)].into()),
            Tolerance::Split(Alarm(0.01)),
        ),
        number(
            "d",
            NumberKind::Fingerprint,
            Worth::Fingerprint(Fingerprint {
                digest: "00ff".into(),
                count: 2,
                members: vec!["count: number".into(), "a[]: \"x\"".into()],
            }),
            Tolerance::Exact,
        ),
        number(
            "e",
            NumberKind::Decimal,
            Worth::Number(exact("1284.50")),
            Tolerance::Relative(exact("0.02")),
        ),
        number(
            "f",
            NumberKind::Size,
            Worth::Number(exact("1")),
            Tolerance::Absolute(exact("0.5")),
        ),
        number(
            "g",
            NumberKind::Duration,
            Worth::Number(exact("0.25")),
            Tolerance::Range {
                min: Some(exact("0.1")),
                max: None,
            },
        ),
        number(
            "h",
            NumberKind::Count,
            Worth::Number(exact("1")),
            Tolerance::Poisson(Alarm(0.001)),
        ),
        number(
            "i",
            NumberKind::Count,
            Worth::Number(exact("1")),
            Tolerance::Growing,
        ),
        number(
            "j",
            NumberKind::Count,
            Worth::Number(exact("1")),
            Tolerance::Falling,
        ),
        number(
            "k",
            NumberKind::Count,
            Worth::Number(exact("1")),
            Tolerance::Observed,
        ),
    ];
    numbers[4].unit = Some("EUR".into());
    numbers[4].core = true;
    let mut shape = numbers[3].clone();
    shape.origin = Origin::Shape;
    numbers.push(shape);
    let baseline = Baseline {
        source: Source::File("baselines/demo.toml".into()),
        release: "r41".into(),
        commit: Some("4be1d2c".into()),
        at: 1_795_224_896_000_000_000,
        context: [("location".to_string(), "eu".to_string())].into(),
        outcomes: [("a.lua::x".to_string(), "passed".to_string())].into(),
        numbers,
        ..Baseline::default()
    };
    BaselineFile {
        target: "demo".into(),
        accepted: Some(baseline.clone()),
        anchor: Some(baseline),
    }
}

#[test]
fn what_is_written_is_read_back() {
    let text = write(&whole());
    let back = parse(&text, "baselines/demo.toml", "demo").expect("it can be read");
    assert_eq!(back, whole(), "{text}");
    // One line each, whatever a name holds.
    let lines = text
        .lines()
        .filter(|line| line.trim_start().starts_with("{ name"))
        .count();
    assert_eq!(lines, 24, "{text}");
}

#[test]
fn the_order_of_numbers_does_not_matter_to_the_file() {
    let mut other = whole();
    if let Some(accepted) = &mut other.accepted {
        accepted.numbers.reverse();
    }
    assert_eq!(write(&other), write(&whole()));
}

#[test]
fn a_mistake_is_said_at_its_place() {
    let told = |text: &str| {
        let problem = parse(text, "baselines/demo.toml", "demo").expect_err("it is wrong");
        let line = problem.source.as_ref().map(|it| it.line);
        (problem.title.clone(), line)
    };
    let of = |rest: &str| {
        format!(
            "version = 1\ntarget = \"demo\"\n[accepted]\nrelease = \"r1\"\nat = \"2026-11-26T21:05:00Z\"\n{rest}"
        )
    };
    let (title, line) = told(&of(
        "[accepted.journeys]\n\"a.lua::x\" = [\n  { name = \"n\", kind = \"cuont\", value = \"1\" },\n]\n",
    ));
    assert_eq!(
        title,
        "`baselines/demo.toml` is no baseline that can be read"
    );
    assert_eq!(line, Some(8));
    let (_, line) = told(&of(
        "[accepted.journeys]\n\"a.lua::x\" = [\n  { name = \"n\", kind = \"count\", value = \"1,5\" },\n]\n",
    ));
    assert_eq!(line, Some(8));
    let (title, line) = told(&of("[accepted.journeys]\n\"nobody\" = []\n"));
    assert_eq!(title, "\"nobody\" is no journey: expected \"FILE::NAME\"");
    assert_eq!(line, Some(7));
    let line_of = "  { name = \"n\", kind = \"count\", value = \"1\" },\n";
    let twice = format!("[accepted.journeys]\n\"a.lua::x\" = [\n{line_of}{line_of}]\n");
    let (title, line) = told(&of(&twice));
    assert_eq!(title, "`n` of `a.lua::x` stands there twice");
    assert!(line.is_some());
    let (title, line) = told("version = 9\ntarget = \"demo\"\n");
    assert_eq!(
        title,
        "`baselines/demo.toml` is a baseline of version 9; this jaunt reads version 1"
    );
    assert_eq!(line, Some(1));
    let (title, line) = told("version = 1\ntarget = \"staging\"\n");
    assert_eq!(
        title,
        "`baselines/demo.toml` is the baseline of target `staging`, not of `demo`"
    );
    assert_eq!(line, Some(2));
}

#[test]
fn a_target_gives_its_file_a_name_that_stays_in_its_folder() {
    assert_eq!(file_name("staging"), "staging.toml");
    assert_eq!(file_name("../x y"), "-x-y.toml");
}
