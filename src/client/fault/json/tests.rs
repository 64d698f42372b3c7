use serde_json::Value;

use super::*;

fn listed(text: &str) -> Vec<String> {
    let parts = parts(text.as_bytes());
    parts
        .iter()
        .map(|part| format!("{} {:?}", shown(&part.path), part.value))
        .collect()
}

#[test]
fn every_part_is_listed_with_its_path_in_order() {
    let text = r#" {"a": [1.10, {"b c":null}], "é\n":"x\u0041\"", "on":true ,"none":{}} "#;
    assert_eq!(
        listed(text),
        [
            "$ Object(4)",
            "$.a List(2)",
            "$.a[0] Number(\"1.10\")",
            "$.a[1] Object(1)",
            "$.a[1][\"b c\"] Null",
            "$[\"é\\n\"] Text(\"xA\\\"\")",
            "$.on Bool(true)",
            "$.none Object(0)",
        ]
    );
}

#[test]
fn frames_with_a_word_before_their_json_and_leaves_alone_are_json_too() {
    assert_eq!(
        listed(r#"42["said",{"n":7}]"#),
        [
            "$ List(2)",
            "$[0] Text(\"said\")",
            "$[1] Object(1)",
            "$[1].n Number(\"7\")"
        ]
    );
    assert_eq!(listed(" 17\n"), ["$ Number(\"17\")"]);
    assert_eq!(listed("\"a[b\""), ["$ Text(\"a[b\")"]);
    assert_eq!(
        text_at(
            br#"42["said",{"n": 1e2}]"#,
            &[Key::Index(1), Key::Name("n".into())]
        ),
        Some("1e2")
    );
}

#[test]
fn of_members_of_one_name_the_last_is_the_one() {
    let text = r#"{"a":{"x":1},"a":{"y":2}}"#;
    assert_eq!(
        listed(text),
        ["$ Object(2)", "$.a Object(1)", "$.a.y Number(\"2\")"]
    );
    let path = [Key::Name("a".into()), Key::Name("x".into())];
    assert_eq!(text_at(text.as_bytes(), &path), None);
}

#[test]
fn what_is_json_is_what_another_reader_takes_for_it() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "01",
        "-",
        "-0",
        "1.",
        ".5",
        "1e",
        "1e+",
        "1E+05",
        "+1",
        "tru",
        "true",
        "nul",
        "nulll",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u00e9\"",
        "\"\t\"",
        "[]x",
        "[1]]",
        "[\"a\":1]",
        "{\"a\",1}",
        "[1]\u{a0}",
        "NaN",
        "'a'",
        "[[[]]]",
        "{\"\":{\"\":[]}}",
        "tick",
        "[true,false,null]",
        "\"a\"\"b\"",
    ] {
        let known = serde_json::from_str::<Value>(text).is_ok();
        assert_eq!(Document::read(text.as_bytes()).is_some(), known, "{text:?}");
    }
    assert!(Document::read(b"\"\xff\"").is_none());
}

#[test]
fn a_deep_text_is_read_without_a_stack_and_listed_to_a_bound() {
    let depth = 200_000;
    let text = format!("{}7{}", "[".repeat(depth), "]".repeat(depth));
    let path = vec![Key::Index(0); depth];
    assert_eq!(parts(text.as_bytes()).len(), DEEPEST + 1);
    assert_eq!(
        text_at(text.as_bytes(), &path[..3]),
        Some(&text[3..text.len() - 3])
    );
}

#[test]
fn a_long_list_is_listed_in_time() {
    let text = format!("[{}0]", "{\"a\":1},".repeat(50_000));
    assert_eq!(parts(text.as_bytes()).len(), 100_002);
}
