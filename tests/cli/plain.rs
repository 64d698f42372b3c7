//! What stands in the log of a pipeline: every journey once, failures in full at the end.

use super::support::Project;
use super::support::server::Server;

#[test]
fn a_green_run_says_everything_once() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write(
        "journeys/skips.lua",
        "journey(\"skips\", { skip = \"not today\" }, function(j) end)\n",
    );
    let done = project.jaunt(&["run", "--seed", "7f3a"]);
    assert_eq!(done.code, 0, "{done:#?}");
    for once in [
        "jaunt 0.1.0",
        " floor    ok    1 of 1",
        " ✓ passes",
        " - skips",
        "not today",
        "PASSED   exit 0",
    ] {
        assert_eq!(done.out.matches(once).count(), 1, "{once:?}: {}", done.out);
    }
    assert!(
        !done.out.contains("\n\n\n") && !done.out.contains('\x1b'),
        "{}",
        done.out
    );
    let shape: Vec<&str> = done
        .out
        .lines()
        .map(|line| line.split_whitespace().next().unwrap_or(""))
        .collect();
    assert_eq!(
        shape,
        [
            "jaunt", "", "floor", "", "-", "not", "✓", "", "ceiling", "PASSED"
        ],
        "{}",
        done.out
    );
}

#[test]
fn a_red_run_ends_with_its_failures_in_full() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/fails.lua", "journey(\"fails\", function(j)\n  j:client(\"c\"):get(\"/x\"):expect { status = 201 }\nend)\n");
    let done = project.jaunt(&["run", "--jobs", "1"]);
    assert_eq!(done.code, 1, "{done:#?}");
    let lines: Vec<&str> = done.out.lines().collect();
    let marks: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix(' ')?.split(' ').next())
        .filter(|word| ["✓", "✗"].contains(word))
        .collect();
    assert_eq!(marks, ["✗", "✓", "✗"], "{}", done.out);
    assert_eq!(
        done.out.matches("journeys/fails.lua:2").count(),
        1,
        "{}",
        done.out
    );
    assert!(
        lines.iter().all(|line| line.chars().count() <= 80),
        "{}",
        done.out
    );
    assert!(!done.out.contains("\n\n\n"), "{}", done.out);
}

#[test]
fn a_list_goes_on_below_its_names_on_a_narrow_terminal_alone() {
    let project = Project::at("http://127.0.0.1:9", "");
    project.write(
        "journeys/passes.lua",
        "journey('who comes late finds the last fifty lines', { tags = { 'chat', 'slow' } }, function(j) end)\n\
         journey('short', { tags = { 'chat' } }, function(j) end)\n",
    );
    let narrow = project.command(&["list"]).env("COLUMNS", "40").output();
    let narrow = String::from_utf8(narrow.expect("it runs").stdout).expect("UTF-8");
    assert_eq!(
        narrow,
        "journeys/passes.lua\n     1  who comes late finds the last\n        fifty lines\n        [chat, slow]\n     \
         2  short  [chat]\n2 journeys in 1 file against local\n"
    );
    let plain = project.jaunt(&["list"]).out;
    let line = "     1  who comes late finds the last fifty lines  [chat, slow]\n";
    assert!(plain.contains(line), "{plain}");
}

/// `check` has the longest titles.
#[test]
fn findings_stay_narrow_as_well() {
    let project = Project::at("http://127.0.0.1:9", "");
    project.write(
        "journeys/passes.lua",
        "journey('the page and its health say what they should in every language', function(j)\n  \
         j:client('ann', { within = '90s' }):websocket('/ws', { subprotocols = { 'chat' } })\nend)\n",
    );
    let done = project.command(&["check"]).env("COLUMNS", "40").output();
    let err = String::from_utf8(done.expect("it runs").stderr).expect("UTF-8");
    let widest = err.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 40), "{err}");
}

#[test]
fn narrow_logs_stay_narrow() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    let done = project
        .command(&["run"])
        .env("COLUMNS", "40")
        .output()
        .expect("it runs");
    let out = String::from_utf8(done.stdout).expect("UTF-8");
    assert!(
        out.contains("PASSED") && out.lines().all(|line| line.chars().count() <= 40),
        "{out}"
    );
}
