//! Runs that were killed, and runs whose trace cannot be written: what was recorded is not lost.

use std::process::Stdio;

use super::support::server::{Answer, Server, status};
use super::support::{Counts, Done, Project, counts, done, signal};

/// Two journeys that talk without end, so that a run is always in the middle of something.
const TALKS: &str = r#"for _, name in ipairs { "one", "two" } do
  journey("talks " .. name, function(j)
    local c = j:client("c")
    for i = 1, 10000 do
      j:step("round " .. i, function() c:get("/talk"):expect { status = 200 } end)
    end
  end)
end
"#;

fn leavings(project: &Project) -> Vec<String> {
    let entries = std::fs::read_dir(project.path(".jaunt")).expect("the folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".tmp")).collect()
}

/// How many complete lines a trace has; each must be an event.
fn complete_lines(trace: &str) -> usize {
    let complete = trace
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    complete
        .map(|line| {
            let event: Result<serde_json::Value, _> = serde_json::from_str(line);
            assert!(
                event.is_ok_and(|event| event["event"].is_string()),
                "{line:?}"
            );
        })
        .count()
}

#[test]
fn a_killed_run_keeps_every_event_and_leaves_no_half_report() {
    for moment in 1..=20 {
        killed_at(moment * 3);
    }
}

#[test]
#[ignore = "takes a minute; .ci/run runs it"]
fn two_hundred_killed_runs_keep_every_event_and_leave_no_half_report() {
    // Spread without a pattern, and the same in every run of the tests.
    let mut moment = 1_usize;
    for _ in 0..200 {
        moment = (moment * 75 + 74) % 257;
        killed_at(1 + moment);
    }
}

/// Kills a run when the server has heard so many requests, wherever the run is then.
fn killed_at(requests: usize) {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", TALKS);
    let child = project.command(&["run"]).spawn().expect("it starts");
    server.wait_for("/talk", requests);
    signal(&child, "KILL");
    let done = done(child.wait_with_output().expect("it ends"));
    assert_eq!(done.code, 128 + 9);
    assert!(
        !project.path(".jaunt/junit.xml").exists(),
        "a report of half a run"
    );
    assert!(!project.path(".jaunt/report.json").exists());
    assert!(!project.path(".jaunt/report.html").exists());
    // What was sent was recorded before; of the last ones the answer may be missing.
    let trace = project.read(".jaunt/trace.jsonl");
    let lines = complete_lines(&trace);
    let sent = trace.matches("\"event\":\"request_sent\"").count();
    assert!(
        sent >= requests,
        "{sent} of {} requests in {lines} lines",
        requests
    );
    assert_eq!(leavings(&project).len(), 4, "{:?}", leavings(&project));

    let replay = project.jaunt(&["replay", "--junit", "again.xml"]);
    assert_eq!(replay.code, 2, "{replay:#?}");
    assert!(
        replay.out.contains("the process that wrote it was killed"),
        "{}",
        replay.out
    );
    let expected = Counts {
        tests: 2,
        errors: 2,
        ..Counts::default()
    };
    assert_eq!(counts(&project.read("again.xml")), expected);
    // The next run tidies up.
    let next = project.jaunt(&["run", "--name", "nothing of the kind"]);
    assert_eq!((next.code, leavings(&project)), (2, Vec::new()));
}

#[test]
fn the_files_of_a_living_run_are_left_alone() {
    let server = Server::new(|path| match path {
        "/hold" => Answer::Stay(Vec::new()),
        _ => Answer::Bytes(status(200)),
    });
    let project = Project::at(&server.url(), "");
    let holds = "journey(\"holds\", function(j) j:client(\"c\"):get(\"/hold\", { timeout = \"60s\" }) end)\n";
    project.write("journeys/holds.lua", holds);
    let child = project
        .command(&["run", "journeys/holds.lua"])
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    server.wait_for("/hold", 1);
    assert_eq!(project.jaunt(&["run", "journeys/passes.lua"]).code, 0);
    assert_eq!(
        leavings(&project).len(),
        4,
        "the other run's files are gone"
    );
    signal(&child, "INT");
    let done = done(child.wait_with_output().expect("it ends"));
    assert_eq!((done.code, done.err.as_str()), (130, ""));
    assert!(
        project.junit().contains("interrupted"),
        "the run that ends last gives the newest"
    );
}

#[test]
fn a_trace_that_cannot_be_written_spoils_no_more_than_the_trace() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    let says = "journey(\"says much\", function(j)\n  for i = 1, 200 do j:note((\"x\"):rep(500)) end\n  j:client(\"c\"):get(\"/after\"):expect { status = 200 }\nend)\n";
    project.write("journeys/says.lua", says);
    let done = limited(&project, 40);
    assert!(
        server.paths().contains(&"/after".to_string()),
        "the run did not go on: {done:#?}"
    );
    assert_eq!(done.code, 2, "{done:#?}");
    assert!(
        done.out.contains("the trace could not be written"),
        "{}",
        done.out
    );
    assert!(done.out.contains("COULD NOT RUN"), "{}", done.out);
    let trace = project.read(".jaunt/trace.jsonl");
    assert!(
        complete_lines(&trace) > 3 && trace.ends_with('\n'),
        "a cut line is left"
    );
    let replay = project.jaunt(&["replay", "--junit", "again.xml"]);
    assert_eq!(replay.code, 2, "{replay:#?}");
    assert!(
        replay.out.contains("the trace has no end"),
        "{}",
        replay.out
    );
}

#[test]
fn a_report_that_cannot_be_written_is_no_green() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    // Nothing longer than a block can be written: neither the trace nor a report.
    let done = limited(&project, 1);
    assert_eq!(done.code, 2, "{done:#?}");
    assert!(done.out.contains("passes"), "{}", done.out);
    let said = "error: `.jaunt/report.json` cannot be written: File too large";
    assert!(done.err.contains(said), "{}", done.err);
    let junit = std::fs::read_to_string(project.path(".jaunt/junit.xml"));
    assert!(junit.is_err(), "half a report, or a stale one: {junit:?}");
    assert_eq!(leavings(&project), Vec::<String>::new());
}

/// Runs with no file longer than so many blocks; without the trap the system would kill it.
pub(super) fn limited(project: &Project, blocks: u32) -> Done {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" run");
    let run = std::process::Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_jaunt")])
        .current_dir(project.root())
        .output();
    done(run.expect("a shell"))
}
