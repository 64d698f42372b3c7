//! The comments from outside: shapes, statuses, limits, and the symptoms of their bugs.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::{Value, json};

use super::raw::{Raw, quiet, serve, status};
use crate::demo::Running;

fn comment(content: &str) -> Value {
    json!({ "post": "a-post", "name": "ann", "content": content, "url": "" })
}

fn post(target: &Running, ip: &str, body: &str) -> (u16, Value) {
    let headers = format!("X-Forwarded-For: {ip}, 10.0.0.1\r\n");
    Raw::connect(target.address()).ask_json("POST", "/comments/", &headers, body)
}

fn get(target: &Running, path: &str) -> (u16, Value) {
    Raw::connect(target.address()).ask_json("GET", path, "", "")
}

fn listed(target: &Running) -> Vec<Value> {
    let (status, list) = get(target, "/comments/?post=A-Post!");
    assert_eq!(status, 200, "{list}");
    list.as_array().expect("a list").clone()
}

fn counted(target: &Running) -> u64 {
    let (_, body) = get(target, "/comments/count?post=a-post");
    body["count"].as_u64().expect("a number")
}

/// What is listed after these were sent from one address.
pub(super) fn listed_of(target: &Running, contents: &[&str]) -> Vec<Value> {
    for content in contents {
        let (status, body) = post(target, "1.1.1.1", &comment(content).to_string());
        assert_eq!(status, 201, "{body}");
    }
    let mut list = listed(target);
    list.iter_mut().map(|it| it["content"].take()).collect()
}

pub(super) fn cut_to(target: &Running) -> usize {
    let list = listed_of(target, &[&"x".repeat(2500)]);
    list[0].as_str().expect("a text").len()
}

pub(super) fn swallows_anothers(target: &Running) -> bool {
    for ip in ["1.1.1.1", "2.2.2.2"] {
        post(target, ip, &comment("thanks").to_string());
    }
    listed(target).len() == 1
}

pub(super) fn counted_of_two(target: &Running) -> u64 {
    listed_of(target, &["one", "two"]);
    counted(target)
}

/// Whether a number for a name brings the service down: the connection is cut, also of who only
/// looks on, while the listener and what is stored stay.
pub(super) fn crashes(target: &Running) -> bool {
    listed_of(target, &["one", "two"]);
    let mut looking_on = Raw::connect(target.address());
    looking_on.get("GET", "/comments/health");
    let mut chatting = Raw::connect(target.address());
    chatting.get("GET", "/chat/health");

    let mut raw = Raw::connect(target.address());
    let body = r#"{"post":"a-post","name":5,"content":"hi"}"#;
    let length = body.len();
    let head = format!("POST /comments/ HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}");
    raw.write(head.as_bytes());
    let answer = raw.head();
    if !answer.is_empty() {
        assert_eq!(status(&answer), 400, "{answer}");
        return false;
    }
    assert_eq!(looking_on.head(), "", "its connection is cut");
    assert_eq!(status(&chatting.get("GET", "/chat/health").0), 200);
    // The limits are forgotten with the process, what is stored is not.
    let third = comment("three").to_string();
    assert_eq!(post(target, "1.1.1.1", &third).0, 201);
    assert_eq!(listed(target).len(), 3);
    let (_, metrics) = Raw::connect(target.address()).get("GET", "/comments/metrics");
    assert!(metrics.contains("\ncomments_stored_total 1\n"), "{metrics}");
    true
}

pub(super) fn is_sick(target: &Running) -> bool {
    let (status, health) = get(target, "/comments/health");
    assert_eq!(status, 200);
    health["ok"] == false && health["storage"]["writable"] == false
}

#[test]
fn a_comment_is_stored_listed_and_counted() {
    let target = serve(quiet());
    assert_eq!(get(&target, "/comments/?post=a-post"), (200, json!([])));
    let (status, body) = post(&target, "1.1.1.1", &comment("one").to_string());
    let id = body["id"].as_str().expect("an id").to_owned();
    assert_eq!((status, &body), (201, &json!({ "ok": true, "id": id })));
    assert_eq!(id.len(), 16, "{id}");
    // The keys stand as the original wrote them, which a JSON value does not show.
    let body = comment("elsewhere").to_string().replace("a-post", "b-post");
    let (_, text) = Raw::connect(target.address()).ask("POST", "/comments/", "", &body);
    assert!(text.starts_with(r#"{"ok":true,"id":""#), "{text}");
    let (_, text) = Raw::connect(target.address()).get("GET", "/comments/");
    assert!(
        text.starts_with(r#"{"ok":true,"service":"comments","#),
        "{text}"
    );
    post(&target, "2.2.2.2", &comment("two").to_string());
    let list = listed(&target);
    assert_eq!(
        list[0],
        json!({ "id": id, "name": "ann", "content": "one", "ts": list[0]["ts"] })
    );
    assert_eq!(list[1]["content"], "two");
    assert_eq!(counted(&target), 2);
    let missing = json!({ "error": "Missing post parameter" });
    assert_eq!(get(&target, "/comments/count"), (400, missing));
    let health = get(&target, "/comments/health").1;
    assert_eq!(
        health,
        json!({ "ok": true, "service": "comments", "version": "1.2",
                "storage": { "readable": true, "writable": true, "stored_posts": 2, "error": null },
                "uptime_seconds": health["uptime_seconds"], "ts": health["ts"] })
    );
}

#[test]
fn what_is_wrong_is_named_and_costs_nothing() {
    let target = serve(quiet());
    for (body, words) in [
        (json!([]), "Invalid JSON"),
        (
            json!({ "post": "p", "name": 5, "content": "hi" }),
            "Invalid JSON",
        ),
        (json!({ "name": "n", "content": "hi" }), "Missing post slug"),
        (json!({ "post": "p", "content": "hi" }), "Name is required"),
        (
            json!({ "post": "p", "name": "n" }),
            "Comment cannot be empty",
        ),
        (comment(&"x".repeat(8192)), "Invalid JSON"),
        (comment(&"x".repeat(1 << 20)), "Invalid JSON"),
    ] {
        let answer = post(&target, "1.1.1.1", &body.to_string());
        assert_eq!(answer, (400, json!({ "error": words })));
    }
    assert_eq!(listed_of(&target, &["one", "two"]).len(), 2);
    // A robot is thanked, and nothing of it is kept.
    let mut robot = comment("buy");
    robot["url"] = json!("https://example.com");
    let answer = post(&target, "3.3.3.3", &robot.to_string());
    assert_eq!(answer, (200, json!({ "ok": true })));
    assert_eq!(counted(&target), 2);
}

#[test]
fn an_address_has_two_comments_and_a_double_click_spends_one() {
    let target = serve(quiet());
    let once = comment("once").to_string();
    assert_eq!(post(&target, "1.1.1.1", &once).0, 201);
    let answer = post(&target, "1.1.1.1", &once);
    assert_eq!(answer, (201, json!({ "ok": true })));
    let (status, body) = post(&target, "1.1.1.1", &comment("more").to_string());
    assert_eq!(status, 429);
    let words = body["error"].as_str().expect("words");
    assert!(words.starts_with("Too many comments"), "{words}");
    assert_eq!(counted(&target), 1);
    // The first address that proxies name is believed, and X-Real-IP is not.
    assert_eq!(post(&target, "2.2.2.2", &once).0, 201);
    let headers = "X-Forwarded-For: 2.2.2.2\r\nX-Real-IP: 3.3.3.3\r\n";
    let ask = |body: &str| {
        Raw::connect(target.address())
            .ask("POST", "/comments", headers, body)
            .0
    };
    assert!(ask(&comment("a").to_string()).starts_with("HTTP/1.1 201 "));
    assert!(ask(&comment("b").to_string()).starts_with("HTTP/1.1 429 "));
}

#[test]
fn the_root_says_what_there_is_and_one_origin_may_read_it() {
    let target = serve(quiet());
    let (status, manifest) = get(&target, "/comments/");
    assert_eq!(status, 200);
    assert_eq!(manifest["service"], "comments");
    let mut raw = Raw::connect(target.address());
    let (head, page) = raw.ask("GET", "/comments/", "Accept: text/html,*/*\r\n", "");
    assert!(head.contains("Content-Type: text/html"), "{head}");
    assert!(page.contains("maxlength=\"2000\""), "{page}");
    let origin = format!("Access-Control-Allow-Origin: {}\r\n", target.url());
    assert!(head.contains(&origin), "{head}");
    let (head, _) = raw.ask(
        "OPTIONS",
        "/comments/",
        "Origin: http://evil.example\r\n",
        "",
    );
    assert!(
        head.starts_with("HTTP/1.1 204 ") && head.contains(&origin),
        "{head}"
    );
    assert!(
        raw.get("GET", "/comments/nothing")
            .0
            .starts_with("HTTP/1.1 404 ")
    );
    assert!(
        raw.ask("PUT", "/comments/", "", "")
            .0
            .starts_with("HTTP/1.1 404 ")
    );
}

#[test]
fn the_owner_sees_all_and_deletes() {
    let target = serve(quiet());
    let (_, body) = post(&target, "1.1.1.1", &comment("one").to_string());
    let id = body["id"].as_str().expect("an id");
    let delete = |query: &str| {
        let path = format!("/comments/{id}{query}");
        Raw::connect(target.address()).ask_json("DELETE", &path, "", "")
    };
    for token in ["", "?token=", "?token=wrong"] {
        assert_eq!(get(&target, &format!("/comments/admin{token}")).0, 403);
        assert_eq!(delete(token).0, 403);
    }
    let (_, all) = get(&target, "/comments/admin?token=embedded");
    assert_eq!(
        all,
        json!([{ "id": id, "name": "ann", "content": "one", "ts": all[0]["ts"], "post": "a-post" }])
    );
    assert_eq!(delete("?token=embedded"), (200, json!({ "ok": true })));
    assert_eq!(delete("?token=embedded"), (404, json!({ "ok": false })));
    assert_eq!(counted(&target), 0);
}

/// The head and the event of the next post to a webhook, which is answered with that status.
fn announced(hook: &TcpListener, status: u16) -> (String, String) {
    let (mut stream, _) = hook.accept().expect("a connection");
    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("a head");
        seen.extend(byte);
    }
    let head = String::from_utf8(seen).expect("text");
    let length = head
        .lines()
        .find_map(|it| it.strip_prefix("Content-Length: "));
    let length = length.expect("a length").parse().expect("a number");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("an event");
    let answer = format!("HTTP/1.1 {status} .\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(answer.as_bytes()).expect("it listens");
    (head, String::from_utf8(body).expect("text"))
}

#[test]
fn what_is_stored_is_announced_at_the_webhook() {
    let hook = TcpListener::bind("127.0.0.1:0").expect("a port from the system");
    let address = hook.local_addr().expect("an address");
    let mut settings = quiet();
    let url = format!("http://{address}/hook?key=1");
    settings.set("webhook", &url).expect("a setting");
    let target = serve(settings);
    let mut robot = comment("buy");
    robot["url"] = json!("https://example.com");
    // Neither a robot's nor a double click is stored; nobody takes an event while these are sent.
    let long = "é".repeat(200);
    for (ip, body) in [
        ("1.1.1.1", robot),
        ("1.1.1.1", comment(&long)),
        ("1.1.1.1", comment(&long)),
        ("2.2.2.2", comment("two")),
    ] {
        assert!(post(&target, ip, &body.to_string()).0 < 300);
    }
    let list = listed(&target);
    let (head, event) = announced(&hook, 500);
    let expected = format!(
        "POST /hook?key=1 HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n"
    );
    assert!(head.starts_with(&expected), "{head}");
    let (ts, page) = (
        &list[0]["ts"],
        format!("{}/comments/?post=a-post", target.url()),
    );
    let preview = "é".repeat(120);
    assert_eq!(
        event,
        format!(
            r#"{{"event":"new_comment","post":"a-post","name":"ann","preview":"{preview}","ts":{ts},"url":"{page}"}}"#
        )
    );
    // A refusal ends nothing: the next one comes.
    let (_, event) = announced(&hook, 204);
    let event: Value = serde_json::from_str(&event).expect("JSON");
    assert_eq!(
        (&event["preview"], &event["ts"]),
        (&json!("two"), &list[1]["ts"])
    );
}

#[test]
fn a_webhook_that_nobody_serves_costs_no_comment() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port from the system");
    let url = format!("http://{}/", gone.local_addr().expect("an address"));
    drop(gone);
    let mut settings = quiet();
    settings.set("webhook", &url).expect("a setting");
    let target = serve(settings);
    assert_eq!(listed_of(&target, &["one", "two"]).len(), 2);
}
