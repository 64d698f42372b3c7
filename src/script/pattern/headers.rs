//! Patterns over headers: names in any case, and a name may have several values. A string matches
//! if one of the values does, a list matches all of them in order.

use super::matching::partners;
use super::{Context, Pattern};
use crate::model::Value;
use crate::model::event::Difference;
use crate::model::suggest;
use crate::model::value::shorten;
use crate::script::raise;
use crate::script::value::json::push_key;

/// Raises `script` if a pattern cannot be one for headers: it has no names, or wants a number
/// where headers only ever hold text.
pub fn check_headers(pattern: &Pattern) -> mlua::Result<()> {
    let fields = match pattern {
        Pattern::Any => return Ok(()),
        Pattern::Map(fields) | Pattern::ExactMap(fields) => fields,
        other => {
            return Err(raise::wrong(format!(
                "headers are matched by their names, as in {{ etag = match.any }}; {} has none",
                other.show(80)
            )));
        }
    };
    for (key, pattern) in fields {
        if let Pattern::Equals(value) = pattern
            && !matches!(value, Value::Text(_))
        {
            return Err(raise::wrong(format!(
                "header `{}`: a header is text, so {} never matches; write it as a string",
                String::from_utf8_lossy(key),
                value.show(40)
            )));
        }
    }
    Ok(())
}

/// Whether headers match a pattern.
pub fn matches_headers(
    pattern: &Pattern,
    headers: &[(String, Vec<u8>)],
    context: &Context<'_>,
) -> mlua::Result<bool> {
    if let Pattern::ExactMap(fields) = pattern
        && surplus(fields, headers).next().is_some()
    {
        return Ok(false);
    }
    let Some(fields) = pattern.fields() else {
        return Ok(matches!(pattern, Pattern::Any));
    };
    for (name, pattern) in fields {
        if !header(pattern, &values(name, headers), context)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Where headers differ from a pattern; `path` stands before each name.
pub fn header_differences(
    path: &str,
    pattern: &Pattern,
    headers: &[(String, Vec<u8>)],
    context: &Context<'_>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, wanted) in pattern.fields().unwrap_or_default() {
        let values = values(name, headers);
        let met = header(wanted, &values, context);
        if !matches!(met, Ok(true)) {
            let mut path = path.to_string();
            push_key(&mut path, name);
            let shown = match (met, values.as_slice()) {
                (Err(error), _) => shorten(&error.to_string(), 300),
                (Ok(_), []) => format!("nothing{}", nearest(name, headers)),
                (Ok(_), [one]) => one.show(300),
                (Ok(_), many) => Value::List(many.to_vec()).show_found(300),
            };
            found.push(Difference {
                path,
                expected: wanted.show(300),
                found: shown,
            });
        }
    }
    if let Pattern::ExactMap(fields) = pattern {
        for (name, value) in surplus(fields, headers) {
            let mut path = path.to_string();
            push_key(&mut path, name.as_bytes());
            found.push(Difference {
                path,
                expected: "nothing (match.exactly)".to_string(),
                found: Value::Text(value.clone()).show(300),
            });
        }
    }
    found
}

/// The header that came under a name like the one that is missing.
fn nearest(name: &[u8], headers: &[(String, Vec<u8>)]) -> String {
    let names = headers.iter().map(|(name, _)| name.as_str());
    match suggest::nearest(&String::from_utf8_lossy(name), names) {
        Some(near) => format!(" (there is `{near}`)"),
        None => String::new(),
    }
}

/// Headers that an exact pattern does not name.
fn surplus<'a>(
    fields: &'a [(Vec<u8>, Pattern)],
    headers: &'a [(String, Vec<u8>)],
) -> impl Iterator<Item = &'a (String, Vec<u8>)> {
    headers.iter().filter(|(name, _)| {
        !fields
            .iter()
            .any(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()))
    })
}

fn values(name: &[u8], headers: &[(String, Vec<u8>)]) -> Vec<Value> {
    headers
        .iter()
        .filter(|(key, _)| key.as_bytes().eq_ignore_ascii_case(name))
        .map(|(_, value)| Value::Text(value.clone()))
        .collect()
}

fn header(pattern: &Pattern, values: &[Value], context: &Context<'_>) -> mlua::Result<bool> {
    if values.is_empty() {
        return Ok(pattern.matches_nothing());
    }
    match pattern {
        // None of the values may match: with "one of them" a forbidden one could hide.
        Pattern::No(inner) => Ok(!header(inner, values, context)?),
        Pattern::OneOf(patterns) => any(patterns, |pattern| header(pattern, values, context)),
        Pattern::AllOf(patterns) => Ok(!any(patterns, |pattern| {
            Ok(!header(pattern, values, context)?)
        })?),
        Pattern::List(patterns) => {
            if patterns.len() != values.len() {
                return Ok(false);
            }
            Ok(!any(patterns.iter().zip(values), |(pattern, value)| {
                Ok(!pattern.matches(value, context)?)
            })?)
        }
        Pattern::Unordered(patterns) => Ok(patterns.len() == values.len()
            && partners(patterns, values, context)?
                .iter()
                .all(Option::is_some)),
        Pattern::Each(inner) => Ok(!any(values, |value| Ok(!inner.matches(value, context)?))?),
        Pattern::Equals(_)
        | Pattern::Map(_)
        | Pattern::ExactMap(_)
        | Pattern::Any
        | Pattern::Absent
        | Pattern::Type(_)
        | Pattern::Regex(_)
        | Pattern::Contains(_)
        | Pattern::Length(_)
        | Pattern::Between(..)
        | Pattern::Near(..)
        | Pattern::Compare(..)
        | Pattern::Form(_)
        | Pattern::That(..) => any(values, |value| pattern.matches(value, context)),
    }
}

fn any<T>(
    items: impl IntoIterator<Item = T>,
    mut test: impl FnMut(T) -> mlua::Result<bool>,
) -> mlua::Result<bool> {
    for item in items {
        if test(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
