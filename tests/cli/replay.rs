//! `jaunt replay`: the reports and the exit code of a run, from its trace alone.

use super::support::server::Server;
use super::support::{Done, Project};

/// Every outcome in one file; a run selects those it wants by tag.
const OUTCOMES: &str = r#"
journey("fails", { tags = { "fails", "all" } }, function(j)
  j:client("c"):get("/x"):expect { status = 201, text = "]]> & <b>" }
end)
journey("floor", { tags = { "floor", "all" } }, function(j)
  j:floor("it answers", function() j:client("c"):get("/x"):expect { status = 201 } end)
end)
journey("ours", { tags = { "ours", "all" } }, function(j) error("a mistake: \27[31m\0") end)
journey("skips", { tags = { "skips", "all" }, skip = "not today" }, function(j) end)
journey("skips late", { tags = { "skips", "all" } }, function(j) j:skip("on second thought") end)
journey("passes too", { tags = { "passes", "all" } }, function(j) j:note("a note") end)
journey("softly", { tags = { "fails", "all" } }, function(j)
  j:soft("first", function() j:expect(1, 2) end)
  j:defer(function() j:expect(3, 4) end)
end)
"#;

fn project() -> (Server, Project) {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", OUTCOMES);
    (server, project)
}

/// A text from its first failure on, or from its verdict, without where the report is.
fn report(out: &str) -> Vec<String> {
    let lines: Vec<String> = out
        .lines()
        .map(|line| line.split("   report ").next().unwrap_or(line).to_string())
        .collect();
    let starts = |line: &String| {
        [" ✗ ", " ! ", " ceiling"]
            .iter()
            .any(|mark| line.starts_with(mark))
    };
    let at = lines
        .iter()
        .position(starts)
        .unwrap_or_else(|| panic!("no report: {out}"));
    lines[at..].to_vec()
}

fn same_report(run: &Done, replay: &Done) {
    let (said, again) = (report(&run.out), report(&replay.out));
    // A log has the lines of the journeys before.
    let end = &said[said.len().saturating_sub(again.len())..];
    assert_eq!(end, again.as_slice(), "{}\n----\n{}", run.out, replay.out);
    assert!(again.len() >= 2);
}

#[test]
fn every_outcome_is_the_same_again() {
    let (_server, project) = project();
    for (tag, code) in [
        ("all", 1),
        ("fails", 1),
        ("floor", 3),
        ("ours", 2),
        ("skips", 2),
        ("passes", 0),
    ] {
        let run = project.jaunt(&["run", "--tag", tag, "--json", "first.json"]);
        assert_eq!(run.code, code, "{tag}: {run:#?}");
        let replay = project.jaunt(&["replay", "--junit", "again.xml", "--json", "again.json"]);
        assert_eq!((replay.code, replay.err.as_str()), (code, ""), "{tag}");
        assert_eq!(project.read("again.xml"), project.junit(), "{tag}");
        assert_eq!(
            project.read("again.json"),
            project.read("first.json"),
            "{tag}"
        );
        same_report(&run, &replay);
    }
}

#[test]
fn a_run_that_could_not_start_is_the_same_again() {
    let (_server, project) = project();
    let first = project.refuses(&["run", "--tag", "nothing"]);
    let replay = project.jaunt(&["replay", "--junit", "again.xml"]);
    assert_eq!(
        (replay.code, project.read("again.xml")),
        (2, project.junit())
    );
    assert!(
        first.contains("no journey matches") && replay.out.contains("no journey matches"),
        "{}",
        replay.out
    );
}

#[test]
fn the_newest_trace_is_found_from_below_the_project() {
    let (_server, project) = project();
    assert_eq!(project.jaunt(&["run", "--tag", "fails"]).code, 1);
    let replay = project
        .command(&["replay"])
        .current_dir(project.path("journeys"))
        .output()
        .expect("it runs");
    assert_eq!(replay.status.code(), Some(1));
}

#[test]
fn a_trace_with_a_cut_line_says_so() {
    let (_server, project) = project();
    project.jaunt(&["run", "--tag", "passes"]);
    let trace = project.read(".jaunt/trace.jsonl");
    let count = trace.lines().count();
    project.write("cut.jsonl", &trace[..trace.len() - 9]);
    let replay = project.jaunt(&["replay", "cut.jsonl"]);
    assert_eq!(replay.code, 2, "{replay:#?}");
    assert_eq!(
        replay.err,
        format!("warning: line {count} of the trace was cut in the middle and is left out\n\n")
    );
    assert!(
        replay
            .out
            .contains("the trace has no end: the process that wrote it was killed"),
        "{}",
        replay.out
    );
}

#[test]
fn what_is_no_trace_is_refused_in_clear_words() {
    let (_server, project) = project();
    project.jaunt(&["run", "--tag", "passes"]);
    let trace = project.read(".jaunt/trace.jsonl");
    let lines: Vec<&str> = trace.lines().collect();
    let middle = |bad: &str| {
        let mut lines = lines.clone();
        lines[2] = bad;
        lines.join("\n") + "\n"
    };
    let header = r#"{"event":"run_started","format":"9.0","jaunt":"7.0","run":{}}"#.to_string();
    let cases = [
        (
            "missing.jsonl",
            None,
            "`missing.jsonl` cannot be read: No such file",
        ),
        (
            "empty.jsonl",
            Some(String::new()),
            "`empty.jsonl` is no trace of jaunt",
        ),
        (
            "xml.jsonl",
            Some("<xml/>\n".to_string()),
            "its first line is not the header of one",
        ),
        (
            "headless.jsonl",
            Some(lines[1..].join("\n")),
            "its first line is not the header of one",
        ),
        (
            "newer.jsonl",
            Some(header),
            "written by jaunt 7.0; this jaunt reads format 1.",
        ),
        (
            "garbage.jsonl",
            Some(middle("\u{0}garbage")),
            "`garbage.jsonl`, line 3: this is no event of a trace: expected value at column 1",
        ),
        (
            "odd.jsonl",
            Some(middle("{\"seq\":3}")),
            "`odd.jsonl`, line 3: this is no event of a trace: missing field `at`",
        ),
    ];
    for (name, text, said) in cases {
        if let Some(text) = text {
            project.write(name, text);
        }
        project.write("none.xml", "<testsuites/>");
        let replay = project.jaunt(&["replay", name, "--junit", "none.xml"]);
        assert_eq!(
            (replay.code, replay.out.as_str()),
            (2, ""),
            "{name}: {replay:#?}"
        );
        assert!(replay.err.contains(said), "{name}: {}", replay.err);
        assert_could_not_start(&project, name);
    }
    let replay = project.jaunt(&["replay", "journeys"]);
    assert_eq!(replay.code, 2, "{replay:#?}");
}

#[test]
fn of_a_newer_trace_what_is_whole_is_shown_and_nothing_is_judged() {
    let (_server, project) = project();
    let run = project.jaunt(&["run", "--tag", "passes"]);
    assert_eq!(run.code, 0, "{run:#?}");
    let trace = project.read(".jaunt/trace.jsonl");
    let (header, rest) = trace.split_once('\n').expect("a header");
    let header = header.replacen("\"format\":\"1", "\"format\":\"9", 1);
    let odd = "{\"seq\":1,\"at\":1,\"event\":\"dreamt\"}";
    project.write("newer.jsonl", format!("{header}\n{odd}\n{rest}"));
    project.write("none.xml", "<testsuites/>");
    let replay = project.jaunt(&["replay", "newer.jsonl", "--junit", "none.xml"]);
    assert_eq!(replay.code, 2, "{replay:#?}");
    let said = "`newer.jsonl` is a trace of format 9.0";
    assert!(replay.err.contains(said), "{}", replay.err);
    assert!(
        replay.err.contains("1 line of it cannot be read"),
        "{}",
        replay.err
    );
    assert!(replay.out.contains(" ✓ "), "{}", replay.out);
    let end = "\n NOT JUDGED   exit 2\n";
    assert!(replay.out.ends_with(end), "{}", replay.out);
    for verdict in ["PASSED", "FAILED", "ceiling"] {
        assert!(!replay.out.contains(verdict), "{}", replay.out);
    }
    assert_could_not_start(&project, "newer.jsonl");
}

/// What stood in the report before is gone, and one error in its place.
fn assert_could_not_start(project: &Project, trace: &str) {
    let junit = project.read("none.xml");
    assert!(
        junit.contains("type=\"could_not_start\""),
        "{trace}: {junit}"
    );
    assert!(junit.contains(trace), "{trace}: {junit}");
}
