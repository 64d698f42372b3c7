//! What the services count, as Prometheus reads it.

use super::raw::{Raw, quiet, serve, status, with};
use crate::demo::{Bug, Running};

fn page(target: &Running, path: &str) -> String {
    let (head, text) = Raw::connect(target.address()).get("GET", path);
    assert!(
        head.contains("Content-Type: text/plain; version=0.0.4"),
        "{head}"
    );
    text
}

/// The number of a metric, which must have its help and its type before it.
fn number(text: &str, name: &str) -> u64 {
    let mut lines = text.lines();
    let help = format!("# HELP {name} ");
    lines
        .find(|line| line.starts_with(&help))
        .expect("its help");
    let kind = lines.next().expect("its type");
    let expected = if name.ends_with("_total") {
        "counter"
    } else {
        "gauge"
    };
    assert_eq!(kind, format!("# TYPE {name} {expected}"));
    let value = lines.next().and_then(|line| line.strip_prefix(name));
    value.expect("its value").trim().parse().expect("a number")
}

fn walk_about(target: &Running) {
    let mut ann = Raw::join(target.address(), "ann");
    let mut bob = Raw::join(target.address(), "bob");
    ann.say("hello");
    ann.say("  ");
    bob.until("hello");
    bob.send(0x88, b"");
    ann.until("bob left");
    ann.abort();

    let mut raw = Raw::connect(target.address());
    for _ in 0..2 {
        let body = r#"{"ciphertext":"c","iv":"i"}"#;
        let (_, made) = raw.ask_json("POST", "/drop/api/create", "", body);
        let path = format!("/drop/api/secret/{}", made["id"].as_str().expect("an id"));
        raw.get("GET", &path);
        raw.get("GET", &path);
    }
    raw.ask("POST", "/drop/api/create", "", "{}");
    for content in ["one", "one"] {
        let body = format!(r#"{{"post":"p","name":"n","content":"{content}"}}"#);
        raw.ask("POST", "/comments/", "", &body);
    }
}

#[test]
fn each_service_counts_what_happened_and_one_page_has_all() {
    let target = serve(quiet());
    walk_about(&target);
    let all = page(&target, "/metrics");
    for (path, name, expected) in [
        ("/chat/metrics", "chat_joins_total", 2),
        ("/chat/metrics", "chat_messages_total", 1),
        ("/drop/metrics", "drop_secrets_created_total", 2),
        ("/drop/metrics", "drop_secrets_burned_total", 2),
        ("/drop/metrics", "drop_secrets_expired_total", 0),
        ("/drop/metrics", "drop_active_secrets", 0),
        ("/comments/metrics", "comments_stored_total", 1),
        ("/comments/metrics", "comments_deleted_total", 0),
        ("/comments/metrics", "comments_kept", 1),
    ] {
        assert_eq!(number(&page(&target, path), name), expected, "{name}");
        assert_eq!(number(&all, name), expected, "{name}");
    }
    // Ann's connection was reset: she leaves as soon as the room sees it.
    while number(&page(&target, "/chat/metrics"), "chat_leaves_total") < 2 {}
    assert_eq!(
        number(&page(&target, "/metrics"), "chat_connected_clients"),
        0
    );
    let (head, _) = Raw::connect(target.address()).get("POST", "/metrics");
    assert_eq!(status(&head), 404);
}

#[test]
fn what_a_bug_only_claims_is_not_counted() {
    let target = serve(with(with(quiet(), Bug::LostWrite), Bug::AcceptedNotStored));
    walk_about(&target);
    let all = page(&target, "/metrics");
    assert_eq!(number(&all, "drop_secrets_created_total"), 0);
    assert_eq!(number(&all, "comments_stored_total"), 0);
    let target = serve(with(with(quiet(), Bug::SecondRead), Bug::DropsDrift));
    walk_about(&target);
    let all = page(&target, "/metrics");
    assert_eq!(number(&all, "drop_secrets_burned_total"), 0);
    assert_eq!(number(&all, "drop_active_secrets"), 2);
}
