//! Plain data as a pattern, for what is expected of an answer without a script: scalars equal, a
//! map matches one that has at least its keys, a list one of its length, item by item. The same
//! meaning as the patterns of scripts have, of which it is a small part.

use std::cmp::Ordering;

use super::Value;
use super::value::write_key;

/// Most characters of a value in a message.
const SHOWN: usize = 100;

/// Where a value first differs from what is wanted, in words that begin with `path`:
/// `` `json.ok` is false, not true ``; nothing if it matches.
pub fn difference(path: &str, wanted: &Value, found: &Value) -> Option<String> {
    match (wanted, found) {
        (Value::Map(fields), Value::Map(_)) => fields.iter().find_map(|(key, wanted)| {
            let path = with_key(path, key);
            match entry(found, key) {
                Some(found) => difference(&path, wanted, found),
                None => Some(format!("`{path}` is absent, not {}", wanted.show(SHOWN))),
            }
        }),
        (Value::List(wanted), Value::List(items)) if wanted.len() == items.len() => {
            let pairs = wanted.iter().zip(items).enumerate();
            pairs
                .map(|(index, (wanted, item))| {
                    difference(&format!("{path}[{}]", index + 1), wanted, item)
                })
                .find_map(|found| found)
        }
        (Value::List(wanted), Value::List(items)) => Some(format!(
            "`{path}` has {} items, not {}",
            items.len(),
            wanted.len()
        )),
        _ if equal(wanted, found) => None,
        _ => Some(format!(
            "`{path}` is {}, not {}",
            found.show_found(SHOWN),
            wanted.show(SHOWN)
        )),
    }
}

/// Equality of scalars: numbers by what they are worth.
fn equal(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Integer(whole), Value::Float(float))
        | (Value::Float(float), Value::Integer(whole)) => {
            compare(*whole, *float) == Some(Ordering::Equal)
        }
        _ => wanted == found,
    }
}

/// Exact beyond 2^53 too, where a whole number has no float of its own.
fn compare(whole: i64, float: f64) -> Option<Ordering> {
    if float.fract() != 0.0 {
        return None;
    }
    // Without a fraction its decimal text is exact.
    let digits = format!("{float:.0}");
    digits.parse::<i64>().ok().map(|float| whole.cmp(&float))
}

fn entry<'a>(value: &'a Value, key: &[u8]) -> Option<&'a Value> {
    let Value::Map(entries) = value else {
        return None;
    };
    let found = entries.iter().find(|(name, _)| name == key);
    found.map(|(_, value)| value)
}

fn with_key(path: &str, key: &[u8]) -> String {
    let mut word = String::new();
    write_key(key, &mut word);
    if word.starts_with('[') {
        format!("{path}{word}")
    } else {
        format!("{path}.{word}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        let entries = entries.iter();
        Value::Map(
            entries
                .map(|(key, value)| (key.as_bytes().to_vec(), value.clone()))
                .collect(),
        )
    }

    fn said(wanted: &Value, found: &Value) -> Option<String> {
        difference("json", wanted, found)
    }

    #[test]
    fn a_scalar_equals_and_numbers_by_what_they_are_worth() {
        let (one, float) = (Value::Integer(1), Value::Float(1.0));
        assert_eq!(said(&one, &float), None);
        assert_eq!(said(&float, &one), None);
        assert_eq!(
            said(&one, &Value::text("1")).as_deref(),
            Some("`json` is \"1\", not 1")
        );
        assert_eq!(
            said(&Value::Boolean(true), &Value::Null).as_deref(),
            Some("`json` is json.null, not true")
        );
        // 2^53 + 1 is no float; 2^53 is.
        let (big, near) = (
            Value::Integer(9_007_199_254_740_993),
            Value::Float(9_007_199_254_740_992.0),
        );
        assert!(said(&big, &near).is_some());
        assert!(said(&Value::Integer(1), &Value::Float(1.5)).is_some());
        assert!(said(&Value::Integer(i64::MAX), &Value::Float(1e300)).is_some());
    }

    #[test]
    fn a_map_has_at_least_the_keys_and_a_list_its_length() {
        let found = map(&[
            ("ok", Value::Boolean(true)),
            ("more", Value::Null),
            (
                "parts",
                Value::List(vec![
                    map(&[("up", Value::Integer(3)), ("x", Value::Null)]),
                    Value::Null,
                ]),
            ),
        ]);
        let part = |up: i64| map(&[("up", Value::Integer(up))]);
        let parts = |items: Vec<Value>| map(&[("parts", Value::List(items))]);
        assert_eq!(said(&map(&[("ok", Value::Boolean(true))]), &found), None);
        assert_eq!(said(&parts(vec![part(3), Value::Null]), &found), None);
        assert_eq!(
            said(&parts(vec![part(4), Value::Null]), &found).as_deref(),
            Some("`json.parts[1].up` is 3, not 4")
        );
        assert_eq!(
            said(&parts(vec![part(3)]), &found).as_deref(),
            Some("`json.parts` has 2 items, not 1")
        );
        assert_eq!(
            said(&map(&[("a-b", Value::Integer(1))]), &found).as_deref(),
            Some("`json[\"a-b\"]` is absent, not 1")
        );
        assert_eq!(
            said(&map(&[("ok", Value::Integer(1))]), &Value::List(vec![])).as_deref(),
            Some("`json` is [], not { ok = 1 }")
        );
    }
}
