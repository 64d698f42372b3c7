//! A secret that came late, and a trace that cannot be masked again: it stands nowhere either.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::killed::limited;
use super::support::server::{Answer, Server, status};
use super::support::{Done, Project, done, signal};

const SECRET: &str = "hush-hush-1234";

/// Its secret stands in all that can be reported before it is known to be one.
const LEARNS: &str = r#"journey("learns late", { retries = 1 }, function(j)
  local c, token = j:client("c"), "hush-" .. "hush-1234"
  c:get("/ok", { query = { token = token } })
  j:note("it said " .. token)
  j:record("token", token)
  j:attach("token " .. token, token)
  j:step("with " .. token, function() end)
  j:soft("shows it", function() j:expect("it is " .. token, "not " .. token, token .. " is told") end)
  c:get("/break")
  j:secret(token)
end)
"#;

/// What somebody does to the folder of a run while it goes on.
type Harm = fn(&Path);

/// Nobody can write the second trace.
fn stand_in_the_way(folder: &Path) {
    std::fs::create_dir_all(folder.join("trace.masked.tmp")).expect("a folder");
}

/// Nobody can read the first one to its end either.
fn damage(folder: &Path) {
    let trace = folder.join("trace.jsonl");
    let file = std::fs::File::options().append(true).open(trace);
    file.and_then(|mut file| file.write_all(b"this is no event\n"))
        .expect("it is damaged");
}

/// The folder of the only run.
fn folder_of_run(root: &Path) -> PathBuf {
    let mut runs = std::fs::read_dir(root.join(".jaunt/runs")).expect("the runs");
    runs.next().expect("a run").expect("a run").path()
}

/// A project whose run is harmed when it asks for `/break`.
fn to_be_harmed(journey: &str, harm: Harm) -> (Project, Server) {
    let root: Arc<OnceLock<PathBuf>> = Arc::default();
    let known = root.clone();
    let server = Server::new(move |path| {
        if path == "/break" {
            harm(&folder_of_run(known.get().expect("a root")));
        }
        Answer::Bytes(status(200))
    });
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", journey);
    root.set(project.root().to_path_buf()).expect("set once");
    (project, server)
}

/// The same, and what became of it.
fn harmed(journey: &str, harm: Harm) -> (Project, Done) {
    let (project, _server) = to_be_harmed(journey, harm);
    let done = project.jaunt(&["run", "--tap", ".jaunt/tap", "--metrics", ".jaunt/metrics"]);
    (project, done)
}

/// Somebody stands where a report goes, which was free when the run began.
fn take_the_place_of_a_report(folder: &Path) {
    std::fs::create_dir(folder.join("summary.md")).expect("a folder");
}

/// The trace is a pipe, which goes on as long as somebody writes into it.
fn make_a_pipe(folder: &Path) {
    let trace = folder.join("trace.jsonl");
    std::fs::rename(&trace, folder.join("begun.jsonl")).expect("it is moved");
    let made = std::process::Command::new("mkfifo").arg(&trace).status();
    assert!(made.expect("mkfifo").success());
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => files(&path, found),
            path => found.push(path),
        }
    }
}

fn shows_it_nowhere(project: &Project, done: &Done) {
    let mut found = Vec::new();
    files(&project.path(".jaunt"), &mut found);
    assert!(found.len() >= 8, "{found:?}");
    for path in &found {
        let text = std::fs::read(path).expect("a file");
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains(SECRET), "{}: {text}", path.display());
    }
    // What was printed before it was known cannot be taken back; here that is nothing.
    for text in [&done.out, &done.err] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_trace_that_cannot_be_masked_again_is_withheld_and_the_reports_are_masked() {
    for harm in [stand_in_the_way as Harm, damage] {
        let (project, done) = harmed(LEARNS, harm);
        assert_eq!(done.code, 1, "{done:#?}");
        shows_it_nowhere(&project, &done);
        assert!(
            done.err.contains("the trace could not be masked")
                && done.err.contains("the trace was removed"),
            "{}",
            done.err
        );
        for trace in [
            project.path(".jaunt/trace.jsonl"),
            folder_of_run(project.root()).join("trace.jsonl"),
        ] {
            assert!(!trace.exists(), "{}", trace.display());
        }
        for told in [
            &done.out,
            &project.junit(),
            &project.read(".jaunt/report.json"),
        ] {
            assert!(told.contains("[masked] is told"), "{told}");
        }
        let html = project.read(".jaunt/report.html");
        assert!(html.contains("could not be masked, and was removed"));
        assert!(
            done.err
                .contains("shows nothing of what went over the wire")
        );
    }
}

/// Nothing but its secret is told of it.
const PASSES_LATE: &str = r#"journey("passes", function(j)
  local c = j:client("c")
  c:get("/break"):expect { status = 200 }
  j:secret("hush-" .. "hush-1234")
  c:get("/after"):expect { status = 200 }
end)
"#;

#[test]
fn a_trace_that_was_cut_short_by_a_full_disk_shows_it_no_more_than_the_reports() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", LEARNS);
    let noise =
        "journey(\"says much\", function(j) for i = 1, 500 do j:note((\"x\"):rep(500)) end end)\n";
    project.write("journeys/says.lua", noise);
    let done = limited(&project, 250);
    assert!(
        done.out.contains("the trace could not be written"),
        "{done:#?}"
    );
    assert_eq!(done.code, 1, "{done:#?}");
    shows_it_nowhere(&project, &done);
    assert!(done.out.contains("[masked] is told"), "{}", done.out);
}

/// A pass phrase that is longer than a line.
const PHRASE: &str = r#"journey("learns a pass phrase", { retries = 1 }, function(j)
  local phrase = ("horse battery staple "):rep(9) .. "end"
  j:soft("tells it", function() j:expect(1, 2, "it was said: " .. phrase) end)
  j:client("c"):get("/ok")
  j:secret(phrase)
end)
"#;

#[test]
fn a_pass_phrase_is_hidden_before_it_is_broken_into_lines() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", PHRASE);
    let done = project.jaunt(&["run"]);
    assert_eq!(done.code, 1, "{done:#?}");
    assert!(done.out.contains("attempt 1 of 2 failed"), "{}", done.out);
    assert!(!done.out.contains("battery staple horse"), "{}", done.out);
}

#[test]
fn what_ends_in_exit_2_is_called_passed_nowhere() {
    let (project, done) = harmed(PASSES_LATE, stand_in_the_way);
    assert_eq!(done.code, 2, "{done:#?}");
    let junit = project.junit();
    assert_eq!(super::support::counts(&junit).errors, 1, "{junit}");
    assert!(!project.read(".jaunt/summary.md").contains("PASSED"));
    assert!(
        project
            .read(".jaunt/metrics")
            .contains("verdict=\"could_not_run\"} 1")
    );
    for told in [&done.out, &junit] {
        assert!(told.contains("the trace could not be masked"), "{told}");
    }
    assert!(done.out.contains(" COULD NOT RUN   exit 2"), "{}", done.out);

    let (_project, done) = harmed(PASSES_LATE, take_the_place_of_a_report);
    assert_eq!(done.code, 2, "{done:#?}");
    assert!(done.out.contains(" COULD NOT RUN   exit 2"), "{}", done.out);
    assert!(!done.out.contains("PASSED"), "{}", done.out);
    assert!(
        done.err.contains("summary.md` cannot be written"),
        "{}",
        done.err
    );
}

#[test]
fn a_signal_ends_the_masking_of_a_trace() {
    let (project, server) = to_be_harmed(PASSES_LATE, make_a_pipe);
    let child = project.command(&["run"]).spawn().expect("it starts");
    server.wait_for("/after", 1);
    let folder = folder_of_run(project.root());
    let begun = std::fs::read_to_string(folder.join("begun.jsonl")).expect("the trace");
    let mut lines = begun.split_inclusive('\n');
    let (header, event) = (lines.next(), lines.next());
    let (header, event) = (header.expect("a header"), event.expect("an event"));
    // It opens when the run is over, and its trace is read.
    let pipe = std::fs::File::options()
        .write(true)
        .open(folder.join("trace.jsonl"));
    let mut pipe = pipe.expect("the pipe");
    pipe.write_all(header.as_bytes()).expect("it is read");
    signal(&child, "INT");
    // Until nobody reads any more.
    let patience = Instant::now() + Duration::from_secs(30);
    while pipe.write_all(event.as_bytes()).is_ok() {
        assert!(Instant::now() < patience, "the signal was swallowed");
    }
    let done = done(child.wait_with_output().expect("it ends"));
    assert_eq!(done.code, 130, "{done:#?}");
    assert!(done.out.contains(" INTERRUPTED   exit 130"), "{}", done.out);
    assert!(done.err.contains("a signal ended it"), "{}", done.err);
    for name in ["trace.jsonl", "trace.masked.tmp"] {
        assert!(!folder.join(name).exists(), "{name}");
    }
    assert!(project.junit().contains("interrupted"));
}
