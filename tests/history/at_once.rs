//! Several processes write one history; one of them is killed.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{count, database, lines, project, run};

/// So many processes beside the one that is killed.
const OTHERS: usize = 7;
const EACH: usize = 60;
/// The next process has so many of the same runs.
const SHARED: usize = 20;
/// Runs of the one that is killed: the first are small, in one of the others it is killed.
const DOOMED: usize = 6;
const SMALL: usize = 3;
/// Numbers of one that is not small.
const MANY: usize = 4_000;

/// A run of the one that is killed.
fn doomed_run(at: usize) -> Value {
    let mut run = run(&format!("k{at}"), "r2", at as u64, "passed");
    let numbers = &mut run["journeys"][0]["numbers"];
    if at >= SMALL {
        let number = |name: usize| {
            let mut number = numbers[0].clone();
            number["key"]["name"] = format!("n{name}").into();
            number
        };
        *numbers = (0..MANY).map(number).collect();
    }
    run
}

#[test]
fn eight_processes_at_once_and_one_killed_lose_nothing_and_double_nothing() {
    let project = project();
    for at in 0..OTHERS {
        let first = at * (EACH - SHARED);
        let runs =
            (first..first + EACH).map(|it| run(&format!("o{it}"), "r1", it as u64, "passed"));
        project.write(&format!("{at}.jsonl"), &lines(runs));
    }
    let pipe = project.path("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let start = |file: &str| {
        project
            .jaunt(&["history", "import", file, "--history", "h.db"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    };
    let mut doomed = start("pipe");
    let others: Vec<_> = (0..OTHERS)
        .map(|at| start(&format!("{at}.jsonl")))
        .collect();
    let runs = lines((0..DOOMED).map(doomed_run));
    let feeding = std::thread::spawn(move || {
        // It goes away before it has read all.
        let mut feed = std::fs::File::create(&pipe).expect("it reads");
        let _ = feed.write_all(runs.as_bytes());
        feed
    });
    let began = Instant::now();
    let seen = loop {
        let seen = written(&project);
        if seen >= SMALL as i64 {
            break seen;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it writes nothing"
        );
        std::thread::yield_now();
    };
    doomed.kill().expect("it is there");
    doomed.wait().expect("it ends");
    drop(feeding.join().expect("it was fed"));
    for other in others {
        let output = other.wait_with_output().expect("it ends");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let database = database(&project, "h.db");
    let check: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(check, "ok");
    let of_others = OTHERS * (EACH - SHARED) + SHARED;
    let many = count(&database, "SELECT count(*) FROM runs WHERE run LIKE 'o%'");
    assert_eq!(many, of_others as i64);
    // Of the killed one there is what was seen, in order and without a gap.
    let killed = count(&database, "SELECT count(*) FROM runs WHERE run LIKE 'k%'");
    assert!(
        (seen..DOOMED as i64).contains(&killed),
        "{killed}, seen {seen}"
    );
    let last: String = database
        .query_row("SELECT max(run) FROM runs WHERE run LIKE 'k%'", [], |row| {
            row.get(0)
        })
        .expect("a run");
    assert_eq!(last, format!("k{}", killed - 1));
    // Every run is whole, and each counts once in the summaries.
    let all = many + killed;
    let numbers = many + SMALL as i64 + (killed - SMALL as i64) * MANY as i64;
    for (sql, expected) in [
        ("SELECT count(*) FROM results", all),
        ("SELECT sum(passed) FROM outcomes", all),
        ("SELECT count(*) FROM numbers", numbers),
        ("SELECT count(*) FROM all_numbers", numbers),
        ("SELECT sum(count) FROM summaries", numbers),
    ] {
        assert_eq!(count(&database, sql), expected, "{sql}");
    }
    // Whoever comes after it goes on where it was.
    project.write("rest.jsonl", &lines((0..DOOMED).map(doomed_run)));
    let said = super::good(
        &project,
        &["history", "import", "rest.jsonl", "--history", "h.db"],
    );
    let new = DOOMED as i64 - killed;
    assert!(said.starts_with(&format!("{new} run")), "{said}");
}

/// How many runs of the doomed one are there; nothing as long as there is no table.
fn written(project: &super::support::Project) -> i64 {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let Ok(database) = rusqlite::Connection::open_with_flags(project.path("h.db"), flags) else {
        return 0;
    };
    let sql = "SELECT count(*) FROM runs WHERE run LIKE 'k%'";
    database.query_row(sql, [], |row| row.get(0)).unwrap_or(0)
}
