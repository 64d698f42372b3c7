//! Memory: of one idle WebSocket client, and of a thousand journeys in flight at once.

use std::process::{Child, Stdio};
use std::time::Duration;

use super::process::memory;
use super::project::Project;
use super::quiet::Quiet;

/// Opens so many clients and says so.
const IDLE: &str = r#"
journey("idle", function(j)
  local last
  for number = 1, COUNT do
    last = j:client("c" .. number):websocket("/ws")
  end
  last:send("here")
  last:expect("go", { within = "100s" })
end)
"#;

/// Two clients that have talked, and wait.
const PAIR: &str = r#"
journey("a pair", function(j)
  local a, b = j:client("a"):websocket("/ws"), j:client("b"):websocket("/ws")
  a:send { text = "hello" }
  a:expect { text = "hello" }
  b:send("here")
  b:expect("go", { within = "100s" })
end)
"#;

pub(crate) fn table() {
    println!("memory");
    let [few, many] = [200, 2200].map(idle);
    let each = (many - few) as f64 / 2000.0;
    println!(
        "  {:<52}{each:>10.1} KiB    goal ≤ 12 KiB",
        "an idle WebSocket client, plain"
    );
    let (at_once, most, _) = pairs(1000);
    println!(
        "  {:<52}{:>10.0} MiB    goal ≤ 200 MiB (at most {:.0} MiB)",
        "1,000 journeys with 2 clients each, all in flight",
        at_once as f64 / 1024.0,
        most as f64 / 1024.0,
    );
}

/// KiB of a process with so many clients.
fn idle(count: usize) -> i64 {
    let quiet = Quiet::start();
    let project = Project::new(
        &[quiet.address],
        "/",
        &IDLE.replace("COUNT", &count.to_string()),
    );
    let mut child = spawn(&project, 1, 1);
    quiet.wait_for(1);
    settle();
    let held = memory(&child, "VmRSS").cast_signed();
    quiet.let_go();
    succeed(&mut child);
    held
}

/// KiB of a process with so many journeys in flight, the most it ever had, and what they all said.
pub(crate) fn pairs(count: usize) -> (u64, u64, Duration) {
    let quiet = Quiet::start();
    let project = Project::new(&[quiet.address], "/", PAIR);
    let before = super::process::children();
    let mut child = spawn(&project, count, count);
    quiet.wait_for(count);
    settle();
    let held = memory(&child, "VmRSS");
    quiet.let_go();
    let mut most = held;
    while child.try_wait().unwrap().is_none() {
        most = most.max(memory(&child, "VmHWM"));
        std::thread::sleep(Duration::from_millis(2));
    }
    succeed(&mut child);
    (held, most, super::process::children() - before)
}

fn spawn(project: &Project, repeat: usize, jobs: usize) -> Child {
    let mut command = project.run(repeat, jobs);
    command.stdout(Stdio::null()).spawn().unwrap()
}

/// What the last one did on its way to waiting is done.
fn settle() {
    std::thread::sleep(Duration::from_millis(200));
}

fn succeed(child: &mut Child) {
    let status = child.wait().unwrap();
    assert!(status.success(), "{status}");
}
