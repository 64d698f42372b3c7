//! The numbers of a run that nobody declared, as one piece: they are many, comparisons need only
//! their summaries, and a row for each would be most of the file.

use std::io::Read as _;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Transaction};
use serde::{Deserialize, Serialize};

use super::worth::{Columns, broken, int};

/// More than this no run has: what unpacks to more is damaged.
const MOST: u64 = 512 * 1024 * 1024;

/// Numbers, column by column, so that they pack well.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Bundle {
    /// The place of the journey in the run.
    result: Vec<usize>,
    /// The place of the number in its journey.
    place: Vec<usize>,
    /// The row of `declarations`.
    declaration: Vec<i64>,
    /// What it is worth.
    value: Vec<Cell>,
}

/// As the columns `value` and `fingerprint` of a row of `numbers`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Cell {
    Whole(i64),
    Text(String),
    Print { fingerprint: i64 },
    Nothing,
}

/// A number of a bundle.
#[derive(Debug)]
pub(super) struct One {
    pub(super) result: usize,
    pub(super) place: usize,
    pub(super) declaration: i64,
    pub(super) columns: Columns,
}

impl Bundle {
    /// Takes a number in.
    pub(super) fn push(&mut self, one: One) {
        self.result.push(one.result);
        self.place.push(one.place);
        self.declaration.push(one.declaration);
        self.value.push(match one.columns {
            (_, Some(fingerprint)) => Cell::Print { fingerprint },
            (Value::Integer(whole), None) => Cell::Whole(whole),
            (Value::Text(text), None) => Cell::Text(text),
            (Value::Null | Value::Real(_) | Value::Blob(_), None) => Cell::Nothing,
        });
    }

    /// Its numbers, in order.
    pub(super) fn numbers(self) -> impl Iterator<Item = One> {
        let places = self.result.into_iter().zip(self.place);
        let values = self.declaration.into_iter().zip(self.value);
        places
            .zip(values)
            .map(|((result, place), (declaration, cell))| One {
                result,
                place,
                declaration,
                columns: match cell {
                    Cell::Whole(whole) => (Value::Integer(whole), None),
                    Cell::Text(text) => (Value::Text(text), None),
                    Cell::Print { fingerprint } => (Value::Null, Some(fingerprint)),
                    Cell::Nothing => (Value::Null, None),
                },
            })
    }
}

/// Keeps the bundle of a run, and how many numbers each result has in it.
pub(super) fn keep(transaction: &Transaction, run: i64, bundle: &Bundle) -> rusqlite::Result<()> {
    if bundle.result.is_empty() {
        return Ok(());
    }
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::ToSqlConversionFailure(error)
    };
    let text = serde_json::to_vec(bundle).map_err(|error| failed(error.into()))?;
    let packed = zstd::stream::encode_all(&text[..], 0).map_err(|error| failed(error.into()))?;
    transaction
        .prepare_cached("INSERT INTO bundles (run, numbers) VALUES (?1, ?2)")?
        .execute((run, packed))?;
    for own in bundle.result.chunk_by(|one, next| one == next) {
        let result = own.first().copied().unwrap_or_default();
        transaction
            .prepare_cached("INSERT INTO bundled (run, result, count) VALUES (?1, ?2, ?3)")?
            .execute((run, int(result as u64), int(own.len() as u64)))?;
    }
    Ok(())
}

/// The bundle of a run; an empty one if it has none.
pub(super) fn of(connection: &Connection, run: i64) -> rusqlite::Result<Bundle> {
    let packed: Option<Vec<u8>> = connection
        .prepare_cached("SELECT numbers FROM bundles WHERE run = ?1")?
        .query_row([run], |row| row.get(0))
        .optional()?;
    let Some(packed) = packed else {
        return Ok(Bundle::default());
    };
    let decoder = zstd::stream::read::Decoder::with_buffer(&packed[..]);
    let mut text = Vec::new();
    decoder
        .and_then(|it| it.take(MOST).read_to_end(&mut text))
        .map_err(|error| broken(0, error))?;
    serde_json::from_slice(&text).map_err(|error| broken(0, error))
}
