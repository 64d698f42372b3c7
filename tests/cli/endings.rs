//! Runs that end before all is done: signals, `--max-time`, `--fail-fast`; and what goes first.

use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::support::server::{Answer, Server, status};
use super::support::{Counts, Done, Project, counts, done, signal};

/// A journey that waits for an answer that never comes, and cleans up.
const HOLDS: &str = r#"journey("holds", function(j)
  local c = j:client("c")
  j:defer(function() c:get("/cleanup") end)
  c:get("/hold", { timeout = "50s" })
end)
journey("waits its turn", function(j) j:client("c"):get("/turn") end)
"#;

fn holding() -> Server {
    Server::new(|path| match path {
        "/hold" | "/slow" => Answer::Stay(Vec::new()),
        _ => Answer::Bytes(status(200)),
    })
}

fn project(server: &Server, journeys: &str) -> Project {
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", journeys);
    project
}

fn end(child: Child) -> Done {
    done(child.wait_with_output().expect("it ends"))
}

#[test]
fn a_signal_stops_politely() {
    for name in ["INT", "TERM"] {
        let server = holding();
        let project = project(&server, HOLDS);
        let child = project
            .command(&["run", "--jobs", "1"])
            .spawn()
            .expect("it starts");
        server.wait_for("/hold", 1);
        signal(&child, name);
        let done = end(child);
        assert_eq!(done.code, 130, "{done:#?}");
        assert_eq!(server.paths(), ["/", "/hold", "/cleanup"], "{done:#?}");
        assert!(done.out.contains(" INTERRUPTED   exit 130"), "{}", done.out);
        let junit = project.junit();
        let expected = Counts {
            tests: 2,
            errors: 1,
            skipped: 1,
            ..Counts::default()
        };
        assert_eq!(counts(&junit), expected, "{junit}");
        assert!(junit.contains("type=\"interrupted\""), "{junit}");
        let replay = project.jaunt(&["replay", "--junit", "again.xml"]);
        assert_eq!((replay.code, project.read("again.xml")), (130, junit));
    }
}

#[test]
fn a_second_signal_stops_at_once() {
    let server = holding();
    let project = project(&server, &HOLDS.replace("/cleanup", "/slow"));
    let child = project
        .command(&["run", "--jobs", "1"])
        .spawn()
        .expect("it starts");
    server.wait_for("/hold", 1);
    signal(&child, "INT");
    server.wait_for("/slow", 1);
    let cut = Instant::now();
    signal(&child, "INT");
    let done = end(child);
    assert!(
        cut.elapsed() < Duration::from_secs(4),
        "the cleanup was waited for: {:?}",
        cut.elapsed()
    );
    assert_eq!(done.code, 130, "{done:#?}");
    let expected = Counts {
        tests: 2,
        errors: 1,
        skipped: 1,
        ..Counts::default()
    };
    assert_eq!(counts(&project.junit()), expected);
    let replay = project.jaunt(&["replay", "--junit", "again.xml"]);
    assert_eq!(
        (replay.code, project.read("again.xml")),
        (130, project.junit())
    );
}

#[test]
fn a_signal_while_files_load() {
    let server = Server::ok();
    let loads = "local start = time.now()\nwhile time.now() - start < 1.5 do end\n";
    let project = project(&server, &format!("{loads}{HOLDS}"));
    let child = project.command(&["run"]).spawn().expect("it starts");
    // The old report goes first of all; what follows is loading.
    while project.path(".jaunt/junit.xml").exists() {
        std::thread::yield_now();
    }
    signal(&child, "INT");
    let done = end(child);
    assert_eq!((done.code, server.connections()), (130, 0), "{done:#?}");
    let expected = Counts {
        tests: 3,
        errors: 1,
        skipped: 2,
        ..Counts::default()
    };
    assert_eq!(counts(&project.junit()), expected);
}

#[test]
fn a_signal_while_the_floor_is_asked() {
    let server = Server::new(|_| Answer::Stay(Vec::new()));
    let project = Project::at(&server.url(), "floor = [\"/up\"]\n");
    let child = project.command(&["run"]).spawn().expect("it starts");
    server.wait_for("/up", 1);
    signal(&child, "TERM");
    let done = end(child);
    assert_eq!(done.code, 130, "{done:#?}");
    assert_eq!(server.paths(), ["/up"]);
    // The second case is about the run: a file of skipped journeys alone would look green.
    let expected = Counts {
        tests: 2,
        errors: 1,
        skipped: 1,
        ..Counts::default()
    };
    assert_eq!(counts(&project.junit()), expected);
}

#[test]
fn the_time_of_the_run_is_over() {
    let server = holding();
    let fails =
        "journey(\"fails\", function(j) j:client(\"c\"):get(\"/x\"):expect { status = 201 } end)\n";
    for (journeys, code, failures) in [(HOLDS.to_string(), 2, 0), (format!("{fails}{HOLDS}"), 1, 1)]
    {
        let project = project(&server, &journeys);
        // Time enough for the first journey on a machine that is busy.
        let done = project.jaunt(&["run", "--jobs", "1", "--max-time", "3s"]);
        assert_eq!(done.code, code, "{done:#?}");
        assert!(done.out.contains("stopped by --max-time"), "{}", done.out);
        let expected = Counts {
            tests: 2 + failures,
            failures,
            errors: 1,
            skipped: 1,
        };
        assert_eq!(counts(&project.junit()), expected);
    }
    assert_eq!(
        server
            .paths()
            .iter()
            .filter(|path| *path == "/cleanup")
            .count(),
        2
    );
}

#[test]
fn fail_fast_begins_nothing_more() {
    let server = Server::ok();
    let fails =
        "journey(\"fails\", function(j) j:client(\"c\"):get(\"/x\"):expect { status = 201 } end)\n";
    let project = project(
        &server,
        &format!("{fails}journey(\"next\", function(j) j:client(\"c\"):get(\"/next\") end)\n"),
    );
    let done = project.jaunt(&["run", "--jobs", "1", "--fail-fast"]);
    assert_eq!(done.code, 1, "{done:#?}");
    assert!(!server.paths().contains(&"/next".to_string()));
    let junit = project.junit();
    assert_eq!(
        counts(&junit),
        Counts {
            tests: 2,
            failures: 1,
            skipped: 1,
            ..Counts::default()
        }
    );
    assert!(junit.contains("stopped by --fail-fast"), "{junit}");
}

#[test]
fn what_fail_fast_stopped_is_told_in_a_line_each() {
    let held = AtomicUsize::new(0);
    let server = Server::new(move |path| match path {
        "/hold" => {
            held.fetch_add(1, Ordering::SeqCst);
            Answer::Stay(Vec::new())
        }
        "/held" if held.load(Ordering::SeqCst) == 3 => Answer::Bytes(status(201)),
        _ => Answer::Bytes(status(200)),
    });
    let journeys = r#"
for n = 1, 3 do
  journey("waits " .. n, function(j) j:client("c"):get("/hold", { timeout = "50s" }) end)
end
journey("fails", function(j)
  local c = j:client("c")
  j:eventually({ within = "50s", every = "10ms" }, function()
    c:get("/held"):expect { status = 201 }
  end)
  j:expect(1, 2)
end)
"#;
    let done = project(&server, journeys).jaunt(&["run", "--jobs", "4", "--fail-fast"]);
    assert_eq!(done.code, 1, "{done:#?}");
    let said = "stopped by --fail-fast after another journey failed";
    let end = &done.out[done.out.find("fails").expect("its report")..];
    assert_eq!(
        end.matches(said).count(),
        2,
        "once for all three, once for the run: {end}"
    );
    let row = "! passes   waits ";
    assert!(end.matches(row).count() >= 3, "a line each: {end}");
}

#[test]
fn failed_goes_before_the_floor_and_the_floor_before_ours() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    let journeys = [
        (
            "fails",
            "j:client(\"c\"):get(\"/x\"):expect { status = 201 }",
        ),
        (
            "floor",
            "j:floor(\"up\", function() j:client(\"c\"):get(\"/x\"):expect { status = 201 } end)",
        ),
        ("ours", "error(\"a mistake\")"),
        ("skips", "j:skip(\"not today\")"),
    ];
    for (name, body) in journeys {
        project.write(
            &format!("journeys/{name}.lua"),
            format!("journey(\"{name}\", function(j)\n  {body}\nend)\n"),
        );
    }
    let cases: [(&[&str], i32, usize); 6] = [
        (&["fails", "floor", "ours", "skips", "passes"], 1, 0),
        (&["fails", "ours"], 1, 0),
        (&["floor", "ours", "passes"], 3, 0),
        (&["ours", "passes"], 2, 0),
        // Nothing but skipped: a case about the run says that nothing was judged.
        (&["skips"], 2, 1),
        (&["skips", "passes"], 0, 0),
    ];
    for (names, code, about) in cases {
        let files: Vec<String> = names
            .iter()
            .map(|name| format!("journeys/{name}.lua"))
            .collect();
        let words: Vec<&str> = std::iter::once("run")
            .chain(files.iter().map(String::as_str))
            .collect();
        let done = project.jaunt(&words);
        assert_eq!(done.code, code, "{names:?}: {done:#?}");
        assert_eq!(counts(&project.junit()).tests, names.len() + about);
        assert!(done.out.contains(&format!("exit {code} ")), "{}", done.out);
    }
}
