//! Attempts, quarantine and matrices as a person and a pipeline see them.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::support::server::{Answer, Server, status};
use super::support::{Counts, Done, Project, counts};

/// Answers 500 to the first so many that ask for `/heals`, then 200.
fn heals_after(requests: usize) -> Server {
    let asked = AtomicUsize::new(0);
    Server::new(move |path| {
        let ill = path == "/heals" && asked.fetch_add(1, Ordering::SeqCst) < requests;
        Answer::Bytes(status(if ill { 500 } else { 200 }))
    })
}

fn journey(options: &str, path: &str) -> String {
    format!(
        "journey(\"it heals\", {{ {options} }}, function(j)\n  j:step(\"ask\", function() j:client(\"c\"):get(\"{path}\"):expect {{ status = 200 }} end)\nend)\n"
    )
}

fn project(server: &Server, options: &str, run: &str) -> Project {
    let project = Project::at(&server.url(), &format!("[run]\n{run}\n"));
    project.write("journeys/passes.lua", journey(options, "/heals"));
    project
}

fn json(project: &Project, name: &str) -> serde_json::Value {
    serde_json::from_str(&project.read(name)).expect("a whole JSON report")
}

/// What the run gave, `replay` gives again, byte by byte.
fn same_again(project: &Project, run: &Done) {
    let replay = project.jaunt(&["replay", "--junit", "again.xml", "--json", "again.json"]);
    assert_eq!((replay.code, replay.err.as_str()), (run.code, ""));
    assert_eq!(project.read("again.xml"), project.junit());
    assert_eq!(
        project.read("again.json"),
        project.read(".jaunt/report.json")
    );
    let end = run.out.find(" ceiling").map(|at| &run.out[at..]);
    let end = end.and_then(|end| end.split("   report ").next());
    assert!(
        replay.out.contains(end.expect("a ceiling")),
        "{}",
        replay.out
    );
}

#[test]
fn a_flaky_journey_is_green_with_a_warning() {
    let server = heals_after(2);
    let project = project(&server, "", "");
    let run = project.jaunt(&["run", "--retries", "2"]);
    assert_eq!(run.code, 0, "{run:#?}");
    for part in [
        " ↻ passes   it heals",
        "   attempt 1 of 3 failed: ",
        "   attempt 2 of 3 failed: ",
        " ~ passes   it heals",
        "   flaky: attempt 2 of 3 failed: ",
        " ceiling  ok       1 of 1 journey passed   1 flaky   floor ok",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let report = json(&project, ".jaunt/report.json");
    assert_eq!(report["counts"]["flaky"], 1);
    assert_eq!(report["counts"]["passed"], 0);
    let journey = &report["journeys"][0];
    assert_eq!(
        (&journey["outcome"], &journey["retries"]),
        (&"flaky".into(), &2.into())
    );
    let each: Vec<_> = journey["attempts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it["outcome"])
        .collect();
    assert_eq!(each, ["failed", "failed", "passed"]);
    let expected = Counts {
        tests: 1,
        ..Counts::default()
    };
    assert_eq!(counts(&project.junit()), expected);
    same_again(&project, &run);
}

#[test]
fn flaky_fails_where_that_is_asked_for() {
    for (words, settings) in [
        (&["run", "--flaky", "fail"][..], ""),
        (&["run"], "flaky = \"fail\""),
        (&["run", "--flaky", "fail"], "flaky = \"warn\""),
    ] {
        let server = heals_after(1);
        let project = project(&server, "retries = 1", settings);
        let run = project.jaunt(words);
        assert_eq!(run.code, 1, "{run:#?}");
        for part in [
            "   attempts  1 failed (",
            "             2 passed (",
            "   again     jaunt run journeys/passes.lua:1 --seed ",
            " ceiling  FLAKY    1 of 1 journey passed   1 flaky   floor ok",
            " FAILED   exit 1",
        ] {
            assert!(run.out.contains(part), "{part}: {}", run.out);
        }
        let expected = Counts {
            tests: 1,
            failures: 1,
            ..Counts::default()
        };
        assert_eq!(counts(&project.junit()), expected);
        same_again(&project, &run);
    }
    let server = heals_after(1);
    let project = project(&server, "retries = 1", "flaky = \"fail\"");
    assert_eq!(project.jaunt(&["run", "--flaky", "warn"]).code, 0);
}

#[test]
fn the_command_line_goes_before_the_journey_and_it_before_the_project() {
    for (words, options, settings, attempts) in [
        (&["run"][..], "", "", 1),
        (&["run"], "", "retries = 2", 3),
        (&["run"], "retries = 1", "retries = 2", 2),
        (&["run", "--retries", "3"], "retries = 1", "retries = 2", 4),
        (&["run", "--retries", "0"], "retries = 1", "retries = 2", 1),
    ] {
        let server = heals_after(100);
        let project = project(&server, options, settings);
        let run = project.jaunt(words);
        assert_eq!(run.code, 1, "{run:#?}");
        let asked = server.paths().iter().filter(|it| *it == "/heals").count();
        assert_eq!(asked, attempts, "{words:?} {options} {settings}");
        same_again(&project, &run);
    }
}

#[test]
fn every_attempt_of_a_failed_journey_is_named_shortly() {
    let server = heals_after(100);
    let project = project(&server, "", "");
    let run = project.jaunt(&["run", "--retries", "1", "--seed", "a"]);
    let at = |part: &str| {
        run.out
            .find(part)
            .unwrap_or_else(|| panic!("{part}: {}", run.out))
    };
    assert!(at("   attempts  1 failed (") < at("             2 failed ("));
    assert!(
        run.out.contains("passes.lua:1 --seed a --retries 1"),
        "{}",
        run.out
    );
    assert!(project.junit().contains("attempts  1 failed ("));
    let project = Project::at(&server.url(), "");
    let err = project.refuses(&["run", "--retries", "101"]);
    assert!(err.contains("101 is not in 0..=100"), "{err}");
}

#[test]
fn only_failed_knows_what_a_flaky_journey_meant() {
    for (flaky, again) in [("warn", "nothing failed"), ("fail", "it heals")] {
        let server = heals_after(1);
        let project = project(&server, "retries = 1", "");
        project.jaunt(&["run", "--flaky", flaky]);
        let next = project.jaunt(&["run", "--only-failed", "--dry-run"]);
        assert!(next.out.contains(again), "{next:#?}");
    }
}

const PASSES: &str = "journey(\"fine\", function(j) end)\n";

fn quarantine(expires: &str) -> String {
    format!("quarantine = {{ reason = \"pings are lost\", expires = \"{expires}\" }}")
}

#[test]
fn a_journey_in_quarantine_is_reported_and_does_not_gate() {
    let server = heals_after(100);
    let project = project(&server, &quarantine("9999-12-31"), "");
    project.write("journeys/fine.lua", PASSES);
    let run = project.jaunt(&["run"]);
    assert_eq!(run.code, 0, "{run:#?}");
    for part in [
        " ✗ passes   it heals",
        " ✗ passes   it heals",
        "\n   in quarantine until 9999-12-31 (",
        "   gate      in quarantine until 9999-12-31 (",
        " ceiling  ok       1 of 2 journeys passed   1 red in quarantine   floor ok",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let junit = project.junit();
    let expected = Counts {
        tests: 2,
        skipped: 1,
        ..Counts::default()
    };
    assert_eq!(counts(&junit), expected);
    assert!(junit.contains("type=\"quarantined\""), "{junit}");
    // The whole text is there, though a skipped case has no body.
    assert!(junit.contains("status: expected 200, found 500"), "{junit}");
    let report = json(&project, ".jaunt/report.json");
    let held = &report["journeys"][1]["quarantine"];
    assert_eq!(held["gates"], false);
    assert_eq!(held["expires"], "9999-12-31");
    assert!(held["days_left"].as_i64().is_some_and(|days| days > 1000));
    assert_eq!(report["counts"]["quarantined"], 1);
    assert_eq!(report["counts"]["failed"], 1);
    same_again(&project, &run);
    let list = project.jaunt(&["list"]);
    assert!(
        list.out
            .contains("it heals  (in quarantine until 9999-12-31)"),
        "{}",
        list.out
    );
    let alone = project.jaunt(&["run", "--name", "it heals"]);
    assert_eq!(alone.code, 2, "nothing was verified: {alone:#?}");
    let junit = counts(&project.junit());
    assert_eq!((junit.errors, junit.skipped), (1, 1));
}

#[test]
fn quarantine_that_has_ended_gates_again() {
    let server = heals_after(100);
    let project = project(&server, &quarantine("2024-02-29"), "");
    let run = project.jaunt(&["run"]);
    assert_eq!(run.code, 1, "{run:#?}");
    assert!(
        run.out
            .contains("   gate      its quarantine ended 2024-02-29 ("),
        "{}",
        run.out
    );
    assert_eq!(counts(&project.junit()).failures, 1);
    same_again(&project, &run);
}

#[test]
fn the_days_of_a_quarantine_count_from_the_start_that_the_trace_names() {
    let server = heals_after(100);
    let project = project(&server, &quarantine("2024-02-29"), "");
    project.write("journeys/fine.lua", PASSES);
    assert_eq!(project.jaunt(&["run"]).code, 1);
    let trace = project.read(".jaunt/trace.jsonl");
    let header: serde_json::Value =
        serde_json::from_str(trace.lines().next().expect("a header")).expect("JSON");
    let now = format!("\"started\":{}", header["started"]);
    assert!(trace.contains(&now));
    // The evening of its last day, and the next morning.
    for (then, code) in [("1709251199000000000", 0), ("1709251200000000000", 1)] {
        let moved = trace.replacen(&now, &format!("\"started\":{then}"), 1);
        project.write("moved.jsonl", moved);
        assert_eq!(
            project.jaunt(&["replay", "moved.jsonl"]).code,
            code,
            "{then}"
        );
    }
}

const MATRIX: &str = r#"journey("log in", { matrix = { browser = { "ff", "cr" }, size = { 1, 2 } } }, function(j)
  j:expect(j.matrix.browser, "ff")
end)
for _, name in ipairs { "a", "b::c" } do
  journey(name, function(j) j:expect(j.run.attempt, name == "a" and 1 or 2) end)
end
"#;

#[test]
fn a_matrix_is_selected_by_line_by_name_and_one_by_one() {
    let server = heals_after(0);
    let project = project(&server, "", "");
    project.write("journeys/passes.lua", MATRIX);
    let all = [
        "log in [browser=ff, size=1]",
        "log in [browser=ff, size=2]",
        "log in [browser=cr, size=1]",
        "log in [browser=cr, size=2]",
        "a",
        "b::c",
    ];
    for (words, expected) in [
        (&["list"][..], &all[..]),
        (&["list", "journeys/passes.lua:2"], &all[..4]),
        (&["list", "--name", "browser=ff"], &all[..2]),
        (
            &["list", "journeys/passes.lua::log in [browser=ff, size=2]"],
            &all[1..2],
        ),
        (&["list", "journeys/passes.lua::b::c"], &all[5..]),
        (&["list", "--name", "journeys/passes.lua::a"], &all[4..5]),
        (
            &["list", "journeys/passes.lua::a", "journeys/passes.lua:1"],
            &all[..5],
        ),
    ] {
        let list = project.jaunt(words);
        let names: Vec<&str> = list.out.lines().filter_map(|line| line.get(8..)).collect();
        let names = &names[..names.len().saturating_sub(1)];
        // The first line is the file's, the last one counts.
        let names: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !name.ends_with(".lua"))
            .collect();
        assert_eq!(list.code, 0, "{words:?}: {list:#?}");
        assert_eq!(names, expected, "{words:?}: {}", list.out);
    }
}

#[test]
fn what_runs_again_means_one_journey_where_a_line_means_several() {
    let server = heals_after(0);
    let project = project(&server, "", "");
    project.write("journeys/passes.lua", MATRIX);
    let run = project.jaunt(&["run", "--seed", "s"]);
    assert_eq!(run.code, 1, "{run:#?}");
    let report = json(&project, ".jaunt/report.json");
    let journeys = report["journeys"].as_array().expect("a list");
    assert_eq!(journeys[2]["matrix"]["browser"], "cr");
    assert_eq!(journeys[2]["matrix"]["size"], 1);
    for (index, selector) in [
        (2, "'journeys/passes.lua::log in [browser=cr, size=1]'"),
        (5, "journeys/passes.lua::b::c"),
    ] {
        let again = journeys[index]["again"].as_str().expect("a command");
        assert_eq!(again, format!("jaunt run {selector} --seed s"));
        let typed = selector.trim_matches('\'');
        let one = project.jaunt(&["run", typed, "--seed", "s"]);
        assert_eq!(one.code, 1, "{one:#?}");
        let one = json(&project, ".jaunt/report.json");
        assert_eq!(one["counts"]["planned"], 1);
        assert_eq!(one["journeys"][0]["name"], journeys[index]["name"]);
        assert_eq!(one["journeys"][0]["again"], again, "though it ran alone");
    }
    let junit = project.junit();
    assert_eq!(counts(&junit).tests, 1);
    same_again(&project, &project.jaunt(&["run"]));
}

#[test]
fn a_name_that_its_file_does_not_have_is_an_error_with_the_nearest() {
    let server = heals_after(0);
    let project = project(&server, "", "");
    project.write("journeys/passes.lua", MATRIX);
    for (word, title, help) in [
        (
            "journeys/passes.lua::log in [browser=ff, size=3]",
            "`journeys/passes.lua` has no journey named `log in [browser=ff, size=3]`",
            "did you mean `journeys/passes.lua::log in [browser=",
        ),
        (
            "journeys/passes.lua::log in",
            "has no journey named `log in`",
            "all of them: `journeys/passes.lua --name \"log in\"`",
        ),
        (
            "journeys/passes.lua::",
            "names no journey",
            "a journey's whole name",
        ),
        ("journeys/gone.lua::a", "journeys/gone.lua", "journeys/"),
    ] {
        let err = project.refuses(&["run", word]);
        // Long lines are wrapped.
        let err = err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(err.contains(title) && err.contains(help), "{word}: {err}");
    }
    assert_eq!(server.connections(), 0);
}
