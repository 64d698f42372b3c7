//! Files that cannot be read.

use std::os::unix::fs::symlink;

use super::support::Project;
use super::support::server::Server;

#[test]
fn what_is_named_like_a_journey_must_be_one() {
    let server = Server::ok();
    type Make = fn(&Project);
    let make: [(&str, Make); 3] = [
        ("it is a folder", |project| {
            project.write("journeys/wrong.lua/inside.lua", super::support::PASSES);
        }),
        ("it is a link to nothing", |project| {
            symlink("nowhere.lua", project.path("journeys/wrong.lua")).expect("a link");
        }),
        ("it is no file", |project| {
            let path = project.path("journeys/wrong.lua");
            let _socket = std::os::unix::net::UnixListener::bind(path).expect("a socket");
        }),
    ];
    for (why, make) in make {
        let project = Project::at(&server.url(), "");
        make(&project);
        let said = format!("error: `journeys/wrong.lua` cannot be read: {why}\n\n");
        assert_eq!(project.refuses(&["run"]), said);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_folder_that_was_asked_for_as_a_file() {
    let project = Project::at("http://127.0.0.1:9", "");
    project.write("journeys/wrong.lua/inside.lua", super::support::PASSES);
    let err = project.refuses(&["run", "journeys/wrong.lua"]);
    assert_eq!(
        err,
        "error: `journeys/wrong.lua` cannot be read: it is a folder\n\n"
    );
}

#[test]
fn a_project_file_that_cannot_be_read() {
    let project = Project::empty();
    std::fs::create_dir(project.path("jaunt.toml")).expect("a folder");
    assert_eq!(
        project.refuses(&["run"]),
        "error: jaunt.toml cannot be read: it is a folder\n\n"
    );

    let project = Project::empty();
    project.write("jaunt.toml", b"[run]\ntarget = \"\xfe\"\n");
    let err = project.refuses(&["run"]);
    assert!(
        err.starts_with("error: jaunt.toml is not UTF-8\n --> jaunt.toml:2:11\n"),
        "{err}"
    );
}

#[test]
fn no_project_and_no_address() {
    let project = Project::empty();
    let err = project.refuses(&["run"]);
    assert!(
        err.starts_with("error: there is no jaunt.toml here or above, and no `--url`"),
        "{err}"
    );
    assert!(err.contains("[targets.local]"), "{err}");
    assert!(
        err.contains("= help: let `jaunt init --url http://localhost:8080` make a project"),
        "{err}"
    );
    let checked = project.jaunt(&["check"]);
    assert_eq!(checked.code, 2);
    assert!(
        checked.err.contains("`jaunt init --url ADDRESS`"),
        "{}",
        checked.err
    );
}
