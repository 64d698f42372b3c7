//! The numbers of the newest good release, where no baseline file says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};

use super::past::{key, origin, track};
use super::worth::{broken, count, parsed, worth};
use super::{History, StoreError};
use crate::model::JourneyId;
use crate::model::number::{Accepted, Baseline, NumberKind, Source};

impl History {
    /// The numbers of the newest release that good runs measured, other than `excluding`, the one
    /// under judgement: of each what was measured last. Newest is the release whose last good run
    /// began last, so that after a rollback it is the release that served last. What it did not
    /// measure of a journey, the newest older release that did fills in, by name. Nothing if there
    /// is none.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn baseline(
        &self,
        target: &str,
        context: &BTreeMap<String, String>,
        excluding: Option<&str>,
    ) -> Result<Option<Baseline>, StoreError> {
        let baseline = baseline(&self.connection, target, context, excluding);
        baseline.map_err(|error| self.wrong(&error))
    }
}

/// So many releases are looked through for journeys that the newest one did not walk.
const RELEASES: i64 = 50;

fn baseline(
    connection: &Connection,
    target: &str,
    context: &BTreeMap<String, String>,
    excluding: Option<&str>,
) -> rusqlite::Result<Option<Baseline>> {
    let connection = &connection.unchecked_transaction()?;
    let Some(track) = track(connection, target, context)? else {
        return Ok(None);
    };
    let mut good = good(connection, track, target, excluding)?.into_iter();
    let Some((newest, mut baseline)) = good.next() else {
        return Ok(None);
    };
    baseline.context.clone_from(context);
    baseline.outcomes = outcomes(connection, newest)?;
    let mut known = BTreeSet::new();
    measured(connection, newest, &mut known, &mut baseline.numbers)?;
    for (older, it) in good {
        let before = baseline.numbers.len();
        measured(connection, older, &mut known, &mut baseline.numbers)?;
        for number in baseline.numbers.iter_mut().skip(before) {
            number.release = Some(it.release.clone());
        }
    }
    let numbers = &mut baseline.numbers;
    numbers.sort_by(|a, b| (&a.journey, a.origin, &a.key).cmp(&(&b.journey, b.origin, &b.key)));
    Ok(Some(baseline))
}

/// The releases that something was learnt from, newest first, with their ids.
fn good(
    connection: &Connection,
    track: i64,
    target: &str,
    excluding: Option<&str>,
) -> rusqlite::Result<Vec<(i64, Baseline)>> {
    let mut statement = connection.prepare_cached(
        "SELECT releases.id, releases.name, texts.text, releases.last_good FROM releases \
         LEFT JOIN texts ON texts.id = releases.revision \
         WHERE track = ?1 AND last_good IS NOT NULL AND name IS NOT ?2 \
         AND NOT EXISTS (SELECT 1 FROM labels WHERE labels.target = ?3 AND labels.release = name) \
         ORDER BY last_good DESC, releases.id DESC LIMIT ?4",
    )?;
    let found = statement.query_map((track, excluding, target, RELEASES), |row| {
        let found = Baseline {
            source: Source::History,
            release: row.get(1)?,
            commit: row.get(2)?,
            at: count(row, 3)?,
            ..Baseline::default()
        };
        Ok((row.get(0)?, found))
    })?;
    found.collect()
}

/// Adds the numbers that a release measured of journeys that are not `known` yet.
fn measured(
    connection: &Connection,
    release: i64,
    known: &mut BTreeSet<i64>,
    numbers: &mut Vec<Accepted>,
) -> rusqlite::Result<()> {
    let mut walked = connection
        .prepare_cached("SELECT journey FROM outcomes WHERE release = ?1 AND passed > 0")?;
    let walked = walked.query_map([release], |row| row.get::<_, i64>(0))?;
    let mut statement = connection.prepare_cached(
        "SELECT journeys.file, journeys.name, keys.name, keys.dimensions, summaries.origin, \
           declarations.kind, declarations.unit, declarations.tolerance, declarations.core, \
           summaries.value, fingerprints.digest, fingerprints.count, fingerprints.members \
         FROM summaries JOIN journeys ON journeys.id = summaries.journey \
         JOIN keys ON keys.id = summaries.key \
         JOIN declarations ON declarations.id = summaries.declaration \
         LEFT JOIN fingerprints ON fingerprints.id = summaries.fingerprint \
         WHERE summaries.release = ?1 AND summaries.journey = ?2",
    )?;
    for journey in walked {
        let journey = journey?;
        if known.contains(&journey) {
            continue;
        }
        for number in statement.query_map([release, journey], accepted)? {
            numbers.push(number?);
            known.insert(journey);
        }
    }
    Ok(())
}

fn accepted(row: &Row) -> rusqlite::Result<Accepted> {
    Ok(Accepted {
        journey: JourneyId {
            file: row.get(0)?,
            name: row.get(1)?,
        },
        key: key(row, 2)?,
        origin: origin(row, 4)?,
        kind: kind(row, 5)?,
        unit: Some(row.get::<_, String>(6)?).filter(|it| !it.is_empty()),
        tolerance: parsed(&row.get::<_, String>(7)?, 7)?,
        core: row.get(8)?,
        worth: worth(row, 9)?,
        release: None,
    })
}

pub(super) fn kind(row: &Row, column: usize) -> rusqlite::Result<NumberKind> {
    let name: String = row.get(column)?;
    NumberKind::from_name(&name)
        .ok_or_else(|| broken(column, format!("`{name}` is no kind of number")))
}

fn outcomes(connection: &Connection, release: i64) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare_cached(
        "SELECT file, name, last FROM outcomes JOIN journeys ON journeys.id = journey WHERE release = ?1",
    )?;
    let found = statement.query_map([release], |row| {
        let journey = JourneyId {
            file: row.get(0)?,
            name: row.get(1)?,
        };
        Ok((journey.to_string(), row.get(2)?))
    })?;
    found.collect()
}
