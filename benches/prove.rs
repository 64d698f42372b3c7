//! What a proof costs: 300 mutants of the shipped journeys against the embedded target with quick
//! pings, with the caps and as many walks at once as without any option. The goals are 60 s on two
//! cores, and memory that does not grow with the number of mutants.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SETTINGS: &str = r#"
[targets.demo]
embedded = { set = { ping = "100ms", pong_timeout = "50ms" } }
vars = { ghost_deadline = "5s" }

[run]
target = "demo"
"#;

const GOAL: Duration = Duration::from_secs(60);

fn main() {
    println!("a proof of the shipped journeys, ping 100 ms, pong timeout 50 ms:");
    println!(
        "  {:<10}{:>8}{:>10}{:>12}{:>10}{:>9}{:>11}{:>9}",
        "mutants", "walked", "wall", "per mutant", "memory", "score", "timed out", "refused"
    );
    for mutants in ["30", "300"] {
        measure(mutants);
    }
    println!(
        "  the goal is {} s for 300, and no more memory than for 30",
        GOAL.as_secs()
    );
}

fn measure(mutants: &str) {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("journeys"), &folder.path().join("journeys"));
    std::fs::write(folder.path().join("jaunt.toml"), SETTINGS).unwrap();
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args(["prove", "--sample", mutants, "--seed", "bench"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let memory = peak(child.id(), || child.try_wait().unwrap().is_some());
    let wall = began.elapsed();
    let text = std::fs::read_to_string(folder.path().join(".jaunt/prove.json")).unwrap();
    let proof: serde_json::Value = serde_json::from_str(&text).unwrap();
    let score = &proof["score"];
    let count = |state: &str| score[state].as_u64().unwrap();
    let walked: u64 = [
        "killed",
        "timed_out",
        "survived",
        "not_armed",
        "errored",
        "unscored",
    ]
    .into_iter()
    .map(count)
    .sum();
    let journeys = proof["journeys"].as_array().unwrap();
    let refused = journeys.iter().filter(|it| !it["refused"].is_null());
    println!(
        "  {mutants:<10}{walked:>8}{:>8.1} s{:>9.0} ms{:>7} MB{:>7.0} %{:>11}{:>9}",
        wall.as_secs_f64(),
        wall.as_secs_f64() * 1000.0 / walked.max(1) as f64,
        memory / 1024,
        score["noticed"].as_f64().unwrap_or_default() * 100.0,
        count("timed_out"),
        refused.count(),
    );
}

/// The most memory that a process has held, in KiB, asked for until it is over.
fn peak(process: u32, mut is_over: impl FnMut() -> bool) -> u64 {
    let mut most = 0;
    while !is_over() {
        let status = std::fs::read_to_string(format!("/proc/{process}/status"));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held = line.map(|line| line.trim().trim_end_matches(" kB").parse::<u64>());
        most = held.and_then(Result::ok).unwrap_or_default().max(most);
        std::thread::sleep(Duration::from_millis(20));
    }
    most
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(std::fs::copy(&path, &to).unwrap()),
        }
    }
}
