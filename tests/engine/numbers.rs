//! `j:record` with everything it can be told.

use jaunt::model::number::tolerance::Alarm;
use jaunt::model::number::{Exact, Measured, NumberKind, Origin, Share, Tolerance, Worth};
use jaunt::model::run::JourneyResult;
use jaunt::model::{EventKind, Place};

use crate::bench::{errs, events, passes};

/// What was declared, with the text and the line of each.
pub(crate) fn recorded(result: &JourneyResult) -> Vec<(Measured, String, Option<Place>)> {
    let declared = events(result).into_iter().filter_map(|kind| match kind {
        EventKind::Recorded {
            value,
            number,
            place,
            name,
        } => {
            let number = number.as_deref().expect("as it is compared").clone();
            assert_eq!(*name, number.key.name);
            Some((number, value.clone(), place.clone()))
        }
        _ => None,
    });
    declared.collect()
}

#[track_caller]
fn one(arguments: &str) -> (Measured, String) {
    let result = passes(&format!("j:record('n', {arguments})"));
    let mut all = recorded(&result);
    assert_eq!(all.len(), 1, "{all:?}");
    let (number, value, place) = all.remove(0);
    assert_eq!(place, Some(Place::new("journeys/t.lua", 2)));
    assert_eq!(number.origin, Origin::Declared);
    (number, value)
}

fn exact(text: &str) -> Exact {
    Exact::parse(text).expect("a decimal")
}

#[test]
fn what_a_number_is_follows_from_what_is_given() {
    let number = |text: &str| Worth::Number(exact(text));
    for (arguments, kind, worth, value) in [
        ("7", NumberKind::Count, number("7"), "7"),
        ("7.0", NumberKind::Count, number("7"), "7.0"),
        ("-7", NumberKind::Ratio, number("-7"), "-7"),
        ("0.1", NumberKind::Ratio, number("0.1"), "0.1"),
        (
            "'1284.50', { kind = 'decimal' }",
            NumberKind::Decimal,
            number("1284.50"),
            "\"1284.50\"",
        ),
        (
            "0.1 + 0.2, { kind = 'decimal' }",
            NumberKind::Decimal,
            number("0.30000000000000004"),
            "0.30000000000000004",
        ),
        (
            "'250ms', { kind = 'duration' }",
            NumberKind::Duration,
            number("0.25"),
            "0.25",
        ),
        (
            "1.5, { kind = 'duration' }",
            NumberKind::Duration,
            number("1.5"),
            "1.5",
        ),
        (
            "2048, { kind = 'size' }",
            NumberKind::Size,
            number("2048"),
            "2048",
        ),
        (
            "{ part = 37, of = 200 }, { kind = 'ratio' }",
            NumberKind::Ratio,
            Worth::Share(Share { part: 37, of: 200 }),
            "{\"of\":200,\"part\":37}",
        ),
        (
            "{ b = 4950, a = 5050 }, { kind = 'cohort' }",
            NumberKind::Cohort,
            Worth::Cohorts([("a".into(), 5050), ("b".into(), 4950)].into()),
            "{\"a\":5050,\"b\":4950}",
        ),
    ] {
        let (found, text) = one(arguments);
        assert_eq!((found.kind, &found.worth), (kind, &worth), "{arguments}");
        if arguments.starts_with('{') {
            let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
            assert_eq!(json(&text), json(value), "{arguments}");
        } else {
            assert_eq!(text, value, "{arguments}");
        }
        if let Worth::Number(number) = &found.worth {
            assert_eq!(number.to_string(), worth.to_string(), "{arguments}");
        }
    }
}

#[test]
fn a_fingerprint_is_of_a_set_a_shape_or_a_value() {
    let members = |arguments: &str| {
        let (number, _) = one(arguments);
        assert_eq!(number.kind, NumberKind::Fingerprint, "{arguments}");
        match number.worth {
            Worth::Fingerprint(print) => print.members,
            other => panic!("{arguments}: {other:?}"),
        }
    };
    assert_eq!(members("'r41'"), ["r41"]);
    assert_eq!(members("true"), ["true"]);
    assert_eq!(members("{ 'b', 'a', 'b', 1 }"), ["\"a\"", "\"b\"", "1"]);
    assert_eq!(
        members("{ { b = 1.0, a = 2 }, { a = 2, b = 1 } }"),
        ["{\"a\":2,\"b\":1}"],
        "keys in any order, whole numbers with or without a point"
    );
    let shape = [
        "$: object",
        "count: number",
        "users.*: string",
        "users: object",
    ];
    assert_eq!(members("{ count = 3, users = { ['17'] = 'ann' } }"), shape);
    assert_eq!(
        members("json.decode('{\"users\":{\"99\":\"bob\"},\"count\":0.5}')"),
        shape
    );
    assert_eq!(members("{ 1, 2 }, { of = 'value' }"), ["[1,2]"]);
    assert_eq!(
        members("{ 1, 'a' }, { of = 'shape' }"),
        ["$: array", "[]: number", "[]: string"]
    );
    assert_eq!(members("7, { kind = 'fingerprint' }"), ["7"]);
    let (number, value) = one("string.rep('x', 5000)");
    let Worth::Fingerprint(print) = number.worth else {
        panic!("{number:?}")
    };
    assert!(
        value.contains(&print.digest) && value.len() < 100,
        "{value}"
    );
    assert!(print.members[0].chars().count() <= 400);
}

#[test]
fn each_tolerance_goes_with_its_kinds() {
    for (arguments, tolerance) in [
        ("7", Tolerance::Exact),
        ("1.5, { kind = 'duration' }", Tolerance::Observed),
        (
            "{ a = 1 }, { kind = 'cohort' }",
            Tolerance::Split(Alarm(0.001)),
        ),
        ("7, { tolerance = 'growing' }", Tolerance::Growing),
        ("7, { tolerance = 'falling' }", Tolerance::Falling),
        (
            "7, { tolerance = '2%' }",
            Tolerance::Relative(exact("0.02")),
        ),
        (
            "7, { tolerance = '0.5 %' }",
            Tolerance::Relative(exact("0.005")),
        ),
        (
            "7, { tolerance = { relative = 0.02 } }",
            Tolerance::Relative(exact("0.02")),
        ),
        (
            "7, { tolerance = { absolute = '0.05' } }",
            Tolerance::Absolute(exact("0.05")),
        ),
        (
            "'1s', { kind = 'duration', tolerance = { absolute = '20ms' } }",
            Tolerance::Absolute(exact("0.02")),
        ),
        (
            "7, { tolerance = { min = 5, max = '9.5' } }",
            Tolerance::Range {
                min: Some(exact("5")),
                max: Some(exact("9.5")),
            },
        ),
        (
            "'1s', { kind = 'duration', tolerance = { max = '2s' } }",
            Tolerance::Range {
                min: None,
                max: Some(exact("2")),
            },
        ),
        (
            "7, { tolerance = 'poisson' }",
            Tolerance::Poisson(Alarm(0.001)),
        ),
        (
            "7, { tolerance = { poisson = 0.01 } }",
            Tolerance::Poisson(Alarm(0.01)),
        ),
        (
            "{ part = 1, of = 2 }, { kind = 'ratio', tolerance = 'binomial' }",
            Tolerance::Binomial(Alarm(0.001)),
        ),
        (
            "{ a = 1 }, { kind = 'cohort', tolerance = { split = 0.02 } }",
            Tolerance::Split(Alarm(0.02)),
        ),
    ] {
        assert_eq!(one(arguments).0.tolerance, tolerance, "{arguments}");
    }
    for (words, arguments) in [
        (
            "`exakt`, did you mean `exact`?",
            "7, { tolerance = 'exakt' }",
        ),
        (
            "does not go with a count (those that do: exact,",
            "7, { tolerance = 'split' }",
        ),
        (
            "does not go with a fingerprint (those that do: exact, observed)",
            "'a', { tolerance = '2%' }",
        ),
        (
            "does not go with a cohort (those that do: split,",
            "{ a = 1 }, { kind = 'cohort', tolerance = 'growing' }",
        ),
        (
            "does not go with a size",
            "7, { kind = 'size', tolerance = 'poisson' }",
        ),
        (
            "needs to know of how many",
            "0.5, { tolerance = 'binomial' }",
        ),
        (
            "above 0 and below 0.5",
            "7, { tolerance = { poisson = 0.5 } }",
        ),
        (
            "above 0 and below 0.5",
            "7, { tolerance = { poisson = 0 } }",
        ),
        (
            "is a distance, found -1",
            "7, { tolerance = { absolute = -1 } }",
        ),
        ("is a distance, found -0.02", "7, { tolerance = '-2%' }"),
        ("is no percentage", "7, { tolerance = 'two%' }"),
        (
            "`min` of `tolerance` is 9, more than `max`, 5",
            "7, { tolerance = { min = 9, max = 5 } }",
        ),
        ("is one of `absolute`", "7, { tolerance = {} }"),
        (
            "is one of `absolute`",
            "7, { tolerance = { absolute = 1, relative = 1 } }",
        ),
        (
            "did you mean `relative`?",
            "7, { tolerance = { relativ = 1 } }",
        ),
        ("found a number", "7, { tolerance = 1 }"),
        (
            "`absolute` of `tolerance` is a number, found \"much\"",
            "7, { tolerance = { absolute = 'much' } }",
        ),
    ] {
        errs(words, &format!("j:record('n', {arguments})"));
    }
}

#[test]
fn what_is_none_of_its_kind_is_named() {
    for (words, arguments) in [
        (
            "found \"12,50\": it is no decimal number",
            "'12,50', { kind = 'decimal' }",
        ),
        (
            "more than 28 digits",
            "'1234567890.12345678901234567890', { kind = 'decimal' }",
        ),
        ("at most 28 digits", "1e300, { kind = 'decimal' }"),
        ("found true", "true, { kind = 'decimal' }"),
        (
            "a count is a whole number from 0, found 1.5",
            "1.5, { kind = 'count' }",
        ),
        ("found -1", "-1, { kind = 'count' }"),
        ("found \"7\"", "'7', { kind = 'count' }"),
        ("a whole number of bytes from 0", "'2k', { kind = 'size' }"),
        ("\"5\" has no unit", "'5', { kind = 'duration' }"),
        ("a ratio is a number or", "'0.5', { kind = 'ratio' }"),
        ("found 3 of 2", "{ part = 3, of = 2 }, { kind = 'ratio' }"),
        ("has both", "{ part = 3 }, { kind = 'ratio' }"),
        (
            "`off` is no option of `ratio`, did you mean `of`?",
            "{ part = 3, off = 4 }, { kind = 'ratio' }",
        ),
        (
            "cohorts are counts by name",
            "{ 1, 2 }, { kind = 'cohort' }",
        ),
        ("found 0.5", "{ a = 0.5 }, { kind = 'cohort' }"),
        ("found 0 of them", "{}, { kind = 'cohort' }"),
        ("a set of `record` is a list", "{ a = 1 }, { of = 'set' }"),
        ("did you mean `shape`?", "{ a = 1 }, { of = 'shap' }"),
        (
            "goes with a fingerprint, and this is a count",
            "7, { of = 'set' }",
        ),
        (
            "`decimals`, did you mean `decimal`?",
            "7, { kind = 'decimals' }",
        ),
        ("did you mean `unit`?", "7, { units = 'EUR' }"),
        ("`unit` of `record` is empty", "7, { unit = ' ' }"),
        ("is a function, which is no data", "print"),
        ("nan, which JSON has no number for", "0/0"),
        ("nil is no value", "nil"),
        ("`by` of `record` has names", "7, { by = { 'eu' } }"),
        (
            "`by.region` of `record` is text, a number or a boolean, found a table",
            "7, { by = { region = {} } }",
        ),
        (
            "`by.region` of `record` is empty",
            "7, { by = { region = '' } }",
        ),
    ] {
        errs(words, &format!("j:record('n', {arguments})"));
    }
    errs("the name of a number is empty", "j:record('', 1)");
    errs("one line", "j:record('a\\nb', 1)");
    errs(
        "at most 200 characters",
        "j:record(string.rep('x', 201), 1)",
    );
    errs(
        "at most 16 dimensions, found 17",
        "local by = {} for n = 1, 17 do by['d' .. n] = n end j:record('n', 1, { by = by })",
    );
    errs(
        "at most 1000 numbers",
        "for n = 1, 1001 do j:record('n' .. n, 1) end",
    );
}
