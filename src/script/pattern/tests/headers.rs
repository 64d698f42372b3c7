//! Patterns over headers.

use super::super::{check_headers, header_differences, matches_headers};
use super::*;

const HEADERS: &[(&str, &str)] = &[
    ("Content-Type", "text/html"),
    ("Set-Cookie", "a=1"),
    ("set-cookie", "b=2"),
    ("Content-Length", "5"),
];

fn headers() -> Vec<(String, Vec<u8>)> {
    let pairs = HEADERS.iter();
    pairs
        .map(|(name, value)| ((*name).to_string(), value.as_bytes().to_vec()))
        .collect()
}

#[test]
fn names_in_any_case_and_values_one_or_all() {
    let lua = vm();
    let context = Context::new(&lua, &[]);
    for (code, wanted) in [
        ("{ ['content-type'] = 'text/html' }", true),
        ("{ ['CONTENT-TYPE'] = match.contains('html') }", true),
        ("{ ['set-cookie'] = 'b=2' }", true),
        ("{ ['set-cookie'] = 'c=3' }", false),
        ("{ ['set-cookie'] = { 'a=1', 'b=2' } }", true),
        ("{ ['set-cookie'] = { 'b=2', 'a=1' } }", false),
        ("{ ['set-cookie'] = { 'a=1' } }", false),
        (
            "{ ['set-cookie'] = match.unordered { 'b=2', 'a=1' } }",
            true,
        ),
        ("{ ['set-cookie'] = match.no('b=2') }", false),
        ("{ ['set-cookie'] = match.no('c=3') }", true),
        ("{ ['set-cookie'] = match.each(match.contains('=')) }", true),
        ("{ ['set-cookie'] = match.all_of('a=1', 'b=2') }", true),
        (
            "{ ['set-cookie'] = match.all_of('a=1', match.no('b=2')) }",
            false,
        ),
        ("{ etag = match.absent }", true),
        ("{ etag = match.any }", false),
        ("{ etag = match.no('x') }", false),
        ("{ ['content-type'] = match.absent }", false),
        ("match.exactly { ['content-type'] = match.any }", false),
        (
            "match.exactly { ['content-type'] = match.any, ['set-cookie'] = match.any,
                ['content-length'] = '5' }",
            true,
        ),
        ("match.any", true),
    ] {
        let pattern = pattern(&lua, code);
        check_headers(&pattern).expect("a header pattern");
        let found = matches_headers(&pattern, &headers(), &context).expect("decided");
        assert_eq!(found, wanted, "{code}");
        let differences = header_differences("headers", &pattern, &headers(), &context);
        assert_eq!(differences.is_empty(), wanted, "{code}");
    }
}

#[test]
fn a_number_is_no_header() {
    let lua = vm();
    let error = check_headers(&pattern(&lua, "{ ['content-length'] = 5 }")).expect_err("refused");
    assert!(
        error.to_string().contains("write it as a string"),
        "{error}"
    );
    assert!(check_headers(&pattern(&lua, "'text'")).is_err());
}

#[test]
fn a_difference_names_the_header_and_all_its_values() {
    let lua = vm();
    let pattern = pattern(&lua, "{ ['set-cookie'] = 'c=3', etag = match.any }");
    let context = Context::new(&lua, &[]);
    let differences = header_differences("headers", &pattern, &headers(), &context);
    let lines: Vec<String> = differences
        .iter()
        .map(|d| format!("{}: {} / {}", d.path, d.expected, d.found))
        .collect();
    assert_eq!(
        lines,
        [
            "headers.etag: match.any / nothing",
            "headers[\"set-cookie\"]: \"c=3\" / { \"a=1\", \"b=2\" }",
        ]
    );
}
