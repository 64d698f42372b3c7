//! JSONPath (RFC 9535) over [`Value`]. Knows no Lua.
//!
//! The path is evaluated on a skeleton in `serde_json`'s values, which gives *places*; the values
//! are then taken from the original, so that bytes and odd numbers come out as they went in.

use serde_json_path::{JsonPath, PathElement};

use super::DEPTH;
use crate::model::Value;

/// A path that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{path}` is no JSONPath: {what} at character {position} (a key that is no plain name is written ['a-b'])"
)]
pub struct PathError {
    /// The path as it was given.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
    /// Where, from 1.
    pub position: usize,
}

/// One step from a value into what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the value of that key.
    Key(Vec<u8>),
    /// To that item, from 0.
    Index(usize),
}

/// Everything a path finds, in the path's order; `$.` may be left out.
pub fn pick(value: &Value, path: &str) -> Result<Vec<Value>, PathError> {
    let found = places(value, path)?;
    Ok(found
        .iter()
        .filter_map(|steps| walk(value, steps).cloned())
        .collect())
}

/// Where a path finds something: the steps from the value to each hit.
pub fn places(value: &Value, path: &str) -> Result<Vec<Vec<Step>>, PathError> {
    let prefix = match path.as_bytes().first() {
        Some(b'$') => "",
        Some(b'[' | b'.') => "$",
        _ => "$.",
    };
    let parsed = JsonPath::parse(&format!("{prefix}{path}")).map_err(|error| PathError {
        path: path.to_string(),
        what: error.message().to_string(),
        position: (error.position() + 1).saturating_sub(prefix.len()).max(1),
    })?;
    let skeleton = skeleton(value, 0);
    let located = parsed.query_located(&skeleton);
    Ok(located
        .locations()
        .map(|location| {
            let mut here = value;
            location
                .iter()
                .map(|element| {
                    let step = step(here, element);
                    here = into(here, &step).unwrap_or(&Value::Null);
                    step
                })
                .collect()
        })
        .collect())
}

/// The skeleton's keys are text. Where bytes had to be replaced, the original key is looked up.
fn step(here: &Value, element: &PathElement<'_>) -> Step {
    match element {
        PathElement::Index(index) => Step::Index(*index),
        PathElement::Name(name) => {
            if here.get(name).is_none()
                && let Value::Map(entries) = here
                && let Some((key, _)) = entries
                    .iter()
                    .find(|(key, _)| String::from_utf8_lossy(key) == *name)
            {
                return Step::Key(key.clone());
            }
            Step::Key(name.as_bytes().to_vec())
        }
    }
}

fn walk<'a>(value: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(value, into)
}

fn into<'a>(value: &'a Value, step: &Step) -> Option<&'a Value> {
    match (value, step) {
        (Value::Map(entries), Step::Key(key)) => entries
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value),
        (Value::List(items), Step::Index(index)) => items.get(*index),
        _ => None,
    }
}

/// What filters of a path can compare. Bytes are shown to them with replacement characters.
fn skeleton(value: &Value, depth: usize) -> serde_json::Value {
    if depth > DEPTH {
        return serde_json::Value::Null;
    }
    match value {
        Value::Null | Value::Opaque(..) => serde_json::Value::Null,
        Value::Boolean(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        Value::List(items) => items
            .iter()
            .map(|item| skeleton(item, depth + 1))
            .collect::<Vec<_>>()
            .into(),
        Value::Map(entries) => serde_json::Value::Object(
            entries
                .iter()
                .map(|(key, value)| {
                    let key = String::from_utf8_lossy(key).into_owned();
                    (key, skeleton(value, depth + 1))
                })
                .collect(),
        ),
    }
}
