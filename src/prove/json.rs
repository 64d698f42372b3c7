//! Leaves of JSON as faults name them.

use serde_json::Value;

use crate::client::fault::kind;
use crate::model::fault::Key;

/// Leaves deeper than this are not looked at.
const DEPTH: usize = 12;

/// One value within a JSON text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    /// From the root.
    pub path: Vec<Key>,
    /// It, lists and objects included.
    pub value: Value,
}

/// The JSON of a text, behind whatever a protocol puts before it.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    kind::split(text.trim()).1
}

/// Every value of a JSON text but its root, in order. Of a list only the first element is looked
/// into, and the last where it is of another shape: the others are like it.
pub(super) fn leaves(value: &Value) -> Vec<Leaf> {
    let mut found = Vec::new();
    if matches!(value, Value::Array(_)) {
        found.push(Leaf {
            path: Vec::new(),
            value: value.clone(),
        });
    }
    walk(value, &mut Vec::new(), &mut found);
    found
}

fn walk(value: &Value, path: &mut Vec<Key>, found: &mut Vec<Leaf>) {
    if path.len() >= DEPTH {
        return;
    }
    let mut visit = |key: Key, value: &Value| {
        path.push(key);
        found.push(Leaf {
            path: path.clone(),
            value: value.clone(),
        });
        walk(value, path, found);
        path.pop();
    };
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                visit(Key::Name(key.clone()), value);
            }
        }
        Value::Array(list) => {
            // A frame such as `["said", {…}]` is a list whose elements differ in kind.
            let mixed = list.iter().any(|one| !same_type(one, &list[0]));
            for (at, value) in list.iter().enumerate() {
                if at == 0 || mixed {
                    visit(Key::Index(at), value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn same_type(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// The value at a path.
pub(super) fn at<'a>(value: &'a Value, path: &[Key]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| match key {
        Key::Name(name) => value.get(name),
        Key::Index(index) => value.get(index),
    })
}

/// `messages[0].text`
pub(super) fn shown(path: &[Key]) -> String {
    let mut text = String::new();
    for key in path {
        match key {
            Key::Index(index) => text.push_str(&format!("[{index}]")),
            Key::Name(name) if text.is_empty() => text.push_str(name),
            Key::Name(name) => text.push_str(&format!(".{name}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_path_and_lists_are_looked_into_once() {
        let value = read(br#"42["said",{"a":1,"b":[{"c":2},{"c":3}]}]"#).expect("JSON");
        let paths: Vec<String> = leaves(&value)
            .iter()
            .map(|leaf| shown(&leaf.path))
            .collect();
        assert_eq!(
            paths,
            ["", "[0]", "[1]", "[1].a", "[1].b", "[1].b[0]", "[1].b[0].c"]
        );
        for leaf in leaves(&value) {
            assert_eq!(at(&value, &leaf.path), Some(&leaf.value));
        }
        assert_eq!(read(b"plain"), None);
    }
}
