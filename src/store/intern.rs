//! Rows that many others share, found or made.

use rusqlite::{OptionalExtension as _, Params, Transaction};

use super::worth::json;
use crate::model::JourneyId;
use crate::model::number::{Fingerprint, Measured, NumberKey};

/// The id that `find` gives, or that `make` gives to a new row.
fn row(
    transaction: &Transaction,
    (find, make): (&str, &str),
    params: impl Params + Clone,
) -> rusqlite::Result<i64> {
    let found = transaction
        .prepare_cached(find)?
        .query_row(params.clone(), |row| row.get(0))
        .optional()?;
    match found {
        Some(id) => Ok(id),
        None => transaction.prepare_cached(make)?.insert(params),
    }
}

pub(super) fn text(transaction: &Transaction, text: &str) -> rusqlite::Result<i64> {
    let sql = (
        "SELECT id FROM texts WHERE text = ?1",
        "INSERT INTO texts (text) VALUES (?1)",
    );
    row(transaction, sql, (text,))
}

pub(super) fn optional(
    transaction: &Transaction,
    it: Option<&str>,
) -> rusqlite::Result<Option<i64>> {
    it.map(|it| text(transaction, it)).transpose()
}

pub(super) fn journey(transaction: &Transaction, id: &JourneyId) -> rusqlite::Result<i64> {
    let sql = (
        "SELECT id FROM journeys WHERE file = ?1 AND name = ?2",
        "INSERT INTO journeys (file, name) VALUES (?1, ?2)",
    );
    row(transaction, sql, (id.file.as_str(), id.name.as_str()))
}

pub(super) fn key(transaction: &Transaction, key: &NumberKey) -> rusqlite::Result<i64> {
    let sql = (
        "SELECT id FROM keys WHERE name = ?1 AND dimensions = ?2",
        "INSERT INTO keys (name, dimensions) VALUES (?1, ?2)",
    );
    let dimensions = json(&key.by);
    row(transaction, sql, (key.name.as_str(), dimensions.as_str()))
}

/// Of a number whose key has that id.
pub(super) fn declaration(
    transaction: &Transaction,
    key: i64,
    number: &Measured,
) -> rusqlite::Result<i64> {
    let sql = (
        "SELECT id FROM declarations WHERE key = ?1 AND origin = ?2 AND kind = ?3 AND unit = ?4 \
         AND tolerance = ?5 AND core = ?6",
        "INSERT INTO declarations (key, origin, kind, unit, tolerance, core) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    );
    let tolerance = json(&number.tolerance);
    let params = (
        key,
        number.origin.name(),
        number.kind.name(),
        number.unit.as_deref().unwrap_or_default(),
        tolerance.as_str(),
        number.core,
    );
    row(transaction, sql, params)
}

pub(super) fn fingerprint(transaction: &Transaction, print: &Fingerprint) -> rusqlite::Result<i64> {
    let sql = (
        "SELECT id FROM fingerprints WHERE digest = ?1 AND count = ?2 AND members = ?3",
        "INSERT INTO fingerprints (digest, count, members) VALUES (?1, ?2, ?3)",
    );
    let (count, members) = (print.count.to_string(), json(&print.members));
    row(
        transaction,
        sql,
        (print.digest.as_str(), count.as_str(), members.as_str()),
    )
}

pub(super) fn track(
    transaction: &Transaction,
    target: &str,
    context: &str,
) -> rusqlite::Result<i64> {
    let sql = (
        "SELECT id FROM tracks WHERE target = ?1 AND context = ?2",
        "INSERT INTO tracks (target, context) VALUES (?1, ?2)",
    );
    row(transaction, sql, (target, context))
}
