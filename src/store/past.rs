//! What a run is told of earlier releases.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::worth::{broken, count, json, parsed, small, worth};
use super::{History, StoreError};
use crate::model::JourneyId;
use crate::model::number::history::{OutcomeOf, Outcomes, Past, Point, Release, Series};
use crate::model::number::{NumberKey, Origin};

/// What is asked of the past.
#[derive(Debug, Clone, Copy)]
pub struct PastQuery<'a> {
    /// The target.
    pub target: &'a str,
    /// What distinguishes it from others that cannot be compared with it; equal, key by key.
    pub context: &'a BTreeMap<String, String>,
    /// The newest so many releases.
    pub releases: usize,
    /// Of these journeys; of all if absent.
    pub journeys: Option<&'a [JourneyId]>,
    /// The release under judgement, from which nothing is learnt.
    pub excluding: Option<&'a str>,
}

/// A release as its row has it.
struct Known {
    id: i64,
    release: Release,
    /// A person said that it was bad, or that the target was being worked on.
    labelled: bool,
}

impl History {
    /// One value for each number and release, and how the journeys went. Releases stand in the order
    /// of their first run. Where a release measured only what nobody learns from, its point is that,
    /// and says so; and so are all points of a release that is labelled bad or maintenance.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn past(&self, query: &PastQuery) -> Result<Past, StoreError> {
        let past = past(&self.connection, query);
        past.map_err(|error| self.wrong(&error))
    }

    /// Other contexts in which this target was measured, so that an empty past can say why it is
    /// empty.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn other_contexts(
        &self,
        target: &str,
        context: &BTreeMap<String, String>,
    ) -> Result<Vec<BTreeMap<String, String>>, StoreError> {
        let read = || {
            let mut query = self.connection.prepare_cached(
                "SELECT context FROM tracks WHERE target = ?1 AND context <> ?2 \
                 AND EXISTS (SELECT 1 FROM releases WHERE track = tracks.id) ORDER BY context",
            )?;
            query
                .query_map((target, json(context)), |row| {
                    parsed(&row.get::<_, String>(0)?, 0)
                })?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(|error: rusqlite::Error| self.wrong(&error))
    }
}

/// The id of a target in a context.
pub(super) fn track(
    connection: &Connection,
    target: &str,
    context: &BTreeMap<String, String>,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM tracks WHERE target = ?1 AND context = ?2")?
        .query_row((target, json(context)), |row| row.get(0))
        .optional()
}

fn past(connection: &Connection, query: &PastQuery) -> rusqlite::Result<Past> {
    // Everything of one moment, whoever writes meanwhile.
    let connection = &connection.unchecked_transaction()?;
    let Some(track) = track(connection, query.target, query.context)? else {
        return Ok(Past::default());
    };
    let known = releases(connection, track, query)?;
    let wanted = query.journeys.map(|it| it.iter().collect::<BTreeSet<_>>());
    let mut names = Names::new(connection, wanted);
    Ok(Past {
        series: series(connection, &known, &mut names)?,
        outcomes: outcomes(connection, &known, &mut names)?,
        releases: known.into_iter().map(|it| it.release).collect(),
        ..Past::default()
    })
}

fn releases(
    connection: &Connection,
    track: i64,
    query: &PastQuery,
) -> rusqlite::Result<Vec<Known>> {
    let mut statement = connection.prepare_cached(
        "SELECT releases.id, releases.name, texts.text, releases.last_at, labels.label IS NOT NULL \
         FROM releases JOIN tracks ON tracks.id = releases.track \
         LEFT JOIN texts ON texts.id = releases.revision \
         LEFT JOIN labels ON labels.target = tracks.target AND labels.release = releases.name \
         WHERE releases.track = ?1 AND releases.name IS NOT ?2 \
         ORDER BY releases.first_at DESC, releases.id DESC LIMIT ?3",
    )?;
    let most = i64::try_from(query.releases).unwrap_or(i64::MAX);
    let found = statement.query_map((track, query.excluding, most), |row| {
        let release = Release {
            id: row.get(1)?,
            commit: row.get(2)?,
            at: count(row, 3)?,
        };
        Ok(Known {
            id: row.get(0)?,
            release,
            labelled: row.get(4)?,
        })
    })?;
    let mut known = found.collect::<rusqlite::Result<Vec<_>>>()?;
    known.reverse();
    Ok(known)
}

/// Releases with their index in the past.
fn indexed(known: &[Known]) -> impl Iterator<Item = (u32, &Known)> {
    (0_u32..).zip(known)
}

/// Which number of which journey, by the ids of its rows.
type Named = (i64, i64, Origin);

fn series(
    connection: &Connection,
    known: &[Known],
    names: &mut Names,
) -> rusqlite::Result<Vec<Series>> {
    let mut points: HashMap<Named, Vec<Point>> = HashMap::new();
    let columns = "journey, key, origin, value, digest, '0', '[]'";
    let prints = "LEFT JOIN fingerprints ON fingerprints.id = fingerprint WHERE release = ?1";
    let learnt = format!("SELECT {columns}, median FROM summaries {prints}");
    let unlearnt = format!("SELECT {columns}, NULL FROM unlearnt {prints}");
    let mut learnt = connection.prepare_cached(&learnt)?;
    let mut unlearnt = connection.prepare_cached(&unlearnt)?;
    for (release, it) in indexed(known) {
        for (statement, is_unlearnt) in [(&mut learnt, it.labelled), (&mut unlearnt, true)] {
            let mut rows = statement.query([it.id])?;
            while let Some(row) = rows.next()? {
                let journey: i64 = row.get(0)?;
                if !names.is_wanted(journey)? {
                    continue;
                }
                let named = (journey, row.get(1)?, origin(row, 2)?);
                let points = points.entry(named).or_default();
                // What was learnt of a release says more than what was not.
                if points.last().is_none_or(|last| last.release != release) {
                    points.push(point(row, release, is_unlearnt)?);
                }
            }
        }
    }
    let mut series = Vec::with_capacity(points.len());
    for ((journey, key, origin), points) in points {
        series.push(Series {
            journey: names.journey(journey)?.clone(),
            key: names.key(key)?,
            origin,
            points,
        });
    }
    series.sort_by(|a, b| (&a.journey, a.origin, &a.key).cmp(&(&b.journey, b.origin, &b.key)));
    Ok(series)
}

/// A number as one value: the median of the good ones, or what it was the last time; what is no
/// number as one word.
fn point(row: &Row, release: u32, unlearnt: bool) -> rusqlite::Result<Point> {
    let mut point = Point {
        release,
        value: row.get(7)?,
        mark: None,
        unlearnt,
    };
    if point.value.is_none() {
        match row.get_ref(3)? {
            ValueRef::Null => point.mark = Some(row.get(4)?),
            _ => {
                let worth = worth(row, 3)?;
                point.value = worth.to_float();
                point.mark = point.value.is_none().then(|| worth.to_string());
            }
        }
    }
    Ok(point)
}

pub(super) fn origin(row: &Row, column: usize) -> rusqlite::Result<Origin> {
    let name: String = row.get(column)?;
    Origin::from_name(&name).ok_or_else(|| broken(column, format!("`{name}` is no origin")))
}

fn outcomes(
    connection: &Connection,
    known: &[Known],
    names: &mut Names,
) -> rusqlite::Result<Vec<Outcomes>> {
    let mut of: BTreeMap<i64, Vec<OutcomeOf>> = BTreeMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT journey, passed, failed, flaky, held FROM outcomes WHERE release = ?1",
    )?;
    for (release, it) in indexed(known) {
        let mut rows = statement.query([it.id])?;
        while let Some(row) = rows.next()? {
            let journey: i64 = row.get(0)?;
            if !names.is_wanted(journey)? {
                continue;
            }
            of.entry(journey).or_default().push(OutcomeOf {
                release,
                passed: small(row, 1)?,
                failed: small(row, 2)?,
                flaky: small(row, 3)?,
                held: count(row, 4)?,
            });
        }
    }
    let mut outcomes = Vec::with_capacity(of.len());
    for (journey, of) in of {
        outcomes.push(Outcomes {
            journey: names.journey(journey)?.clone(),
            of,
        });
    }
    outcomes.sort_by(|a, b| a.journey.cmp(&b.journey));
    Ok(outcomes)
}

/// What ids stand for, each read once.
struct Names<'a> {
    connection: &'a Connection,
    wanted: Option<BTreeSet<&'a JourneyId>>,
    journeys: HashMap<i64, JourneyId>,
    keys: HashMap<i64, NumberKey>,
}

impl<'a> Names<'a> {
    fn new(connection: &'a Connection, wanted: Option<BTreeSet<&'a JourneyId>>) -> Self {
        Self {
            connection,
            wanted,
            journeys: HashMap::new(),
            keys: HashMap::new(),
        }
    }

    fn is_wanted(&mut self, id: i64) -> rusqlite::Result<bool> {
        if self.wanted.is_none() {
            return Ok(true);
        }
        let journey = self.journey(id)?.clone();
        Ok(self.wanted.as_ref().is_none_or(|it| it.contains(&journey)))
    }

    fn journey(&mut self, id: i64) -> rusqlite::Result<&JourneyId> {
        use std::collections::hash_map::Entry;
        match self.journeys.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(free) => {
                let journey = self
                    .connection
                    .prepare_cached("SELECT file, name FROM journeys WHERE id = ?1")?
                    .query_row([id], |row| {
                        Ok(JourneyId {
                            file: row.get(0)?,
                            name: row.get(1)?,
                        })
                    })?;
                Ok(free.insert(journey))
            }
        }
    }

    fn key(&mut self, id: i64) -> rusqlite::Result<NumberKey> {
        if let Some(known) = self.keys.get(&id) {
            return Ok(known.clone());
        }
        let key = self
            .connection
            .prepare_cached("SELECT name, dimensions FROM keys WHERE id = ?1")?
            .query_row([id], |row| key(row, 0))?;
        self.keys.insert(id, key.clone());
        Ok(key)
    }
}

/// A key from its columns `name` and `dimensions`.
pub(super) fn key(row: &Row, at: usize) -> rusqlite::Result<NumberKey> {
    Ok(NumberKey {
        name: row.get(at)?,
        by: parsed(&row.get::<_, String>(at + 1)?, at + 1)?,
    })
}
