//! Whether a value matches a pattern.

use std::cmp::Ordering;

use super::form::has_form;
use super::number::Number;
use super::pairing::pair;
use super::{Comparison, Context, Kind, Pattern};
use crate::model::Value;
use crate::script::errors;
use crate::script::raise;
use crate::script::value::{Strictness, to_lua_with};

impl Pattern {
    /// Whether a value matches. Raises only what a function of `match.that` raises.
    pub fn matches(&self, value: &Value, context: &Context<'_>) -> mlua::Result<bool> {
        Ok(match self {
            Self::Equals(wanted) => equals(wanted, value),
            Self::Map(fields) => match value {
                Value::Map(entries) => fields_match(fields, entries, context)?,
                _ => false,
            },
            Self::ExactMap(fields) => match value {
                Value::Map(entries) => {
                    extra_keys(fields, entries).next().is_none()
                        && fields_match(fields, entries, context)?
                }
                _ => false,
            },
            Self::List(patterns) => match value {
                Value::List(items) if items.len() == patterns.len() => {
                    all(patterns.iter().zip(items), |(pattern, item)| {
                        pattern.matches(item, context)
                    })?
                }
                _ => false,
            },
            Self::Any => true,
            Self::Absent => false,
            Self::Type(kind) => is_kind(value, *kind),
            Self::Regex(regex) => matches!(value, Value::Text(text) if regex.is_match(text)),
            Self::Contains(inner) => contains(inner, value, context)?,
            Self::Length(inner) => match length(value) {
                Some(length) => inner.matches(&length, context)?,
                None => false,
            },
            Self::Between(low, high) => Number::of(value).is_some_and(|number| {
                is(number, Comparison::GreaterOrEqual, *low)
                    && is(number, Comparison::LessOrEqual, *high)
            }),
            Self::Near(center, tolerance) => {
                Number::of(value).is_some_and(|number| number.is_near(*center, *tolerance))
            }
            Self::Compare(comparison, bound) => {
                Number::of(value).is_some_and(|number| is(number, *comparison, *bound))
            }
            Self::OneOf(patterns) => {
                !all(patterns, |pattern| Ok(!pattern.matches(value, context)?))?
            }
            Self::AllOf(patterns) => all(patterns, |pattern| pattern.matches(value, context))?,
            Self::No(inner) => !inner.matches(value, context)?,
            Self::Each(inner) => match value {
                Value::List(items) => all(items, |item| inner.matches(item, context))?,
                _ => false,
            },
            Self::Unordered(patterns) => match value {
                Value::List(items) if items.len() == patterns.len() => {
                    partners(patterns, items, context)?
                        .iter()
                        .all(Option::is_some)
                }
                _ => false,
            },
            Self::Form(form) => matches!(value, Value::Text(text) if has_form(text, *form)),
            Self::That(description, function) => that(description, function, value, context)?,
        })
    }

    /// The same for something that may not be there: an absent key, a nil given to `j:expect`.
    pub fn matches_maybe(
        &self,
        value: Option<&Value>,
        context: &Context<'_>,
    ) -> mlua::Result<bool> {
        match value {
            Some(value) => self.matches(value, context),
            None => Ok(self.matches_nothing()),
        }
    }

    /// Whether it is met by nothing at all. Only patterns that speak of absence are: a misspelt
    /// key under `match.no("x")` must not be met because it is not there.
    pub fn matches_nothing(&self) -> bool {
        self.on_nothing() == Some(true)
    }

    /// What the pattern says about nothing; no answer if it does not speak of absence.
    fn on_nothing(&self) -> Option<bool> {
        match self {
            Self::Absent => Some(true),
            Self::No(inner) => inner.on_nothing().map(|met| !met),
            Self::OneOf(patterns) => {
                let mut answers = patterns.iter().map(Self::on_nothing);
                answers.find(|answer| *answer == Some(true)).flatten()
            }
            Self::AllOf(patterns) => {
                let answers: Option<Vec<bool>> = patterns.iter().map(Self::on_nothing).collect();
                answers.map(|answers| answers.into_iter().all(|met| met))
            }
            Self::Equals(_)
            | Self::Map(_)
            | Self::ExactMap(_)
            | Self::List(_)
            | Self::Any
            | Self::Type(_)
            | Self::Regex(_)
            | Self::Contains(_)
            | Self::Length(_)
            | Self::Between(..)
            | Self::Near(..)
            | Self::Compare(..)
            | Self::Each(_)
            | Self::Unordered(_)
            | Self::Form(_)
            | Self::That(..) => None,
        }
    }
}

/// Equality of scalars: numbers by what they are worth, text byte by byte.
pub(super) fn equals(wanted: &Value, value: &Value) -> bool {
    match (Number::of(wanted), Number::of(value)) {
        (Some(a), Some(b)) => a.compare(b) == Some(Ordering::Equal),
        _ => wanted == value,
    }
}

/// The value of a key.
pub(super) fn entry<'a>(entries: &'a [(Vec<u8>, Value)], key: &[u8]) -> Option<&'a Value> {
    entries
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

/// The entries that an exact map does not name.
pub(super) fn extra_keys<'a>(
    fields: &'a [(Vec<u8>, Pattern)],
    entries: &'a [(Vec<u8>, Value)],
) -> impl Iterator<Item = &'a (Vec<u8>, Value)> {
    entries
        .iter()
        .filter(|(key, _)| !fields.iter().any(|(name, _)| name == key))
}

/// Functions of the script are asked last: `{ type = "x", n = match.that(…) }` must not call one
/// for messages of another type.
fn fields_match(
    fields: &[(Vec<u8>, Pattern)],
    entries: &[(Vec<u8>, Value)],
    context: &Context<'_>,
) -> mlua::Result<bool> {
    for calls in [false, true] {
        let mut now = fields.iter().filter(|(_, p)| p.calls_script() == calls);
        let met = all(&mut now, |(key, pattern)| {
            pattern.matches_maybe(entry(entries, key), context)
        })?;
        if !met {
            return Ok(false);
        }
    }
    Ok(true)
}

fn all<T>(
    items: impl IntoIterator<Item = T>,
    mut test: impl FnMut(T) -> mlua::Result<bool>,
) -> mlua::Result<bool> {
    for item in items {
        if !test(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn contains(inner: &Pattern, value: &Value, context: &Context<'_>) -> mlua::Result<bool> {
    match (inner, value) {
        (Pattern::Equals(Value::Text(part)), Value::Text(text)) => Ok(part.is_empty()
            || text
                .windows(part.len())
                .any(|window| window == part.as_slice())),
        (_, Value::List(items)) => Ok(!all(items, |item| Ok(!inner.matches(item, context)?))?),
        _ => Ok(false),
    }
}

/// What `match.length` counts.
pub(super) fn length(value: &Value) -> Option<Value> {
    let length = match value {
        Value::Text(bytes) => bytes.len(),
        Value::List(items) => items.len(),
        Value::Map(entries) => entries.len(),
        Value::Null
        | Value::Boolean(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Opaque(..) => return None,
    };
    Some(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn is(number: Number, comparison: Comparison, bound: Number) -> bool {
    match (number.compare(bound), comparison) {
        (None, _) => false,
        (Some(order), Comparison::Greater) => order.is_gt(),
        (Some(order), Comparison::GreaterOrEqual) => order.is_ge(),
        (Some(order), Comparison::Less) => order.is_lt(),
        (Some(order), Comparison::LessOrEqual) => order.is_le(),
    }
}

fn is_kind(value: &Value, kind: Kind) -> bool {
    match kind {
        Kind::Null => matches!(value, Value::Null),
        Kind::Boolean => matches!(value, Value::Boolean(_)),
        Kind::Integer => Number::of(value).is_some_and(Number::is_whole),
        Kind::Number => Number::of(value).is_some(),
        Kind::String => matches!(value, Value::Text(_)),
        Kind::Array => matches!(value, Value::List(_)),
        Kind::Object => matches!(value, Value::Map(_)),
    }
}

/// The partner of each pattern among the items.
pub(super) fn partners(
    patterns: &[Pattern],
    items: &[Value],
    context: &Context<'_>,
) -> mlua::Result<Vec<Option<usize>>> {
    let mut fits = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        let row: mlua::Result<Vec<bool>> = items
            .iter()
            .map(|item| pattern.matches(item, context))
            .collect();
        fits.push(row?);
    }
    Ok(pair(&fits, items.len()))
}

fn that(
    description: &str,
    function: &mlua::Function,
    value: &Value,
    context: &Context<'_>,
) -> mlua::Result<bool> {
    let argument = to_lua_with(context.lua, value, Strictness::Strict, context.opaque)?;
    let result = match context.call {
        Some(call) => call(function, argument),
        None => errors::call(context.lua, function, argument)
            .map(|mut given| given.pop_front().unwrap_or(mlua::Value::Nil)),
    };
    match result {
        Ok(mlua::Value::Nil | mlua::Value::Boolean(false)) => Ok(false),
        Ok(_) => Ok(true),
        Err(error) if error.to_string().contains("attempt to yield") => Err(raise::wrong(format!(
            "the function of match.that(\"{description}\") cannot wait: fetch what it needs before"
        ))),
        Err(error) => Err(error),
    }
}
