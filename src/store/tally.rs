//! How often each journey came to what, from run to run.

use std::collections::BTreeMap;

use rusqlite::{Connection, named_params};

use super::list::{JOURNEY, WHICH};
use super::worth::{count, int};
use super::{Filter, History, StoreError};
use crate::model::JourneyId;

/// How often a journey came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Passed at once.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// Could not be judged.
    pub errored: u64,
    /// Did not run.
    pub skipped: u64,
    /// Passed only when it was tried again.
    pub flaky: u64,
    /// Of those that failed, how many did so in a release in which it passed as well.
    pub mixed: u64,
    /// It was in quarantine the last time.
    pub quarantined: bool,
}

impl Tally {
    /// Runs that came to a verdict on the target.
    pub fn judged(&self) -> u64 {
        self.passed + self.failed + self.flaky
    }

    /// How often it ended differently than at another time with the same release.
    pub fn flakes(&self) -> u64 {
        self.flaky + self.mixed
    }
}

impl History {
    /// How each journey went, over all runs that `filter` means, except unsound ones.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn tallies(&self, filter: &Filter) -> Result<BTreeMap<JourneyId, Tally>, StoreError> {
        tallies(&self.connection, filter).map_err(|error| self.wrong(&error))
    }
}

fn tallies(
    connection: &Connection,
    filter: &Filter,
) -> rusqlite::Result<BTreeMap<JourneyId, Tally>> {
    let many = |outcome: &str| format!("sum(results.outcome = '{outcome}')");
    // Of a row that has the greatest of something, SQLite gives the other columns as well.
    let sql = format!(
        "SELECT journeys.file, journeys.name, {}, {}, {}, {}, {}, max(runs.started), results.quarantined \
         FROM results JOIN journeys ON journeys.id = results.journey JOIN runs ON runs.id = results.run \
         JOIN releases ON releases.id = runs.release JOIN tracks ON tracks.id = releases.track \
         WHERE runs.unsound = 0 AND {WHICH} AND {JOURNEY} GROUP BY results.journey, runs.release",
        many("passed"),
        many("failed"),
        many("errored"),
        many("skipped"),
        many("flaky"),
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! {
        ":target": filter.target, ":release": filter.release, ":phase": filter.phase,
        ":since": filter.since.map(int), ":outcome": filter.outcome, ":journey": filter.journey,
    })?;
    let mut all: BTreeMap<JourneyId, (u64, Tally)> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let journey = JourneyId {
            file: row.get(0)?,
            name: row.get(1)?,
        };
        let (passed, failed, flaky) = (count(row, 2)?, count(row, 3)?, count(row, 6)?);
        let at = count(row, 7)?;
        let (last, tally) = all.entry(journey).or_default();
        tally.passed += passed;
        tally.failed += failed;
        tally.errored += count(row, 4)?;
        tally.skipped += count(row, 5)?;
        tally.flaky += flaky;
        tally.mixed += if passed + flaky > 0 { failed } else { 0 };
        if at >= *last {
            (*last, tally.quarantined) = (at, row.get(8)?);
        }
    }
    Ok(all
        .into_iter()
        .map(|(journey, (_, tally))| (journey, tally))
        .collect())
}
