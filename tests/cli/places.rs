//! Reports that cannot be written where they should be.

use super::support::server::Server;
use super::support::{Counts, Project, STALE, counts};

const ONE_ERROR: Counts = Counts {
    tests: 1,
    failures: 0,
    errors: 1,
    skipped: 0,
};

#[test]
fn a_file_in_the_place_of_the_folder() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    std::fs::remove_dir_all(project.path(".jaunt")).expect("its folder");
    project.write(".jaunt", "in the way");
    let done = project.jaunt(&["run", "--junit", "out/j.xml"]);
    assert_eq!((done.code, server.connections()), (2, 0), "{done:#?}");
    let said =
        "error: the folder `.jaunt/runs` cannot be made: a file stands where a folder is needed\n";
    assert!(done.err.starts_with(said), "{}", done.err);
    assert_eq!(
        done.err.matches("the folder `.jaunt/runs`").count(),
        1,
        "{}",
        done.err
    );
    // Whoever reads the other place must not miss it.
    assert_eq!(counts(&project.read("out/j.xml")), ONE_ERROR);
    assert_eq!(project.read(".jaunt"), "in the way");
}

#[test]
fn a_report_in_a_place_that_cannot_be() {
    let server = Server::ok();
    let cases = [
        ("journeys", "`journeys` is a folder, expected a file's path"),
        (
            "jaunt.toml/j.xml",
            "`jaunt.toml/j.xml` cannot be written: a file stands where a folder is needed",
        ),
        ("/proc/jaunt/j.xml", "`/proc/jaunt/j.xml` cannot be written"),
        ("", "a value is required"),
    ];
    for option in ["--junit", "--json"] {
        for (place, said) in cases {
            let project = Project::at(&server.url(), "");
            let err = project.refuses(&["run", &format!("{option}={place}")]);
            assert!(err.contains(said), "{option} {place}: {err}");
            assert_eq!(err.matches("error: ").count(), 1, "said twice: {err}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_place_that_is_missing_is_made_and_an_old_report_in_it_is_replaced() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    assert_eq!(project.jaunt(&["run", "--junit", "deep/er/j.xml"]).code, 0);
    assert_eq!(project.read("deep/er/j.xml"), project.junit());
    project.write("deep/er/j.xml", STALE);
    project.write("journeys/wrong.lua", "journey(");
    assert_eq!(project.jaunt(&["run", "--junit", "deep/er/j.xml"]).code, 2);
    assert_eq!(counts(&project.read("deep/er/j.xml")), ONE_ERROR);
}

#[test]
fn a_newest_report_that_cannot_be_removed() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    std::fs::remove_file(project.path(".jaunt/junit.xml")).expect("it was there");
    project.write(".jaunt/junit.xml/inside", "in the way");
    let done = project.jaunt(&["run", "--junit", "j.xml"]);
    assert_eq!((done.code, server.connections()), (2, 0), "{done:#?}");
    assert!(
        done.err
            .contains("error: `.jaunt/junit.xml` of an earlier run cannot be removed"),
        "{}",
        done.err
    );
    assert_eq!(counts(&project.read("j.xml")), ONE_ERROR);
}
