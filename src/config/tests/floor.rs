//! Floor checks: every form, their names, and what is wrong with them.

use std::path::Path;
use std::time::Duration;

use super::{bad, good, line_of};
use crate::config::project::parse;
use crate::config::{Chosen, FloorPlace, TargetSelection};
use crate::model::floor::{Asks, UpWhen, Wanted};
use crate::model::target::Secret;
use crate::model::{Target, Value};

const FILE: &str = r#"
[targets.t]
url = "https://h/app"
services = { chat = "https://chat.h" }
floor = [
  "/health",
  "chat:/up",
  "tcp://MQ.h:1883",
  "tcp://[::1]:80",
  { url = "https://old.h:8443/up?deep=1", status = 200, insecure = true },
  { url = "chat:/deep", status = [200, 304], within = "250ms",
    headers = { server = "nginx", via = ["a", "b"] },
    json = { env = "staging", parts = [{ n = 1, x = 0.5 }, "two", true] } },
  { url = "tcp://mq.h:1884", within = 2 },
  { url = "/health", json = [] },
  { url = "/health" },
]
"#;

fn target(text: &str) -> Target {
    // Commands run in the project's folder, which must be there.
    let project = parse(text, Path::new("jaunt.toml"), Path::new("/"), None);
    let project = project.unwrap_or_else(|problems| panic!("{problems:#?}"));
    match project.target(&TargetSelection::default()) {
        Ok(Chosen::Deployed(target)) => *target,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_form_becomes_a_check_with_a_name() {
    let target = target(FILE);
    let floor = target.floor.iter();
    let shown: Vec<_> = floor
        .map(|check| (check.name.as_str(), check.address()))
        .collect();
    let wanted = [
        ("/health", "https://h/app/health"),
        ("chat:/up", "https://chat.h/up"),
        ("mq.h:1883", "tcp://mq.h:1883"),
        ("[::1]:80", "tcp://[::1]:80"),
        ("old.h:8443/up", "https://old.h:8443/up?deep=1"),
        ("chat:/deep", "https://chat.h/deep"),
        ("mq.h:1884", "tcp://mq.h:1884"),
        ("/health #2", "https://h/app/health"),
        ("/health #3", "https://h/app/health"),
    ];
    assert_eq!(shown, wanted.map(|(name, url)| (name, url.to_string())));
    let within: Vec<u64> = target.floor.iter().map(|check| check.within).collect();
    let (five, two, quarter) = (5_000_000_000, 2_000_000_000, 250_000_000);
    assert_eq!(
        within,
        [five, five, five, five, five, quarter, two, five, five]
    );
    assert_eq!(
        target.floor[3].asks,
        Asks::Connect {
            host: "::1".to_string(),
            port: 80
        }
    );
    let insecure = Asks::Get {
        url: "https://old.h:8443/up?deep=1".to_string(),
        up: UpWhen::Like(Wanted {
            status: vec![200],
            ..Wanted::default()
        }),
        insecure: true,
    };
    assert_eq!(target.floor[4].asks, insecure);
}

#[test]
fn what_is_wanted_is_plain_data() {
    let settings = &good(FILE).targets[0].floor[5];
    assert_eq!(settings.within, Duration::from_millis(250));
    let path = FloorPlace::Path {
        service: Some("chat".to_string()),
        path: "/deep".to_string(),
    };
    assert_eq!(settings.place, path);
    assert_eq!(settings.wanted.status, [200, 304]);
    let text = |text: &str| Value::text(text);
    assert_eq!(
        settings.wanted.headers,
        [
            ("server".to_string(), text("nginx")),
            ("via".to_string(), Value::List(vec![text("a"), text("b")])),
        ]
    );
    // `env` in an answer is no place where a value is kept.
    let json = settings.wanted.json.as_ref().expect("it is given");
    assert_eq!(
        json.show(200),
        "{ env = \"staging\", parts = { { n = 1, x = 0.5 }, \"two\", true } }"
    );
}

#[test]
fn values_of_a_check_may_be_kept_elsewhere_and_those_of_headers_are_masked() {
    let target = target(
        r#"
[targets.t]
url = "http://h"
floor = [
  { command = "echo tcp://mq:1" },
  { url = { command = "echo /up" }, headers = { a = { command = "echo hidden-one" }, b = [{ command = "echo hidden-two" }], c = "plain" } },
]
"#,
    );
    assert_eq!(target.floor[0].address(), "tcp://mq:1");
    assert_eq!(target.floor[1].address(), "http://h/up");
    let masked: Vec<&str> = target.kept().map(Secret::reveal).collect();
    assert_eq!(masked, ["hidden-one", "hidden-two"]);
}

#[test]
fn each_mistake_is_said_at_its_place() {
    // A check, and all that must be said about it, by column of `floor = [`.
    let table: &[(&str, &[&str])] = &[
        (
            r#""tcp://h""#,
            &["10+9 \"tcp://h\" is no floor check / expected a port: `tcp://h:1883`"],
        ),
        (
            r#""mq:1883""#,
            &["10+9 \"mq:1883\" is no floor check / a connection is `tcp://mq:1883`"],
        ),
        (
            r#""tcp://h:0""#,
            &["10+11 \"tcp://h:0\" is no floor check / the port must be a number from 1 to 65535"],
        ),
        (
            r#""tcp://h:+80""#,
            &[
                "10+13 \"tcp://h:+80\" is no floor check / the port must be a number from 1 to 65535",
            ],
        ),
        (
            r#""tcp://:80""#,
            &["10+11 \"tcp://:80\" is no floor check / expected `tcp://host:port`"],
        ),
        (
            r#""tcp://[::1]""#,
            &["10+13 \"tcp://[::1]\" is no floor check / expected a port: `tcp://[::1]:1883`"],
        ),
        (
            r#""tcp://h:80/up""#,
            &["10+15 \"tcp://h:80/up\" is no floor check / a connection has no path: `tcp://h:80`"],
        ),
        (
            r#""tcp://u:hunter2@h:80""#,
            &["10+22 \"tcp://…@h:80\" is no floor check / it must hold no user and no password"],
        ),
        (
            r#"{ status = 200 }"#,
            &["10+16 a floor check needs a `url` / expected `{ url = \"/health\", … }`"],
        ),
        (
            r#"{ url = "/", statsu = 200, zebra = 1 }"#,
            &[
                "23+6 `statsu` is no key of `targets.t.floor[1]` / did you mean `status`?",
                "37+5 `zebra` is no key of `targets.t.floor[1]` / unknown",
            ],
        ),
        (
            r#"{ url = "https://u:hunter2@h/" }"#,
            &["18+22 \"https://…@h/\" is no floor check / it must hold no user and no password"],
        ),
        (
            r#"{ url = "ftp://h/" }"#,
            &["18+10 \"ftp://h/\" is no floor check / expected `http://`, `https://` or `tcp://`"],
        ),
        (
            r#"{ url = "http://h/#x" }"#,
            &["18+13 \"http://h/#x\" is no floor check / it must have no fragment"],
        ),
        (
            r#"{ url = 7 }"#,
            &[
                "18+1 `targets.t.floor[1].url` must be a path, `service:/path` or a URL / found the number 7",
            ],
        ),
        (
            r#"{ url = "chat:/up" }"#,
            &["10+20 no service `chat` in this target / unknown"],
        ),
        (
            r#"{ url = "/", status = 99, insecure = 1, within = "0s" }"#,
            &[
                "32+2 `targets.t.floor[1].status` must be a status from 100 to 599, or a list of them / found the number 99",
                "47+1 `targets.t.floor[1].insecure` must be `true` or `false` / found the number 1",
                "59+4 `targets.t.floor[1].within` must be longer than nothing / found the text \"0s\"",
            ],
        ),
        (
            r#"{ url = "/", status = [] }"#,
            &[
                "32+2 `targets.t.floor[1].status` must be a status from 100 to 599, or a list of them / found a list",
            ],
        ),
        (
            r#"{ url = "/", status = [200, "ok"] }"#,
            &[
                "38+4 `targets.t.floor[1].status[2]` must be a status from 100 to 599, or a list of them / found the text \"ok\"",
            ],
        ),
        (
            r#"{ url = "/", headers = { "a b" = "x", n = 1 } }"#,
            &[
                "35+5 \"a b\" is no name of a header / expected letters, digits and `-`",
                "52+1 `targets.t.floor[1].headers.n` must be text, or a list of texts: the values of a header are text / found the number 1",
            ],
        ),
        (
            r#"{ url = "/", json = { a = {}, b = inf, c = 2026-01-01, d = 99999999999999999999 } }"#,
            &[
                "36+2 `targets.t.floor[1].json.a` is an empty table, which says nothing / name the keys that must be there, or leave it out",
            ],
        ),
        (
            r#"{ url = "/", json = [nan] }"#,
            &[
                "31+3 `targets.t.floor[1].json[1]` must be a finite number: JSON has no other / found the number nan",
            ],
        ),
        (
            r#"{ url = "/", json = 2026-01-01 }"#,
            &[
                "30+10 `targets.t.floor[1].json` must be what JSON has: write a time as text, in quotes / found the time 2026-01-01",
            ],
        ),
        (
            r#"{ url = "tcp://h:1", status = 200, json = 1, within = 1 }"#,
            &[
                "31+6 a `tcp://` floor check only connects / for a path or a URL",
                "45+4 a `tcp://` floor check only connects / for a path or a URL",
            ],
        ),
    ];
    for (check, said) in table {
        let file = format!("[targets.t]\nurl = \"http://h\"\nfloor = [{check}]");
        let problems = bad(&file);
        let found: Vec<String> = problems.iter().map(line_of).collect();
        let wanted: Vec<String> = said.iter().map(|line| format!("3:{line}")).collect();
        assert_eq!(found, wanted, "{check}");
        let shown = format!("{problems:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
