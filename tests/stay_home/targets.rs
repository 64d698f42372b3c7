//! Another target in one journey: its paths, its hosts, its headers, and nothing of the other's.

use super::server::Server;
use super::support::{Project, Ran};
use super::{failures, shows};

const SCRIPT: &str = r#"
journey("old and new", { owner = "me" }, function(j)
  j:expect(j.target.name, "staging")
  local new = j:client("new", { headers = { ["x-who"] = "new" } })
  local old = j:client("old", { target = "stable", headers = { ["x-who"] = "old" } })
  new:get("/of-new"):expect { status = 200 }
  old:get("/of-old"):expect { status = 200 }
  old:get("chat:/service-of-old"):expect { status = 200 }
  new:get("/one-of-old", { target = "stable" }):expect { status = 200 }
  old:get("/one-of-new", { target = "staging" }):expect { status = 200 }
  old:websocket("/ws-of-old"):expect("hello")
  new:websocket("/one-ws-of-old", { target = "stable" }):expect("hello")
  new:lines("/lines-of-old", { target = "stable" })
  -- What the file has a target sent is no secret to it.
  old:post("/shared", { body = j.secrets.login }):expect { status = 200 }
  -- Both targets name this one, so that it is at home with both.
  old:post("/shared", { json = { password = j.secrets.shared } }):expect { status = 200 }
end)
"#;

struct World {
    new: Server,
    old: Server,
    project: Project,
}

/// `staging` at `127.0.0.1` may use `stable` at `localhost`.
fn world(script: &str, may_use: &str) -> World {
    let (new, old) = (Server::start(), Server::start());
    let toml = format!(
        r#"
[targets.staging]
url = "{new}"
{may_use}
headers = {{ "x-target" = "staging", "x-key" = {{ command = "echo key-of-staging" }} }}
secrets = {{ token = {{ file = "token" }}, shared = {{ command = "echo shared-by-both" }}, login = {{ command = "echo login-of-both" }} }}

[targets.stable]
url = "{old}"
services = {{ chat = "{old}/base" }}
headers = {{ "x-target" = "stable", "x-key" = {{ command = "echo key-of-stable" }}, authorization = "Basic bWU6bG9naW4tb2YtYm90aA==" }}
secrets = {{ other = {{ command = "echo shared-by-both" }} }}

[targets.third]
url = "http://third.invalid"

[run]
target = "staging"
"#,
        new = new.at("127.0.0.1"),
        old = old.at("localhost"),
    );
    let project = Project::new(&toml);
    project.write("token", super::SECRET);
    let places = format!(
        "local NEW, OLD = \"{}\", \"{}\"\n{script}",
        new.at("127.0.0.1"),
        old.at("localhost")
    );
    project.write("journeys/a.lua", &places);
    World { new, old, project }
}

fn run(script: &str, may_use: &str) -> (World, Ran) {
    let world = world(script, may_use);
    let ran = world.project.run(&["run"]);
    (world, ran)
}

#[test]
fn an_old_and_a_new_version_meet_in_one_journey() {
    let (World { new, old, project }, ran) = run(SCRIPT, "may_use = [\"stable\"]");
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let (new, old) = (new.heard(), old.heard());
    for path in ["/of-new", "/one-of-new"] {
        assert!(new.contains(&format!("GET {path} ")), "{path}: {new}");
    }
    for path in [
        "/of-old",
        "/base/service-of-old",
        "/one-of-old",
        "/ws-of-old",
        "/one-ws-of-old",
        "/lines-of-old",
    ] {
        assert!(old.contains(&format!("GET {path} ")), "{path}: {old}");
    }
    assert!(
        new.contains("x-target: staging") && new.contains("x-key: key-of-staging"),
        "{new}"
    );
    assert!(
        old.contains("x-target: stable") && old.contains("x-key: key-of-stable"),
        "{old}"
    );
    assert!(
        !new.contains("stable") && !old.contains("staging"),
        "each has its own alone"
    );
    assert!(old.contains("login-of-both"), "{old}");
    assert!(old.contains("shared-by-both") && !shows(&old), "{old}");
    let trace = std::fs::read_to_string(project.path(".jaunt/trace.jsonl")).expect("a trace");
    for secret in ["key-of-staging", "key-of-stable", "shared-by-both"] {
        assert!(!trace.contains(secret), "the trace shows {secret}");
    }
    assert!(trace.contains("/of-old"), "and where it went");
}

const REFUSED: &str = r#"
local function walk(name, fn)
  journey(name, { owner = "me" }, function(j)
    fn(j, j:client("new"), j:client("old", { target = "stable" }))
  end)
end
walk("a client stays with its target", function(j, new) new:get(OLD .. "/") end)
walk("and the other with its own", function(j, _, old) old:get(NEW .. "/") end)
walk("a service of the other", function(j, new) new:get("chat:/") end)
walk("a secret of its own", function(j, _, old) old:get("/", { query = { q = j.secrets.token } }) end)
walk("in one request", function(j, new)
  new:post("/", { target = "stable", body = j.secrets.token })
end)
walk("over a websocket", function(j, _, old) old:websocket("/"):send(j.secrets.token) end)
walk("no leave", function(j, new) new:get("/", { target = "third" }) end)
walk("a typo", function(j, new) new:websocket("/", { target = "stabel" }) end)
walk("a host of its own", function(j, new)
  new:get("/", { target = "stable", headers = { host = "127.0.0.1" } })
end)
"#;

#[test]
fn a_client_reaches_the_hosts_of_its_target_and_takes_no_secret_to_another() {
    let (World { new, old, .. }, ran) = run(REFUSED, "may_use = [\"stable\"]");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    let mut said: Vec<String> = failures(&ran)
        .into_iter()
        .map(|(kind, message)| format!("{kind}: {message}"))
        .collect();
    said.sort();
    let leak = "the secret `token` of target `staging` must not go to `localhost`, and";
    for (message, expected) in said.iter().zip([
        "host: new: the host `127.0.0.1` is not of target `stable`".to_string(),
        "host: new: the host `localhost` is not of target `staging`".to_string(),
        format!("host: new: {leak} the body would carry it"),
        "host: old: the host `127.0.0.1` is not of target `stable`".to_string(),
        format!("host: old: {leak} the URL would carry it"),
        "host: target `staging` may not use the target `stabel` (did you mean `stable`?): write `may_use = [\"stabel\"]` into `[targets.staging]` of jaunt.toml".to_string(),
        "host: target `staging` may not use the target `third`: write `may_use = [\"third\"]` into `[targets.staging]` of jaunt.toml".to_string(),
        format!("host: {leak} a frame of the stream would carry it"),
        "script: target `staging` has no service `chat`".to_string(),
    ]) {
        assert!(message.starts_with(&expected), "{message}\nis not\n{expected}");
    }
    assert_eq!(said.len(), 9, "{}", ran.shown());
    assert!(!shows(&old.heard()), "{}", old.heard());
    assert_eq!(new.connections(), 1, "only the floor: {}", new.heard());
}

#[test]
fn without_leave_nothing_is_sent_and_the_message_says_what_to_write() {
    let (world, ran) = run(SCRIPT, "");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    let line = "write `may_use = [\"stable\"]` into `[targets.staging]` of jaunt.toml";
    assert!(failures(&ran)[0].1.ends_with(line), "{}", ran.shown());
    assert_eq!(world.old.connections(), 0);
    // A run by address has no project target to give leave.
    let asks = "journey(\"asks\", { owner = \"me\" }, function(j) j:client(\"c\", { target = \"stable\" }) end)";
    world.project.write("journeys/a.lua", asks);
    let url = world.new.at("127.0.0.1");
    let ran = world.project.run(&["run", "--url", &url]);
    let said = (
        "host".to_string(),
        "the target `stable` cannot be used: a run with `--url` has no other".to_string(),
    );
    assert_eq!(failures(&ran), [said]);
}
