//! The shape of JSON: which paths there are, and what kind of thing stands at each. What the values
//! are does not matter, nor in which order keys come.
//!
//! A member of a shape is a line `path: type`: `$: object`, `items: array`, `items[].id: string`.
//! The elements of a list are looked at together, and keys that look like ids are one: `users.*.nick`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::model::Value;
use crate::model::value::{shorten, write_key};

/// Nesting that is followed; what lies deeper is one member `path: …`.
const DEEPEST: usize = 16;
/// Members of one shape at most. Keys are taken in their order, so that the same JSON keeps the same ones.
const MOST: usize = 2_000;
/// Characters of one key that are kept.
const OF_KEY: usize = 80;
/// Hex digits from which a key is taken for an id.
const LONG_HEX: usize = 12;
/// Letters and digits in a row, of both kinds and mixed, from which a key is taken for an id.
const LONG_MIXED: usize = 10;

/// JSON, whoever has read it.
pub trait Shaped: Sized {
    /// What it is.
    fn look(&self) -> Look<'_, Self>;
}

/// What a value is, as far as shapes care.
pub enum Look<'a, T> {
    /// It holds nothing; JSON's name of its type.
    Leaf(&'static str),
    /// A list.
    List(&'a [T]),
    /// Keys and values.
    Map(Vec<(Cow<'a, str>, &'a T)>),
}

impl Shaped for Value {
    fn look(&self) -> Look<'_, Self> {
        match self {
            Self::Null => Look::Leaf("null"),
            Self::Boolean(_) => Look::Leaf("boolean"),
            // A sum that happens to be whole is still the same thing.
            Self::Integer(_) | Self::Float(_) => Look::Leaf("number"),
            Self::Text(_) => Look::Leaf("string"),
            Self::Opaque(kind, _) => Look::Leaf(kind),
            Self::List(items) => Look::List(items),
            Self::Map(entries) => {
                let entries = entries.iter();
                let named = entries.map(|(key, value)| (String::from_utf8_lossy(key), value));
                Look::Map(named.collect())
            }
        }
    }
}

impl Shaped for Json {
    fn look(&self) -> Look<'_, Self> {
        match self {
            Self::Null => Look::Leaf("null"),
            Self::Bool(_) => Look::Leaf("boolean"),
            Self::Number(_) => Look::Leaf("number"),
            Self::String(_) => Look::Leaf("string"),
            Self::Array(items) => Look::List(items),
            Self::Object(entries) => {
                let entries = entries.iter();
                Look::Map(entries.map(|(key, value)| (key.into(), value)).collect())
            }
        }
    }
}

/// The members of a value's shape, sorted, each once.
pub fn shape(value: &impl Shaped) -> BTreeSet<String> {
    let mut members = BTreeSet::new();
    add(value, "", 0, &mut members);
    members
}

fn add<T: Shaped>(value: &T, path: &str, depth: usize, members: &mut BTreeSet<String>) {
    let at = if path.is_empty() { "$" } else { path };
    let mut found = |kind: &str| {
        if members.len() < MOST {
            members.insert(format!("{at}: {kind}"));
        }
    };
    if depth > DEEPEST {
        return found("…");
    }
    match value.look() {
        Look::Leaf(kind) => found(kind),
        Look::List(items) => {
            found("array");
            let path = format!("{path}[]");
            for item in items {
                add(item, &path, depth + 1, members);
            }
        }
        Look::Map(mut entries) => {
            found("object");
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (key, value) in entries {
                add(value, &below(path, &key), depth + 1, members);
            }
        }
    }
}

fn below(path: &str, key: &str) -> String {
    let mut name = String::new();
    match looks_like_id(key) {
        true => name.push('*'),
        false => write_key(shorten(key, OF_KEY).as_bytes(), &mut name),
    }
    match path.is_empty() || name.starts_with('[') {
        true => format!("{path}{name}"),
        false => format!("{path}.{name}"),
    }
}

/// Whether a key names one of many things rather than a part: digits, a UUID, a date, long hex, or
/// letters and digits as only a machine mixes them.
pub fn looks_like_id(key: &str) -> bool {
    let Some(first) = key.chars().next() else {
        return false;
    };
    let digits = key.chars().filter(char::is_ascii_digit).count();
    if digits == 0 {
        return false;
    }
    let marks = |c: char| matches!(c, '-' | ':' | '.' | '_' | '/');
    let all_digits = key.chars().all(|c| c.is_ascii_digit() || marks(c));
    let hex = |c: char| c.is_ascii_hexdigit();
    let long_hex = key.chars().filter(|c| hex(*c)).count() >= LONG_HEX
        && key.chars().all(|c| hex(c) || c == '-');
    let mut runs = key.split(|c: char| !c.is_ascii_alphanumeric());
    (first.is_ascii_digit() && all_digits) || long_hex || runs.any(mixed)
}

/// A run of letters and digits that change places at least three times: `7k2mzq93ab`, not `sha256sum`.
fn mixed(run: &str) -> bool {
    let kinds: Vec<bool> = run.chars().map(|c| c.is_ascii_digit()).collect();
    let changes = kinds.windows(2).filter(|two| two[0] != two[1]).count();
    kinds.len() >= LONG_MIXED && changes >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let json: Json = serde_json::from_str(text).expect("JSON");
        shape(&json).into_iter().collect()
    }

    #[test]
    fn a_shape_knows_paths_and_types_and_no_values() {
        assert_eq!(
            of(r#"{"type":"system","count":2,"items":[{"id":1},{"id":null,"a-b":true}]}"#),
            [
                "$: object",
                "count: number",
                "items: array",
                "items[].id: null",
                "items[].id: number",
                "items[]: object",
                "items[][\"a-b\"]: boolean",
                "type: string",
            ]
        );
        assert_eq!(of(r#"{"a":1,"b":2}"#), of(r#"{"b":2.5,"a":-7}"#));
        assert_eq!(of("[]"), ["$: array"]);
        assert_eq!(of("7"), ["$: number"]);
    }

    #[test]
    fn a_map_by_id_keeps_its_shape_whoever_is_in_it() {
        let one = of(r#"{"users":{"0190b6f2-7c1e-7abc-8def-0123456789ab":{"n":1}}}"#);
        assert_eq!(
            one,
            [
                "$: object",
                "users.*.n: number",
                "users.*: object",
                "users: object"
            ]
        );
        for id in [
            "17",
            "2026-11-26",
            "deadbeef00112233",
            "ann7k2mzq93ab",
            "bob-0x9q8w7e6r",
        ] {
            assert_eq!(
                of(&format!(r#"{{"users":{{"{id}":{{"n":1}}}}}}"#)),
                one,
                "{id}"
            );
        }
        for name in [
            "count",
            "sha256",
            "p95",
            "address_line_2",
            "deadbeefdeadbeef",
            "base64url",
            "x-request-id",
        ] {
            assert!(!looks_like_id(name), "{name}");
        }
    }

    #[test]
    fn both_readers_see_the_same() {
        let value = Value::Map(vec![
            (
                b"b".to_vec(),
                Value::List(vec![Value::Float(1.5), Value::Integer(2)]),
            ),
            (b"a".to_vec(), Value::Null),
        ]);
        let members: Vec<String> = shape(&value).into_iter().collect();
        assert_eq!(members, of(r#"{"a":null,"b":[1]}"#));
    }

    #[test]
    fn depth_and_members_have_an_end() {
        let deep = of(&format!("{}{}", "[".repeat(60), "]".repeat(60)));
        assert_eq!(deep.len(), DEEPEST + 2);
        assert!(
            deep.iter().any(|member| member.ends_with(": …")),
            "{deep:?}"
        );
        let keys: Vec<String> = (0..5_000).map(|at| format!("\"k{at}\":1")).collect();
        assert_eq!(of(&format!("{{{}}}", keys.join(","))).len(), MOST);
    }
}
