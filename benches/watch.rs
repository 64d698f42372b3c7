//! What comes on top of a journey's own time from saving its file to its verdict, under
//! `jaunt run --watch` on the embedded target: median and 95th percentile. The goal is 150 ms.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints")]

use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 40;

fn main() {
    println!("from saving a file to the verdict, without the journey's own time, {ROUNDS} saves:");
    for (what, file) in [
        (
            "a journey of the shipped ones",
            "journeys/chat_messages.lua",
        ),
        ("a library that others require", "journeys/lib/chat.lua"),
    ] {
        measure(what, file);
    }
}

fn measure(what: &str, file: &str) {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["jaunt.toml", "journeys", "journeys/lib"] {
        copy(&root.join(part), &folder.path().join(part));
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args(["run", "--watch"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    until(&mut lines, " waiting for changes");
    let path = folder.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        std::fs::write(&path, format!("{text}-- {round}\n")).unwrap();
        let saved = Instant::now();
        until(&mut lines, " PASSED   exit 0");
        let took = saved.elapsed();
        until(&mut lines, " waiting for changes");
        times.push(took.saturating_sub(longest(folder.path())));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    times.sort_unstable();
    let at = |part: f64| shown(times[(times.len() as f64 * part) as usize]);
    println!("  {what:<34}{:>10}{:>10}", at(0.5), at(0.95));
}

/// From the start of the first journey to the end of the last one.
fn longest(folder: &Path) -> Duration {
    let text = std::fs::read_to_string(folder.join(".jaunt/trace.jsonl")).unwrap();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let of_attempts: Vec<u64> = events
        .filter(|event| !event["attempt"].is_null())
        .filter_map(|event| event["at"].as_u64())
        .collect();
    let (first, last) = (of_attempts.iter().min(), of_attempts.iter().max());
    Duration::from_nanos(last.unwrap() - first.unwrap())
}

fn until(lines: &mut Lines<BufReader<ChildStdout>>, words: &str) {
    assert!(
        lines.any(|line| line.unwrap().contains(words)),
        "no {words:?}"
    );
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        std::fs::copy(from, to).unwrap();
        return;
    }
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
