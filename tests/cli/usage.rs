//! Command lines that make no sense.

use super::support::server::Server;
use super::support::{Counts, Project, counts, done};

#[test]
fn a_command_line_that_makes_no_sense_leaves_no_green_behind() {
    let server = Server::ok();
    let cases: &[(&[&str], &str)] = &[
        (&["run", "--nope"], "unexpected argument '--nope' found"),
        (
            &["run", "--fail-fas"],
            "a similar argument exists: '--fail-fast'",
        ),
        (
            &["run", "--jobs", "0"],
            "invalid value '0' for '--jobs <N>': 0 is not in 1..=65535",
        ),
        (&["run", "--repeat", "0"], "0 is not in 1..=100000"),
        (
            &["run", "--timeout", "5 parsecs"],
            "\"5 parsecs\" is no duration: expected \"250ms\"",
        ),
        (&["run", "--timeout", "0"], "it must be more than 0"),
        (&["run", "--max-time", "-1s"], "\"-1s\" is no duration"),
        (
            &["run", "--target", "local", "--url", "http://h"],
            "cannot be used with",
        ),
    ];
    for (words, said) in cases {
        let project = Project::at(&server.url(), "");
        let err = project.refuses(words);
        assert!(err.contains(said), "{words:?}: {err}");
        assert!(
            project.junit().contains(
                &said
                    .replace('\'', "&apos;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
                    .replace('"', "&quot;")[..12]
            )
        );
    }
    assert_eq!(server.connections(), 0);
}

/// What nobody can read is no success.
#[test]
fn a_full_disk_below_standard_output_is_no_success() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    let cases: &[&[&str]] = &[
        &["check", "--json"],
        &["list", "--json"],
        &["types", "--markdown"],
        &["completions", "bash"],
        &["run", "--dry-run"],
    ];
    for words in cases {
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut command = project.command(words);
        command.stdout(full.expect("a full device"));
        let run = done(command.output().expect("the program starts"));
        assert_eq!(run.code, 2, "{words:?}: {run:#?}");
        let said = run.err.matches("error: cannot write to standard output: ");
        assert_eq!(said.count(), 1, "{words:?}: {}", run.err);
    }
}

/// What only the project can know to be wrong is shown in the same form, with its place.
#[test]
fn a_wrong_value_stands_in_the_command_line_with_a_caret() {
    let embedded = "[targets.demo]\nembedded = true\n";
    for (words, said) in [
        (
            &["run", "--bug", "silent"][..],
            "error: unknown bug `silent`\n --> command line:1:17\n  |\n1 | jaunt run --bug silent\n  |                 \
             ^^^^^^ did you mean `silent-reap`?\n",
        ),
        (
            &["run", "--target=deno"],
            "error: no target `deno` in jaunt.toml\n --> command line:1:20\n  |\n1 | jaunt run --target=deno\n  |                    \
             ^^^^ did you mean `demo`?\n",
        ),
        (
            &["run", "--var", "secret", "--var", "x"],
            "error: `--var secret` is no variable\n --> command line:1:17\n  |\n1 | jaunt run --var secret\n  |                 \
             ^^^^^^\n",
        ),
        (
            &["list", "--url", "foo"],
            "error: `--url`: \"foo\" is no base URL\n --> command line:1:18\n  |\n1 | jaunt list --url foo\n  |                  \
             ^^^",
        ),
        (
            &["run", "--as", "nwe"],
            "1 | jaunt run --as nwe\n  |                ^^^",
        ),
        (
            &["demo", "--bug", "silent"],
            "1 | jaunt demo --bug silent\n  |                  ^^^^^^ did you",
        ),
    ] {
        let project = Project::empty();
        project.write("jaunt.toml", embedded);
        project.write("journeys/a.lua", "journey('a', function(j) end)");
        let done = project.jaunt(words);
        assert_eq!(done.code, 2, "{words:?}: {done:#?}");
        assert!(done.err.contains(said), "{words:?}: {}", done.err);
    }
    let done = Project::empty().jaunt(&["init", "--url", "foo"]);
    let said = "1 | jaunt init --url foo\n  |                  ^^^";
    assert!(done.err.contains(said), "{}", done.err);
}

#[test]
fn what_a_later_version_brings_is_named_as_such() {
    let project = Project::at("http://127.0.0.1:9", "");
    let done = project.jaunt(&["compare"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert_eq!(
        done.err,
        "error: `compare` is not supported by this version yet\n\n"
    );
}

#[test]
fn the_reports_of_a_wrong_command_line_go_where_they_were_wanted() {
    let project = Project::at("http://127.0.0.1:9", "");
    project.write("out/j.xml", super::support::STALE);
    project.refuses(&["run", "--nope", "--junit", "out/j.xml", "--json=out/r.json"]);
    let junit = project.read("out/j.xml");
    assert_eq!(
        counts(&junit),
        Counts {
            tests: 1,
            errors: 1,
            ..Counts::default()
        }
    );
    assert!(project.read("out/r.json").contains("--nope"));
}

#[test]
fn help_and_other_commands_touch_no_report() {
    let project = Project::at("http://127.0.0.1:9", "");
    for words in [
        &["run", "--help"][..],
        &["list", "--nope"],
        &["run", "--dry-run"],
        &["list"],
    ] {
        project.jaunt(words);
        assert_eq!(
            project.read(".jaunt/junit.xml"),
            super::support::STALE,
            "{words:?}"
        );
    }
}

#[test]
fn a_number_without_a_unit_is_seconds() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    let done = project.jaunt(&["run", "--timeout", "7", "--max-time", "30"]);
    assert_eq!(done.code, 0, "{done:#?}");
    let trace = project.read(".jaunt/trace.jsonl");
    assert!(trace.contains("\"timeout\":7000000000"), "{trace}");
}

/// Whoever asks only what there is gets it also where nothing else works, and changes nothing.
#[test]
fn version_and_help_touch_nothing() {
    for word in ["--version", "--help", "run --help", "demo --help"] {
        let project = Project::empty();
        project.write("jaunt.toml", "broken [");
        let words: Vec<&str> = word.split(' ').collect();
        let told = done(project.command(&words).output().expect("it runs"));
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{word}");
        // A report of an earlier run stays what it is: nothing ran.
        let left = |folder| std::fs::read_dir(project.path(folder)).map(Iterator::count);
        assert_eq!(
            (left(".").ok(), left(".jaunt").ok()),
            (Some(2), Some(1)),
            "{word}"
        );
        // The folder it stands in is gone before it starts.
        let gone = project.path("gone");
        std::fs::create_dir(&gone).expect("a folder");
        let program = project.command(&words).get_program().to_owned();
        let mut nowhere = std::process::Command::new("sh");
        nowhere
            .args(["-c", "rmdir \"$PWD\" && exec \"$@\"", "sh"])
            .arg(program)
            .args(&words)
            .current_dir(&gone);
        let again = done(nowhere.output().expect("it runs"));
        assert_eq!((again.code, again.out), (0, told.out), "{word}");
    }
}
