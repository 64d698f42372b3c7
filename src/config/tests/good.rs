//! Every setting of the design's example that this version knows.

use std::path::PathBuf;
use std::time::Duration;

use super::good;
use crate::config::{Base, FloorPlace, RunSettings};
use crate::model::target::Var;

const FILE: &str = r#"
[project]
name = "chat-and-friends"
journeys = "./tours/journeys"
features = ["chat.presence", "drop.burn-after-reading"]

[targets.staging]
url = "http://Staging.example.com:80/"
services = { chat = "http://chat.staging.example.com/v1//", drop = "http://[::1]:8080" }
headers = { "x-synthetic" = "jaunt", accept = "*/*" }
floor = ["/health", "chat:/chat/health"]
allow_hosts = ["CDN.example.com", "cdn.example.com:8443", "[::1]:80"]
vars = { ghost_deadline = "45s", members = 3, ratio = 0.5, strict = true, mask = 0xff }

[targets.demo]
embedded = { bugs = ["silent-reap", "echo-twice"], as = "mar-3", times = 4, original = true, no_limits = true, set = { ping = "3s", clients = 7, pong_timeout = 0.5 } }
vars = { ghost_deadline = "5s" }

[targets.production]
url = "https://www.example.com"
confirm = true

[targets.plain]
embedded = true

[targets.local]
embedded = false
url = "http://127.0.0.1:4000"

[run]
target = "demo"
jobs = 4
timeout = "2m"
within = 2.5
settle = 0
late = "250ms"
cleanup = "1m 30s"
max_time = "10m"
retries = 2
flaky = "fail"
"#;

#[test]
fn project_and_run_are_read() {
    let project = good(FILE);
    assert_eq!(project.name, "chat-and-friends");
    assert_eq!(project.root, PathBuf::from("/srv/shop"));
    assert_eq!(project.file, Some(PathBuf::from("jaunt.toml")));
    assert_eq!(project.journeys, PathBuf::from("tours/journeys"));
    assert_eq!(
        project.journeys_dir(),
        PathBuf::from("/srv/shop/tours/journeys")
    );
    assert_eq!(
        project.features,
        ["chat.presence", "drop.burn-after-reading"]
    );
    let run = project.run;
    let target = run.target.expect("it is given");
    assert_eq!((target.value.as_str(), target.at.line), ("demo", 31));
    assert_eq!(run.jobs, 4);
    assert_eq!(run.timeout, Duration::from_secs(120));
    assert_eq!(run.within, Duration::from_millis(2_500));
    assert_eq!(run.settle, Duration::ZERO);
    assert_eq!(run.late, Duration::from_millis(250));
    assert_eq!(run.cleanup, Duration::from_secs(90));
    assert_eq!(run.max_time, Some(Duration::from_secs(600)));
}

#[test]
fn targets_keep_their_order_and_all_they_say() {
    let project = good(FILE);
    assert_eq!(
        project.target_names(),
        ["staging", "demo", "production", "plain", "local"]
    );
    let staging = &project.targets[0];
    let Base::Deployed { url, services } = &staging.base else {
        panic!("{staging:?}");
    };
    assert_eq!(url.value, "http://staging.example.com");
    let services: Vec<_> = services
        .iter()
        .map(|(name, url)| (name.as_str(), url.value.as_str()))
        .collect();
    assert_eq!(
        services,
        [
            ("chat", "http://chat.staging.example.com/v1"),
            ("drop", "http://[::1]:8080")
        ]
    );
    assert_eq!(
        staging.headers,
        [
            ("x-synthetic".to_string(), "jaunt".to_string()),
            ("accept".to_string(), "*/*".to_string())
        ]
    );
    assert_eq!(
        staging.allow_hosts,
        ["cdn.example.com", "cdn.example.com:8443", "[::1]:80"]
    );
    assert_eq!(
        staging.vars,
        [
            ("ghost_deadline".to_string(), Var::Text("45s".to_string())),
            ("members".to_string(), Var::Integer(3)),
            ("ratio".to_string(), Var::Float(0.5)),
            ("strict".to_string(), Var::Boolean(true)),
            ("mask".to_string(), Var::Integer(255)),
        ]
    );
    let floor: Vec<_> = staging.floor.iter().map(|check| &check.place).collect();
    let path = |service: Option<&str>, path: &str| FloorPlace::Path {
        service: service.map(str::to_string),
        path: path.to_string(),
    };
    assert_eq!(
        floor,
        [&path(None, "/health"), &path(Some("chat"), "/chat/health")]
    );
    assert!(!staging.confirm && project.targets[2].confirm);
}

#[test]
fn an_embedded_target_keeps_its_words_and_their_places() {
    let project = good(FILE);
    let Base::Embedded(demo) = &project.targets[1].base else {
        panic!("{:?}", project.targets[1]);
    };
    let bugs: Vec<_> = demo
        .bugs
        .iter()
        .map(|bug| (bug.value.as_str(), bug.at.line, bug.at.column, bug.at.width))
        .collect();
    assert_eq!(
        bugs,
        [
            ("silent-reap", 16, Some(22), 13),
            ("echo-twice", 16, Some(37), 12)
        ]
    );
    let version = demo.as_version.as_ref().expect("it is given");
    assert_eq!(
        (version.value.as_str(), version.at.column),
        ("mar-3", Some(57))
    );
    assert!((demo.times - 4.0).abs() < f64::EPSILON);
    assert!(demo.original && demo.no_limits);
    let set: Vec<_> = demo
        .set
        .iter()
        .map(|one| (one.name.value.as_str(), one.value.value.as_str()))
        .collect();
    assert_eq!(
        set,
        [("ping", "3s"), ("clients", "7"), ("pong_timeout", "0.5")]
    );
    assert_eq!(
        project.targets[3].base,
        Base::Embedded(crate::config::Embedded::default())
    );
    assert!(matches!(project.targets[4].base, Base::Deployed { .. }));
}

#[test]
fn what_is_not_said_has_its_default() {
    let project = good("");
    assert_eq!(project.name, "shop");
    assert_eq!(project.journeys, PathBuf::from("journeys"));
    assert_eq!(project.run, RunSettings::default());
    let run = project.run;
    assert_eq!((run.jobs, run.max_time, run.target), (8, None, None));
    assert_eq!(
        [run.timeout, run.within, run.settle, run.late, run.cleanup].map(|d| d.as_millis()),
        [60_000, 5_000, 200, 1_000, 10_000]
    );
}
