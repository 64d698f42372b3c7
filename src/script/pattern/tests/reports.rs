//! What is said about patterns: refusals, texts, differences, the nearest miss.

use super::super::nearest;
use super::*;

#[test]
fn what_is_no_pattern_says_what_it_may_have_meant() {
    let lua = vm();
    for (code, parts) in [
        (
            "{}",
            &["match.exactly {}", "json.array{}", "match.type(\"object\")"][..],
        ),
        ("{ a = {} }", &["`a` of the pattern", "match.exactly {}"]),
        (
            "{ 'x', within = '5s' }",
            &[
                "both keys (`within`)",
                "leave out the keys",
                "give every value a key",
                "options",
            ],
        ),
        ("{ 1, nil, 3 }", &["nil at [2]", "match.any"]),
        ("{ [true] = 1 }", &["the key true"]),
        ("nil", &["match.absent", "json.null"]),
        ("function() end", &["match.that"]),
        ("0/0", &["NaN"]),
        (
            "(function() local t = {} t.t = t return t end)()",
            &["holds itself"],
        ),
        (
            "(function() local p = 1 for _ = 1, 300 do p = match.no(p) end return p end)()",
            &["nested deeper than 128"],
        ),
        (
            "(function() local p = 1 for _ = 1, 40 do p = match.all_of(p, p) end return p end)()",
            &["more than 100000 parts"],
        ),
        (
            "(function() local t = 1 for _ = 1, 40 do t = { t, t } end return t end)()",
            &["more than 100000 parts"],
        ),
        (
            "match.exactly('x')",
            &["match.exactly", "a table", "string x"],
        ),
        (
            "match.regex('(')",
            &["match.regex: this is no regular expression: unclosed group"],
        ),
        ("match.regex(1)", &["match.regex", "a string", "integer 1"]),
        (
            "match.type('strng')",
            &["`strng` is no type", "did you mean `string`?"],
        ),
        ("match.type('table')", &["`table` is no type", "object"]),
        ("match.between(2, 1)", &["match.between", "2 and 1"]),
        (
            "match.between(2)",
            &["the upper end should be a number, got nil"],
        ),
        ("match.near(1, -1)", &["negative"]),
        (
            "match.gt('1')",
            &["match.gt: the bound should be a number, got the string 1"],
        ),
        ("match.one_of { 'a', 'b' }", &["one by one"]),
        ("match.one_of()", &["takes patterns, got none"]),
        ("match.no('a', 'b')", &["match.no takes 1 argument, got 2"]),
        ("match.no({})", &["match.no: `{}` is no pattern"]),
        ("match.unordered { a = 1 }", &["should be a list"]),
        (
            "match.that(function() end)",
            &["the description should be a string"],
        ),
        ("match.that('x')", &["should be a function, got nil"]),
        ("match.schema {}", &["cargo feature `schema`"]),
        (
            "match.contians('x')",
            &["`match` has no `contians`, did you mean `contains`?"],
        ),
        ("match.any.thing", &["match.any", "`thing`"]),
    ] {
        let message = refusal(&lua, code);
        for part in parts {
            assert!(message.contains(part), "{code}: {message}");
        }
    }
}

#[test]
fn a_pattern_is_no_data() {
    let lua = vm();
    let error = lua
        .load("return json.encode({ a = { match.any } })")
        .eval::<LuaValue>()
        .expect_err("refused");
    assert!(error.to_string().contains("`a[1]` is a pattern"), "{error}");
}

#[test]
fn a_pattern_reads_as_a_script_would_write_it() {
    let lua = vm();
    let code = "{ type = 'system', text = match.regex('left$'), n = match.between(1, 2.5),
        list = { 1, match.unordered { 'a' } }, ['a-b'] = match.no(match.uuid),
        f = match.that('is fine', function() end) }";
    let shown = "{ [\"a-b\"] = match.no(match.uuid), f = match.that(\"is fine\", …), \
                 list = { 1, match.unordered { \"a\" } }, n = match.between(1, 2.5), \
                 text = match.regex(\"left$\"), type = \"system\" }";
    let pattern = pattern(&lua, code);
    assert_eq!(pattern.show(1000), shown);
    assert_eq!(pattern.to_string(), shown);
    assert!(pattern.show(20).chars().count() <= 20);
    let named: String = lua
        .load("return tostring(match.gt(3))")
        .eval()
        .expect("text");
    assert_eq!(named, "match.gt(3)");
}

fn lines(lua: &Lua, code: &str, value_code: &str) -> Vec<String> {
    let value = value(lua, value_code);
    let context = Context::new(lua, &[]);
    pattern(lua, code)
        .differences(Some(&value), &context)
        .into_iter()
        .map(|d| format!("{}: {} / {}", d.path, d.expected, d.found))
        .collect()
}

#[test]
fn differences_name_their_place() {
    let lua = vm();
    for (pattern, value, wanted) in [
        ("1", "2", &[": 1 / 2"][..]),
        (
            "{ a = { { id = 1 }, { id = 2 } }, b = match.any }",
            "{ a = { { id = 1 }, { id = 3 } } }",
            &["a[2].id: 2 / 3", "b: match.any / nothing"],
        ),
        (
            "{ 1, 2 }",
            "{ 1, 3, 4 }",
            &[
                ": a list of 2 / a list of 3",
                "[2]: 2 / 3",
                "[3]: nothing / 4",
            ],
        ),
        (
            "match.exactly { a = 1 }",
            "{ a = 1, b = 2 }",
            &["b: nothing (match.exactly) / 2"],
        ),
        (
            "match.unordered { 1, 2 }",
            "{ 3, 1 }",
            &[": 2 / no item for it", "[1]: nothing / 3"],
        ),
        (
            "{ a = match.absent }",
            "{ a = 1 }",
            &["a: match.absent / 1"],
        ),
        (
            "match.length(2)",
            "'abc'",
            &[": match.length(2) / length 3 of \"abc\""],
        ),
        ("{ a = 1 }", "{ 1 }", &[": { a = 1 } / { 1 }"]),
    ] {
        assert_eq!(lines(&lua, pattern, value), wanted, "{pattern}");
    }
}

#[test]
fn the_nearest_miss_is_the_likeliest() {
    let lua = vm();
    let context = Context::new(&lua, &[]);
    let values: Vec<Value> = [
        "{ type = 'identity', nick = 'bob' }",
        "{ type = 'system', text = 'bob left the room', count = 1 }",
        "{ type = 'system', text = 'bob joined', count = 2 }",
        "{ type = 'message', text = 'something else', nick = 'al' }",
        "'bob left'",
    ]
    .iter()
    .map(|code| value(&lua, code))
    .collect();
    let wanted = pattern(&lua, "{ type = 'system', text = 'bob left' }");
    let (index, differences) = nearest(&wanted, &values, &context).expect("one");
    assert_eq!((index, differences.len()), (1, 1));
    assert_eq!(differences[0].path, "text");
    let (index, _) = nearest(&pattern(&lua, "'bob lift'"), &values, &context).expect("one");
    assert_eq!(index, 4);
    assert!(nearest(&wanted, [], &context).is_none());
    // Of equally near ones the last: it is likelier to belong to what was just done.
    let twins = [Value::Integer(5), Value::Integer(6)];
    let (index, _) = nearest(&pattern(&lua, "7"), &twins, &context).expect("one");
    assert_eq!(index, 1);
}

#[test]
fn long_texts_are_shown_where_they_begin_to_differ() {
    let text = |middle: &str, behind: usize| {
        let text = format!("{}{middle}{}", "é".repeat(400), "z".repeat(behind));
        Value::Text(text.into_bytes())
    };
    let lua = vm();
    let context = Context::new(&lua, &[]);
    let found = Pattern::Equals(text("X", 400)).differences(Some(&text("Y", 399)), &context);
    let [one] = found.as_slice() else {
        panic!("{found:?}");
    };
    let (e, z) = ("é".repeat(12), "z".repeat(27));
    assert_eq!(one.expected, format!("\"…{e}X{z}…\" (801 characters)"));
    assert_eq!(one.found, format!("\"…{e}Y{z}…\" (800 characters)"));
}
