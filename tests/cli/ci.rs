//! CI systems: what each is told in its own language, and the reports for other programs.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::support::server::{Answer, Server, answer_with, status};
use super::support::{Done, Project, done};

/// Words that every CI system here would take for a command.
const HOSTILE: &str = "::error::forged\n##vso[task.complete result=Succeeded;]done\n::set-output";

const JOURNEYS: &str = r#"
journey("fails, as it should", { owner = "shop" }, function(j)
  j:client("c"):get("/hostile"):expect { text = "as promised" }
end)
journey("ours", function(j) error("a mistake") end)
journey("passes", function(j) j:client("c"):get("/ok"):expect { status = 200 } end)
journey("heals", { retries = 1 }, function(j)
  j:client("c"):get("/ok"):expect { status = j.run.attempt == 1 and 201 or 200 }
end)
"#;

fn project() -> (Server, Project) {
    let server = Server::new(|path| match path {
        "/hostile" => Answer::Bytes(answer_with(HOSTILE)),
        _ => Answer::Bytes(status(200)),
    });
    let project = Project::at(&server.url(), "");
    project.write("journeys/passes.lua", JOURNEYS);
    (server, project)
}

fn run(project: &Project, words: &[&str], environment: &[(&str, &str)]) -> Done {
    let mut command = project.command(&[&["run"], words].concat());
    command.envs(environment.iter().copied());
    done(command.output().expect("it runs"))
}

#[test]
fn github_gets_annotations_a_summary_and_a_group_and_no_forged_command() {
    let (_server, project) = project();
    project.write("summary.md", "of an earlier step\n");
    let root = project.root().parent().expect("a folder").to_path_buf();
    let folder = project
        .root()
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let summary = project.path("summary.md");
    let environment = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_WORKSPACE", root.to_str().expect("text")),
        ("GITHUB_STEP_SUMMARY", summary.to_str().expect("text")),
    ];
    let done = run(&project, &[], &environment);
    assert_eq!(done.code, 1, "{done:#?}");
    // What a runner would do: it takes lines that begin with `::` for commands.
    let (mut heard, mut stopped) = (Vec::new(), None);
    for line in done.out.lines().map(str::trim) {
        match (&stopped, line.strip_prefix("::stop-commands::")) {
            (None, Some(token)) => stopped = Some(format!("::{token}::")),
            (Some(token), _) if line == token => stopped = None,
            (Some(_), _) => {}
            (None, None) if line.starts_with("::") => heard.push(line.to_string()),
            (None, None) => assert!(line.is_empty(), "said while commands are heard: {line}"),
        }
    }
    assert_eq!(stopped, None, "commands are heard again");
    let place = format!("file={folder}/journeys/passes.lua,line=");
    let begins = [
        "::group::".to_string(),
        "::endgroup::".to_string(),
        format!("::error {place}3,title=passes%3A fails%2C as it should::"),
        format!("::error {place}5,title=passes%3A ours::errored: "),
        format!("::warning {place}8,title=passes%3A heals::flaky: "),
    ];
    assert_eq!(heard.len(), begins.len(), "{heard:#?}");
    for (line, begin) in heard.iter().zip(begins) {
        assert!(line.starts_with(&begin), "{begin}: {line}");
    }
    assert!(heard[2].contains("%0A"), "it says more than a line");
    let added = project.read("summary.md");
    let newest = project.read(".jaunt/summary.md");
    assert_eq!(added, format!("of an earlier step\n{newest}"));
    assert!(
        newest.starts_with("## ❌ jaunt: failed (exit 1)"),
        "{newest}"
    );
    assert!(newest.contains("```mermaid\nsequenceDiagram\n"), "{newest}");

    // Switched off, and elsewhere, none of it.
    for (words, environment) in [(&["--ci", "none"][..], &environment[..]), (&[], &[])] {
        let done = run(&project, words, environment);
        assert!(!done.out.contains("\n::"), "{}", done.out);
    }
    assert_eq!(project.read("summary.md"), added);
}

#[test]
fn a_run_that_cannot_start_is_annotated_too() {
    let (_server, project) = project();
    project.write("journeys/passes.lua", "journey(\"passes\", function(j)\n");
    let done = run(&project, &["--ci", "github"], &[]);
    assert_eq!(done.code, 2, "{done:#?}");
    assert!(
        done.out
            .starts_with("::error file=journeys/passes.lua,line="),
        "{}",
        done.out
    );
    let summary = project.read(".jaunt/summary.md");
    assert!(summary.contains("### the run could not start"), "{summary}");
}

#[test]
fn azure_gets_issues_and_a_summary_and_no_forged_command() {
    let (_server, project) = project();
    let done = run(&project, &[], &[("TF_BUILD", "True")]);
    let commands: Vec<&str> = done
        .out
        .lines()
        .filter(|line| line.contains("##"))
        .collect();
    let path = project
        .path(".jaunt/summary.md")
        .canonicalize()
        .expect("a file");
    let upload = format!("##vso[task.uploadsummary]{}", path.display());
    let begins = [
        "##[group]",
        "##[endgroup]",
        "##vso[task.logissue type=error;sourcepath=journeys/passes.lua;linenumber=3;]",
        "##vso[task.logissue type=error;sourcepath=journeys/passes.lua;linenumber=5;]",
        "##vso[task.logissue type=warning;sourcepath=journeys/passes.lua;linenumber=8;]",
        upload.as_str(),
    ];
    assert_eq!(commands.len(), begins.len(), "{commands:#?}");
    for (line, begin) in commands.iter().zip(begins) {
        assert!(line.starts_with(begin), "{begin}: {line}");
    }
}

#[test]
fn gitlab_gets_a_section_around_the_journeys() {
    let (_server, project) = project();
    let done = run(&project, &[], &[("GITLAB_CI", "true")]);
    let at = |part: &str| {
        done.out
            .find(part)
            .unwrap_or_else(|| panic!("{part}: {}", done.out))
    };
    let (begin, end) = (at("\u{1b}[0Ksection_start:"), at("\u{1b}[0Ksection_end:"));
    assert!(
        begin < at(" ✓ ") && at(" ✓ ") < end && end < at(" FAILED "),
        "{}",
        done.out
    );
}

#[test]
fn buildkite_gets_an_annotation_where_its_agent_is() {
    let (_server, project) = project();
    // Stands in for the agent: it keeps what it was told.
    let agent = "#!/bin/sh\necho \"$@\" > told\ncat > annotation.md\nexit \"${AGENT_EXIT:-0}\"\n";
    project.write("bin/buildkite-agent", agent);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(project.path("bin/buildkite-agent"), executable).expect("a file");
    let path = format!("{}:/usr/bin:/bin", project.path("bin").display());
    let with = |exit: &str| {
        let environment = [("BUILDKITE", "true"), ("PATH", &path), ("AGENT_EXIT", exit)];
        run(&project, &[], &environment)
    };
    let done = with("0");
    assert_eq!((done.code, done.err.as_str()), (1, ""), "{done:#?}");
    assert!(done.out.contains("--- jaunt: the journeys\n") && done.out.contains("+++ jaunt: "));
    let told = project.read("told");
    assert!(
        told.starts_with("annotate --style error --context jaunt-"),
        "{told}"
    );
    assert_eq!(
        project.read("annotation.md"),
        project.read(".jaunt/summary.md")
    );

    let done = with("3");
    assert_eq!(done.code, 1, "an agent that fails changes no verdict");
    assert!(
        done.err
            .contains("no annotation: buildkite-agent: exit status: 3"),
        "{}",
        done.err
    );
    let without = [("BUILDKITE", "true"), ("PATH", "/nowhere")];
    let done = run(&project, &[], &without);
    assert_eq!((done.code, done.err.as_str()), (1, ""), "{done:#?}");
}

/// Whoever watches the counters would take their new beginning for a restart.
#[test]
fn a_page_of_metrics_that_cannot_be_read_is_said_to_begin_anew() {
    let (_server, project) = project();
    let without = |done: &Done| done.err.is_empty();
    let done = run(&project, &["--metrics", "a.prom"], &[]);
    assert!(without(&done), "nothing was there: {done:#?}");
    std::fs::write(project.path("a.prom"), b"jaunt_runs_total \xff\n").expect("written");
    let done = run(&project, &["--metrics", "a.prom"], &[]);
    assert_eq!(done.code, 1);
    assert!(
        done.err.starts_with(
            "warning: the counters in `a.prom` begin anew: what was there could not be read\n"
        ) && done.err.contains("UTF-8"),
        "{}",
        done.err
    );
    assert!(without(&run(&project, &["--metrics", "a.prom"], &[])));
    project.write("journeys/passes.lua", "journey(");
    std::fs::write(project.path("a.prom"), b"\xff").expect("written");
    let done = run(&project, &["--metrics", "a.prom"], &[]);
    assert!(done.err.contains("begin anew"), "{}", done.err);
}

#[test]
fn markdown_tap_and_metrics_are_written_whole_by_run_replay_and_merge() {
    let (_server, project) = project();
    let all = [
        "--markdown",
        "a.md",
        "--tap",
        "a.tap",
        "--metrics",
        "a.prom",
    ];
    let done = run(&project, &all, &[]);
    assert_eq!(done.code, 1, "{done:#?}");
    let (markdown, tap) = (project.read("a.md"), project.read("a.tap"));
    assert_eq!(markdown, project.read(".jaunt/summary.md"));
    assert!(
        tap.starts_with("TAP version 14\n1..4\nnot ok 1 - "),
        "{tap}"
    );
    let again = project.jaunt(&["replay", "--markdown", "b.md", "--tap", "b.tap"]);
    assert_eq!(again.code, 1, "{again:#?}");
    assert_eq!(
        (project.read("b.md"), project.read("b.tap")),
        (markdown, tap)
    );
    // Counters go on, and a run that cannot start is counted as such.
    project.write("journeys/passes.lua", "journey(");
    let done = run(&project, &all, &[]);
    assert_eq!(done.code, 2);
    let metrics = project.read("a.prom");
    for verdict in ["failed", "could_not_run"] {
        let count = format!("verdict=\"{verdict}\"}} 1\n");
        let runs = metrics
            .lines()
            .filter(|it| it.starts_with("jaunt_runs_total"));
        let runs: String = runs.map(|line| format!("{line}\n")).collect();
        assert!(runs.contains(&count), "{metrics}");
    }
    assert!(
        project
            .read("a.tap")
            .contains("not ok 1 - the run could not start")
    );

    project.write("journeys/passes.lua", JOURNEYS);
    for part in ["1/2", "2/2"] {
        run(&project, &["--shard", part, "--seed", "s"], &[]);
        let trace = project.read(".jaunt/trace.jsonl");
        project.write(&format!("{}.jsonl", &part[..1]), trace);
    }
    let words = [
        "merge",
        "1.jsonl",
        "2.jsonl",
        "--markdown",
        "m.md",
        "--ci",
        "azure",
    ];
    let merged = project.jaunt(&words);
    assert_eq!(merged.code, 1, "{merged:#?}");
    assert_eq!(project.read("m.md"), project.read(".jaunt/summary.md"));
    assert!(
        merged.out.contains("##vso[task.logissue type=error;"),
        "{}",
        merged.out
    );
}

#[test]
#[ignore = "needs promtool; .ci/run runs it"]
fn promtool_finds_nothing_in_the_metrics() {
    let (_server, project) = project();
    for _ in 0..2 {
        run(&project, &["--metrics", "a.prom"], &[]);
    }
    lint(&project.path("a.prom"));
}

fn lint(page: &Path) {
    let page = std::fs::File::open(page).expect("a page");
    let output = std::process::Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(page)
        .output()
        .expect("promtool");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
#[ignore = "needs python3 with PyYAML; .ci/run runs it"]
fn tap_is_read_back_whole() {
    let (_server, project) = project();
    run(&project, &["--tap", "a.tap"], &[]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pipelines/tap.py");
    let output = std::process::Command::new("python3")
        .arg(script)
        .stdin(std::fs::File::open(project.path("a.tap")).expect("a file"))
        .output()
        .expect("python3 with PyYAML");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let points: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let report: serde_json::Value =
        serde_json::from_str(&project.read(".jaunt/report.json")).expect("JSON");
    let journeys = report["journeys"].as_array().expect("journeys");
    for (point, journey) in points.as_array().expect("points").iter().zip(journeys) {
        assert_eq!(point["more"]["outcome"], journey["outcome"], "{point}");
        let name = point["name"].as_str().expect("a name");
        assert!(
            name.ends_with(journey["name"].as_str().expect("a name")),
            "{name}"
        );
        let green = journey["outcome"] == "passed" || journey["outcome"] == "flaky";
        assert_eq!(point["ok"], green, "{point}");
    }
    let broken = &points[0]["more"];
    assert!(
        broken["message"]
            .as_str()
            .is_some_and(|it| it.contains("as promised")),
        "{broken}"
    );
    assert!(
        broken["output"]
            .as_str()
            .is_some_and(|it| it.lines().count() > 5),
        "{broken}"
    );
    assert_eq!(broken["owner"], "shop");
}
