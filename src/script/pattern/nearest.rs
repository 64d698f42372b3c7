//! Which of many values came nearest to a pattern, so that a report can show the likeliest miss.

use super::matching::{entry, equals, extra_keys, length};
use super::number::Number;
use super::{Context, Pattern};
use crate::model::Value;
use crate::model::event::Difference;

/// The index of the value that came nearest and where it differs; of equally near ones the last.
/// Nothing only where there are no values.
pub fn nearest<'v>(
    pattern: &Pattern,
    values: impl IntoIterator<Item = &'v Value>,
    context: &Context<'_>,
) -> Option<(usize, Vec<Difference>)> {
    let mut best: Option<(usize, f64, &Value)> = None;
    for (index, value) in values.into_iter().enumerate() {
        let score = pattern.closeness(Some(value), context);
        if best.is_none_or(|(_, most, _)| score >= most) {
            best = Some((index, score, value));
        }
    }
    best.map(|(index, _, value)| (index, pattern.differences(Some(value), context)))
}

impl Pattern {
    /// How near a value comes, from 0 to 1; 1 only if it matches. Functions of the script are not
    /// asked here: they count as half met.
    pub fn closeness(&self, value: Option<&Value>, context: &Context<'_>) -> f64 {
        let Some(value) = value else {
            return if self.matches_nothing() { 1.0 } else { 0.0 };
        };
        match self {
            Self::Equals(wanted) => scalar(wanted, value),
            Self::Map(fields) => match value {
                Value::Map(entries) => among_fields(fields, entries, 0, context),
                _ => 0.0,
            },
            Self::ExactMap(fields) => match value {
                Value::Map(entries) => {
                    let extra = extra_keys(fields, entries).count();
                    among_fields(fields, entries, extra, context)
                }
                _ => 0.0,
            },
            Self::List(patterns) => match value {
                Value::List(items) => {
                    let pairs = patterns.iter().zip(items);
                    let total: f64 = pairs
                        .map(|(pattern, item)| pattern.closeness(Some(item), context))
                        .sum();
                    share(total, patterns.len().max(items.len()))
                }
                _ => 0.0,
            },
            Self::Unordered(patterns) => match value {
                Value::List(items) => {
                    let total: f64 = patterns
                        .iter()
                        .map(|pattern| best(pattern, items, context))
                        .sum();
                    share(total, patterns.len().max(items.len()))
                }
                _ => 0.0,
            },
            Self::Contains(inner) => match value {
                Value::List(items) => best(inner, items, context),
                _ => whole(self, value, context),
            },
            Self::Each(inner) => match value {
                Value::List(items) => {
                    let total: f64 = items
                        .iter()
                        .map(|item| inner.closeness(Some(item), context))
                        .sum();
                    share(total, items.len())
                }
                _ => 0.0,
            },
            Self::Length(inner) => match length(value) {
                Some(length) => inner.closeness(Some(&length), context),
                None => 0.0,
            },
            Self::OneOf(patterns) => patterns
                .iter()
                .map(|pattern| pattern.closeness(Some(value), context))
                .fold(0.0, f64::max),
            Self::AllOf(patterns) => {
                let total: f64 = patterns
                    .iter()
                    .map(|pattern| pattern.closeness(Some(value), context))
                    .sum();
                share(total, patterns.len())
            }
            Self::Any
            | Self::Absent
            | Self::Type(_)
            | Self::Regex(_)
            | Self::Between(..)
            | Self::Near(..)
            | Self::Compare(..)
            | Self::No(_)
            | Self::Form(_)
            | Self::That(..) => whole(self, value, context),
        }
    }
}

/// Met or not; something of a kind the pattern could take is a little nearer.
fn whole(pattern: &Pattern, value: &Value, context: &Context<'_>) -> f64 {
    if pattern.calls_script() {
        return 0.5;
    }
    if pattern.matches(value, context).unwrap_or(false) {
        return 1.0;
    }
    let same_kind = match pattern {
        Pattern::Regex(_) | Pattern::Form(_) | Pattern::Contains(_) => {
            matches!(value, Value::Text(_))
        }
        Pattern::Between(..) | Pattern::Near(..) | Pattern::Compare(..) => {
            Number::of(value).is_some()
        }
        _ => false,
    };
    if same_kind { 0.2 } else { 0.0 }
}

fn scalar(wanted: &Value, value: &Value) -> f64 {
    if equals(wanted, value) {
        return 1.0;
    }
    match (wanted, value) {
        // Long texts are compared by their beginnings: this runs over every message of an inbox.
        (Value::Text(a), Value::Text(b)) => {
            let likeness = strsim::normalized_damerau_levenshtein(&head(a), &head(b));
            0.1 + 0.5 * likeness
        }
        // A number that is off by something beside a text that is right is nearer than a text that
        // is merely alike beside the right number: texts say which message was meant.
        _ if Number::of(wanted).is_some() && Number::of(value).is_some() => 0.6,
        _ if wanted.kind() == value.kind() => 0.2,
        _ => 0.0,
    }
}

fn head(text: &[u8]) -> String {
    String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned()
}

/// The average over the fields; further entries that may not be there count as fields missed.
fn among_fields(
    fields: &[(Vec<u8>, Pattern)],
    entries: &[(Vec<u8>, Value)],
    extra: usize,
    context: &Context<'_>,
) -> f64 {
    let total: f64 = fields
        .iter()
        .map(|(key, pattern)| pattern.closeness(entry(entries, key), context))
        .sum();
    share(total, fields.len() + extra)
}

fn best(pattern: &Pattern, items: &[Value], context: &Context<'_>) -> f64 {
    items
        .iter()
        .map(|item| pattern.closeness(Some(item), context))
        .fold(0.0, f64::max)
}

fn share(total: f64, of: usize) -> f64 {
    if of == 0 { 1.0 } else { total / of as f64 }
}
