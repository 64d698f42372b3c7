//! Which target a run gets, and what it is resolved to.

use super::{good, line_of};
use crate::config::{Chosen, EmbeddedAddress, Project, TargetSelection};
use crate::model::floor::{Asks, FloorCheck, UpWhen};
use crate::model::target::Var;
use crate::model::{Diagnostic, Target};

const FILE: &str = r#"
[targets.demo]
embedded = { bugs = ["echo-twice"] }
headers = { x = "1" }
vars = { deadline = "5s", members = 3, quiet = true, share = 0.5 }

[targets.local]
url = "http://localhost:80/app/"
services = { chat = "http://chat:9000" }
floor = ["/health", "chat:/chat/health"]

[targets.production]
url = "https://www.example.com"
services = { chat = "https://chat.example.com" }
confirm = true
"#;

fn named(name: &str) -> TargetSelection {
    TargetSelection {
        target: Some(name.to_string()),
        ..TargetSelection::default()
    }
}

fn by_url(url: &str) -> TargetSelection {
    TargetSelection {
        url: Some(url.to_string()),
        ..TargetSelection::default()
    }
}

fn deployed(project: &Project, selection: &TargetSelection) -> Target {
    match project.target(selection) {
        Ok(Chosen::Deployed(target)) => *target,
        other => panic!("{other:?}"),
    }
}

fn refused(project: &Project, selection: &TargetSelection) -> Vec<Diagnostic> {
    project.target(selection).expect_err("no target")
}

#[test]
fn floor_paths_become_addresses() {
    let target = deployed(&good(FILE), &named("local"));
    assert_eq!(target.url, "http://localhost/app");
    let get = |name: &str, url: &str| FloorCheck {
        name: name.to_string(),
        asks: Asks::Get {
            url: url.to_string(),
            up: UpWhen::success(),
            insecure: false,
        },
        within: 5_000_000_000,
    };
    assert_eq!(
        target.floor,
        [
            get("/health", "http://localhost/app/health"),
            get("chat", "http://chat:9000/chat/health"),
        ]
    );
    assert!(!target.any_service && !target.embedded);
}

#[test]
fn the_command_line_goes_before_run_and_run_before_the_only_one() {
    let several = format!("{FILE}\n[run]\ntarget = \"local\"");
    assert_eq!(
        deployed(&good(&several), &TargetSelection::default()).name,
        "local"
    );
    let only = good("[targets.one]\nurl = \"http://h\"");
    assert_eq!(deployed(&only, &TargetSelection::default()).name, "one");
    let chosen = good(&several).target(&named("demo"));
    assert!(matches!(chosen, Ok(Chosen::Embedded(_))), "{chosen:?}");
    let problems = refused(&good(FILE), &TargetSelection::default());
    assert_eq!(problems[0].title, "which target?");
    assert_eq!(problems[0].notes, ["targets: demo, local, production"]);
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let problems = refused(&good(FILE), &named("lokal"));
    assert_eq!(
        problems[0].title,
        "no target `lokal` in jaunt.toml, did you mean `local`?"
    );
    assert_eq!(problems[0].notes, ["targets: demo, local, production"]);
}

#[test]
fn confirm_runs_only_when_named() {
    let with_run = good(&format!("{FILE}\n[run]\ntarget = \"production\""));
    let problems = refused(&with_run, &TargetSelection::default());
    assert_eq!(
        line_of(&problems[0]),
        "12:10+10 target `production` runs only when named / `confirm = true`"
    );
    assert_eq!(
        problems[0].help.as_deref(),
        Some("say `--target production`")
    );
    assert_eq!(deployed(&with_run, &named("production")).name, "production");
    let only = good("[targets.p]\nurl = \"http://h\"\nconfirm = true");
    assert!(only.target(&TargetSelection::default()).is_err());
}

#[test]
fn https_is_a_target_like_any_other() {
    let target = deployed(&good(FILE), &named("production"));
    assert_eq!(target.url, "https://www.example.com");
    assert_eq!(target.services["chat"], "https://chat.example.com");
    let target = deployed(&good(FILE), &by_url("https://h:8443/"));
    assert_eq!(target.url, "https://h:8443");
    let problems = refused(&good(FILE), &by_url("wss://h"));
    assert_eq!(line_of(&problems[0]), "`--url`: \"wss://h\" is no base URL");
    assert_eq!(
        problems[0].help.as_deref(),
        Some("write `https://`: web sockets are opened on it as well")
    );
}

#[test]
fn a_url_is_a_target_without_any_file() {
    let project = Project::without_file(std::path::Path::new("/srv/shop"));
    let mut selection = by_url("http://127.0.0.1:4000/");
    selection.vars = vec![
        TargetSelection::var("deadline=5s").expect("a variable"),
        TargetSelection::var("query=a=b").expect("a variable"),
    ];
    let target = deployed(&project, &selection);
    assert_eq!(target.name, "http://127.0.0.1:4000");
    assert_eq!(target.service("anything"), Ok("http://127.0.0.1:4000"));
    assert_eq!(target.vars["deadline"], Var::Text("5s".to_string()));
    assert_eq!(target.vars["query"], Var::Text("a=b".to_string()));
    assert_eq!(target.floor.len(), 1);
    assert_eq!(
        target.floor[0].asks,
        Asks::Get {
            url: "http://127.0.0.1:4000".to_string(),
            up: UpWhen::AnswersAtAll,
            insecure: false,
        }
    );
    let problems = refused(&project, &by_url("localhost:4000"));
    assert_eq!(
        problems[0].title,
        "`--url`: \"localhost:4000\" is no base URL"
    );
    assert!(TargetSelection::var("deadline").is_err());
    assert!(TargetSelection::var("=5s").is_err());
}

#[test]
fn without_a_file_and_a_url_it_says_what_to_do() {
    let project = Project::without_file(std::path::Path::new("/srv/shop"));
    for selection in [TargetSelection::default(), named("demo")] {
        let problems = refused(&project, &selection);
        assert!(problems[0].title.contains("there is no jaunt.toml here"));
        let help = problems[0].help.as_deref().expect("it helps");
        assert!(help.contains("url = \"http://localhost:8080\""), "{help}");
        let file = help
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
            .collect::<Vec<_>>()
            .join("\n");
        // What it tells people to write must work.
        assert_eq!(
            deployed(&good(&file), &TargetSelection::default()).name,
            "local"
        );
    }
    let mut both = by_url("http://h");
    both.target = Some("x".to_string());
    assert!(project.target(&both).is_err());
}

#[test]
fn variables_of_the_command_line_win_and_keep_the_type() {
    let mut selection = named("demo");
    selection.vars = vec![
        ("members".to_string(), "4".to_string()),
        ("quiet".to_string(), "false".to_string()),
        ("share".to_string(), "1".to_string()),
        ("new".to_string(), String::new()),
    ];
    let Ok(Chosen::Embedded(embedded)) = good(FILE).target(&selection) else {
        panic!("an embedded target");
    };
    let target = embedded.at(address()).expect("a target");
    assert_eq!(target.vars["members"], Var::Integer(4));
    assert_eq!(target.vars["quiet"], Var::Boolean(false));
    assert_eq!(target.vars["share"], Var::Float(1.0));
    assert_eq!(target.vars["deadline"], Var::Text("5s".to_string()));
    assert_eq!(target.vars["new"], Var::Text(String::new()));
    for (name, word, wanted) in [
        ("members", "four", "a whole number"),
        ("quiet", "no", "`true` or `false`"),
        ("share", "NaN", "a number"),
    ] {
        selection.vars = vec![(name.to_string(), word.to_string())];
        let problems = good(FILE).target(&selection).expect_err(word);
        let expected = format!("`--var {name}={word}`: expected {wanted}");
        assert!(problems[0].title.contains(&expected), "{problems:?}");
    }
}

fn address() -> EmbeddedAddress {
    EmbeddedAddress {
        version_header: "x-version".into(),
        url: "http://127.0.0.1:40123".to_string(),
        services: vec![("chat".to_string(), "http://127.0.0.1:40123".to_string())],
        floor: vec!["chat:/chat/health".to_string()],
    }
}

#[test]
fn an_embedded_target_gets_its_address_once_started() {
    let Ok(Chosen::Embedded(embedded)) = good(FILE).target(&named("demo")) else {
        panic!("an embedded target");
    };
    assert_eq!(embedded.name(), "demo");
    assert_eq!(embedded.settings.bugs[0].value, "echo-twice");
    let target = embedded.at(address()).expect("a target");
    assert!(target.embedded);
    assert_eq!(target.headers, [("x".to_string(), "1".to_string())]);
    assert_eq!(target.floor[0].name, "chat");
    assert_eq!(
        target.floor[0].address(),
        "http://127.0.0.1:40123/chat/health"
    );
}

#[test]
fn an_embedded_targets_own_floor_is_held_against_its_services() {
    let text = "[targets.demo]\nembedded = true\nfloor = [\"/x\", \"chta:/y\"]";
    let Ok(Chosen::Embedded(embedded)) = good(text).target(&named("demo")) else {
        panic!("an embedded target");
    };
    let problems = embedded.at(address()).expect_err("no such service");
    let said: Vec<_> = problems.iter().map(line_of).collect();
    assert_eq!(
        said,
        ["3:16+9 no service `chta` in this target / did you mean `chat:/y`?"]
    );
}
