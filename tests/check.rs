//! `jaunt check` finds each of its problems in a fixture made for it, at the lines that say `here`,
//! and nothing else; in the shipped journeys and in all examples it finds nothing.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jaunt::check::Rule;
use serde_json::Value;
use support::{Project, copy, jaunt, root};

/// `file:line` of every finding.
type Places = BTreeSet<(String, u64)>;

fn fixtures() -> PathBuf {
    root().join("fixtures/check")
}

/// What `jaunt check --json` says of a folder, and its exit code.
fn check(folder: &Path, more: &[&str]) -> (Value, i32) {
    let mut command = jaunt(&["check", "--json"]);
    let output = command.args(more).current_dir(folder).output();
    let output = output.expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error} in {}: {said}", folder.display()));
    (report, output.status.code().expect("an ending"))
}

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().expect("a list").as_slice()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The lines that say `here` in their comment.
fn marked(folder: &Path) -> Places {
    let (mut paths, mut places) = (Vec::new(), Places::new());
    files(folder, &mut paths);
    for path in paths
        .iter()
        .filter(|path| !path.starts_with(folder.join(".jaunt")))
    {
        let text = std::fs::read_to_string(path).expect("a text");
        let name = path.strip_prefix(folder).expect("below it");
        for (line, number) in text.lines().zip(1..) {
            let comment = line.split_once("--").or_else(|| line.split_once('#'));
            if comment.is_some_and(|(_, comment)| comment.contains("here")) {
                places.insert((name.display().to_string(), number));
            }
        }
    }
    places
}

#[test]
fn every_rule_has_a_fixture_in_which_it_is_found_and_nothing_else() {
    for rule in Rule::ALL {
        let folder = fixtures().join(rule.name());
        assert!(folder.is_dir(), "{} has no fixture", rule.name());
        let (report, code) = check(&folder, &[]);
        let mut places = Places::new();
        for finding in findings(&report) {
            assert_eq!(finding["rule"], rule.name(), "{finding:#}");
            let line = finding["line"].as_u64().expect("a line");
            let file = finding["file"].as_str().expect("a file");
            places.insert((file.to_string(), line));
        }
        let marked = marked(&folder);
        assert!(!marked.is_empty(), "nothing is marked in {}", rule.name());
        assert_eq!(places, marked, "{}", rule.name());
        let is_error = rule.severity() == jaunt::check::Severity::Error;
        assert_eq!(code, if is_error { 2 } else { 0 }, "{}", rule.name());
    }
}

#[test]
fn no_fixture_is_without_a_rule() {
    for entry in std::fs::read_dir(fixtures()).expect("the fixtures") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("a plain name");
        assert!(name == "clean" || Rule::from_name(name).is_some(), "{name}");
    }
}

/// Every project that comes with the crate, but for those that are wrong on purpose.
#[test]
fn shipped_journeys_and_examples_are_clean() {
    let mut folders = vec![root().to_path_buf(), fixtures().join("clean")];
    for parent in ["examples", "fixtures"] {
        let entries = std::fs::read_dir(root().join(parent)).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        folders.extend(paths.filter(|path| path.join("jaunt.toml").is_file()));
    }
    assert!(folders.len() >= 10, "only {} projects", folders.len());
    for folder in folders {
        // The one of these is broken so that readers of JUnit see every outcome.
        if folder.ends_with("fixtures/junit") {
            continue;
        }
        let (report, code) = check(&folder, &[]);
        assert_eq!(code, 0, "{}: {report:#}", folder.display());
        assert!(
            findings(&report).is_empty(),
            "{}: {report:#}",
            folder.display()
        );
        assert!(report["journeys"].as_u64() >= Some(1), "{report:#}");
    }
}

#[test]
fn a_finding_shows_its_line_with_a_caret_and_the_nearest_name() {
    let project = Project::new("[targets.site]\nurl = \"http://127.0.0.1:8080\"\n");
    copy(
        &fixtures().join("unknown-option/journeys"),
        &project.path("journeys"),
    );
    let output = project.jaunt(&["check"]).output().expect("the binary runs");
    let said = String::from_utf8(output.stderr).expect("text");
    let expected = "\
error: `witin` is no option of `expect`
 --> journeys/page.lua:6:42
  |
6 |   socket:expect({ type = \"identity\" }, { witin = \"2s\" })   -- here
  |                                          ^^^^^ did you mean `within`?
  |
  = options: within, exactly, settle, since, unless
  = rule: unknown-option
";
    assert!(said.contains(expected), "{said}");
    let summary = String::from_utf8(output.stdout).expect("text");
    assert_eq!(summary, "1 journey in 1 file: 12 errors, no warnings\n");
}

#[test]
fn warnings_are_what_the_command_line_says() {
    let folder = fixtures().join("unused-value");
    for (more, code, errors, warnings) in [
        (&["--warnings", "error"][..], 2, 5, 0),
        (&["--warnings", "off"], 0, 0, 0),
        (&["--deny", "unused-value"], 2, 5, 0),
        (&["--deny", "short-absence"], 0, 0, 5),
        (&["--deny", "unused-value", "--warnings", "off"], 2, 5, 0),
    ] {
        let (report, found) = check(&folder, more);
        let counts = (&report["errors"], &report["warnings"]);
        assert_eq!(
            (found, counts),
            (code, (&errors.into(), &warnings.into())),
            "{more:?}"
        );
    }
    let output = jaunt(&["check", "--deny", "unused-valeu"])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("did you mean `unused-value`?"), "{said}");
}

#[test]
fn what_is_kept_elsewhere_is_resolved_and_commands_only_when_asked() {
    let settings = |value: &str| {
        format!(
            "[targets.site]\nurl = \"http://127.0.0.1:8080\"\nsecrets = {{ token = {value} }}\n"
        )
    };
    let journey = "journey(\"in\", function(j)\n  j:client(\"ann\"):get(\"/\", { bearer = j.secrets.token }):expect { status = 200 }\nend)\n";
    let said = |value: &str, more: &[&str]| {
        let project = Project::new(&settings(value));
        project.write("journeys/in.lua", journey);
        let (report, code) = check(&project.path(""), more);
        let first = findings(&report).first().cloned().unwrap_or_default();
        let ran = project.path("ran").exists();
        (
            code,
            first["title"].as_str().unwrap_or_default().to_string(),
            ran,
        )
    };
    let missing = "the environment has no `JAUNT_TEST_NO_SUCH`".to_string();
    assert_eq!(
        said("{ env = \"JAUNT_TEST_NO_SUCH\" }", &[]),
        (2, missing, false)
    );
    let missing = "`no-such-file` cannot be read".to_string();
    assert_eq!(
        said("{ file = \"no-such-file\" }", &[]),
        (2, missing, false)
    );
    let command = "{ command = \"touch ran; exit 1\" }";
    assert_eq!(said(command, &[]), (0, String::new(), false));
    let (code, title, ran) = said(command, &["--commands"]);
    assert!(
        code == 2 && ran && title.contains("gives no value"),
        "{title}"
    );
}

/// Secrets are there in the pipeline that runs; who writes a journey wants to know all the rest.
#[test]
fn journeys_are_looked_at_without_the_values_that_are_kept_elsewhere() {
    let project = Project::new(
        "[project]\njourneys = \"own\"\nfeatures = [\"in\"]\n[targets.site]\nurl = { env = \"JAUNT_TEST_NO_URL\" }\n\
         secrets = { token = { env = \"JAUNT_TEST_NO_SUCH\" } }\ntls = { ca = { env = \"JAUNT_TEST_NO_CA\" } }\n",
    );
    project.write(
        "own/in.lua",
        "journey(\"in\", { covers = { \"in\" } }, function(j)\n  \
         j:client(\"ann\"):gett(\"/\", { bearer = j.secrets.token })\n  j:expect(j.secrets.tokn, \"x\")\nend)\n",
    );
    let (report, code) = check(&project.path(""), &[]);
    let titles: Vec<(&str, &str)> = findings(&report)
        .iter()
        .filter_map(|it| Some((it["rule"].as_str()?, it["title"].as_str()?)))
        .collect();
    let rules: Vec<&str> = titles.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(
        rules,
        [
            "config",
            "config",
            "config",
            "unknown-member",
            "unknown-variable"
        ],
        "{titles:#?}"
    );
    for (title, name) in titles.iter().zip(["NO_URL", "NO_SUCH", "NO_CA"]) {
        let expected = format!("the environment has no `JAUNT_TEST_{name}`");
        assert_eq!(title.1, expected);
    }
    assert_eq!((code, &report["journeys"]), (2, &1.into()), "{report:#}");
    // What is there is no finding.
    let output = project
        .jaunt(&["check"])
        .env("JAUNT_TEST_NO_URL", "http://127.0.0.1:8080")
        .env("JAUNT_TEST_NO_SUCH", "hunter22")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "1 journey in 1 file: 3 errors, no warnings\n");
    let ran = project.run(&["run"]);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
}

/// Names and times that the file may have had are held against nobody.
#[test]
fn a_mistake_in_the_project_file_hides_no_journey() {
    let journey = "journey(\"in\", { covers = { \"in\" }, targets = { \"site\" } }, function(j)\n  \
        j:client(\"ann\"):gett(j.vars.path, { within = \"3m\" })\n  j:expect(1, 1)\nend)\n";
    for (settings, rules, summary) in [
        (
            "[targets.site]\nurl = \"x\"\nvars = { path = \"/\" }\n[targets.other]\nurl = \"http://127.0.0.1:8080\"\n",
            &["config", "unknown-member"][..],
            "1 journey in 1 file: ",
        ),
        (
            "[run]\ntimeout = \"5x\"\n",
            &["config", "unknown-member"],
            "1 journey in 1 file: ",
        ),
        (
            "[project]\njourneys = 1\n",
            &["config"],
            "no journey was looked at: ",
        ),
        ("[project\n", &["config"], "no journey was looked at: "),
    ] {
        let project = Project::new(settings);
        project.write("journeys/in.lua", journey);
        let (report, code) = check(&project.path(""), &[]);
        let found: Vec<&str> = findings(&report)
            .iter()
            .filter_map(|it| it["rule"].as_str())
            .collect();
        assert_eq!((code, &found[..]), (2, rules), "{settings}: {report:#}");
        let output = project.jaunt(&["check"]).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.starts_with(summary), "{said}");
    }
}

/// Names need no secret: a list is made where nobody has any.
/// One mistake at a time would take as many runs as there are mistakes.
#[test]
fn a_file_that_cannot_be_loaded_hides_none_of_its_other_mistakes() {
    let project = Project::new("[targets.site]\nurl = \"http://127.0.0.1:9\"\n");
    let text = "journey(\"a\", { tmeout = 1 }, function(j)\n  j:client(\"c\"):gte(\"/\")\nend)\n";
    project.write("journeys/in.lua", text);
    let (report, code) = check(&project.path(""), &[]);
    let found: Vec<_> = findings(&report)
        .iter()
        .map(|it| (it["rule"].as_str().unwrap_or_default(), it["line"].as_u64()))
        .collect();
    let expected = [("load", Some(1)), ("unknown-member", Some(2))];
    assert_eq!(
        (found.as_slice(), code),
        (expected.as_slice(), 2),
        "{report:#}"
    );
}

#[test]
fn a_list_needs_nothing_that_is_kept_elsewhere() {
    let project = Project::new(
        "[targets.site]\nurl = { env = \"JAUNT_TEST_NO_URL\" }\nsecrets = { a = { command = \"touch ran; exit 1\" }, \
         b = { file = \"no-such-file\" } }\ntls = { cert = \"no-such.pem\", key = \"no-such.pem\" }\n",
    );
    project.write("journeys/a.lua", "journey(\"a\", function(j) end)\n");
    let ran = project.run(&["list"]);
    let expected = "journeys/a.lua\n     1  a\n1 journey in 1 file against site\n";
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (Some(0), expected, "")
    );
    assert!(!project.path("ran").exists(), "a list ran a command");
    assert_eq!(project.run(&["list", "--json"]).code, Some(0));
    assert_eq!(project.run(&["run", "--dry-run"]).code, Some(2));
}

#[test]
fn a_path_is_looked_at_alone_and_its_libraries_are_read() {
    let folder = fixtures().join("unknown-member");
    let (report, _) = check(&folder, &["journeys/room.lua"]);
    let files: BTreeSet<&str> = findings(&report)
        .iter()
        .filter_map(|it| it["file"].as_str())
        .collect();
    assert_eq!(files, BTreeSet::from(["journeys/room.lua"]), "{report:#}");
    // What the library gives is known all the same.
    assert!(report.to_string().contains(":sned"), "{report:#}");
}

#[test]
fn without_a_project_file_the_journeys_are_looked_at() {
    let project = Project::new("");
    std::fs::remove_file(project.path("jaunt.toml")).expect("it was there");
    project.write(
        "journeys/a.lua",
        "journey(\"a\", function(j) j:client(\"ann\"):gett(j.vars.x) end)\n",
    );
    let (report, code) = check(&project.path(""), &[]);
    assert_eq!((code, findings(&report).len()), (2, 2), "{report:#}");
}

/// A table of data as a program writes it; the test would never end if its places were looked for
/// in each part anew.
#[test]
fn a_sum_of_thirty_thousand_terms_is_looked_at() {
    let project = Project::new("[targets.site]\nurl = \"http://127.0.0.1:8080\"\n");
    let sum = vec!["1"; 30_000].join(" + ");
    project.write(
        "journeys/a.lua",
        &format!("journey(\"a\", function(j)\nj:expect({sum}, 30000)\nj:expct(1)\nend)\n"),
    );
    let (report, code) = check(&project.path(""), &[]);
    let found = findings(&report);
    assert_eq!((code, found.len()), (2, 1), "{report:#}");
    assert_eq!(found[0]["line"], 3);
}

/// The page for people and the one for programs name every rule and every key.
#[test]
fn rules_and_keys_are_documented() {
    let page = std::fs::read_to_string(root().join("docs/check.md")).expect("docs/check.md");
    for rule in Rule::ALL {
        let severity = match rule.severity() {
            jaunt::check::Severity::Error => "error",
            jaunt::check::Severity::Warning => "warning",
        };
        let row = format!("| `{}` | {severity} |", rule.name());
        assert!(page.contains(&row), "docs/check.md has no row `{row}`");
    }
    let (report, _) = check(&fixtures().join("unknown-option"), &[]);
    let first = findings(&report)[0].as_object();
    for key in report
        .as_object()
        .into_iter()
        .chain(first)
        .flat_map(|it| it.keys())
    {
        assert!(
            page.contains(&format!("`{key}`")),
            "docs/check.md has no `{key}`"
        );
    }
}
