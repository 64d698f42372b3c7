//! How cost grows: with journeys in flight, with the size of messages, with the length of a run.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::memory::pairs;
use super::process::{Demo, cost, median, memory};
use super::project::Project;
use super::quiet::Quiet;
use super::speed::shown;

/// Sends a text of this size and hears it again, twenty times.
const ECHO: &str = r#"
journey("echo", function(j)
  local socket = j:client("a"):websocket("/ws")
  local text = ("x"):rep(SIZE)
  for number = 1, 20 do
    socket:send { number = number, text = text }
    socket:expect { number = number, text = text }
  end
end)
"#;

pub(crate) fn tables() {
    in_flight();
    sizes();
    long_run();
}

fn in_flight() {
    println!("journeys in flight, two clients each, the target's own time not counted");
    println!(
        "  {:>10}{:>16}{:>14}{:>20}",
        "in flight", "CPU each", "memory", "drop journey, CPU"
    );
    let demo = Demo::start();
    let drop = Project::drop(demo.address);
    for count in [1, 10, 100, 1000] {
        let (held, _, cpu) = pairs(count);
        let walked = 2000;
        let costs: Vec<_> = (0..3).map(|_| cost(drop.run(walked, count))).collect();
        println!(
            "  {count:>10}{:>16}{:>10.1} MiB{:>20}",
            shown(cpu.as_secs_f64() / count as f64),
            held as f64 / 1024.0,
            shown(median(&costs, |cost| cost.cpu).as_secs_f64() / walked as f64),
        );
    }
}

fn sizes() {
    println!("messages: sent, echoed, expected and kept in the trace");
    let quiet = Quiet::start();
    for kib in [1, 10, 100] {
        let journey = ECHO.replace("SIZE", &(kib * 1000).to_string());
        let project = Project::new(&[quiet.address], "/", &journey);
        let costs: Vec<_> = (0..3).map(|_| cost(project.run(50, 4))).collect();
        let each = median(&costs, |cost| cost.cpu).as_secs_f64() / 1000.0;
        println!("  {kib:>7} KB{:>16} a round trip", shown(each));
    }
}

fn long_run() {
    println!("a run of 10,000 journeys, 16 at once");
    let demo = Demo::start();
    let project = Project::drop(demo.address);
    let mut command = project.run(10_000, 16);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    let ended = said
        .lines()
        .map_while(Result::ok)
        .filter(|line| line.contains("a secret is read"));
    for (number, _) in ended.enumerate() {
        if [1000, 5000, 10_000].contains(&(number + 1)) {
            println!(
                "  after {:>6}{:>10.1} MiB",
                number + 1,
                memory(&child, "VmRSS") as f64 / 1024.0
            );
        }
    }
    assert!(child.wait().unwrap().success());
    let trace = std::fs::metadata(project.root().join(".jaunt/trace.jsonl"))
        .unwrap()
        .len();
    println!(
        "  its trace: {:.1} KiB a journey",
        trace as f64 / 1024.0 / 10_000.0
    );
}
