//! Secrets stay home: nothing that a target keeps secret goes to a host that is not of its `url` or
//! `services`, wherever a journey puts it. `127.0.0.1` and `localhost` are two hosts to the guard,
//! and both lead here.

mod redirects;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod targets;

use server::Server;
use support::{Project, Ran};

/// With whatever is escaped differently from form to form.
const SECRET: &str = "pa\"s/w&o rd<1";

/// A project whose target is at home at `127.0.0.1`, and may reach `localhost`.
fn project(home: &Server, journeys: &str, more: &str) -> Project {
    let project = Project::new(&format!(
        "[targets.staging]\nurl = \"{}\"\nallow_hosts = [\"localhost\"]\nsecrets = {{ token = {{ file = \"token\" }} }}\n{more}\n\
         [run]\ntarget = \"staging\"\n",
        home.at("127.0.0.1")
    ));
    project.write("token", SECRET);
    project.write("journeys/a.lua", journeys);
    project
}

/// `local FOREIGN = "http://localhost:40123"`, in front of a script.
fn foreign(server: &Server, script: &str) -> String {
    format!("local FOREIGN = \"{}\"\n{script}", server.at("localhost"))
}

/// The kinds and messages of all failures.
fn failures(ran: &Ran) -> Vec<(String, String)> {
    let text = |failure: &serde_json::Value, key: &str| {
        failure[key].as_str().unwrap_or_default().to_string()
    };
    ran.failures()
        .map(|failure| (text(failure, "kind"), text(failure, "message")))
        .collect()
}

/// True if a text shows the secret in a form that a reader could undo: its end, bare or escaped, or
/// most of it in base64 at any alignment.
fn shows(text: &str) -> bool {
    let telling = ["rd<1", "rd%3C1", "rd%253C1", "rd&lt;1", "rd%26lt%3B1"];
    let base64 = ["GEicy93Jm8gcmQ8", "BhInMvdyZvIHJkP", "wYSJzL3cmbyByZD"];
    telling
        .iter()
        .chain(&base64)
        .any(|part| text.contains(part))
}

#[test]
fn no_place_of_a_request_or_a_stream_carries_a_secret_abroad() {
    let (home, abroad) = (Server::start(), Server::start());
    let script = foreign(&abroad, include_str!("places.lua"));
    let ran = project(&home, &script, "").run(&["run"]);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(ran.journeys().len() > 250, "{} tries", ran.journeys().len());
    assert_eq!(ran.with_outcome("passed"), [""; 0], "each is refused");
    for (kind, message) in failures(&ran) {
        assert_eq!(kind, "host", "{message}");
        let names = "the secret `token` of target `staging` must not go to `localhost`, and ";
        assert!(message.contains(names), "{message}");
        assert!(
            !message.contains("[masked]") && !shows(&message),
            "{message}"
        );
    }
    let heard = abroad.heard();
    assert!(
        heard.contains("GET /ws HTTP/1.1"),
        "it was reached: {heard}"
    );
    assert!(!shows(&heard), "{heard}");
}

/// The same places are no matter where there is no secret in them: the refusals above are for what
/// they carry.
#[test]
fn what_is_no_secret_goes_abroad_in_all_those_places() {
    let (home, abroad) = (Server::start(), Server::start());
    let script = foreign(&abroad, include_str!("places.lua"));
    let project = project(
        &home,
        &script.replace("j.secrets.token", "j.vars.plain"),
        "vars = { plain = { file = \"plain\" } }",
    );
    project.write("plain", SECRET);
    project.write("token", "another-secret");
    let ran = project.run(&["run", "--name", ", plain", "--name", "base64url"]);
    assert!(ran.journeys().len() > 60, "{} tries", ran.journeys().len());
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(shows(&abroad.heard()));
}
