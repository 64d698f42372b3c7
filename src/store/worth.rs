//! How a number lies in a column: short, exact, and readable for who looks with another program.

use std::collections::BTreeMap;

use rusqlite::types::{Type, Value, ValueRef};
use rusqlite::{Row, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::intern;
use crate::model::number::{Exact, Fingerprint, Share, Worth};

/// The two columns of a number: its value, or its fingerprint.
pub(super) type Columns = (Value, Option<i64>);

/// As its columns; a fingerprint gets its row.
pub(super) fn columns(transaction: &Transaction, worth: &Worth) -> rusqlite::Result<Columns> {
    Ok(match worth {
        Worth::Number(exact) => (number(*exact), None),
        Worth::Share(share) => (Value::Text(format!("{}/{}", share.part, share.of)), None),
        Worth::Cohorts(cohorts) => (Value::Text(json(cohorts)), None),
        Worth::Fingerprint(print) => (Value::Null, Some(intern::fingerprint(transaction, print)?)),
    })
}

/// A whole number takes up to nine bytes as one, and as many as it has digits as a text.
fn number(exact: Exact) -> Value {
    let text = exact.to_string();
    match text.parse::<i64>() {
        Ok(whole) if whole.to_string() == text => Value::Integer(whole),
        Ok(_) | Err(_) => Value::Text(text),
    }
}

/// Back from a row whose columns `value`, `digest`, `count` and `members` begin at `at`.
pub(super) fn worth(row: &Row, at: usize) -> rusqlite::Result<Worth> {
    match row.get_ref(at)? {
        ValueRef::Integer(whole) => Ok(Worth::Number(Exact::of_whole(whole))),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).map_err(|error| broken(at, error))?;
            of_text(text).ok_or_else(|| broken(at, format!("{text:?} is no number")))
        }
        ValueRef::Null => Ok(Worth::Fingerprint(Fingerprint {
            digest: row.get(at + 1)?,
            count: parsed(&row.get::<_, String>(at + 2)?, at + 2)?,
            members: parsed(&row.get::<_, String>(at + 3)?, at + 3)?,
        })),
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(broken(at, "it is no number")),
    }
}

fn of_text(text: &str) -> Option<Worth> {
    if text.starts_with('{') {
        let cohorts: BTreeMap<String, u64> = serde_json::from_str(text).ok()?;
        return Some(Worth::Cohorts(cohorts));
    }
    match text.split_once('/') {
        Some((part, of)) => Some(Worth::Share(Share {
            part: part.parse().ok()?,
            of: of.parse().ok()?,
        })),
        None => Exact::parse(text).ok().map(Worth::Number),
    }
}

/// As text. Plain data with text keys always has a form in JSON.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What JSON of a column says.
pub(super) fn parsed<T: DeserializeOwned>(text: &str, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| broken(column, error))
}

/// A column that holds what this program never writes.
pub(super) fn broken(
    column: usize,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
}

/// As SQLite keeps whole numbers; what is beyond 63 bits ends there, 292 years of nanoseconds.
pub(super) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Back from [`int`].
pub(super) fn count(row: &Row, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|error| broken(column, error))
}

/// As [`count`], of a small number.
pub(super) fn small(row: &Row, column: usize) -> rusqlite::Result<u32> {
    let number: i64 = row.get(column)?;
    u32::try_from(number).map_err(|error| broken(column, error))
}
