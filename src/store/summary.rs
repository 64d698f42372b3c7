//! One value for each release and number, and how its journeys went: kept up to date with every run,
//! so that a comparison need not look at runs.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, Transaction};

/// The median is of so many of the newest values: odd, and enough for what a release is like.
const NEWEST: usize = 101;
/// Bytes of a value among the samples.
const WIDTH: usize = size_of::<f64>();

/// Whose a summary is, and when the run began that it learns from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose {
    pub(super) release: i64,
    pub(super) journey: i64,
    pub(super) at: i64,
}

/// What a run measured.
#[derive(Debug)]
pub(super) struct Latest<'a> {
    pub(super) key: i64,
    pub(super) origin: &'a str,
    pub(super) declaration: i64,
    pub(super) value: &'a Value,
    pub(super) print: Option<i64>,
    pub(super) float: Option<f64>,
}

/// Counts an outcome.
pub(super) fn outcome(
    transaction: &Transaction,
    whose: Whose,
    outcome: &str,
) -> rusqlite::Result<()> {
    let is = |name: &str| i64::from(outcome == name);
    let held = if is("passed") == 1 { whose.at } else { 0 };
    transaction
        .prepare_cached(
            "INSERT INTO outcomes (release, journey, passed, failed, errored, skipped, flaky, held, last, last_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
             ON CONFLICT (release, journey) DO UPDATE SET \
               passed = passed + excluded.passed, failed = failed + excluded.failed, \
               errored = errored + excluded.errored, skipped = skipped + excluded.skipped, \
               flaky = flaky + excluded.flaky, held = max(held, excluded.held), \
               last = iif(excluded.last_at >= last_at, excluded.last, last), \
               last_at = max(last_at, excluded.last_at)",
        )?
        .execute((
            whose.release,
            whose.journey,
            is("passed"),
            is("failed"),
            is("errored"),
            is("skipped"),
            is("flaky"),
            held,
            outcome,
            whose.at,
        ))?;
    Ok(())
}

/// Learns a number of a good run.
pub(super) fn number(
    transaction: &Transaction,
    whose: Whose,
    latest: &Latest,
) -> rusqlite::Result<()> {
    let median = match latest.float {
        Some(value) => Some(median(&samples(transaction, whose, latest, value)?)),
        None => None,
    };
    transaction
        .prepare_cached(
            "INSERT INTO summaries (release, journey, key, origin, median, count, last_at, declaration, value, \
             fingerprint) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9) \
             ON CONFLICT (release, journey, key, origin) DO UPDATE SET \
               median = excluded.median, count = count + 1, \
               declaration = iif(excluded.last_at >= last_at, excluded.declaration, declaration), \
               value = iif(excluded.last_at >= last_at, excluded.value, value), \
               fingerprint = iif(excluded.last_at >= last_at, excluded.fingerprint, fingerprint), \
               last_at = max(last_at, excluded.last_at)",
        )?
        .execute((
            whose.release,
            whose.journey,
            latest.key,
            latest.origin,
            median,
            whose.at,
            latest.declaration,
            latest.value,
            latest.print,
        ))?;
    Ok(())
}

/// Keeps a number that nobody learns from, the newest of its release.
pub(super) fn unlearnt(
    transaction: &Transaction,
    whose: Whose,
    latest: &Latest,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO unlearnt (release, journey, key, origin, last_at, value, fingerprint) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (release, journey, key, origin) DO UPDATE SET \
               last_at = excluded.last_at, value = excluded.value, fingerprint = excluded.fingerprint \
             WHERE excluded.last_at >= last_at",
        )?
        .execute((
            whose.release,
            whose.journey,
            latest.key,
            latest.origin,
            whose.at,
            latest.value,
            latest.print,
        ))?;
    Ok(())
}

/// The newest values with that one, which is stored.
fn samples(
    transaction: &Transaction,
    whose: Whose,
    latest: &Latest,
    value: f64,
) -> rusqlite::Result<Vec<f64>> {
    let whose = (whose.release, whose.journey, latest.key, latest.origin);
    let before: Option<Vec<u8>> = transaction
        .prepare_cached(
            "SELECT newest FROM samples WHERE release = ?1 AND journey = ?2 AND key = ?3 AND origin = ?4",
        )?
        .query_row(whose, |row| row.get(0))
        .optional()?;
    let mut bytes = match before {
        Some(bytes) => bytes,
        // Most releases are measured once: the value stands in its summary alone until there are two.
        None => match only(transaction, whose)? {
            Some(first) => first.to_le_bytes().to_vec(),
            None => return Ok(vec![value]),
        },
    };
    bytes.extend_from_slice(&value.to_le_bytes());
    let beyond = bytes.len().saturating_sub(NEWEST * WIDTH);
    bytes.drain(..beyond);
    transaction
        .prepare_cached(
            "INSERT INTO samples (release, journey, key, origin, newest) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (release, journey, key, origin) DO UPDATE SET newest = excluded.newest",
        )?
        .execute((whose.0, whose.1, whose.2, whose.3, &bytes))?;
    let values = bytes
        .chunks_exact(WIDTH)
        .filter_map(|it| it.try_into().ok());
    Ok(values.map(f64::from_le_bytes).collect())
}

/// The median of a summary that has no samples: the one value it is of.
fn only(transaction: &Transaction, whose: (i64, i64, i64, &str)) -> rusqlite::Result<Option<f64>> {
    let found: Option<Option<f64>> = transaction
        .prepare_cached(
            "SELECT median FROM summaries WHERE release = ?1 AND journey = ?2 AND key = ?3 AND origin = ?4",
        )?
        .query_row(whose, |row| row.get(0))
        .optional()?;
    Ok(found.flatten())
}

/// The middle one, or the mean of the two in the middle.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
    match sorted.len() % 2 {
        1 => at(middle),
        _ => f64::midpoint(at(middle.saturating_sub(1)), at(middle)),
    }
}
