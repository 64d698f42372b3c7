//! The tables, and how those of an earlier version become those of this one.

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

/// Tells a history from other SQLite databases: `jnt1` in the header of the file.
pub(super) const APPLICATION: i64 = 0x6a6e_7431;

/// Each brings a history from the version before it to its own; the first makes an empty file one
/// of version 1. What is published is never changed, only added to.
const STEPS: [&str; 4] = [
    include_str!("sql/1.sql"),
    include_str!("sql/2.sql"),
    include_str!("sql/3.sql"),
    include_str!("sql/4.sql"),
];

/// The version that this program writes.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// What a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    Empty,
    /// A history of that version.
    Version(i64),
    /// A database of something else.
    Other,
}

/// What the file is; it reads the header and the list of tables.
pub(super) fn look(connection: &Connection) -> rusqlite::Result<Found> {
    // In one statement, which sees one moment: another process may be making it right now.
    let (application, version, tables): (i64, i64, i64) = connection.query_row(
        "SELECT (SELECT application_id FROM pragma_application_id), \
           (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(match (application, version, tables) {
        (0, 0, 0) => Found::Empty,
        (APPLICATION, version, _) => Found::Version(version),
        _ => Found::Other,
    })
}

/// Brings it to the newest version, in one transaction: whoever is killed on the way leaves what
/// was there before. Another process may have done it meanwhile.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let done = match look(&transaction)? {
        Found::Empty => 0,
        Found::Version(version) => version,
        Found::Other => return Ok(()),
    };
    for step in STEPS
        .iter()
        .skip(usize::try_from(done).unwrap_or(STEPS.len()))
    {
        transaction.execute_batch(step)?;
    }
    if done < VERSION {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

/// Makes up, for this connection only, what a history of that earlier version lacks and reading
/// needs.
pub(super) fn make_up(connection: &Connection, version: i64) -> rusqlite::Result<()> {
    connection.pragma_update(None, "temp_store", "memory")?;
    for (since, text) in MADE_UP {
        if version < since {
            connection.execute_batch(text)?;
        }
    }
    Ok(())
}

/// What reading needs, and since which version it is there.
const MADE_UP: [(i64, &str); 3] = [
    (
        2,
        "CREATE TEMP TABLE labels (target TEXT, release TEXT, label TEXT)",
    ),
    (
        3,
        "CREATE TEMP TABLE unlearnt (release INTEGER, journey INTEGER, key INTEGER, origin TEXT, \
         last_at INTEGER, value ANY, fingerprint INTEGER)",
    ),
    (
        4,
        "CREATE TEMP TABLE bundles (run INTEGER, numbers BLOB); \
         CREATE TEMP TABLE bundled (run INTEGER, result INTEGER, count INTEGER)",
    ),
];

/// The first table that should be there and is not.
pub(super) fn lacking(connection: &Connection, version: i64) -> rusqlite::Result<Option<String>> {
    let steps = usize::try_from(version).unwrap_or(0);
    let texts = STEPS.iter().take(steps).flat_map(|step| step.lines());
    for table in texts.filter_map(|line| line.strip_prefix("CREATE TABLE ")) {
        let name = table.split([' ', '(']).next().unwrap_or(table);
        let found = connection
            .query_row(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                [name],
                |_| Ok(()),
            )
            .optional()?;
        if found.is_none() {
            return Ok(Some(name.to_string()));
        }
    }
    Ok(None)
}
