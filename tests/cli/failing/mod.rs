//! What people read when something goes wrong, letter by letter: each folder of `fixtures/fail` is
//! a project in which one thing fails, with the text that it must give. Every kind of problem has
//! one. `UPDATE_GOLDEN=1 cargo test --test cli failing` writes the texts anew, to be read before
//! they are kept.
//!
//! A folder has `case.toml` (`about`; `exit`; the `kind` of the failure it is about, read from the
//! report; `args`, if they are not `run`), a project, `expected.txt`, which is the text in 80
//! columns, and, where there is a trace, `expected.40.txt`: the replay in 40 columns of ASCII.
//! In `jaunt.toml`, `{url}` is the server of [`server`], `{tls}` one that knows no TLS, and `{gone}` a port that nobody listens at.

#[path = "../../support/normal.rs"]
mod normal;
mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jaunt::model::ProblemKind;

use super::support::server::Server;
use super::support::{Done, Project, done};

/// Kinds of failure that no [`ProblemKind`] names.
const OTHERS: [&str; 8] = [
    "cleanup",
    "command-line",
    "deadline",
    "floor-down",
    "floor-in-journey",
    "journey-file",
    "project-file",
    "wrong-release",
];

struct Case {
    name: String,
    folder: PathBuf,
    exit: i64,
    kind: Option<String>,
    args: Vec<String>,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fail");
    let entries = std::fs::read_dir(root).expect("the fixtures");
    let mut cases: Vec<Case> = entries
        .map(|entry| case(&entry.expect("an entry").path()))
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn case(folder: &Path) -> Case {
    let text = std::fs::read_to_string(folder.join("case.toml")).expect("a case.toml");
    let table: toml::Table = text.parse().expect("case.toml is TOML");
    assert!(table["about"].is_str(), "what it is about");
    let words = |list: &toml::Value| {
        let list = list.as_array().expect("a list of words");
        let words = list
            .iter()
            .map(|word| word.as_str().expect("a word").to_string());
        words.collect()
    };
    Case {
        name: folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned(),
        folder: folder.to_path_buf(),
        exit: table["exit"].as_integer().expect("an exit code"),
        kind: table
            .get("kind")
            .map(|kind| kind.as_str().expect("a word").to_string()),
        args: table
            .get("args")
            .map_or_else(|| vec!["run".to_string()], words),
    }
}

#[test]
fn every_way_to_fail_reads_as_it_should() {
    let (mut wrong, mut kinds) = (Vec::new(), BTreeMap::new());
    let cases = cases();
    for case in &cases {
        let (texts, kind) = walk(case);
        if kind != case.kind {
            wrong.push(format!("{}: the report says {kind:?}", case.name));
        }
        kinds.extend(kind.map(|kind| (kind, case.name.clone())));
        for (file, text) in texts {
            wrong.extend(compare(&case.folder.join(file), &text));
        }
    }
    for kind in ProblemKind::ALL {
        assert!(
            kinds.contains_key(kind.name()),
            "no case for {kind}: {kinds:?}"
        );
    }
    for name in OTHERS {
        assert!(cases.iter().any(|case| case.name == name), "no case {name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Runs a case: its texts by the file they belong in, and the kind of the failure it is about.
fn walk(case: &Case) -> (Vec<(&'static str, String)>, Option<String>) {
    let (project, server) = (Project::empty(), server::start());
    set_up(&case.folder, &project, &server);
    let mut words: Vec<&str> = case.args.iter().map(String::as_str).collect();
    if case.name != "command-line" {
        words.extend(["--seed", "golden"]);
    }
    let run = at(&project, "80", &words);
    assert_eq!(i64::from(run.code), case.exit, "{}: {run:#?}", case.name);
    let root = project.root().display().to_string();
    let clean = |text: &str| normal::text(&text.replace(&root, "PROJECT"));
    let mut texts = vec![("expected.txt", clean(&whole(&words, &run)))];
    if project.path(".jaunt/trace.jsonl").exists() {
        let again = at(&project, "80", &["replay"]);
        // What could not start has said so on standard error alone.
        assert!(
            run.out.is_empty() || is_end(&run.out, &again.out),
            "{}: replay says something else\n{}\n----\n{}",
            case.name,
            run.out,
            again.out
        );
        let narrow = at(&project, "40", &["replay", "--ascii"]);
        assert!(narrow.out.is_ascii(), "{}: {}", case.name, narrow.out);
        for line in narrow.out.lines() {
            assert!(line.len() <= 40, "{}: {line}", case.name);
        }
        texts.push(("expected.40.txt", clean(&narrow.out)));
    }
    (texts, kind(&project, case))
}

fn set_up(folder: &Path, project: &Project, server: &Server) {
    for entry in std::fs::read_dir(folder.join("journeys")).expect("journeys") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read(&path).expect("a journey");
        project.write(&format!("journeys/{name}"), text);
    }
    if let Ok(text) = std::fs::read(folder.join("baselines/local.toml")) {
        project.write("baselines/local.toml", text);
    }
    let toml = std::fs::read_to_string(folder.join("jaunt.toml")).expect("a project file");
    let (gone, plain) = (server::gone(), server::without_tls());
    let toml = toml
        .replace("{url}", &server.url())
        .replace("{tls}", &format!("https://127.0.0.1:{plain}"))
        .replace("{gone}", &format!("http://127.0.0.1:{gone}"));
    project.write("jaunt.toml", toml);
}

fn at(project: &Project, columns: &str, words: &[&str]) -> Done {
    let mut command = project.command(words);
    command.env("COLUMNS", columns).env_remove("CI");
    done(command.output().expect("the program starts"))
}

fn whole(words: &[&str], run: &Done) -> String {
    let mut text = format!("$ jaunt {}\n{}", words.join(" "), run.out);
    if !run.err.is_empty() {
        text.push_str(&format!("--- standard error\n{}", run.err));
    }
    text
}

/// True if what a run said at its end, its failures and its verdict, is what a replay says at its
/// end: the lines of the journeys before may stand in another order.
fn is_end(run: &str, replay: &str) -> bool {
    let end = |text: &str| {
        let lines = text
            .lines()
            .map(|line| line.split("   report ").next().unwrap_or(line));
        let lines: Vec<String> = lines
            .filter(|line| !line.starts_with("          report "))
            .map(|line| line.trim_end().to_string())
            .collect();
        let from = lines
            .iter()
            .rposition(|line| line.starts_with(" ✗ ") || line.starts_with(" ! "));
        lines[from.unwrap_or(0)..].join("\n")
    };
    end(run) == end(replay)
}

/// The kind of the failure that decided, in the report.
fn kind(project: &Project, case: &Case) -> Option<String> {
    case.kind.as_ref()?;
    let report = project.read(".jaunt/report.json");
    let report: serde_json::Value = serde_json::from_str(&report).expect("a whole report");
    let attempts = report["journeys"][0]["attempts"].as_array().cloned();
    let attempt = attempts.unwrap_or_default().pop().unwrap_or_default();
    let kind = attempt["failures"][0]["kind"].as_str();
    kind.map(str::to_string)
}

/// What is wrong with a text, or nothing if it has just been written.
fn compare(path: &Path, text: &str) -> Option<String> {
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(path, text).expect("the golden file can be written");
        return None;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    (expected != text).then(|| {
        format!(
            "{} reads otherwise:\n--- expected\n{expected}\n--- found\n{text}",
            path.display()
        )
    })
}
