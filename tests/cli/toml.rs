//! Project files and targets with mistakes.

use super::support::server::Server;
use super::support::{Counts, Project, counts};

#[test]
fn several_mistakes_are_told_at_once() {
    let server = Server::ok();
    let more =
        "confrm = true\nfloor = [\"health\"]\n\n[run]\njobs = \"many\"\ntimeout = \"5 parsecs\"\n";
    let project = Project::at(&server.url(), more);
    assert_eq!(
        project.refuses(&["run"]),
        r#"error: `confrm` is no key of `targets.local`
 --> jaunt.toml:3:1
  |
3 | confrm = true
  | ^^^^^^ did you mean `confirm`?
  |
  = keys: url, services, headers, vars, floor, allow_hosts, confirm, embedded,
    secrets, proxy, tls, may_use, version

error: "health" is no floor check
 --> jaunt.toml:4:10
  |
4 | floor = ["health"]
  |          ^^^^^^^^ a path starts with a slash: `/health`

error: `run.jobs` must be a whole number from 1 to 1000
 --> jaunt.toml:7:8
  |
7 | jobs = "many"
  |        ^^^^^^ found the text "many"

error: `run.timeout` must be a duration
 --> jaunt.toml:8:11
  |
8 | timeout = "5 parsecs"
  |           ^^^^^^^^^^^
  |
  = "5 parsecs" is no duration: expected "250ms", "5s", "2m", "1h" or a number
    of seconds

"#
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_file_that_is_no_toml() {
    let project = Project::at("http://127.0.0.1:9", "[run\njobs = =\n");
    let err = project.refuses(&["run"]);
    assert!(
        err.contains("jaunt.toml is not valid TOML\n --> jaunt.toml:3:5"),
        "{err}"
    );
    assert!(err.contains(" --> jaunt.toml:4:8"), "{err}");
}

#[test]
fn a_target_is_named_and_confirmed() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "confirm = true\n");
    let err = project.refuses(&["run"]);
    assert!(
        err.contains("target `local` runs only when named") && err.contains("say `--target local`"),
        "{err}"
    );
    assert_eq!(
        project.refuses(&["run", "--target", "locale"]),
        "error: no target `locale` in jaunt.toml\n --> command line:1:20\n  |\n1 | jaunt run --target locale\n  \
         |                    ^^^^^^ did you mean `local`?\n  |\n  = targets: local\n\n"
    );
    assert_eq!(server.connections(), 0);
    assert_eq!(project.jaunt(&["run", "--target", "local"]).code, 0);
}

#[test]
fn words_about_the_target() {
    let cases: &[(&[&str], &str)] = &[
        (&["--var", "novalue"], "`--var novalue` is no variable"),
        (&["--var", "=x"], "write NAME=VALUE"),
        (
            &["--bug", "silent-reap"],
            "`--bug` is for an embedded target, and `local` is none",
        ),
        (
            &["--as", "1.0"],
            "`--as` is for an embedded target, and `local` is none",
        ),
        (
            &["--url", "wss://h"],
            "write `https://`: web sockets are opened on it as well",
        ),
        (
            &["--url", "127.0.0.1:80"],
            "expected `http://` and a host: `http://127.0.0.1:80`",
        ),
        (
            &["--url", "http://h/?q=1"],
            "it must have no query and no fragment",
        ),
        (&["--url", ""], "expected `http://` and a host"),
    ];
    let server = Server::ok();
    for (words, said) in cases {
        let project = Project::at(&server.url(), "");
        let words: Vec<&str> = ["run"].iter().chain(*words).copied().collect();
        let err = project.refuses(&words);
        assert!(err.contains(said), "{words:?}: {err}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_password_in_an_address_is_refused_and_repeated_nowhere() {
    for scheme in ["http", "https"] {
        let project = Project::at("http://127.0.0.1:9", "");
        let url = format!("{scheme}://user:hunter2@127.0.0.1:9");
        let err = project.refuses(&["run", "--url", &url]);
        let files = [
            ".jaunt/junit.xml",
            ".jaunt/report.json",
            ".jaunt/trace.jsonl",
        ];
        let all = files.map(|file| project.read(file)).concat() + &err;
        assert!(!all.contains("hunter2"), "{all}");
        assert!(all.contains("…@127.0.0.1:9"), "{all}");
    }
}

#[test]
fn a_password_in_the_project_file_is_not_shown() {
    let project = Project::at("http://user:hunter2@127.0.0.1:9", "");
    let err = project.refuses(&["run"]);
    let said = "error: \"http://…@127.0.0.1:9\" is no base URL\n--> jaunt.toml:2:7\n";
    assert!(err.starts_with(said), "{err}");
    assert!(!(project.junit() + &err).contains("hunter2"), "{err}");
}

#[test]
fn an_address_with_a_path_is_what_paths_start_from() {
    let server = Server::ok();
    let project = Project::at("http://127.0.0.1:9", "");
    let done = project.jaunt(&["run", "--url", &format!("{}/sub/", server.url())]);
    assert_eq!(done.code, 0, "{done:#?}");
    assert_eq!(server.paths(), ["/sub", "/sub/ok"]);
}

#[test]
fn bugs_and_versions_of_the_embedded_target() {
    let project = Project::embedded();
    let err = project.refuses(&["run", "--bug", "silent-rep"]);
    assert!(
        err.starts_with("error: unknown bug `silent-rep`\n")
            && err.contains("did you mean `silent-reap`?\n"),
        "{err}"
    );
    let err = project.refuses(&["run", "--as", "mar-5"]);
    assert!(
        err.contains("unknown version `mar-5`") && err.contains("1.0, mar-3, mar-4, newest"),
        "{err}"
    );
    let err = project.refuses(&["run", "--bug", "slow-shutdown"]);
    assert!(err.contains("jaunt demo --bug slow-shutdown"), "{err}");
    let more = "[targets.broken]\nembedded = { bugs = [\"leave-twic\"] }\n";
    project.write("jaunt.toml", more);
    let err = project.refuses(&["run"]);
    assert!(
        err.contains("did you mean `leave-twice`?") && err.contains("jaunt.toml:2:22"),
        "{err}"
    );
}

#[test]
fn a_host_outside_the_target_is_reached_by_nobody() {
    let (server, other) = (Server::ok(), Server::ok());
    let project = Project::at(&server.url(), "");
    let url = format!("http://localhost:{}/", other.port());
    project.write(
        "journeys/strays.lua",
        format!("journey(\"strays\", function(j)\n  j:client(\"a\"):get(\"{url}\")\nend)\n"),
    );
    let done = project.jaunt(&["run"]);
    assert_eq!((done.code, other.connections()), (2, 0), "{done:#?}");
    assert!(
        done.out
            .contains("the host `localhost` is not of target `local` (allowed: 127.0.0.1)"),
        "{}",
        done.out
    );
    assert!(done.out.contains("journeys/strays.lua:2"), "{}", done.out);
    assert_eq!(
        counts(&project.junit()),
        Counts {
            tests: 2,
            errors: 1,
            ..Counts::default()
        }
    );
}

#[test]
fn what_is_kept_elsewhere_is_in_no_error() {
    let cases = [
        (
            "headers = { x-k = { env = \"TOK\" } }",
            "hunter2-secret\u{1}x",
        ),
        (
            "services = { a = { env = \"TOK\" } }",
            "hunter2-secret.example.com:x",
        ),
        (
            "allow_hosts = [{ env = \"TOK\" }]",
            "http://hunter2-secret/x",
        ),
        ("floor = [{ env = \"TOK\" }]", "hunter2-secret"),
        ("secrets = { a = { env = \"TOK\" } }", "hun"),
    ];
    for (line, value) in cases {
        let project = Project::at("http://127.0.0.1:9", line);
        let done = project
            .command(&["run"])
            .env("TOK", value)
            .output()
            .expect("it runs");
        assert_eq!(done.status.code(), Some(2), "{line}");
        let err = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(err.contains("jaunt.toml:3"), "{line}: {err}");
        for text in [err, project.junit(), project.read(".jaunt/trace.jsonl")] {
            assert!(!text.contains("hunter2"), "{line}: {text}");
        }
    }
}

#[test]
fn what_is_no_text_may_be_kept_elsewhere_too() {
    let server = super::support::server::Server::ok();
    let more = "confirm = { env = \"SURE\" }\nfloor = [{ url = \"/up\", status = { env = \"STATUS\" }, within = { env = \"WITHIN\" }, insecure = { env = \"SURE\" } }]";
    let project = Project::at(&server.url(), more);
    let run = |sure: &str, status: &str, within: &str| {
        let mut command = project.command(&["run", "--target", "local"]);
        command.env("SURE", sure).env("STATUS", status);
        let output = command.env("WITHIN", within).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    assert_eq!(run("true", "200", "20s"), (Some(0), String::new()));
    assert_eq!(run("false", "200", "20").0, Some(0));
    assert_eq!(run("true", "201", "20s").0, Some(3), "the floor is down");
    for (sure, status, within, said) in [
        (
            "yes",
            "200",
            "20s",
            "`targets.local.confirm` must be `true` or `false`",
        ),
        ("true", "20O", "20s", "a status from 100 to 599"),
        (
            "true",
            "200",
            "5 parsecs",
            "`targets.local.floor[1].within` must be",
        ),
    ] {
        let (code, err) = run(sure, status, within);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains(said) && err.contains("jaunt.toml:"), "{err}");
        assert!(!err.contains("parsecs") && !err.contains("20O"), "{err}");
    }
}
