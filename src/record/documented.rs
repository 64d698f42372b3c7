//! Holds `docs/trace.md` to the events: every kind has its section, every section its kind, and
//! the fields of a section are those that are written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::every_kind::{KINDS, every_kind};

const PAGE: &str = include_str!("../../docs/trace.md");
/// Stands wherever a text of the outside can, keys of maps included.
const OUTSIDE: &str = "from-outside";
/// Fields of every event, described once.
const COMMON: [&str; 4] = ["seq", "at", "attempt", "event"];

/// Kinds and their own fields as they are written.
fn written() -> BTreeMap<String, BTreeSet<String>> {
    let mut kinds = BTreeMap::<String, BTreeSet<String>>::new();
    for event in every_kind(OUTSIDE) {
        let event = serde_json::to_value(&event).expect("JSON");
        let kind = event["event"].as_str().expect("a kind").to_string();
        let fields = event.as_object().expect("an object").keys();
        let own = fields.filter(|name| !COMMON.contains(&name.as_str()));
        kinds.entry(kind).or_default().extend(own.cloned());
    }
    kinds
}

/// Sections that are named by a kind, and the first column of their tables.
fn described() -> BTreeMap<String, BTreeSet<String>> {
    let sections = PAGE.split("\n## `").skip(1);
    let kinds = sections.map(|section| {
        let (kind, rest) = section.split_once('`').expect("a kind");
        let rows = rest.split("\n## ").next().expect("a section").lines();
        let fields = rows.filter_map(|row| row.strip_prefix("| `")?.split(['`', '?']).next());
        (kind.to_string(), fields.map(str::to_string).collect())
    });
    kinds.collect()
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                names.insert(name.clone());
                collect(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_kind_and_field_of_the_trace_is_documented() {
    let written = written();
    assert_eq!(written.len(), KINDS);
    assert_eq!(described(), written);
}

#[test]
fn names_within_values_are_documented() {
    let mut names = BTreeSet::new();
    for event in every_kind(OUTSIDE) {
        collect(&serde_json::to_value(&event).expect("JSON"), &mut names);
    }
    names.remove(OUTSIDE);
    // Only what stands in code counts: `{ size, kept?, base64? }`, in one line or over two.
    let code: Vec<&str> = PAGE.split('`').skip(1).step_by(2).collect();
    let words = code
        .iter()
        .flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_'));
    let words: BTreeSet<&str> = words.collect();
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !words.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "no word of {missing:?}");
}

#[test]
fn the_page_names_the_version_that_is_written() {
    assert!(PAGE.contains(&format!("This page\nis format `{}`", super::FORMAT)));
}
