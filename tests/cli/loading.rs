//! Journeys that cannot be loaded: told with file, line and column, and nothing is sent.

use super::support::Project;
use super::support::server::Server;

/// What is said of a second file beside a good one.
fn refused(bytes: impl AsRef<[u8]>) -> String {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/wrong.lua", bytes);
    let err = project.refuses(&["run"]);
    assert_eq!(server.connections(), 0, "something was sent");
    err
}

#[test]
fn a_journey_that_cannot_be_parsed() {
    assert_eq!(
        refused("journey(\"x\", function(j)\n  local a = )\nend)\n"),
        r#"error: journeys/wrong.lua is no valid Lua: unexpected symbol near ')'
 --> journeys/wrong.lua:2:13
  |
2 |   local a = )
  |             ^

"#
    );
    assert_eq!(
        refused("journey(\"x\", function(j)\n  j:sleep(1)\n"),
        r#"error: journeys/wrong.lua is no valid Lua: 'end' expected (to close 'function' at line 1) near <eof>
 --> journeys/wrong.lua:2:3
  |
2 |   j:sleep(1)
  |   ^^^^^^^^^^

"#
    );
}

#[test]
fn an_unknown_option_of_a_journey() {
    assert_eq!(
        refused("journey(\"x\", { tag = { \"a\" } }, function(j) end)\n"),
        r#"error: `tag` is no option of `journey`
 --> journeys/wrong.lua:1:16
  |
1 | journey("x", { tag = { "a" } }, function(j) end)
  |                ^^^ did you mean `tags`?
  |
  = options: covers, tags, owner, runbook, timeout, targets, lock, share,
    every, skip, retries, matrix, quarantine

"#
    );
}

#[test]
fn a_wrong_type_and_a_wrong_value() {
    assert_eq!(
        refused("journey(\"x\", { tags = 5 }, function(j) end)\n"),
        r#"error: `tags` of `journey` is a list of strings, found a number
 --> journeys/wrong.lua:1:16
  |
1 | journey("x", { tags = 5 }, function(j) end)
  |                ^^^^

"#
    );
    let err = refused("journey(\"x\", { retries = 101 }, function(j) end)\n");
    assert!(err.starts_with("error: `retries` of `journey` is a whole number from 0 to 100, found 101\n --> journeys/wrong.lua:1:16\n"), "{err}");
    let err = refused("journey(\"x\", { timeout = \"5 parsecs\" }, function(j) end)\n");
    assert!(
        err.contains("5 parsecs") && err.contains("journeys/wrong.lua:1:16"),
        "{err}"
    );
}

#[test]
fn a_client_used_while_the_file_loads() {
    assert_eq!(
        refused("local alice = j:client(\"alice\")\n"),
        r#"error: there is no global `j`: it is what a journey's function is given. Loading declares, running acts
 --> journeys/wrong.lua:1:15
  |
1 | local alice = j:client("alice")
  |               ^

"#
    );
}

#[test]
fn a_misspelt_global_and_what_journeys_lack() {
    let err = refused("jorney(\"x\", function(j) end)\n");
    assert!(
        err.starts_with("error: there is no global `jorney`\n --> journeys/wrong.lua:1:1\n"),
        "{err}"
    );
    assert!(err.contains("^^^^^^ did you mean `journey`?"), "{err}");
    let err = refused("\nos.exit(0)\n");
    assert!(
        err.contains("`os` is not available to journeys") && err.contains("journeys/wrong.lua:2:1"),
        "{err}"
    );
}

#[test]
fn one_name_twice_and_an_error_of_a_library() {
    let err = refused("journey(\"x\", function(j) end)\njourney(\"x\", function(j) end)\n");
    assert!(
        err.contains("`x` is declared twice, first at line 1"),
        "{err}"
    );
    assert!(err.contains("journeys/wrong.lua:2"), "{err}");
    let err = refused("require \"lib.nope\"\n");
    assert!(err.contains("there is no module `lib.nope`"), "{err}");
}

#[test]
fn loading_that_never_ends_is_ended() {
    let err = refused("while true do end\n");
    assert!(
        err.contains("loading journeys/wrong.lua took longer than 2 s"),
        "{err}"
    );
}

#[test]
fn a_file_that_is_no_text() {
    assert_eq!(
        refused(b"-- fine\nlocal x = \"\xff\"\n"),
        "error: journeys/wrong.lua:2:12: not UTF-8 text, this byte belongs to no character\n\n"
    );
}

#[test]
fn every_file_with_a_mistake_is_told() {
    let project = Project::at("http://127.0.0.1:9", "");
    project.write("journeys/one.lua", "journey(");
    project.write(
        "journeys/two.lua",
        "journey(\"x\", { tag = 1 }, function(j) end)",
    );
    let err = project.refuses(&["run"]);
    assert!(
        err.contains("journeys/one.lua:1") && err.contains("journeys/two.lua:1:16"),
        "{err}"
    );
}
