//! What matches what.

use super::*;

/// Pattern, value, whether they match.
const CORPUS: &[(&str, &str, bool)] = &[
    // Scalars.
    ("1", "1", true),
    ("1", "1.0", true),
    ("1.0", "1", true),
    ("1", "'1'", false),
    ("'1'", "1", false),
    ("9007199254740993", "9007199254740992.0", false),
    ("9007199254740993", "9007199254740993", true),
    ("math.maxinteger", "2^63", false),
    ("'a'", "'a'", true),
    ("'\\xff'", "'\\xff'", true),
    ("true", "false", false),
    ("json.null", "json.null", true),
    ("match.null", "json.null", true),
    ("match.null", "nil", false),
    ("0", "false", false),
    // Maps have at least, lists have exactly.
    ("{ a = 1 }", "{ a = 1, b = 2 }", true),
    ("{ a = 1, b = 2 }", "{ a = 1 }", false),
    ("{ a = { b = 1 } }", "{ a = { b = 1, c = 2 } }", true),
    ("{ a = 1 }", "{ 1 }", false),
    ("{ 1, 2 }", "{ 1, 2 }", true),
    ("{ 1, 2 }", "{ 1, 2, 3 }", false),
    ("{ 1, 2 }", "{ 2, 1 }", false),
    ("{ { a = 1 } }", "{ { a = 1, b = 2 } }", true),
    ("json.array{}", "json.array{}", true),
    ("json.array{}", "json.object{}", false),
    ("json.array{}", "{ 1 }", false),
    ("json.object{}", "{ a = 1 }", true),
    ("json.object{}", "json.array{}", false),
    (
        "json.decode('[{\"a\":[]}]')",
        "{ { a = json.array{} } }",
        true,
    ),
    // Exactly, shallow.
    ("match.exactly { a = 1 }", "{ a = 1 }", true),
    ("match.exactly { a = 1 }", "{ a = 1, b = 2 }", false),
    (
        "match.exactly { a = { b = 1 } }",
        "{ a = { b = 1, c = 2 } }",
        true,
    ),
    ("match.exactly {}", "json.object{}", true),
    ("match.exactly {}", "{ a = 1 }", false),
    ("match.exactly {}", "json.array{}", false),
    ("match.exactly { 1, 2 }", "{ 1, 2 }", true),
    (
        "match.exactly { a = match.absent, b = 1 }",
        "{ b = 1 }",
        true,
    ),
    // Presence.
    ("match.any", "false", true),
    ("match.any", "json.null", true),
    ("match.any", "nil", false),
    ("match.absent", "nil", true),
    ("match.absent", "json.null", false),
    ("{ a = match.absent }", "{ b = 1 }", true),
    ("{ a = match.absent }", "{ a = json.null }", false),
    ("{ a = match.any }", "{ b = 1 }", false),
    ("{ a = match.one_of(match.absent, 1) }", "{ b = 1 }", true),
    ("{ a = match.one_of(match.absent, 1) }", "{ a = 1 }", true),
    ("{ a = match.one_of(match.absent, 1) }", "{ a = 2 }", false),
    ("{ a = match.no(match.absent) }", "{ a = 2 }", true),
    ("{ a = match.no(match.absent) }", "{ b = 2 }", false),
    ("{ a = match.no('x') }", "{ b = 2 }", false),
    ("match.no(match.no(match.absent))", "nil", true),
    (
        "match.all_of(match.absent, match.no(match.any))",
        "nil",
        false,
    ),
    // Types.
    ("match.type('integer')", "1.0", true),
    ("match.type('integer')", "1.5", false),
    ("match.type('number')", "1", true),
    ("match.type('number')", "'1'", false),
    ("match.type('string')", "''", true),
    ("match.type('array')", "json.array{}", true),
    ("match.type('array')", "json.object{}", false),
    ("match.type('object')", "{ a = 1 }", true),
    ("match.type('boolean')", "false", true),
    ("match.type('null')", "json.null", true),
    // Text.
    ("match.regex('b+')", "'abbc'", true),
    ("match.regex('^b')", "'abbc'", false),
    ("match.regex('(?-u)^\\\\xff$')", "'\\xff'", true),
    ("match.regex('1')", "1", false),
    ("match.contains('bb')", "'abbc'", true),
    ("match.contains('')", "'abc'", true),
    ("match.contains('x')", "'abc'", false),
    ("match.contains('abcd')", "'abc'", false),
    ("match.contains('abc')", "{ 'abc' }", true),
    ("match.contains('ab')", "{ 'abc' }", false),
    (
        "match.contains { id = 2 }",
        "{ { id = 1 }, { id = 2, n = 'x' } }",
        true,
    ),
    (
        "match.contains { id = 3 }",
        "{ { id = 1 }, { id = 2 } }",
        false,
    ),
    ("match.contains(1)", "'1'", false),
    ("match.contains(match.any)", "json.array{}", false),
    ("match.contains('a')", "{ a = 1 }", false),
    ("match.length(3)", "'abc'", true),
    ("match.length(2)", "'\u{fc}'", true),
    ("match.length(match.gt(1))", "{ 1, 2 }", true),
    ("match.length(0)", "json.array{}", true),
    ("match.length(1)", "{ a = 1 }", true),
    ("match.length(1)", "1", false),
    // Numbers.
    ("match.between(1, 2)", "1", true),
    ("match.between(1, 2)", "2.0", true),
    ("match.between(1, 2)", "2.1", false),
    ("match.between(1, 2)", "'1'", false),
    ("match.near(10, 0.5)", "10.5", true),
    ("match.near(10, 0.5)", "9.4", false),
    ("match.near(9007199254740993, 0)", "9007199254740992", false),
    ("match.near(math.mininteger, 1)", "math.maxinteger", false),
    ("match.gt(1)", "1", false),
    ("match.gt(1)", "1.1", true),
    ("match.gte(1)", "1", true),
    ("match.lt(1)", "0", true),
    ("match.lt(0.5)", "1", false),
    ("match.lte(-0.5)", "-1", true),
    ("match.gt(-0.5)", "0", true),
    ("match.gt(-1)", "-1.5", false),
    ("match.lt(2^63)", "math.maxinteger", true),
    ("match.gt(0)", "0/0", false),
    ("match.lt(0)", "0/0", false),
    // Combinations.
    ("match.one_of('a', 'b')", "'b'", true),
    ("match.one_of('a', 'b')", "'c'", false),
    ("match.all_of(match.gt(1), match.lt(3))", "2", true),
    ("match.all_of(match.gt(1), match.lt(3))", "3", false),
    ("match.no('a')", "'b'", true),
    ("match.no('a')", "'a'", false),
    ("match.no { a = 1 }", "{ a = 2 }", true),
    ("match.each(match.gt(0))", "{ 1, 2 }", true),
    ("match.each(match.gt(0))", "{ 1, 0 }", false),
    ("match.each(1)", "json.array{}", true),
    ("match.each(1)", "1", false),
    ("match.unordered { 1, 2 }", "{ 2, 1 }", true),
    ("match.unordered { 1, 1 }", "{ 1, 2 }", false),
    ("match.unordered { 1 }", "{ 1, 2 }", false),
    ("match.unordered {}", "json.array{}", true),
    // A greedy choice gives `any` the only 1, and then the only 2.
    ("match.unordered { match.any, 1 }", "{ 1, 2 }", true),
    (
        "match.unordered { match.any, match.lt(3), 1 }",
        "{ 1, 2, 3 }",
        true,
    ),
    (
        "match.unordered { match.lt(3), match.lt(3), match.lt(3) }",
        "{ 1, 2, 3 }",
        false,
    ),
    // Forms.
    ("match.uuid", "'6f9619ff-8b86-d011-b42d-00c04fc964ff'", true),
    ("match.uuid", "'6F9619FF-8B86-D011-B42D-00C04FC964FF'", true),
    ("match.uuid", "'6f9619ff8b86d011b42d00c04fc964ff'", false),
    (
        "match.uuid",
        "'{6f9619ff-8b86-d011-b42d-00c04fc964ff}'",
        false,
    ),
    ("match.datetime", "'2026-03-04T12:00:00Z'", true),
    ("match.datetime", "'2026-03-04t12:00:00.1234567891z'", true),
    ("match.datetime", "'2026-03-04 12:00:00+01:00'", true),
    ("match.datetime", "'2026-02-30T12:00:00Z'", false),
    ("match.datetime", "'2026-03-04T12:00:00'", false),
    ("match.datetime", "'2026-03-04'", false),
    ("match.datetime", "'2026-03-04T12:00:00.Z'", false),
    ("match.datetime", "'2026-03-04T12:00:00+0100'", false),
    ("match.datetime", "1", false),
    ("match.url", "'https://example.com/a?b=c'", true),
    ("match.url", "'ws://127.0.0.1:80'", true),
    ("match.url", "'/relative'", false),
    ("match.url", "'example.com'", false),
    ("match.url", "' https://example.com'", false),
    ("match.url", "'https:example.com'", false),
    // The script's own.
    (
        "match.that('even', function(v) return v % 2 == 0 end)",
        "2",
        true,
    ),
    (
        "match.that('even', function(v) return v % 2 == 0 end)",
        "3",
        false,
    ),
    (
        "match.that('same', function(v) return v == next end)",
        "next",
        true,
    ),
    // It is not asked where something else already differs.
    (
        "{ a = match.that('never', function() error('asked') end), b = 2 }",
        "{ a = 1, b = 1 }",
        false,
    ),
];

#[test]
fn the_corpus_holds() {
    let lua = vm();
    for (pattern, value, wanted) in CORPUS {
        let found = matches(&lua, pattern, value).expect("decided");
        assert_eq!(found, *wanted, "{pattern} against {value}");
    }
}

#[test]
fn what_a_value_differs_in_and_whether_it_matches_agree() {
    let lua = vm();
    for (code, value_code, wanted) in CORPUS {
        let mut opaque = Vec::new();
        let value = from_lua_or_nil(&lua, &eval(&lua, value_code), &mut opaque).expect("data");
        let context = Context::new(&lua, &opaque);
        let differences = pattern(&lua, code).differences(value.as_ref(), &context);
        assert_eq!(
            differences.is_empty(),
            *wanted,
            "{code} against {value_code}"
        );
    }
}

#[test]
fn a_shown_pattern_is_the_pattern_again() {
    let lua = vm();
    // Functions have no text, and the smallest integer has no literal in Lua.
    let written = |code: &str| !code.contains("that") && !code.contains("mininteger");
    for (code, ..) in CORPUS.iter().filter(|(code, ..)| written(code)) {
        let first = pattern(&lua, code).show(1000);
        assert_eq!(pattern(&lua, &first).show(1000), first, "{code}");
    }
}

#[test]
fn an_error_in_the_scripts_own_judgement_is_passed_on() {
    let lua = vm();
    let code = "match.that('reads', function(v) return v.nick == 'x' end)";
    let error = matches(&lua, code, "json.decode('{\"text\":1}')").expect_err("strict");
    let raised = error.downcast_ref::<Raise>().expect("typed");
    assert_eq!(
        raised.problem.message,
        "the answer has no \"nick\" (it has: text)"
    );
}

#[test]
fn the_scripts_own_judgement_cannot_wait() {
    let lua = vm();
    let wait = lua.create_async_function(|_, ()| std::future::pending::<mlua::Result<()>>());
    lua.globals().set("wait", wait.expect("made")).expect("set");
    let code = "match.that('waits', function() return wait() end)";
    let error = matches(&lua, code, "1").expect_err("cannot wait");
    assert!(error.to_string().contains("cannot wait"), "{error}");
}
