//! Values through JSON, paths and Lua, with a real VM.

use mlua::{Lua, LuaOptions, StdLib, Value as LuaValue};

use super::{Strictness, from_lua, json, pick, to_lua};
use crate::model::{ProblemKind, Value};
use crate::script::raise::Raise;

fn vm() -> Lua {
    let libs = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::UTF8 | StdLib::COROUTINE;
    Lua::new_with(libs, LuaOptions::default()).expect("a VM")
}

fn parse(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("JSON")
}

fn again(text: &str) -> String {
    json::write(&parse(text)).expect("a text")
}

/// Runs Lua with `v` bound to a decoded text.
fn with(text: &str, code: &str) -> mlua::Result<LuaValue> {
    let lua = vm();
    let value = to_lua(&lua, &parse(text), Strictness::Strict)?;
    lua.globals().set("v", value)?;
    lua.load(code).eval()
}

fn data(code: &str) -> mlua::Result<Value> {
    let lua = vm();
    let value: LuaValue = lua.load(code).eval()?;
    from_lua(&lua, &value, &mut Vec::new())
}

fn raised(error: &mlua::Error) -> (ProblemKind, String) {
    let problem = error.downcast_ref::<Raise>().expect("a typed error");
    (problem.problem.kind, problem.problem.message.clone())
}

#[test]
fn json_comes_back_as_it_went_in() {
    for text in [
        "null",
        "[]",
        "{}",
        "[{},[],null,true,false]",
        "9223372036854775807",
        "-9223372036854775808",
        "1.0",
        "0.1",
        "\"\\u0000\\\"ü\"",
        "{\"b\":1,\"a\":{\"z\":[],\"y\":{}}}",
    ] {
        assert_eq!(again(text), text);
    }
    assert_eq!(again(" [1 , 2]\n"), "[1,2]");
    assert_eq!(again("{\"a\":1,\"b\":2,\"a\":3}"), "{\"a\":3,\"b\":2}");
}

#[test]
fn integers_beyond_64_bits_become_their_digits() {
    assert_eq!(
        parse("18446744073709551615"),
        Value::text("18446744073709551615")
    );
    assert_eq!(
        parse("-9223372036854775809"),
        Value::text("-9223372036854775809")
    );
    assert_eq!(parse("1.0"), Value::Float(1.0));
    assert_eq!(parse("1"), Value::Integer(1));
}

#[test]
fn what_is_no_json_says_where() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    for (text, line, column) in [
        (&b"{\"a\":\n  oops}"[..], 2, 3),
        (b"[1,]", 1, 4),
        (b"1e400", 1, 1),
        (b"[-1e999]", 1, 2),
        (b"\"\xff\"", 1, 2),
        (b"NaN", 1, 1),
        (b"", 1, 1),
        (b"{} x", 1, 4),
        (deep.as_bytes(), 1, 129),
    ] {
        let error = json::parse(text).expect_err("no JSON");
        assert_eq!((error.line, error.column), (line, column), "{error}");
    }
    let fine = "[".repeat(128) + &"]".repeat(128);
    assert_eq!(again(&fine), fine);
}

#[test]
fn what_json_cannot_hold_names_its_place() {
    let inside = |value| Value::Map(vec![(b"a".to_vec(), Value::List(vec![Value::Null, value]))]);
    let text = |value| {
        json::write(&inside(value))
            .expect_err("refused")
            .to_string()
    };
    assert!(text(Value::Float(f64::NAN)).contains("`a[2]` is nan"));
    assert!(text(Value::Float(f64::INFINITY)).contains("`a[2]` is inf"));
    assert!(text(Value::Text(vec![0xff])).contains("`a[2]` is not UTF-8"));
    assert!(text(Value::Opaque("function", 0)).contains("`a[2]` is a function"));
}

#[test]
fn values_survive_lua() {
    let lua = vm();
    for text in [
        "null",
        "{\"a\":[],\"b\":{},\"c\":[null,1,1.0,9223372036854775807,\"x\",true]}",
        "[[],{}]",
        "{\"1\":\"a\"}",
    ] {
        for strictness in [Strictness::Strict, Strictness::Plain] {
            let there = to_lua(&lua, &parse(text), strictness).expect("Lua");
            let back = from_lua(&lua, &there, &mut Vec::new()).expect("data");
            assert_eq!(json::write(&back).expect("a text"), text);
        }
    }
    let bytes = Value::Text(vec![0, 0xff, b'a']);
    let there = to_lua(&lua, &bytes, Strictness::Plain).expect("Lua");
    assert_eq!(
        from_lua(&lua, &there, &mut Vec::new()).expect("data"),
        bytes
    );
}

#[test]
fn an_absent_key_of_an_answer_raises_and_names_what_there_is() {
    for (text, code, message) in [
        (
            "{\"type\":\"x\",\"text\":\"y\"}",
            "v.nick",
            "the answer has no \"nick\" (it has: text, type)",
        ),
        (
            "{\"nick\":\"x\"}",
            "v.nik",
            "the answer has no \"nik\" (it has: nick), did you mean `nick`?",
        ),
        ("{}", "v.a", "the answer has no \"a\" (it is empty)"),
        (
            "[1,2]",
            "v.a",
            "the answer has no \"a\" (it is a list of 2)",
        ),
        (
            "{\"a\":{\"b\":1}}",
            "v.a.c",
            "the answer has no \"c\" (it has: b)",
        ),
        (
            "{\"a\":null}",
            "v.a.b",
            "what came has null where \"b\" was read from it",
        ),
    ] {
        let error = with(text, &format!("return {code}")).expect_err("strict");
        let (kind, found) = raised(&error);
        assert_eq!(kind, ProblemKind::Unreadable);
        assert_eq!(found, message);
    }
}

#[test]
fn everything_else_of_a_strict_table_is_as_usual() {
    let code = "
        local keys, items = 0, 0
        for _ in pairs(v) do keys = keys + 1 end
        for _ in ipairs(v.list) do items = items + 1 end
        assert(keys == 2 and items == 3 and #v.list == 3, 'counts')
        assert(v[1] == nil and v.list[4] == nil and next(v.list) == 1, 'integers')
        assert(table.concat(v.list, ',') == '1,2,3' and select('#', table.unpack(v.list)) == 3)
        assert(v.none == n and v.none ~= nil and tostring(v.none) == 'null', 'null')
        v.fresh = 1
        table.insert(v.list, 4)
        return v.fresh + v.list[4]";
    let lua = vm();
    let value = to_lua(
        &lua,
        &parse("{\"list\":[1,2,3],\"none\":null}"),
        Strictness::Strict,
    )
    .expect("Lua");
    lua.globals().set("v", value).expect("set");
    lua.globals().set("n", LuaValue::NULL).expect("set");
    assert_eq!(lua.load(code).eval::<i64>().expect("runs"), 5);
    let plain = to_lua(&lua, &parse("{\"a\":1}"), Strictness::Plain).expect("Lua");
    lua.globals().set("v", plain).expect("set");
    assert!(
        lua.load("return v.b")
            .eval::<LuaValue>()
            .expect("plain")
            .is_nil()
    );
}

#[test]
fn tables_that_would_lose_data_are_refused() {
    for (code, part) in [
        ("{ 1, 2, a = 3 }", "both keys (`a`) and a list part"),
        ("{ x = { [1] = 'a', [3] = 'c' } }", "`x` has a hole at [2]"),
        ("{ [true] = 1 }", "the key true"),
        ("{ [1.5] = 1 }", "the key 1.5"),
        ("{ [0] = 1 }", "the key 0"),
        (
            "{ a = { { b = { [-1] = 1 } } } }",
            "`a[1].b` has the key -1",
        ),
        (
            "(function() local t = {} t.t = t return t end)()",
            "holds itself",
        ),
        (
            "(function() local t = 'x' for _ = 1, 40 do t = { t, t } end return t end)()",
            "more than 256 MiB",
        ),
        ("nil", "nil is no value"),
    ] {
        let error = data(&format!("return {code}")).expect_err(code);
        let (kind, message) = raised(&error);
        assert_eq!(kind, ProblemKind::Script);
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_is_no_data_is_kept_beside_it() {
    let lua = vm();
    let value: LuaValue = lua
        .load("return { 1, print or next }")
        .eval()
        .expect("eval");
    let mut opaque = Vec::new();
    let read = from_lua(&lua, &value, &mut opaque).expect("data");
    let wanted = vec![Value::Integer(1), Value::Opaque("function", 0)];
    assert_eq!(read, Value::List(wanted));
    let back = super::to_lua_with(&lua, &read, Strictness::Plain, &opaque).expect("Lua");
    let table = back.as_table().expect("a table");
    assert!(table.get::<LuaValue>(2).expect("item").is_function());
    assert!(to_lua(&lua, &read, Strictness::Plain).is_err());
}

#[test]
fn a_table_that_stands_for_another_shows_that_ones_entries() {
    let code = "
        local hidden = { a = 1, b = 2 }
        return setmetatable({}, { __index = hidden, __pairs = function() return next, hidden end })";
    assert_eq!(data(code).expect("data").show(80), "{ a = 1, b = 2 }");
}

#[test]
fn paths_find_values_as_they_are() {
    let mut value =
        parse("{\"items\":[{\"id\":9007199254740993,\"n\":\"a\"},{\"id\":2.0,\"n\":\"b\"}]}");
    if let Value::Map(entries) = &mut value {
        entries.push((b"raw".to_vec(), Value::Text(vec![0xff])));
        entries.push((vec![0xfe], Value::Float(f64::NAN)));
    }
    for (path, wanted) in [
        ("$.items[0].id", "{ 9007199254740993 }"),
        ("items[1].id", "{ 2.0 }"),
        ("items[-1].n", "{ \"b\" }"),
        ("$.raw", "{ \"\\xff\" }"),
        ("..n", "{ \"a\", \"b\" }"),
        ("$.items[?@.id > 2].n", "{ \"a\" }"),
        ("['\u{fffd}']", "{ NaN }"),
        ("missing", "json.array{}"),
    ] {
        let found = pick(&value, path).expect("a path");
        assert_eq!(Value::List(found).show(80), wanted, "{path}");
    }
    let whole = pick(&Value::Integer(1), "$").expect("a path");
    assert_eq!(whole, [Value::Integer(1)]);
    let error = pick(&value, "a-b[").expect_err("no path").to_string();
    assert!(error.starts_with("`a-b[` is no JSONPath"), "{error}");
}

#[test]
fn of_equal_keys_the_last_wins_in_the_place_of_the_first_however_many_there_are() {
    for count in [3, 15, 16, 17, 40] {
        let keys: Vec<String> = (0..count).map(|key| format!("\"k{key}\":{key}")).collect();
        for repeated in [0, count / 2, count - 1] {
            let text = format!("{{{},\"k{repeated}\":-1,\"end\":0}}", keys.join(","));
            let Value::Map(entries) = parse(&text) else {
                panic!("an object");
            };
            assert_eq!(entries.len(), count + 1, "{count} {repeated}");
            for (place, (key, value)) in entries.iter().take(count).enumerate() {
                assert_eq!(key, format!("k{place}").as_bytes());
                let wanted = if place == repeated { -1 } else { place as i64 };
                assert_eq!(*value, Value::Integer(wanted), "{count} {repeated} {place}");
            }
        }
    }
}
