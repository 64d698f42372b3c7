//! Every answer of the target's own hosts is listened to, and no other.

use super::support::Project;
use super::support::releases::{BY_HEADER, answer, answered, page, report};
use super::support::server::{Answer, Server};

/// An answer with these head lines behind its status.
fn head(status: &str, lines: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Bytes(
        format!(
            "HTTP/1.1 {status}\r\n{lines}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .into_bytes(),
    )
}

fn by_path(path: &str) -> Answer {
    match path {
        "/hop" => head("302 Found", "x-version: hop\r\nlocation: /ok\r\n", ""),
        "/error" => head("500 Broken", "x-version: error\r\n", ""),
        "/posted" => head("201 Created", "X-VERSION:  posted \r\n", ""),
        "/events" => head(
            "200 OK",
            "x-version: events\r\ncontent-type: text/event-stream\r\n",
            "data: one\n\n",
        ),
        "/lines" => head("200 OK", "x-version: lines\r\n", "one\n"),
        "/refused" => head("403 Forbidden", "x-version: refused\r\n", ""),
        "/chat" => Answer::Upgrade {
            then: Vec::new(),
            ends: true,
        },
        "/silent" => head("200 OK", "x-version: \r\n", ""),
        "/foreign" => head("200 OK", "x-version: foreign\r\n", ""),
        _ => answer("ok", Some("r41")),
    }
}

const JOURNEY: &str = r#"journey("goes everywhere", function(j)
  local c = j:client("c")
  c:get("/hop"):expect { status = 200 }
  c:get("/error"):expect { status = 500 }
  c:post("/posted"):expect { status = 201 }
  c:events("/events"):expect { data = "one" }
  c:lines("/lines"):expect("one")
  j:expect_error({ kind = "refused" }, function() c:websocket("/refused") end)
  c:websocket("/chat"):expect_close()
  c:get("/silent"):expect { status = 200 }
  c:get("http://localhost:PORT/foreign"):expect { status = 200 }
end)
"#;

#[test]
fn redirects_streams_and_handshakes_are_listened_to() {
    let server = Server::new(by_path);
    let project = Project::at(
        &server.url(),
        &format!("allow_hosts = [\"localhost\"]\n{BY_HEADER}"),
    );
    project.write(
        "journeys/passes.lua",
        JOURNEY.replace("PORT", &server.port().to_string()),
    );
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 3, "{done:#?}");
    let report = report(&project);
    assert_eq!(
        answered(&report),
        [
            "r41", "hop", "error", "posted", "events", "lines", "refused", "shook"
        ],
        "{report:#}"
    );
    assert!(
        done.out
            .contains("8 releases answered: r41, hop, error, posted,"),
        "{}",
        done.out
    );
    assert!(server.paths().contains(&"/foreign".to_string()));
}

#[test]
fn a_journey_that_reads_the_very_path_is_listened_to() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::new(move |path| match path {
        "/version" => {
            let nth = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            page(["r41", "r40", "r41"][nth.min(2)])
        }
        _ => answer("ok", None),
    });
    let project = Project::empty();
    project.write(
        "jaunt.toml",
        format!(
            "[targets.local]\nurl = \"http://127.0.0.1:9\"\nfloor = [\"chat:/up\"]\nservices = {{ chat = \"{}\" }}\nversion = {{ path = \"chat:/version\", json = \"$.build.release\" }}\n",
            server.url()
        ),
    );
    project.write(
        "journeys/reads.lua",
        r#"journey("reads", function(j)
  j:expect(j.target.release, "r41")
  j:expect(j.deploy, match.absent)
  j:client("c"):get("chat:/version"):expect { status = 200 }
  j:expect(j.target.release, "r40")
end)
"#,
    );
    let done = project.jaunt(&["run"]);
    assert_eq!(done.code, 3, "{done:#?}");
    let report = report(&project);
    assert_eq!(answered(&report), ["r41", "r40"], "{report:#}");
    assert_eq!(report["journeys"][0]["outcome"], "passed", "{report:#}");
    let by = format!("{}/version, by `reads`", server.url());
    assert_eq!(report["release"]["answered"][1]["first"], by);
}

#[test]
fn nobody_can_change_what_is_read_of_a_release() {
    let server = Server::new(|_| answer("ok", Some("r41")));
    let project = Project::at(&server.url(), BY_HEADER);
    for (line, said) in [
        ("j.target.release = 'r40'", "`j.target` is read only"),
        ("j.deploy.id = 'r40'", "`j.deploy` is read only"),
        ("return j.target.relaese", "did you mean `release`?"),
        ("return j.deploy.comit", "did you mean `commit`?"),
    ] {
        project.write(
            "journeys/passes.lua",
            format!("journey('x', function(j)\n  {line}\nend)\n"),
        );
        let done = project.jaunt(&["run", "--deploy", "r41"]);
        assert_eq!(done.code, 2, "{done:#?}");
        let words = done.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(said), "{words}");
    }
}

#[test]
fn the_release_of_another_target_is_its_own() {
    let new = Server::new(|_| answer("ok", Some("r41")));
    let old = Server::new(|path| match path {
        "/chat" => Answer::Upgrade {
            then: Vec::new(),
            ends: true,
        },
        _ => answer("ok", Some("r40")),
    });
    let project = Project::at(
        &new.url(),
        &format!(
            "may_use = [\"old\"]\n{BY_HEADER}[targets.old]\nurl = \"{}\"\n[run]\ntarget = \"local\"\n",
            old.url()
        ),
    );
    project.write(
        "journeys/passes.lua",
        r#"journey("compares", function(j)
  local old, new = j:client("old", { target = "old" }), j:client("new")
  old:get("/ok"):expect { headers = { ["x-version"] = "r40" } }
  new:get("/ok", { target = "old" }):expect { headers = { ["x-version"] = "r40" } }
  old:websocket("/chat"):expect_close()
  new:get("/ok"):expect { headers = { ["x-version"] = "r41" } }
end)
"#,
    );
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 0, "{done:#?}");
    assert_eq!(answered(&report(&project)), ["r41"]);
    assert_eq!(old.paths(), ["/ok", "/ok", "/chat"]);
}
