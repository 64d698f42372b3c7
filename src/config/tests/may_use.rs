//! `may_use`: other targets in one journey.

use std::path::Path;

use super::{bad, line_of};
use crate::config::project::parse;
use crate::config::{Chosen, TargetSelection};
use crate::model::Target;

const THREE: &str = r#"
[targets.staging]
url = "http://staging.test"
may_use = ["stable", "canary"]
vars = { mode = "new" }
secrets = { token = { command = "echo token-of-staging" } }

[targets.stable]
url = { command = "echo http://stable.test" }
services = { chat = "http://chat.stable.test" }
headers = { "x-key" = { command = "echo key-of-stable" } }
vars = { mode = "old" }
allow_hosts = ["cdn.stable.test"]
may_use = ["production"]

[targets.canary]
url = "http://canary.test"

[targets.production]
url = { env = "JAUNT_NOT_SET" }
secrets = { token = { env = "JAUNT_NOT_SET" } }
"#;

fn target(text: &str, name: &str, vars: &[(&str, &str)]) -> Target {
    let named = Some(name);
    let project = parse(text, Path::new("jaunt.toml"), Path::new("/"), named).expect("good");
    let selection = TargetSelection {
        target: named.map(str::to_string),
        vars: vars
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        ..TargetSelection::default()
    };
    match project.target(&selection).expect("a target") {
        Chosen::Deployed(target) => *target,
        Chosen::Embedded(_) => panic!("it is deployed"),
    }
}

#[test]
fn what_a_used_target_keeps_elsewhere_is_fetched_and_nothing_else() {
    let staging = target(THREE, "staging", &[]);
    let names: Vec<&str> = staging.others.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["stable", "canary"]);
    let stable = &staging.others[0];
    assert_eq!(stable.url, "http://stable.test");
    assert_eq!(stable.services["chat"], "http://chat.stable.test");
    assert_eq!(
        stable.headers,
        [("x-key".to_string(), "key-of-stable".to_string())]
    );
    assert_eq!(stable.allow_hosts, ["cdn.stable.test"]);
    let kept: Vec<&str> = stable.kept().map(|secret| secret.reveal()).collect();
    assert_eq!(kept, ["key-of-stable"]);
    assert!(stable.others.is_empty(), "leave is not inherited");
    assert!(target(THREE, "canary", &[]).others.is_empty());
}

#[test]
fn variables_of_the_command_line_are_those_of_the_target_at_hand() {
    let staging = target(THREE, "staging", &[("mode", "mine")]);
    let text = |target: &Target| format!("{:?}", target.vars["mode"]);
    assert_eq!(text(&staging), "Text(\"mine\")");
    assert_eq!(text(&staging.others[0]), "Text(\"old\")");
}

#[test]
fn what_cannot_be_fetched_of_a_used_target_is_said_before_anything_is_sent() {
    let parsed = parse(
        THREE,
        Path::new("jaunt.toml"),
        Path::new("/"),
        Some("stable"),
    );
    let problems = parsed.expect_err("production's secret is needed now");
    let lines: Vec<String> = problems.iter().map(line_of).collect();
    assert_eq!(
        lines,
        [
            "20:7+25 the environment has no `JAUNT_NOT_SET` / not set",
            "21:21+25 the environment has no `JAUNT_NOT_SET` / not set",
        ]
    );
}

#[test]
fn a_list_that_cannot_be_meant_is_refused_at_its_place() {
    let text = r#"
[targets.staging]
url = "http://staging.test"
may_use = ["stabel", "staging", "stable", "stable", "demo", "www", 3, { env = "PATH" }]
[targets.stable]
url = "http://stable.test"
may_use = "www"
[targets.demo]
embedded = true
may_use = ["staging"]
[targets.www]
url = "http://www.test"
confirm = true
may_use = ["live"]
[targets.live]
url = "http://live.test"
confirm = true
[targets.broken]
url = "http://"
"#;
    let lines: Vec<String> = bad(text).iter().map(line_of).collect();
    assert_eq!(
        lines,
        [
            "4:12+8 no target `stabel` to be used / did you mean `stable`?",
            "4:22+9 target `staging` needs no leave to use itself / expected another target",
            "4:43+8 target `stable` is listed twice / again here",
            "4:53+6 the embedded target `demo` cannot be used by another / it starts for runs of its own",
            "4:61+5 target `www` runs only when named, and `staging` runs without / give `staging` `confirm = true` as well",
            "4:68+1 `targets.staging.may_use[7]` must be the name of a target, written out / found the number 3",
            "4:71+16 `targets.staging.may_use[8]` must be the name of a target, written out / found a table",
            "7:11+5 `targets.stable.may_use` must be a list of names of other targets / found the text \"www\"",
            "19:7+9 \"http://\" is no base URL / empty host",
        ]
    );
}
