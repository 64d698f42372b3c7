//! Appends a run: one transaction, with the summaries of its release.

use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior};

use super::bundle::{self, Bundle, One};
use super::keep::{self, Retention};
use super::worth::{columns, int, json};
use super::{History, StoreError, intern, summary};
use crate::model::number::Origin;
use crate::model::number::history::{StoredJourney, StoredRun};

/// What appending a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is remembered.
    New,
    /// It was there before, and nothing was changed.
    Known,
}

impl History {
    /// Appends a run and forgets what is beyond `retention`; all of it or nothing. A run that is
    /// there already is left as it is.
    ///
    /// # Errors
    /// If it cannot be written; nothing of it is there then.
    pub fn append(
        &mut self,
        run: &StoredRun,
        retention: &Retention,
    ) -> Result<Appended, StoreError> {
        self.writable()?;
        let appended = append(&mut self.connection, run, retention);
        appended.map_err(|error| self.wrong(&error))
    }
}

fn append(
    connection: &mut rusqlite::Connection,
    run: &StoredRun,
    retention: &Retention,
) -> rusqlite::Result<Appended> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let known = transaction
        .prepare_cached("SELECT 1 FROM runs WHERE run = ?1")?
        .query_row([&run.run], |_| Ok(()))
        .optional()?;
    if known.is_some() {
        return Ok(Appended::Known);
    }
    let track = intern::track(&transaction, &run.target, &json(&run.context))?;
    let release = release(&transaction, track, run)?;
    let id = header(&transaction, release, run)?;
    let mut bundle = Bundle::default();
    for (place, journey) in run.journeys.iter().enumerate() {
        let whose = result(&transaction, (id, place), release, run, journey)?;
        numbers(
            &transaction,
            (id, place),
            whose,
            (run, journey),
            &mut bundle,
        )?;
    }
    bundle::keep(&transaction, id, &bundle)?;
    keep::forget(&transaction, track, retention, run.started)?;
    transaction.commit()?;
    Ok(Appended::New)
}

/// The release of a run, with the times of its runs.
fn release(transaction: &Transaction, track: i64, run: &StoredRun) -> rusqlite::Result<i64> {
    let teaches = !run.unsound && run.journeys.iter().any(StoredJourney::teaches);
    let revision = intern::optional(transaction, run.commit.as_deref())?;
    let started = int(run.started);
    transaction
        .prepare_cached(
            "INSERT INTO releases (track, name, revision, first_at, last_at, last_good) \
             VALUES (?1, ?2, ?3, ?4, ?4, ?5) \
             ON CONFLICT (track, name) DO UPDATE SET \
               revision = coalesce(excluded.revision, revision), \
               first_at = min(first_at, excluded.first_at), \
               last_at = max(last_at, excluded.last_at), \
               last_good = coalesce(max(last_good, excluded.last_good), last_good, excluded.last_good) \
             RETURNING id",
        )?
        .query_row(
            (track, run.release_name(), revision, started, teaches.then_some(started)),
            |row| row.get(0),
        )
}

fn header(transaction: &Transaction, release: i64, run: &StoredRun) -> rusqlite::Result<i64> {
    transaction
        .prepare_cached(
            "INSERT INTO runs (run, release, named, project, revision, phase, started, took, exit_code, \
             unsound, seed, host, jaunt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .insert((
            &run.run,
            release,
            run.release.is_some(),
            intern::text(transaction, &run.project)?,
            intern::optional(transaction, run.commit.as_deref())?,
            &run.phase,
            int(run.started),
            int(run.took),
            run.exit_code,
            run.unsound,
            &run.seed,
            intern::text(transaction, &run.host)?,
            intern::text(transaction, &run.jaunt)?,
        ))
}

/// One journey of a run; `at` is the id of the run and the place in it.
fn result(
    transaction: &Transaction,
    at: (i64, usize),
    release: i64,
    run: &StoredRun,
    journey: &StoredJourney,
) -> rusqlite::Result<summary::Whose> {
    let id = intern::journey(transaction, &journey.journey)?;
    let reason = Some(journey.reason.as_str()).filter(|it| !it.is_empty());
    transaction
        .prepare_cached(
            "INSERT INTO results (run, place, journey, repetition, outcome, quarantined, reason, took, attempts) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            at.0,
            int(at.1 as u64),
            id,
            journey.repetition,
            &journey.outcome,
            journey.quarantined,
            intern::optional(transaction, reason)?,
            int(journey.took),
            journey.attempts,
        ))?;
    let whose = summary::Whose {
        release,
        journey: id,
        at: int(run.started),
    };
    summary::outcome(transaction, whose, &journey.outcome)?;
    Ok(whose)
}

/// The numbers of a journey: a row for each that was declared, the others into the bundle of the run.
fn numbers(
    transaction: &Transaction,
    at: (i64, usize),
    whose: summary::Whose,
    (run, journey): (&StoredRun, &StoredJourney),
    bundle: &mut Bundle,
) -> rusqlite::Result<()> {
    let teaches = !run.unsound && journey.teaches();
    for (place, number) in journey.numbers.iter().enumerate() {
        let key = intern::key(transaction, &number.key)?;
        let declaration = intern::declaration(transaction, key, number)?;
        let (value, print) = columns(transaction, &number.worth)?;
        let latest = summary::Latest {
            key,
            origin: number.origin.name(),
            declaration,
            value: &value,
            print,
            float: number.worth.to_float(),
        };
        match (teaches, run.unsound) {
            (true, _) => summary::number(transaction, whose, &latest)?,
            (false, false) => summary::unlearnt(transaction, whose, &latest)?,
            // Whose numbers these are nobody knows.
            (false, true) => {}
        }
        match number.origin {
            Origin::Declared => {
                transaction
                    .prepare_cached(
                        "INSERT INTO numbers (run, result, place, declaration, value, fingerprint) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    )?
                    .execute((
                        at.0,
                        int(at.1 as u64),
                        int(place as u64),
                        declaration,
                        &value,
                        print,
                    ))?;
            }
            Origin::Free | Origin::Timing | Origin::Shape => bundle.push(One {
                result: at.1,
                place,
                declaration,
                columns: (value, print),
            }),
        }
    }
    Ok(())
}
