//! What a number was where nothing was learnt of it: in runs that failed, perhaps because of it.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::past::track;
use super::worth::{json, worth};
use super::{History, StoreError};
use crate::model::number::Worth;
use crate::model::number::history::Series;

impl History {
    /// What a number was in each release, in the order of the runs, whether they were good or failed;
    /// runs that were unsound, and releases under maintenance, say nothing. The points of `series` are
    /// not looked at.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn measured(
        &self,
        target: &str,
        context: &BTreeMap<String, String>,
        series: &Series,
    ) -> Result<BTreeMap<String, Vec<Worth>>, StoreError> {
        let measured = measured(&self.connection, target, context, series);
        measured.map_err(|error| self.wrong(&error))
    }
}

fn measured(
    connection: &Connection,
    target: &str,
    context: &BTreeMap<String, String>,
    series: &Series,
) -> rusqlite::Result<BTreeMap<String, Vec<Worth>>> {
    let connection = &connection.unchecked_transaction()?;
    let mut found: BTreeMap<String, Vec<Worth>> = BTreeMap::new();
    let Some(track) = track(connection, target, context)? else {
        return Ok(found);
    };
    let mut statement = connection.prepare_cached(
        "SELECT releases.name, numbers.value, fingerprints.digest, fingerprints.count, fingerprints.members \
         FROM releases JOIN runs ON runs.release = releases.id \
         JOIN results ON results.run = runs.id \
         JOIN journeys ON journeys.id = results.journey \
         JOIN numbers ON numbers.run = results.run AND numbers.result = results.place \
         JOIN declarations ON declarations.id = numbers.declaration \
         JOIN keys ON keys.id = declarations.key \
         LEFT JOIN fingerprints ON fingerprints.id = numbers.fingerprint \
         WHERE releases.track = ?1 AND runs.unsound = 0 AND journeys.file = ?2 AND journeys.name = ?3 \
         AND keys.name = ?4 AND keys.dimensions = ?5 AND declarations.origin = ?6 \
         AND NOT EXISTS (SELECT 1 FROM labels WHERE labels.target = ?7 \
           AND labels.release = releases.name AND labels.label = 'maintenance') \
         ORDER BY runs.started, runs.id",
    )?;
    let mut rows = statement.query((
        track,
        &series.journey.file,
        &series.journey.name,
        &series.key.name,
        json(&series.key.by),
        series.origin.name(),
        target,
    ))?;
    while let Some(row) = rows.next()? {
        found.entry(row.get(0)?).or_default().push(worth(row, 1)?);
    }
    Ok(found)
}
