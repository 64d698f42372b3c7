//! One row: a behaviour, a journey against it, and how that must end. Each row is a run of its own,
//! so that its peak memory is its own too.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;
use std::time::Duration;

use serde_json::Value;

use crate::wire::{Conn, ok, serve};

/// What a journey against a server that wants to hold it up may take, by the product's own deadline,
/// and how long each of its waits is. Seconds.
const SHORT: (u64, u64) = (4, 1);
/// The same where something other than a deadline ends it, however slow the machine.
const LONG: (u64, u64) = (60, 50);
/// What its cleanup may take beyond that.
const CLEANUP: u64 = 2;
/// Most memory of the whole process, in MiB. A debug build that does nothing needs about 30; the
/// rest is 16 MiB of a body, as it came and as it was decoded, and 32 MiB of an inbox.
const MEMORY: u64 = 160;
/// Most bytes of a trace: an inbox full of messages is told once.
const TRACE: u64 = 16 << 20;
/// How often the memory is looked at.
const SAMPLE: Duration = Duration::from_millis(3);
/// Most bytes of a report.
const REPORT: u64 = 2 << 20;

/// A behaviour and what it gets.
pub(crate) struct Row {
    /// What the server does.
    pub(crate) name: &'static str,
    /// How it does it, on one connection.
    pub(crate) serve: fn(Conn),
    /// The journey's lines; `c` is a client of the hostile server.
    pub(crate) journey: &'static str,
    /// How that ends.
    pub(crate) ends: Ends,
}

/// How a row's journey ends.
#[derive(Clone, Copy)]
pub(crate) enum Ends {
    /// Failed, with this kind of error and a part of what it says.
    Failed(&'static str, &'static str),
    /// What the server does is legal, or nothing that was asked for is hurt by it.
    Passed,
}

impl Row {
    /// Its journey's timeout and how long each of its waits may be.
    fn times(&self) -> (u64, u64) {
        match self.ends {
            Ends::Failed("timeout" | "expectation", _) => SHORT,
            Ends::Failed(..) | Ends::Passed => LONG,
        }
    }
}

/// A journey that fetches a page.
pub(crate) const GET: &str = "c:get('/'):expect { status = 200 }";
/// One that opens a WebSocket and waits for a message that never comes.
pub(crate) const LISTEN: &str = "c:websocket('/'):expect 'never sent'";
/// One that opens an event stream and waits for an event that never comes.
pub(crate) const EVENTS: &str = "c:events('/'):expect { data = 'never sent' }";
/// One that reads lines and waits for one that never comes.
pub(crate) const LINES: &str = "c:lines('/'):expect 'never sent'";
/// One that reads chunks and waits for one that never comes.
pub(crate) const CHUNKS: &str = "c:chunks('/'):expect 'never sent'";

/// Runs rows and holds each to what must hold for all; says all that is wrong, not the first only.
pub(crate) fn hold(rows: &[Row]) {
    hold_at(rows, |row| format!("http://{}", serve(row.serve)));
}

/// The same for servers that are not found by plain HTTP.
pub(crate) fn hold_at(rows: &[Row], url: impl Fn(&Row) -> String) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let wrongs = attend(row, &url(row));
            (!wrongs.is_empty()).then(|| format!("{}:\n  {}", row.name, wrongs.join("\n  ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs one row; what is wrong with it.
fn attend(row: &Row, url: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let friendly = serve(
        |mut conn| {
            while conn.head().ends_with("\r\n\r\n") && conn.say(ok("", "ok")) {}
        },
    );
    let neighbours = neighbours();
    prepare(folder.path(), row, url, &friendly, neighbours);
    let run = run(folder.path(), neighbours + 1);
    let wrong = judge(row, &run, neighbours);
    print(row, &run);
    wrong
}

#[expect(
    clippy::print_stdout,
    reason = "the table is for who asks for it with `--nocapture`"
)]
fn print(row: &Row, run: &Run) {
    let journey = run.journey("hostile");
    println!(
        "{:<58} {:<8} {:>6} ms {:>4} MiB {:>6} KiB of trace",
        row.name,
        journey["outcome"].as_str().unwrap_or("?"),
        journey["took"].as_u64().unwrap_or_default() / 1_000_000,
        run.memory,
        run.trace.len() / 1024,
    );
}

/// One more than the workers that are left: at least one shares the hostile journey's.
fn neighbours() -> usize {
    2 * available_parallelism().map_or(1, usize::from) - 1
}

fn prepare(folder: &Path, row: &Row, url: &str, friendly: &str, neighbours: usize) {
    let settings = format!(
        "[targets.t]\nurl = \"http://{friendly}\"\nservices = {{ bad = \"{url}\" }}\nfloor = [\"/\"]\n\
         [run]\nlate = \"100ms\"\ncleanup = \"{CLEANUP}s\"\n"
    );
    fs::write(folder.join("jaunt.toml"), settings).expect("a project file");
    let (timeout, within) = row.times();
    let journeys = format!(
        "journey('hostile', {{ timeout = '{timeout}s' }}, function(j)\n\
         local c = j:client('guest', {{ base = 'bad', within = '{within}s', tls = {{ insecure = true }} }})\n{}\nend)\n\
         for n = 1, {neighbours} do journey('neighbour ' .. n, function(j)\n\
         local c = j:client('neighbour', {{ within = '10s' }})\n\
         for _ = 1, 12 do c:get('/'):expect {{ status = 200, text = 'ok' }} j:sleep('25ms') end\n\
         end) end\n",
        row.journey
    );
    fs::create_dir(folder.join("journeys")).expect("a folder");
    fs::write(folder.join("journeys/all.lua"), journeys).expect("journeys");
}

/// What a run left behind.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
    report: Option<Value>,
    report_size: u64,
    junit: String,
    trace: String,
    /// Peak, in MiB.
    memory: u64,
}

impl Run {
    fn journey(&self, name: &str) -> &Value {
        let journeys = self.report.as_ref().map(|report| &report["journeys"]);
        let found = journeys.and_then(Value::as_array).into_iter().flatten();
        found
            .into_iter()
            .find(|journey| journey["name"] == name)
            .unwrap_or(&Value::Null)
    }
}

fn run(folder: &Path, jobs: usize) -> Run {
    let file = |name: &str| File::create(folder.join(name)).expect("a file for what it says");
    let mut child = Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args(["run", "--jobs", &jobs.to_string()])
        .current_dir(folder)
        .env_remove("CI")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(file("out"))
        .stderr(file("err"))
        .spawn()
        .expect("the binary runs");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let status = loop {
        // The kernel keeps the peak, but forgets it with the process: what was last seen counts.
        memory = peak(&status).unwrap_or(memory);
        match child.try_wait().expect("it is ours") {
            Some(status) => break status,
            None => std::thread::sleep(SAMPLE),
        }
    };
    let read = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
    let text = |name: &str| String::from_utf8(read(name)).expect("UTF-8");
    let report = read(".jaunt/report.json");
    Run {
        code: status.code(),
        out: text("out"),
        err: text("err"),
        report: serde_json::from_slice(&report).ok(),
        report_size: report.len() as u64,
        junit: text(".jaunt/junit.xml"),
        trace: text(".jaunt/trace.jsonl"),
        memory,
    }
}

/// The most memory that a process had, in MiB.
fn peak(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

fn judge(row: &Row, run: &Run, neighbours: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    let hostile = run.journey("hostile");
    let said = &hostile["reason"];
    let (code, outcome) = match row.ends {
        Ends::Failed(..) => (1, "failed"),
        Ends::Passed => (0, "passed"),
    };
    must(
        hostile["outcome"] == outcome && run.code == Some(code),
        format!(
            "is {} with exit {:?}: {said}\n{}{}",
            hostile["outcome"], run.code, run.out, run.err
        ),
    );
    if let Ends::Failed(kind, words) = row.ends {
        let failures = hostile["attempts"][0]["failures"].as_array();
        let failures = failures.map_or(&[][..], Vec::as_slice);
        let has_said = |failure: &&Value| {
            let message = failure["message"].as_str().unwrap_or_default();
            failure["kind"] == kind && message.contains(words)
        };
        let found = failures.iter().find(has_said);
        let all = failures.iter();
        let all: Vec<String> = all
            .map(|it| format!("{}: {}", it["kind"], it["message"]))
            .collect();
        must(
            found.is_some(),
            format!("no {kind:?} that says {words:?}, but {all:?}"),
        );
        let up = found.is_some_and(|failure| failure["floor"]["up"] == true);
        must(
            up || found.is_none(),
            "the floor is not said to be up".to_string(),
        );
    }
    let took = hostile["took"].as_u64().unwrap_or(u64::MAX);
    must(
        took <= (row.times().0 + CLEANUP) * 1_000_000_000,
        format!("took {took} ns"),
    );
    for number in 1..=neighbours {
        let neighbour = run.journey(&format!("neighbour {number}"));
        must(
            neighbour["outcome"] == "passed",
            format!("neighbour {number}: {}", neighbour["reason"]),
        );
    }
    let memory = MEMORY + 2 * neighbours as u64;
    must(
        run.memory <= memory,
        format!("took {} MiB of memory", run.memory),
    );
    wrong.extend(unharmed(run, neighbours + 1));
    wrong
}

/// What is wrong with what a run says and leaves behind.
fn unharmed(run: &Run, journeys: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    let control = |c: &char| c.is_control() && *c != '\n';
    for (name, text) in [("stdout", &run.out), ("stderr", &run.err)] {
        if let Some(found) = text.chars().find(control) {
            wrong.push(format!("{found:?} on {name}"));
        }
    }
    if run.err.contains("panicked") {
        wrong.push(run.err.clone());
    }
    if run.report.is_none() {
        wrong.push("the JSON report is none".to_string());
    }
    match cases(&run.junit) {
        Ok(found) if found == journeys => {}
        Ok(found) => wrong.push(format!("{found} cases in the JUnit file")),
        Err(error) => wrong.push(format!("the JUnit file is no XML: {error}")),
    }
    for (number, line) in run.trace.lines().enumerate() {
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(line) {
            wrong.push(format!("line {number} of the trace is no JSON: {error}"));
        }
    }
    let sizes = [
        ("trace", run.trace.len() as u64, TRACE),
        ("JSON report", run.report_size, REPORT),
        ("JUnit file", run.junit.len() as u64, REPORT),
        ("console", run.out.len() as u64, REPORT),
    ];
    for (name, size, most) in sizes {
        if size > most {
            wrong.push(format!("the {name} has {size} bytes"));
        }
    }
    wrong
}

/// The cases of a JUnit file, all of which must be read.
fn cases(junit: &str) -> Result<usize, quick_xml::Error> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(junit);
    let mut cases = 0;
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(cases),
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == b"testcase" => {
                cases += 1;
            }
            _ => {}
        }
    }
}
