//! Faults at the leaves of JSON, in messages and in answers. A leaf that differs from walk to walk
//! and is not made of what the journey itself said is volatile: nobody could demand a value of it.

use serde_json::Value;

use super::Put;
use crate::client::fault::edit;
use crate::client::fault::edit::edit;
use crate::client::fault::json::Form;
use crate::model::fault::{Change, Edit, Key, Operator, What};
use crate::model::proof::Volatile;
use crate::prove::json::{self, Leaf};
use crate::prove::sites;

/// So many values of one message or answer are changed; who sends more has others like them.
const LEAVES: usize = 150;
/// A time is shifted by so much.
const HOUR: u64 = 3_600_000_000_000;

pub(super) fn faults(put: &mut Put<'_, '_>) {
    let whats = put.whats();
    let values: Vec<Value> = whats.iter().filter_map(|what| value(what)).collect();
    if values.len() != whats.len() {
        return;
    }
    for leaf in json::leaves(&values[0]).into_iter().take(LEAVES) {
        match steadiness(put, &leaf, &values) {
            Steadiness::Steady | Steadiness::Own => edits(put, &leaf),
            Steadiness::Volatile => {
                note(put, &leaf);
                times(put, &leaf);
            }
        }
    }
    if values[0].is_object() {
        put.put_once(Change::Edit {
            path: Vec::new(),
            edit: Edit::AddKey,
        });
    }
}

fn value(what: &What) -> Option<Value> {
    json::read(bytes(what)?)
}

fn bytes(what: &What) -> Option<&[u8]> {
    match what {
        What::Message { bytes, .. } => Some(bytes),
        What::Response { answer, .. } => Some(&answer.body),
        What::Ended { .. }
        | What::Pinged { .. }
        | What::Sent { .. }
        | What::Made { .. }
        | What::Acted { .. }
        | What::Met { .. } => None,
    }
}

enum Steadiness {
    /// The same in every walk.
    Steady,
    /// Another one in every walk, for the journey made it so.
    Own,
    /// Another one in every walk.
    Volatile,
}

fn steadiness(put: &Put<'_, '_>, leaf: &Leaf, values: &[Value]) -> Steadiness {
    let all: Vec<Option<&Value>> = values
        .iter()
        .map(|value| json::at(value, &leaf.path))
        .collect();
    let same = match &leaf.value {
        // What is in them is looked at by itself.
        Value::Object(_) => all.iter().all(|one| one.is_some_and(Value::is_object)),
        Value::Array(list) => all
            .iter()
            .all(|one| one.and_then(|one| one.as_array()).map(Vec::len) == Some(list.len())),
        other => all.iter().all(|one| *one == Some(other)),
    };
    // Two walks may well be made in the same millisecond.
    let is_now = is_time(&leaf.value) && is_near(&leaf.value, put.material.started);
    if same && !is_now {
        return Steadiness::Steady;
    }
    let walks = put.material.walks.iter().zip(&put.steady.at);
    let mut own = walks.zip(&all).map(|((walk, at), value)| {
        let text = value.and_then(|value| value.as_str());
        text.is_some_and(|text| walk.own_before(*at).has(text))
    });
    match own.all(|own| own) {
        true => Steadiness::Own,
        false => Steadiness::Volatile,
    }
}

fn note(put: &mut Put<'_, '_>, leaf: &Leaf) {
    let name = leaf.path.iter().rev().find_map(|key| match key {
        Key::Name(name) => Some(name.clone()),
        Key::Index(_) => None,
    });
    let path = json::shown(&leaf.path);
    let of = sites::kind(put.site());
    put.found.volatile.insert(Volatile {
        name: name.unwrap_or_else(|| path.clone()),
        of,
        path,
    });
}

fn edits(put: &mut Put<'_, '_>, leaf: &Leaf) {
    let mut all: Vec<Edit> = Vec::new();
    match &leaf.value {
        Value::String(text) if put.is_secret(text) => all.push(Edit::Empty),
        Value::Number(number) if put.is_secret(&number.to_string()) => all.push(Edit::Zero),
        Value::Null => {}
        Value::Bool(_) => all.push(Edit::Flip),
        Value::Number(_) => all.extend([
            Edit::Add { by: 1 },
            Edit::Add { by: -1 },
            Edit::Sign,
            Edit::Zero,
            Edit::TimesTen,
        ]),
        Value::String(text) => {
            all.extend([Edit::Character, Edit::Case, Edit::Trim, Edit::Empty]);
            all.extend(of_other(put, leaf, text).map(|value| Edit::Other { value }));
        }
        Value::Array(list) => {
            if !list.is_empty() {
                all.extend([Edit::LoseElement, Edit::EmptyList]);
            }
            if list.len() > 1 {
                all.push(Edit::Reverse);
            }
        }
        Value::Object(_) => {}
    }
    if is_time(&leaf.value) {
        all.push(Edit::Shift { by: HOUR });
    }
    if !leaf.path.is_empty() && !leaf.value.is_null() {
        all.push(Edit::Null);
        all.push(Edit::OtherType);
    }
    if matches!(leaf.path.last(), Some(Key::Name(_))) {
        all.push(Edit::RemoveKey);
    }
    let bytes = bytes(&put.passed().what);
    for how in all {
        // The zero of zero is no fault.
        if bytes.is_some_and(|bytes| edit(bytes, &leaf.path, &how).is_some()) {
            put.put(Change::Edit {
                path: leaf.path.clone(),
                edit: how,
            });
        }
    }
}

/// A time differs from walk to walk by its nature. Who names an operator of times asks for it all the
/// same.
fn times(put: &mut Put<'_, '_>, leaf: &Leaf) {
    if !is_time(&leaf.value) {
        return;
    }
    let path = leaf.path.clone();
    if put.material.wanted.names(Operator::TimeShifted) {
        put.put(Change::Edit {
            path: path.clone(),
            edit: Edit::Shift { by: HOUR },
        });
    }
    if put.material.wanted.names(Operator::TimeFrozen) {
        let value = leaf.value.to_string();
        put.put(Change::Edit {
            path,
            edit: Edit::Freeze { value },
        });
    }
}

/// What another user would have in its place: the same leaf of a message or answer of the same kind,
/// or the text with another value that the journey made.
fn of_other(put: &Put<'_, '_>, leaf: &Leaf, text: &str) -> Option<String> {
    let first = put.material.first();
    let alike = first.passed.iter().filter_map(|passed| match &passed.what {
        What::Message { site, .. } | What::Response { site, .. }
            if site.passage == put.site().passage =>
        {
            value(&passed.what)
        }
        _ => None,
    });
    let others: Vec<String> = alike
        .filter_map(|value| json::at(&value, &leaf.path)?.as_str().map(str::to_string))
        .collect();
    if let Some(other) = others.into_iter().find(|other| other != text) {
        return Some(other);
    }
    let (own, _) = first.made_in(text)?;
    let mut made = first.passed.iter().filter_map(|passed| match &passed.what {
        What::Made { value, .. } if value != own && !own.contains(value.as_str()) => Some(value),
        _ => None,
    });
    // An address is nobody's name.
    let other = made.find(|value| value.parse::<std::net::IpAddr>().is_err())?;
    Some(text.replace(own, other))
}

/// Whether a leaf is a moment, by the rule of those edits that shift it.
pub(in crate::prove) fn is_time(value: &Value) -> bool {
    match value {
        Value::Number(number) => edit::is_time(&Form::Number(number.to_string())),
        Value::String(text) => edit::is_time(&Form::Text(text.clone())),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// True for a time within a day of a moment, in nanoseconds since the Unix epoch.
fn is_near(value: &Value, moment: u64) -> bool {
    const DAY: f64 = 86_400.0;
    let moment = std::time::Duration::from_nanos(moment).as_secs_f64();
    let seconds = match value {
        Value::Number(number) => number.as_f64().and_then(|number| {
            let units = [1.0, 1e3, 1e6, 1e9];
            let mut seconds = units.iter().map(|unit| number / unit);
            seconds.find(|seconds| (seconds - moment).abs() < DAY)
        }),
        Value::String(text) => text.parse::<jiff::Timestamp>().ok().map(|time| {
            std::time::Duration::from_millis(
                u64::try_from(time.as_millisecond()).unwrap_or_default(),
            )
            .as_secs_f64()
        }),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    seconds.is_some_and(|seconds| (seconds - moment).abs() < DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_of_now_is_one_within_a_day() {
        let moment = 1_772_500_000_000_000_000;
        for near in [json!(1_772_500_100), json!(1_772_500_000_123_u64)] {
            assert!(is_near(&near, moment), "{near}");
        }
        assert!(is_near(&json!("2026-03-03T01:02:03Z"), moment));
        for far in [
            json!(1_600_000_000),
            json!("2020-01-01T00:00:00Z"),
            json!("x"),
        ] {
            assert!(!is_near(&far, moment), "{far}");
        }
    }

    #[test]
    fn times_are_known_by_their_size_or_form() {
        for time in [
            json!(1_772_500_000),
            json!(1_772_500_000_123_u64),
            json!("2026-03-03T01:02:03Z"),
        ] {
            assert!(is_time(&time), "{time}");
        }
        for other in [json!(0), json!(1284.5), json!("yesterday"), json!(null)] {
            assert!(!is_time(&other), "{other}");
        }
    }
}
