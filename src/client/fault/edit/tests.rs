use serde_json::Value;

use super::super::json::parts;
use super::*;

fn path(text: &str) -> Vec<Key> {
    let keys = text.split('.').filter(|key| !key.is_empty());
    keys.map(|key| match key.parse() {
        Ok(index) => Key::Index(index),
        Err(_) => Key::Name(key.to_string()),
    })
    .collect()
}

fn edited(text: &str, at: &str, how: &Edit) -> Option<String> {
    let edited = edit(text.as_bytes(), &path(at), how)?;
    Some(String::from_utf8(edited).expect("a text"))
}

/// What becomes of a leaf that is all of a text.
#[track_caller]
fn becomes(before: &str, how: &Edit, after: &str) {
    assert_eq!(edited(before, "", how).as_deref(), Some(after), "{before}");
}

#[track_caller]
fn stays(text: &str, how: &Edit) {
    assert_eq!(edited(text, "", how), None, "{text}");
}

const WIDE: &str = "{ \"price\" : 1.10,\t\"id\":9007199254740993, \"l\":[ 1 ,2,\n3 ],\"o\":{},\
    \"e\":1e2,\"t\":\"\\u00e9\\/ \",\"n\":null }\n";

#[test]
fn every_other_byte_stays_as_it_is() {
    let after = edited(WIDE, "l.1", &Edit::Add { by: 1 });
    assert_eq!(after, Some(WIDE.replace(",2,", ",3,")));
    let after = edited(WIDE, "id", &Edit::Add { by: -1 });
    assert_eq!(
        after,
        Some(WIDE.replace("9007199254740993", "9007199254740992"))
    );
    let after = edited(WIDE, "t", &Edit::Empty);
    assert_eq!(after, Some(WIDE.replace("\"\\u00e9\\/ \"", "\"\"")));
    let framed = r#"42["said",{"text":"a", "n":1.10}]"#;
    let after = edited(framed, "1.text", &Edit::Character);
    assert_eq!(after, Some(framed.replace("\"a\"", "\"b\"")));
}

#[test]
fn numbers_are_changed_as_they_are_written() {
    let (more, less) = (Edit::Add { by: 1 }, Edit::Add { by: -1 });
    becomes("3", &more, "4");
    becomes("-1", &more, "0");
    becomes("0", &less, "-1");
    becomes("1.10", &more, "2.10");
    becomes("0.5", &less, "-0.5");
    becomes("-0.05", &more, "0.95");
    becomes("1e3", &more, "1001.0");
    becomes("3", &Edit::TimesTen, "30");
    becomes("1.10", &Edit::TimesTen, "11.00");
    becomes("1e3", &Edit::TimesTen, "10000.0");
    becomes("3", &Edit::Zero, "0");
    becomes("0.01", &Edit::Zero, "0");
    becomes("3", &Edit::Sign, "-3");
    becomes("-1.5e3", &Edit::Sign, "1.5e3");
    for same in ["0", "-0", "0.0", "0e5"] {
        for edit in [Edit::Zero, Edit::Sign, Edit::TimesTen] {
            stays(same, &edit);
        }
    }
    // Too big for one more to be seen.
    stays("1e300", &more);
    stays("100000000000000000000000000000000000000000", &more);
    stays("1e308", &Edit::TimesTen);
}

#[test]
fn strings_are_changed_by_a_character_their_case_and_their_spaces() {
    becomes("\"bob\"", &Edit::Character, "\"bpb\"");
    becomes("\"z\"", &Edit::Character, "\"a\"");
    becomes("\"-9-\"", &Edit::Character, "\"-0-\"");
    becomes("\"é\"", &Edit::Character, "\"x\"");
    becomes("\"\\u0041\"", &Edit::Character, "\"B\"");
    stays("\"\"", &Edit::Character);
    becomes("\"Bob ß\"", &Edit::Case, "\"bOB SS\"");
    stays("\"17\"", &Edit::Case);
    becomes("\" a b \"", &Edit::Trim, "\"a b\"");
    becomes("\"a b\"", &Edit::Trim, "\"a b \"");
    becomes("\"\"", &Edit::Trim, "\" \"");
    becomes("\"a\"", &Edit::Empty, "\"\"");
    stays("\"\"", &Edit::Empty);
    let other = |value: &str| Edit::Other {
        value: value.into(),
    };
    becomes("\"a\"", &other("eve \"x\"\n"), "\"eve \\\"x\\\"\\n\"");
    stays("\"a\"", &other("a"));
    stays("7", &other("a"));
    // Half of a pair of surrogates is no text.
    stays("\"\\ud800\"", &Edit::Empty);
}

#[test]
fn leaves_become_null_the_other_boolean_and_another_type() {
    becomes("true", &Edit::Flip, "false");
    stays("1", &Edit::Flip);
    becomes("true", &Edit::Null, "null");
    becomes("[1]", &Edit::Null, "null");
    stays("null", &Edit::Null);
    becomes("1.10", &Edit::OtherType, "\"1.10\"");
    becomes("\"17\"", &Edit::OtherType, "17");
    becomes("\"a\"", &Edit::OtherType, "0");
    becomes("true", &Edit::OtherType, "1");
    becomes("null", &Edit::OtherType, "0");
    becomes("{\"a\":1}", &Edit::OtherType, "0");
    stays("true", &Edit::Add { by: 1 });
    stays("\"1\"", &Edit::Zero);
}

#[test]
fn members_go_with_their_comma_and_one_more_comes() {
    let text = "{ \"a\":1 , \"b\" : [2],\"c\":3 }";
    let without = |key: &str| edited(text, key, &Edit::RemoveKey);
    assert_eq!(without("a").as_deref(), Some("{ \"b\" : [2],\"c\":3 }"));
    assert_eq!(without("b").as_deref(), Some("{ \"a\":1,\"c\":3 }"));
    assert_eq!(without("c").as_deref(), Some("{ \"a\":1 , \"b\" : [2] }"));
    assert_eq!(without("d"), None);
    assert_eq!(
        edited("{\"a\":1}", "a", &Edit::RemoveKey).as_deref(),
        Some("{}")
    );
    assert_eq!(edited("[1]", "0", &Edit::RemoveKey), None);
    assert_eq!(edited("{}", "", &Edit::RemoveKey), None);
    becomes("{ }", &Edit::AddKey, "{ \"one_more\":true}");
    becomes(
        "{\"one_more\":1 }",
        &Edit::AddKey,
        "{\"one_more\":1,\"one_more_\":true }",
    );
    stays("[]", &Edit::AddKey);
}

#[test]
fn lists_lose_their_last_are_emptied_and_turned_around() {
    becomes("[ 1 ,2, 3 ]", &Edit::LoseElement, "[ 1 ,2 ]");
    becomes("[{\"a\":[1,2]}]", &Edit::LoseElement, "[]");
    becomes("[ 1 ]", &Edit::EmptyList, "[]");
    becomes("[ 1 ,[2, 9], {} ]", &Edit::Reverse, "[ {} ,[2, 9], 1 ]");
    for same in ["[]", "{}", "{\"a\":1}", "3"] {
        for edit in [Edit::LoseElement, Edit::EmptyList, Edit::Reverse] {
            stays(same, &edit);
        }
    }
    stays("[1]", &Edit::Reverse);
    stays("[1,[2],1]", &Edit::Reverse);
}

const HOUR: Edit = Edit::Shift {
    by: 3_600_000_000_000,
};

#[test]
fn times_are_an_hour_later_in_their_own_unit_and_form() {
    becomes("1772500000", &HOUR, "1772503600");
    becomes("1772500000.25", &HOUR, "1772503600.25");
    becomes("1772500000123", &HOUR, "1772503600123");
    becomes("1772500000123456", &HOUR, "1772503600123456");
    becomes("1772500000123456789", &HOUR, "1772503600123456789");
    for same in [
        "17",
        "-1772500000",
        "99999999999",
        "1.7e9",
        "\"17\"",
        "\"2026\"",
        "null",
    ] {
        stays(same, &HOUR);
    }
    becomes(
        "\"2026-03-02T23:30:00Z\"",
        &HOUR,
        "\"2026-03-03T00:30:00Z\"",
    );
    becomes(
        "\"2024-02-28 23:59:59.120+05:30\"",
        &HOUR,
        "\"2024-02-29 00:59:59.120+05:30\"",
    );
    becomes(
        "\"2026-03-02t23:30:00.1234567891z\"",
        &Edit::Shift { by: 1_000_000_000 },
        "\"2026-03-02t23:30:01.1234567890z\"",
    );
    for same in [
        "\"2026-03-02\"",
        "\"2026-03-02T23:30:00\"",
        "\"2026-13-02T23:30:00Z\"",
        "\"2026-03-02T23:30:00.Z\"",
        "\"2026-03-02T23:30:00+0530\"",
        "\"2026-03-02T23:30:00Zulu\"",
        "\"2026-03-02é23:30:00Z\"",
    ] {
        stays(same, &HOUR);
    }
}

#[test]
fn a_time_stands_still_where_another_was_before() {
    let freeze = |value: &str| Edit::Freeze {
        value: value.into(),
    };
    becomes("1772500000", &freeze("1772499999"), "1772499999");
    becomes("\"b\"", &freeze("\"a\""), "\"a\"");
    becomes("null", &freeze("5"), "5");
    stays("1772500000", &freeze("1772500000"));
    stays("\"a\"", &freeze("\"\\u0061\""));
    stays("5", &freeze("no json"));
    stays("[5]", &freeze("5"));
}

#[test]
fn what_is_no_json_and_what_is_not_there_is_left_alone() {
    for text in ["", "hello", "{\"a\":1", "tick 17"] {
        stays(text, &Edit::Null);
    }
    assert_eq!(edited("{\"a\":[1]}", "a.1", &Edit::Null), None);
    assert_eq!(edited("{\"a\":[1]}", "a.b", &Edit::Null), None);
    assert_eq!(edited("{\"a\":[1]}", "0", &Edit::Null), None);
    assert!(edit(b"\"\xff\"", &[], &Edit::Null).is_none());
}

/// Whatever the edit and the part, the result is JSON in which just that part differs.
#[test]
fn every_edit_of_every_part_leaves_json_with_one_difference() {
    let edits = [
        Edit::Add { by: 1 },
        Edit::Add { by: -1 },
        Edit::TimesTen,
        Edit::Zero,
        Edit::Sign,
        Edit::Character,
        Edit::Case,
        Edit::Trim,
        Edit::Empty,
        Edit::Other { value: "\\".into() },
        Edit::Flip,
        Edit::Null,
        Edit::OtherType,
        Edit::RemoveKey,
        Edit::AddKey,
        Edit::LoseElement,
        Edit::EmptyList,
        Edit::Reverse,
        HOUR,
        Edit::Freeze {
            value: "\"now\"".into(),
        },
    ];
    let mut made = 0;
    for part in parts(WIDE.as_bytes()) {
        for how in &edits {
            let Some(after) = edit(WIDE.as_bytes(), &part.path, how) else {
                continue;
            };
            let mut before: Value = serde_json::from_str(WIDE).expect("JSON");
            let mut after: Value = serde_json::from_slice(&after).expect("JSON");
            assert_ne!(before, after, "{part:?} {how:?}");
            for whole in [&mut before, &mut after] {
                take(whole, &part.path);
            }
            assert_eq!(before, after, "{part:?} {how:?}");
            made += 1;
        }
    }
    assert!(made > 50, "only {made}");
}

/// Takes a part away, as far as it is there.
fn take(whole: &mut Value, path: &[Key]) {
    let Some((last, outer)) = path.split_last() else {
        *whole = Value::Null;
        return;
    };
    let inner = outer.iter().fold(whole, |value, key| match key {
        Key::Index(at) => &mut value[*at],
        Key::Name(name) => &mut value[name.as_str()],
    });
    match last {
        Key::Index(at) => inner[*at] = Value::Null,
        Key::Name(name) => drop(inner.as_object_mut().expect("an object").remove(name)),
    }
}

#[test]
fn a_deep_text_is_edited_without_a_stack() {
    let depth = 200_000;
    let text = format!(
        "{{\"a\":1,\"b\":{}{}}}",
        "[".repeat(depth),
        "]".repeat(depth)
    );
    let after = edited(&text, "a", &Edit::Add { by: 1 });
    assert_eq!(after, Some(text.replacen('1', "2", 1)));
    let after = edited(&text, "b.0", &Edit::EmptyList);
    assert_eq!(after.as_deref(), Some("{\"a\":1,\"b\":[[]]}"));
}

#[test]
fn what_was_done_is_told_in_a_line() {
    let text = r#"{"count":3,"who":{"is this":"bob"}}"#;
    let tell = |at: &[Key], how: &Edit| {
        let after = edit(text.as_bytes(), at, how).expect("another text");
        told(text.as_bytes(), &after, at)
    };
    let count = path("count");
    assert_eq!(
        tell(&count, &Edit::Add { by: 1 }),
        "json $.count: 3 became 4"
    );
    assert_eq!(tell(&count, &Edit::RemoveKey), "json $.count: 3 is gone");
    assert_eq!(
        tell(&path("who.is this"), &Edit::Empty),
        r#"json $.who["is this"]: "bob" became """#
    );
}
