//! Values that are kept elsewhere.

use std::path::Path;

use crate::config::project::parse;
use crate::config::{Chosen, Project, TargetSelection};
use crate::model::{Diagnostic, Target};

fn read(text: &str, root: &Path, target: Option<&str>) -> Result<Project, Vec<Diagnostic>> {
    parse(text, Path::new("jaunt.toml"), root, target)
}

fn target(text: &str, root: &Path, name: &str) -> Target {
    let project = read(text, root, Some(name)).expect("a good file");
    let selection = TargetSelection {
        target: Some(name.to_string()),
        ..TargetSelection::default()
    };
    match project.target(&selection).expect("a target") {
        Chosen::Deployed(target) => *target,
        Chosen::Embedded(_) => panic!("it is deployed"),
    }
}

fn titles(problems: &[Diagnostic]) -> Vec<&str> {
    problems
        .iter()
        .map(|problem| problem.title.as_str())
        .collect()
}

#[test]
fn a_value_comes_from_the_environment_a_file_or_a_command() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), "from a file\r\n").expect("a file");
    let text = r#"
[targets.t]
url = { command = "echo http://127.0.0.1:80" }
headers = { "x-api-key" = { command = "printf key-of-a-header" }, "x-plain" = "plain" }
vars = { path = { env = "PATH" } }
secrets = { file = { file = "token" }, command = { command = "cat token; echo more" } }
"#;
    let target = target(text, folder.path(), "t");
    assert_eq!(
        target.url,
        "http://127.0.0.1:80".trim_end_matches(":80").to_string()
    );
    let secret = |name: &str| {
        target
            .secrets
            .get(name)
            .map(|secret| secret.reveal().to_string())
    };
    assert_eq!(secret("file").as_deref(), Some("from a file"));
    assert_eq!(secret("command").as_deref(), Some("from a file\r\nmore"));
    assert!(format!("{:?}", target.vars).contains(&std::env::var("PATH").expect("a path")));
    let masked: Vec<&str> = target
        .masked
        .iter()
        .map(|(_, secret)| secret.reveal())
        .collect();
    assert_eq!(
        masked,
        ["key-of-a-header"],
        "what is written in the file is no secret"
    );
    assert!(
        !format!("{target:?}").contains("from a file"),
        "a secret does not show itself"
    );
}

#[test]
fn what_other_targets_keep_elsewhere_is_not_fetched() {
    let text = r#"
[targets.here]
url = "http://127.0.0.1"
[targets.there]
url = { env = "JAUNT_NOT_SET" }
floor = [{ env = "JAUNT_NOT_SET" }]
allow_hosts = [{ file = "missing" }]
secrets = { token = { command = "exit 1" } }
[run]
target = "here"
"#;
    let project = read(text, Path::new("/"), None).expect("the other target is not chosen");
    assert_eq!(project.target_names(), ["here", "there"]);
    let problems = read(text, Path::new("/"), Some("there")).expect_err("now it is");
    assert_eq!(
        titles(&problems),
        [
            "the environment has no `JAUNT_NOT_SET`",
            "the environment has no `JAUNT_NOT_SET`",
            "`missing` cannot be read",
            "the command `exit 1` gives no value",
        ]
    );
}

#[test]
fn what_cannot_be_fetched_is_said_at_its_place() {
    let text = r#"
[project]
name = { env = "PATH" }
[targets.t]
url = "http://127.0.0.1"
secrets = { short = "abc", two = { env = "PATH", file = "x" }, number = { env = 7 }, broken = { command = "echo no >&2; exit 3" } }
"#;
    let problems = read(text, Path::new("/"), None).expect_err("all of it");
    assert_eq!(
        titles(&problems),
        [
            "`project.name` cannot come from elsewhere",
            "the secret `short` is too short to be masked",
            "a value comes from one place: `{ env = … }`, `{ file = … }` or `{ command = … }`",
            "`env` takes a text",
            "the command `echo no >&2; exit 3` gives no value",
        ]
    );
    let label = |at: usize| problems[at].source.as_ref().expect("a place").label.clone();
    assert!(label(4).contains("exit status: 3: no"), "{}", label(4));
}
