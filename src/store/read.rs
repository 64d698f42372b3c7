//! Whole runs, as they were appended.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::baseline::kind;
use super::past::{key, origin};
use super::worth::{Columns, count, parsed, small, worth};
use super::{History, StoreError, bundle};
use crate::model::JourneyId;
use crate::model::number::history::{StoredJourney, StoredRun};
use crate::model::number::{Measured, Worth};

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

/// A number with its place in its journey.
type Placed = (usize, Measured);

fn numbers(
    connection: &Connection,
    run: i64,
    journeys: &mut [StoredJourney],
) -> rusqlite::Result<()> {
    let mut placed: Vec<Vec<Placed>> = journeys.iter().map(|_| Vec::new()).collect();
    let mut statement = connection.prepare_cached(
        "SELECT result, place, declaration, value, digest, count, members \
         FROM numbers LEFT JOIN fingerprints ON fingerprints.id = fingerprint WHERE run = ?1",
    )?;
    let mut rows = statement.query([run])?;
    while let Some(row) = rows.next()? {
        let at = |column| row.get::<_, i64>(column).map(|it| usize::try_from(it).ok());
        if let (Some(result), Some(place)) = (at(0)?, at(1)?)
            && let Some(own) = placed.get_mut(result)
        {
            let worth = worth(row, 3)?;
            own.push((place, measured(connection, row.get(2)?, worth)?));
        }
    }
    for one in bundle::of(connection, run)?.numbers() {
        if let Some(own) = placed.get_mut(one.result) {
            let worth = of_columns(connection, &one.columns)?;
            own.push((one.place, measured(connection, one.declaration, worth)?));
        }
    }
    for (journey, mut own) in journeys.iter_mut().zip(placed) {
        own.sort_by_key(|(place, _)| *place);
        journey.numbers = own.into_iter().map(|(_, number)| number).collect();
    }
    Ok(())
}

/// A number of that declaration.
fn measured(connection: &Connection, declaration: i64, worth: Worth) -> rusqlite::Result<Measured> {
    connection
        .prepare_cached(
            "SELECT name, dimensions, origin, kind, unit, tolerance, core \
             FROM declarations JOIN keys ON keys.id = declarations.key WHERE declarations.id = ?1",
        )?
        .query_row([declaration], |row| {
            Ok(Measured {
                key: key(row, 0)?,
                origin: origin(row, 2)?,
                kind: kind(row, 3)?,
                unit: Some(row.get::<_, String>(4)?).filter(|it| !it.is_empty()),
                tolerance: parsed(&row.get::<_, String>(5)?, 5)?,
                core: row.get(6)?,
                worth,
            })
        })
}

/// What columns say that lie in no row of their own.
fn of_columns(connection: &Connection, columns: &Columns) -> rusqlite::Result<Worth> {
    connection
        .prepare_cached(
            "SELECT ?1, digest, count, members FROM (SELECT 1) LEFT JOIN fingerprints ON id = ?2",
        )?
        .query_row((&columns.0, columns.1), |row| worth(row, 0))
}
