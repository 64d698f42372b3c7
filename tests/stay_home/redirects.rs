//! Redirects and forms: where the target itself leads a secret abroad.

use super::server::{Server, header};
use super::{failures, foreign, project, shows};

const SCRIPT: &str = r#"
local function walk(name, fn)
  journey(name, { owner = "me" }, function(j) fn(j:client("c"), j.secrets.token, j) end)
end
walk("in the location", function(c, s) c:get("/to?" .. url.encode(FOREIGN .. "/?q=" .. url.encode(s))) end)
walk("in the location, with backslashes", function(c, s)
  c:get("/to?" .. url.encode(FOREIGN .. "/" .. json.encode(s)))
end)
walk("in the body", function(c, s) c:post("/to?" .. url.encode(FOREIGN .. "/"), { body = s }) end)
walk("in a form", function(c, s, j)
  c:get("/form?" .. url.encode(FOREIGN .. "/")):form():submit { hidden = s }
end)
"#;

/// `/to?URL` redirects, `/form?URL` has a form.
fn leading() -> Server {
    Server::answering(|head| {
        let path = head.split(' ').nth(1).expect("a path");
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query = percent_encoding::percent_decode_str(query).decode_utf8_lossy();
        let body = format!("<form action=\"{query}\" method=\"post\"><input name=hidden></form>");
        let with = match path {
            "/to" => format!("location: {query}\r\n"),
            "/form" => "content-type: text/html\r\n".to_string(),
            _ => String::new(),
        };
        let (status, body) = match path {
            "/to" => (307, String::new()),
            "/form" => (200, body),
            _ => (200, String::new()),
        };
        format!(
            "HTTP/1.1 {status} So\r\n{with}content-length: {}\r\nx-end: 1\r\n\r\n{body}",
            body.len()
        )
    })
}

#[test]
fn a_target_that_leads_a_secret_abroad_fails_and_does_not_get_it_there() {
    let (home, abroad) = (leading(), Server::start());
    let ran = project(&home, &foreign(&abroad, SCRIPT), "").run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let failures = failures(&ran);
    assert_eq!(failures.len(), 4, "{}", ran.shown());
    for (kind, message) in failures {
        assert_eq!(kind, "redirect", "{message}");
        assert!(
            message.contains("led to `localhost`: the secret `token` of target"),
            "{message}"
        );
        assert!(
            !shows(&message) && !message.contains("[masked]"),
            "{message}"
        );
    }
    assert_eq!(abroad.connections(), 0, "{}", abroad.heard());
    assert!(shows(&home.heard()), "at home it is no secret");
}

#[test]
fn headers_that_carry_a_secret_stay_behind_and_do_not_come_back() {
    let home = leading();
    let back = home.at("127.0.0.1");
    let abroad = Server::answering(move |_| {
        format!("HTTP/1.1 302 So\r\nlocation: {back}/back\r\ncontent-length: 0\r\n")
    });
    let script = foreign(
        &abroad,
        r#"
journey("goes round", { owner = "me" }, function(j)
  local c = j:client("c", { headers = { ["x-key"] = "k " .. base64.encode("a" .. j.secrets.token) } })
  c:get("/to?" .. url.encode(FOREIGN .. "/"), {
    headers = { ["x-other"] = j.secrets.token, ["x-plain"] = "plain" },
  }):expect { status = 200 }
end)
"#,
    );
    let ran = project(&home, &script, "").run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let heard = abroad.heard();
    assert!(heard.contains("x-plain: plain"), "{heard}");
    assert!(
        !shows(&heard) && !heard.contains("x-key") && !heard.contains("x-other"),
        "{heard}"
    );
    let all = home.heard();
    let hops: Vec<&str> = all.split("GET ").collect();
    let hop = |path: &str| {
        *hops
            .iter()
            .find(|hop| hop.starts_with(path))
            .expect("a hop")
    };
    assert!(header(hop("/to"), "x-key").is_some() && header(hop("/to"), "x-other").is_some());
    assert!(header(hop("/back"), "x-key").is_none() && header(hop("/back"), "x-other").is_none());
    assert!(header(hop("/back"), "x-plain").is_some());
}
