//! A floor that is down: nothing is known about the ceiling.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::support::server::{Answer, Server, status};
use super::support::{Counts, Project, counts};

#[test]
fn a_floor_that_is_down_before_the_start_means_that_no_journey_runs() {
    let server = Server::new(|path| Answer::Bytes(status(if path == "/up" { 503 } else { 200 })));
    let project = Project::at(&server.url(), "floor = [\"/up\"]\n");
    project.write(
        "journeys/skips.lua",
        "journey(\"skips\", { skip = \"not today\" }, function(j) end)\n",
    );
    let done = project.jaunt(&["run", "--repeat", "2"]);
    assert_eq!((done.code, done.err.as_str()), (3, ""), "{done:#?}");
    assert_eq!(
        server.paths(),
        ["/up"],
        "more was sent than the floor check"
    );
    assert!(done.out.contains("floor    DOWN  0 of 1"), "{}", done.out);
    assert!(done.out.contains("answered 503"), "{}", done.out);
    assert!(done.out.contains("JUDGED NOTHING   exit 3"), "{}", done.out);
    assert_eq!(
        done.out.matches(" ! ").count(),
        2,
        "each errored journey once: {}",
        done.out
    );
    let expected = Counts {
        tests: 4,
        failures: 0,
        errors: 2,
        skipped: 2,
    };
    assert_eq!(counts(&project.junit()), expected);
    let report: serde_json::Value =
        serde_json::from_str(&project.read(".jaunt/report.json")).expect("a whole report");
    let outcomes: Vec<&str> = report["journeys"]
        .as_array()
        .expect("journeys")
        .iter()
        .filter_map(|it| it["outcome"].as_str())
        .collect();
    assert_eq!(
        outcomes,
        ["errored", "errored", "skipped", "skipped"],
        "{report:#}"
    );
    assert_eq!(report["exit_code"], 3);
}

#[test]
fn a_target_that_is_not_there() {
    let gone = Server::ok().url();
    let project = Project::at(&gone, "");
    // The server is dropped; what listens there may take a moment to be gone.
    while std::net::TcpStream::connect(gone.trim_start_matches("http://")).is_ok() {}
    let done = project.jaunt(&["run"]);
    assert_eq!(done.code, 3, "{done:#?}");
    assert!(done.out.contains("refused"), "{}", done.out);
    assert_eq!(
        counts(&project.junit()),
        Counts {
            tests: 1,
            errors: 1,
            ..Counts::default()
        }
    );
}

#[test]
fn a_floor_that_goes_down_during_the_run() {
    let broken = Arc::new(AtomicBool::new(false));
    let own = broken.clone();
    let server = Server::new(move |path| {
        if path == "/break" {
            own.store(true, Ordering::SeqCst);
        }
        let down = own.load(Ordering::SeqCst);
        Answer::Bytes(status(if down { 503 } else { 200 }))
    });
    let project = Project::at(&server.url(), "floor = [\"/up\"]\n");
    project.write("journeys/passes.lua", "journey(\"breaks\", function(j)\n  j:client(\"a\"):get(\"/break\"):expect { status = 200 }\nend)\n");
    let done = project.jaunt(&["run"]);
    assert_eq!(done.code, 3, "{done:#?}");
    assert_eq!(server.paths(), ["/up", "/break", "/up"]);
    assert!(done.out.contains("the floor is down"), "{}", done.out);
    assert_eq!(
        counts(&project.junit()),
        Counts {
            tests: 1,
            errors: 1,
            ..Counts::default()
        }
    );
}
