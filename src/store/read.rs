//! Whole runs, as they were appended.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::baseline::kind;
use super::past::{key, origin};
use super::worth::{count, parsed, small, worth};
use super::{History, StoreError};
use crate::model::JourneyId;
use crate::model::number::Measured;
use crate::model::number::history::{StoredJourney, StoredRun};

impl History {
    /// A run as it was appended; nothing if there is none of that id.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn run(&self, id: &str) -> Result<Option<StoredRun>, StoreError> {
        let run = run(&self.connection, id);
        run.map_err(|error| self.wrong(&error))
    }

    /// The ids that begin so, newest first and at most a few: a person types the beginning.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn ids(&self, beginning: &str) -> Result<Vec<String>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT run FROM runs WHERE substr(run, 1, length(?1)) = ?1 \
                 ORDER BY started DESC, id DESC LIMIT 10",
            )?;
            statement
                .query_map([beginning], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(|error: rusqlite::Error| self.wrong(&error))
    }
}

fn run(connection: &Connection, id: &str) -> rusqlite::Result<Option<StoredRun>> {
    let connection = &connection.unchecked_transaction()?;
    let found = connection
        .prepare_cached(
            "SELECT runs.id, runs.run, project.text, tracks.target, releases.name, runs.named, \
               revision.text, runs.phase, runs.started, runs.took, runs.exit_code, runs.unsound, \
               runs.seed, host.text, jaunt.text, tracks.context \
             FROM runs JOIN releases ON releases.id = runs.release \
             JOIN tracks ON tracks.id = releases.track \
             JOIN texts AS project ON project.id = runs.project \
             JOIN texts AS host ON host.id = runs.host \
             JOIN texts AS jaunt ON jaunt.id = runs.jaunt \
             LEFT JOIN texts AS revision ON revision.id = runs.revision \
             WHERE runs.run = ?1",
        )?
        .query_row([id], |row| Ok((row.get::<_, i64>(0)?, header(row)?)))
        .optional()?;
    let Some((id, mut run)) = found else {
        return Ok(None);
    };
    run.journeys = journeys(connection, id)?;
    numbers(connection, id, &mut run.journeys)?;
    Ok(Some(run))
}

fn header(row: &Row) -> rusqlite::Result<StoredRun> {
    let release: String = row.get(4)?;
    let named: bool = row.get(5)?;
    Ok(StoredRun {
        run: row.get(1)?,
        project: row.get(2)?,
        target: row.get(3)?,
        release: named.then_some(release),
        commit: row.get(6)?,
        phase: row.get(7)?,
        started: count(row, 8)?,
        took: count(row, 9)?,
        exit_code: row.get(10)?,
        unsound: row.get(11)?,
        seed: row.get(12)?,
        host: row.get(13)?,
        jaunt: row.get(14)?,
        context: parsed(&row.get::<_, String>(15)?, 15)?,
        journeys: Vec::new(),
    })
}

fn journeys(connection: &Connection, run: i64) -> rusqlite::Result<Vec<StoredJourney>> {
    let mut statement = connection.prepare_cached(
        "SELECT journeys.file, journeys.name, repetition, outcome, quarantined, texts.text, took, attempts \
         FROM results JOIN journeys ON journeys.id = results.journey \
         LEFT JOIN texts ON texts.id = results.reason WHERE run = ?1 ORDER BY place",
    )?;
    let found = statement.query_map([run], |row| {
        Ok(StoredJourney {
            journey: JourneyId {
                file: row.get(0)?,
                name: row.get(1)?,
            },
            repetition: small(row, 2)?,
            outcome: row.get(3)?,
            quarantined: row.get(4)?,
            reason: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
            took: count(row, 6)?,
            attempts: small(row, 7)?,
            numbers: Vec::new(),
        })
    })?;
    found.collect()
}

fn numbers(
    connection: &Connection,
    run: i64,
    journeys: &mut [StoredJourney],
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT numbers.result, keys.name, keys.dimensions, declarations.origin, declarations.kind, \
           declarations.unit, declarations.tolerance, declarations.core, numbers.value, \
           fingerprints.digest, fingerprints.count, fingerprints.members \
         FROM numbers JOIN declarations ON declarations.id = numbers.declaration \
         JOIN keys ON keys.id = declarations.key \
         LEFT JOIN fingerprints ON fingerprints.id = numbers.fingerprint \
         WHERE numbers.run = ?1 ORDER BY numbers.result, numbers.place",
    )?;
    let mut rows = statement.query([run])?;
    while let Some(row) = rows.next()? {
        let place = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
        if let Some(journey) = journeys.get_mut(place) {
            journey.numbers.push(Measured {
                key: key(row, 1)?,
                origin: origin(row, 3)?,
                kind: kind(row, 4)?,
                unit: Some(row.get::<_, String>(5)?).filter(|it| !it.is_empty()),
                tolerance: parsed(&row.get::<_, String>(6)?, 6)?,
                core: row.get(7)?,
                worth: worth(row, 8)?,
            });
        }
    }
    Ok(())
}
