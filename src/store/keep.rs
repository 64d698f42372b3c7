//! What is forgotten, and what a person says of a release.

use rusqlite::{Transaction, TransactionBehavior};

use super::worth::int;
use super::{History, StoreError};

const DAY: u64 = 24 * 60 * 60 * 1_000_000_000;
/// With one run at most so many go, so that a history that was let grow costs no run much.
const MOST_AT_ONCE: i64 = 20;

/// How long runs are remembered. The summary of a release outlives its runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Runs that began longer ago than so many days are forgotten.
    pub keep_days: Option<u32>,
    /// Of all runs, the newest so many are kept.
    pub keep_runs: Option<u64>,
    /// Summaries of at least so many of the newest releases of each target and context are kept,
    /// also of those whose runs are gone.
    pub keep_releases: u32,
}

impl Default for Retention {
    /// All runs, and 200 releases.
    fn default() -> Self {
        Self {
            keep_days: None,
            keep_runs: None,
            keep_releases: 200,
        }
    }
}

impl Retention {
    /// Nothing is forgotten.
    pub const ALL: Self = Self {
        keep_days: None,
        keep_runs: None,
        keep_releases: u32::MAX,
    };
}

/// What a person says of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Learnt from, as every release is that nothing is said of.
    Good,
    /// It was broken: nothing is learnt from it.
    Bad,
    /// The target was being worked on: nothing is learnt from it.
    Maintenance,
}

impl Label {
    /// As it is written and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Maintenance => "maintenance",
        }
    }
}

/// What was forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Runs.
    pub runs: u64,
    /// Releases without a run.
    pub releases: u64,
}

/// Forgets what is beyond `retention` when a run that began at `now` is appended: a little of it.
pub(super) fn forget(
    transaction: &Transaction,
    track: i64,
    retention: &Retention,
    now: u64,
) -> rusqlite::Result<Pruned> {
    let runs = runs(transaction, retention, now)?;
    let releases = releases(transaction, track, retention, MOST_AT_ONCE)?;
    Ok(Pruned { runs, releases })
}

fn runs(transaction: &Transaction, retention: &Retention, now: u64) -> rusqlite::Result<u64> {
    let mut gone = 0;
    if let Some(days) = retention.keep_days {
        let oldest = int(now.saturating_sub(u64::from(days) * DAY));
        gone += delete(
            transaction,
            "SELECT id FROM runs WHERE started < ?1 ORDER BY started LIMIT ?2",
            (oldest, MOST_AT_ONCE),
        )?;
    }
    if let Some(most) = retention.keep_runs {
        let count: i64 = transaction
            .prepare_cached("SELECT count(*) FROM runs")?
            .query_row([], |row| row.get(0))?;
        let beyond = count.saturating_sub(int(most)).clamp(0, MOST_AT_ONCE);
        gone += delete(
            transaction,
            "SELECT id FROM runs WHERE ?1 = ?1 ORDER BY started, id LIMIT ?2",
            (0, beyond),
        )?;
    }
    Ok(gone)
}

/// Deletes the runs that a query gives.
fn delete(transaction: &Transaction, which: &str, params: (i64, i64)) -> rusqlite::Result<u64> {
    let mut query = transaction.prepare_cached(which)?;
    let ids: Vec<i64> = query
        .query_map(params, |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in &ids {
        for sql in [
            "DELETE FROM numbers WHERE run = ?1",
            "DELETE FROM bundles WHERE run = ?1",
            "DELETE FROM bundled WHERE run = ?1",
            "DELETE FROM results WHERE run = ?1",
            "DELETE FROM runs WHERE id = ?1",
        ] {
            transaction.prepare_cached(sql)?.execute([id])?;
        }
    }
    Ok(ids.len() as u64)
}

/// Deletes old releases of a track that have no run any more, looking at so many at most.
fn releases(
    transaction: &Transaction,
    track: i64,
    retention: &Retention,
    most: i64,
) -> rusqlite::Result<u64> {
    let count: i64 = transaction
        .prepare_cached("SELECT count(*) FROM releases WHERE track = ?1")?
        .query_row([track], |row| row.get(0))?;
    let beyond = count
        .saturating_sub(i64::from(retention.keep_releases))
        .max(0);
    let mut query = transaction.prepare_cached(
        "SELECT id FROM (SELECT id FROM releases WHERE track = ?1 ORDER BY first_at, id LIMIT ?2) \
         AS old WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.release = old.id)",
    )?;
    let ids: Vec<i64> = query
        .query_map((track, beyond.min(most)), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in &ids {
        for sql in [
            "DELETE FROM samples WHERE release = ?1",
            "DELETE FROM summaries WHERE release = ?1",
            "DELETE FROM unlearnt WHERE release = ?1",
            "DELETE FROM outcomes WHERE release = ?1",
            "DELETE FROM releases WHERE id = ?1",
        ] {
            transaction.prepare_cached(sql)?.execute([id])?;
        }
    }
    Ok(ids.len() as u64)
}

impl History {
    /// Forgets all that is beyond `retention` at the time `now` (nanoseconds since the Unix epoch),
    /// and gives the room back to the disk.
    ///
    /// # Errors
    /// If it cannot be written; what was forgotten until then stays forgotten.
    pub fn prune(&mut self, retention: &Retention, now: u64) -> Result<Pruned, StoreError> {
        self.writable()?;
        let mut all = Pruned::default();
        loop {
            let pruned = self.pruned_a_little(retention, now);
            let pruned = pruned.map_err(|error| self.wrong(&error))?;
            if pruned == Pruned::default() {
                break;
            }
            all.runs += pruned.runs;
            all.releases += pruned.releases;
        }
        let room = self.give_back();
        room.map_err(|error| self.wrong(&error))?;
        Ok(all)
    }

    fn pruned_a_little(&mut self, retention: &Retention, now: u64) -> rusqlite::Result<Pruned> {
        // A piece at a time: whoever wants to append meanwhile waits for a piece, not for all.
        let transaction = Transaction::new(&mut self.connection, TransactionBehavior::Immediate)?;
        let mut pruned = Pruned {
            runs: runs(&transaction, retention, now)?,
            releases: 0,
        };
        let mut query = transaction.prepare_cached("SELECT id FROM tracks")?;
        let tracks: Vec<i64> = query
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        drop(query);
        for track in tracks {
            pruned.releases += releases(&transaction, track, retention, i64::MAX)?;
        }
        transaction.commit()?;
        Ok(pruned)
    }

    fn give_back(&self) -> rusqlite::Result<()> {
        let mut vacuum = self.connection.prepare("PRAGMA incremental_vacuum")?;
        let mut pages = vacuum.query([])?;
        // One row for each page that was given back.
        while pages.next()?.is_some() {}
        Ok(())
    }

    /// Says what a release of a target was like, or of all targets that had it; gives these.
    ///
    /// # Errors
    /// If no run is of that release, or if it cannot be written.
    pub fn label(
        &mut self,
        release: &str,
        target: Option<&str>,
        label: Label,
    ) -> Result<Vec<String>, StoreError> {
        self.writable()?;
        let labelled = labelled(&mut self.connection, release, target, label);
        match labelled.map_err(|error| self.wrong(&error))? {
            targets if targets.is_empty() => Err(StoreError::NoRelease {
                release: release.to_string(),
                target: target.map(str::to_string),
            }),
            targets => Ok(targets),
        }
    }

    /// Refuses what was opened to read.
    pub(super) fn writable(&self) -> Result<(), StoreError> {
        match self.can_write() {
            true => Ok(()),
            false => Err(StoreError::ReadOnly {
                path: self.path().to_path_buf(),
            }),
        }
    }
}

fn labelled(
    connection: &mut rusqlite::Connection,
    release: &str,
    target: Option<&str>,
    label: Label,
) -> rusqlite::Result<Vec<String>> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let mut query = transaction.prepare(
        "SELECT DISTINCT tracks.target FROM releases JOIN tracks ON tracks.id = releases.track \
         WHERE releases.name = ?1 AND (?2 IS NULL OR tracks.target = ?2) ORDER BY 1",
    )?;
    let targets: Vec<String> = query
        .query_map((release, target), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    drop(query);
    for target in &targets {
        match label {
            Label::Good => transaction.execute(
                "DELETE FROM labels WHERE target = ?1 AND release = ?2",
                (target, release),
            )?,
            Label::Bad | Label::Maintenance => transaction.execute(
                "INSERT OR REPLACE INTO labels (target, release, label) VALUES (?1, ?2, ?3)",
                (target, release, label.name()),
            )?,
        };
    }
    transaction.commit()?;
    Ok(targets)
}
