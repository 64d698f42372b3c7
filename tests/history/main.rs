//! `jaunt history` with the built program and real files: several processes at once, files that are
//! refused, and what goes out and comes in again.

mod at_once;
mod carried;
mod listed;
mod older;
mod refused;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use support::{Project, Ran};

/// A project that needs no target.
fn project() -> Project {
    Project::new("[project]\nname = \"shop\"\n[targets.site]\nurl = \"http://127.0.0.1:9\"\n")
}

/// Nanoseconds: the first of November 2026, and so many minutes.
fn minute(at: u64) -> u64 {
    1_793_491_200_000_000_000 + at * 60_000_000_000
}

/// A run of a release with one journey that came to `outcome`, and one number.
fn run(id: &str, release: &str, at: u64, outcome: &str) -> Value {
    json!({
        "run": id, "project": "shop", "target": "site", "release": release, "commit": format!("c-{release}"),
        "started": minute(at), "took": 1_500_000_000_u64, "exit_code": u8::from(outcome == "failed"),
        "unsound": false, "seed": "7", "host": "here", "jaunt": "0.1.0",
        "journeys": [{
            "journey": { "file": "journeys/shop.lua", "name": "buy" }, "repetition": 1, "outcome": outcome,
            "reason": if outcome == "passed" { "" } else { "it hung" }, "took": 900_000_000, "attempts": 1,
            "numbers": [{
                "key": { "name": "orders.total", "by": { "region": "eu" } }, "origin": "declared",
                "kind": "decimal", "unit": "EUR", "tolerance": "exact", "core": true,
                "worth": { "number": format!("{at}.50") },
            }],
        }],
    })
}

/// Runs as a file for `import`.
fn lines(runs: impl IntoIterator<Item = Value>) -> String {
    let mut text = "{\"jaunt_history\":1}\n".to_string();
    for run in runs {
        text.push_str(&format!("{run}\n"));
    }
    text
}

/// Runs the program, which must succeed.
fn good(project: &Project, words: &[&str]) -> String {
    let ran = project.run(words);
    assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.shown());
    ran.out
}

/// Runs the program, which must refuse.
fn bad(project: &Project, words: &[&str]) -> Ran {
    let ran = project.run(words);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(2), ""),
        "{words:?}: {}",
        ran.shown()
    );
    ran
}

/// The database, as any other program would open it.
fn database(project: &Project, name: &str) -> rusqlite::Connection {
    rusqlite::Connection::open(project.path(name)).expect("a database")
}

fn count(database: &rusqlite::Connection, sql: &str) -> i64 {
    database
        .query_row(sql, [], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}
