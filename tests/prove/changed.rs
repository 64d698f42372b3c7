//! `--only-changed`: the journeys that a revision of git does not know as they are now.

use std::process::Command;

use crate::proofs::{Proved, deployed};
use crate::server::Server;
use crate::support::Project;

fn git(project: &Project, words: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.test"])
        .args(words)
        .current_dir(project.path(""))
        .env_remove("GIT_DIR")
        .output()
        .expect("git is needed");
    assert!(output.status.success(), "{words:?}: {output:?}");
}

fn journey(name: &str, head: &str) -> String {
    format!(
        "{head}journey(\"{name}\", function(j)\n  j:client(\"alice\"):get(\"/{name}\"):expect {{ status = 200 }}\nend)\n"
    )
}

/// Two journeys in a repository, one of which reads a file of words.
fn project(server: &Server) -> Project {
    let reads = "local words = require \"lib.words\"\n";
    let project = deployed(server, "", &journey("plain", ""));
    project.write("journeys/reads.lua", &journey("reads", reads));
    project.write("journeys/lib/words.lua", "return { \"so\" }\n");
    project.write(".gitignore", ".jaunt/\n");
    project
}

fn names(proved: &Proved) -> Vec<&str> {
    let names = proved.journeys().iter().map(|it| it["name"].as_str());
    names.map(|it| it.expect("a name")).collect()
}

#[test]
#[ignore = "needs git; .ci/run runs it"]
fn what_changed_is_proved_and_nothing_else() {
    let server = Server::new(|_, _| (200, "{}".to_string()));
    let project = project(&server);
    git(&project, &["init", "-q"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "-q", "-m", "first"]);
    let words = ["--only-changed", "HEAD", "--operator", "status-flipped"];

    let nothing = Proved::ends(&project, &words, 0);
    let said = &nothing.ran.out;
    assert!(said.contains("nothing to prove"), "{}", nothing.ran.shown());
    assert!(server.requests().is_empty(), "it was walked all the same");

    project.write("journeys/all.lua", &journey("plain", "-- changed\n"));
    assert_eq!(names(&Proved::ends(&project, &words, 0)), ["plain"]);

    // What is committed is still changed since before.
    git(&project, &["commit", "-q", "-a", "-m", "second"]);
    project.write("journeys/lib/words.lua", "return { \"far\" }\n");
    assert_eq!(names(&Proved::ends(&project, &words, 0)), ["reads"]);
    let since = ["--only-changed", "HEAD~1", "--operator", "status-flipped"];
    assert_eq!(
        names(&Proved::ends(&project, &since, 0)),
        ["plain", "reads"]
    );

    git(&project, &["commit", "-q", "-a", "-m", "third"]);
    project.write("journeys/new.lua", &journey("new", ""));
    assert_eq!(names(&Proved::ends(&project, &words, 0)), ["new"]);
    assert_eq!(server.count("GET /reads"), 2 * (3 + 2 + 1));

    let wrong = ["--only-changed", "no-such-revision"];
    let refused = Proved::ends(&project, &wrong, 2);
    assert!(
        refused.ran.err.contains("no-such-revision"),
        "{}",
        refused.ran.shown()
    );
}

#[test]
#[ignore = "needs git; .ci/run runs it"]
fn where_there_is_no_repository_nobody_can_say_what_changed() {
    let server = Server::new(|_, _| (200, "{}".to_string()));
    let project = project(&server);
    let refused = Proved::ends(&project, &["--only-changed", "HEAD"], 2);
    let said = &refused.ran.err;
    assert!(said.contains("--only-changed"), "{}", refused.ran.shown());
    assert!(server.requests().is_empty());
}
