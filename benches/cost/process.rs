//! Processes and what they cost.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// What a process cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// From start to exit.
    pub(crate) wall: Duration,
    /// Of all its threads, in the kernel too.
    pub(crate) cpu: Duration,
}

/// Runs a command to its end, which must be a success.
pub(crate) fn cost(mut command: Command) -> Cost {
    command.stdout(Stdio::null()).stdin(Stdio::null());
    let before = children();
    let began = Instant::now();
    let status = command.status().unwrap();
    let wall = began.elapsed();
    assert!(status.success(), "{command:?} gave {status}");
    Cost {
        wall,
        cpu: children() - before,
    }
}

/// CPU time of all children that have ended.
pub(crate) fn children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let of = |time: nix::sys::time::TimeVal| {
        Duration::new(time.tv_sec().cast_unsigned(), 0)
            + Duration::from_micros(time.tv_usec().cast_unsigned())
    };
    of(usage.user_time()) + of(usage.system_time())
}

/// The median of what `of` says of each.
pub(crate) fn median(costs: &[Cost], of: impl Fn(&Cost) -> Duration) -> Duration {
    let mut all: Vec<Duration> = costs.iter().map(of).collect();
    all.sort();
    all[all.len() / 2]
}

/// A field of `/proc/PID/status`, in KiB: `VmRSS`, or `VmHWM` for the most it ever was.
pub(crate) fn memory(child: &Child, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// An embedded target in a process of its own.
pub(crate) struct Demo {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Demo {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jaunt"))
            .args(["demo", "--no-limits", "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .trim_start_matches("http://")
            .trim_end_matches('/');
        Self {
            child,
            address: address.parse().unwrap(),
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This binary as the hand-written program.
pub(crate) fn by_hand(what: &str, count: usize, at_once: usize, at: &[SocketAddr]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            super::by_hand::WORD,
            what,
            &count.to_string(),
            &at_once.to_string(),
        ])
        .args(at.iter().map(SocketAddr::to_string));
    command
}
