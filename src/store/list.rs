//! Runs in short, newest first.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row as SqlRow, named_params};

use super::worth::{count, int, small};
use super::{History, StoreError};

/// Which runs. What is absent is not asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// With a journey whose name or `file::name` has this text.
    pub journey: Option<String>,
    /// Against this target.
    pub target: Option<String>,
    /// Of this release.
    pub release: Option<String>,
    /// With a journey (that of `journey`, if it is given) that came to this.
    pub outcome: Option<String>,
    /// Begun at this time or later: nanoseconds since the Unix epoch.
    pub since: Option<u64>,
    /// Of this phase: `before`, `after`.
    pub phase: Option<String>,
    /// The newest so many.
    pub limit: Option<usize>,
}

/// A run in short.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Identifies it.
    pub run: String,
    /// Name of the target.
    pub target: String,
    /// The release that it counts for; its commit or its own id if it had none.
    pub release: String,
    /// `bad` or `maintenance`, if a person said so of the release.
    pub label: Option<String>,
    /// The commit that was named.
    pub commit: Option<String>,
    /// `before` or `after`, if it was one of the two.
    pub phase: Option<String>,
    /// Nanoseconds since the Unix epoch.
    pub started: u64,
    /// Nanoseconds.
    pub took: u64,
    /// The exit code.
    pub exit_code: u8,
    /// Nothing is learnt from it.
    pub unsound: bool,
    /// How many journeys (of those asked for) came to what: `passed` and the like.
    pub outcomes: BTreeMap<String, u32>,
    /// How many numbers they measured.
    pub numbers: u32,
}

/// The condition for runs, and below it the one for their results.
pub(super) const WHICH: &str = "(:target IS NULL OR tracks.target = :target) \
     AND (:release IS NULL OR releases.name = :release) \
     AND (:since IS NULL OR runs.started >= :since) \
     AND (:phase IS NULL OR runs.phase = :phase)";
pub(super) const JOURNEY: &str = "(:outcome IS NULL OR results.outcome = :outcome) \
     AND (:journey IS NULL OR instr(journeys.file || '::' || journeys.name, :journey) > 0)";

impl History {
    /// Runs in short, newest first.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Row>, StoreError> {
        list(&self.connection, filter).map_err(|error| self.wrong(&error))
    }
}

fn list(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<Row>> {
    let connection = &connection.unchecked_transaction()?;
    let sql = format!(
        "SELECT runs.id, runs.run, tracks.target, releases.name, labels.label, texts.text, runs.phase, \
           runs.started, runs.took, runs.exit_code, runs.unsound \
         FROM runs JOIN releases ON releases.id = runs.release JOIN tracks ON tracks.id = releases.track \
         LEFT JOIN texts ON texts.id = runs.revision \
         LEFT JOIN labels ON labels.target = tracks.target AND labels.release = releases.name \
         WHERE {WHICH} AND ((:journey IS NULL AND :outcome IS NULL) OR EXISTS (SELECT 1 FROM results \
           JOIN journeys ON journeys.id = results.journey WHERE results.run = runs.id AND {JOURNEY})) \
         ORDER BY runs.started DESC, runs.id DESC LIMIT :limit"
    );
    let limit = filter.limit.map_or(-1, |it| int(it as u64));
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(
        named_params! {
            ":target": filter.target, ":release": filter.release, ":phase": filter.phase,
            ":since": filter.since.map(int), ":outcome": filter.outcome, ":journey": filter.journey,
            ":limit": limit,
        },
        |row| Ok((row.get::<_, i64>(0)?, short(row)?)),
    )?;
    let mut rows = Vec::new();
    for found in found {
        let (id, mut row) = found?;
        row.outcomes = outcomes(connection, id, filter.journey.as_deref())?;
        row.numbers = numbers(connection, id, filter.journey.as_deref())?;
        rows.push(row);
    }
    Ok(rows)
}

fn short(row: &SqlRow) -> rusqlite::Result<Row> {
    Ok(Row {
        run: row.get(1)?,
        target: row.get(2)?,
        release: row.get(3)?,
        label: row.get(4)?,
        commit: row.get(5)?,
        phase: row.get(6)?,
        started: count(row, 7)?,
        took: count(row, 8)?,
        exit_code: row.get(9)?,
        unsound: row.get(10)?,
        ..Row::default()
    })
}

/// The condition that the journey has that text.
const HAS_TEXT: &str = "(?2 IS NULL OR instr(journeys.file || '::' || journeys.name, ?2) > 0)";

fn outcomes(
    connection: &Connection,
    run: i64,
    journey: Option<&str>,
) -> rusqlite::Result<BTreeMap<String, u32>> {
    let sql = format!(
        "SELECT outcome, count(*) FROM results JOIN journeys ON journeys.id = results.journey \
         WHERE run = ?1 AND {HAS_TEXT} GROUP BY outcome"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map((run, journey), |row| Ok((row.get(0)?, small(row, 1)?)))?;
    found.collect()
}

fn numbers(connection: &Connection, run: i64, journey: Option<&str>) -> rusqlite::Result<u32> {
    let sql = format!(
        "SELECT coalesce(sum( \
           (SELECT count(*) FROM numbers WHERE numbers.run = ?1 AND numbers.result = results.place) \
           + coalesce((SELECT count FROM bundled WHERE bundled.run = ?1 AND bundled.result = results.place), 0) \
         ), 0) FROM results JOIN journeys ON journeys.id = results.journey WHERE results.run = ?1 AND {HAS_TEXT}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_row((run, journey), |row| small(row, 0))
}
