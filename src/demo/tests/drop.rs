//! The drop from outside: shapes, statuses, limits and headers, and the symptoms of its bugs.

use serde_json::{Value, json};

use super::raw::{Raw, quiet, serve, status};
use crate::demo::{Running, Settings};

const GONE: &str = "Not found or already read.";
const EXPIRED: &str = "This drop has expired.";

fn sealed(text: &str) -> String {
    json!({ "ciphertext": text, "iv": "an iv", "ttl_hours": 24 }).to_string()
}

fn post(target: &Running, headers: &str, body: &str) -> (u16, Value) {
    Raw::connect(target.address()).ask_json("POST", "/drop/api/create", headers, body)
}

fn create(target: &Running, text: &str) -> String {
    let (status, body) = post(target, &format!("X-Real-IP: {text}\r\n"), &sealed(text));
    assert_eq!(status, 200, "{body}");
    body["id"].as_str().expect("an id").to_owned()
}

fn read(target: &Running, id: &str) -> (u16, Value) {
    let path = format!("/drop/api/secret/{id}");
    Raw::connect(target.address()).ask_json("GET", &path, "", "")
}

fn head(target: &Running, id: &str) -> String {
    let path = format!("/drop/api/secret/{id}");
    Raw::connect(target.address()).get("HEAD", &path).0
}

fn json_of(target: &Running, path: &str) -> Value {
    let (status, body) = Raw::connect(target.address()).ask_json("GET", path, "", "");
    assert_eq!(status, 200, "{path}: {body}");
    body
}

fn active(target: &Running) -> u64 {
    let health = json_of(target, "/drop/health");
    health["active_drops"].as_u64().expect("a number")
}

/// Settings whose secrets are over as soon as the clock moves, and that never sweep.
pub(super) fn short_lived() -> Settings {
    let mut settings = quiet();
    settings.set("drop_hour", "1ns").expect("a setting");
    settings.set("drop_sweep", "1h").expect("a setting");
    settings
}

pub(super) fn reads_twice(target: &Running) -> bool {
    let id = create(target, "a");
    assert_eq!(read(target, &id).0, 200);
    read(target, &id).0 == 200
}

pub(super) fn head_burns(target: &Running) -> bool {
    let id = create(target, "a");
    assert_eq!(status(&head(target, &id)), 404);
    read(target, &id).0 == 404
}

pub(super) fn talks_across(target: &Running) -> bool {
    let (_other, id) = (create(target, "other"), create(target, "own"));
    read(target, &id).1["ciphertext"] == "other"
}

pub(super) fn outlives_its_time(target: &Running) -> bool {
    let id = create(target, "a");
    read(target, &id).0 == 200
}

pub(super) fn limit_is_spoofed(target: &Running) -> bool {
    let spoofed = |number: u8| {
        let headers = format!("X-Real-IP: one\r\nX-Forwarded-For: {number}\r\n");
        post(target, &headers, &sealed("a")).0
    };
    for number in 0..10 {
        assert_eq!(spoofed(number), 200);
    }
    spoofed(10) == 200
}

pub(super) fn loses_writes(target: &Running) -> bool {
    let id = create(target, "a");
    read(target, &id).0 == 404
}

pub(super) fn active_drifts(target: &Running) -> bool {
    let id = create(target, "a");
    assert_eq!(active(target), 1);
    read(target, &id);
    active(target) == 1
}

pub(super) fn form_invites_too_much(target: &Running) -> bool {
    let (_, page) = Raw::connect(target.address()).get("GET", "/drop");
    let most: usize = between(&page, "maxlength=\"", "\"")
        .parse()
        .expect("a number");
    let body = json!({ "ciphertext": encrypted(most), "iv": "0123456789abcdef", "ttl_hours": 24 });
    let (status, body) = post(target, "", &body.to_string());
    assert!(matches!(status, 200 | 413), "{body}");
    status == 413
}

/// As long as so many bytes are once AES-GCM and base64url have been at them.
fn encrypted(plaintext: usize) -> String {
    "x".repeat(((plaintext + 16) * 4).div_ceil(3))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the start");
    rest.split_once(end).expect("the end").0
}

#[test]
fn a_secret_is_created_read_and_burned() {
    let target = serve(quiet());
    let id = create(&target, "secret");
    assert_eq!(id.len(), 36, "{id}");
    assert_eq!(id.as_bytes()[14], b'4', "a random one: {id}");
    assert_eq!(
        read(&target, &id),
        (200, json!({ "ciphertext": "secret", "iv": "an iv" }))
    );
    assert_eq!(read(&target, &id), (404, json!({ "error": GONE })));
    let malformed = read(&target, "no-uuid");
    assert_eq!(malformed, (404, json!({ "error": "Not found." })));
    // Reading is a GET and nothing else.
    let id = create(&target, "again");
    let path = format!("/drop/api/secret/{id}");
    let mut raw = Raw::connect(target.address());
    assert_eq!(raw.ask_json("POST", &path, "", "").0, 404);
    assert_eq!(read(&target, &id).0, 200);
}

#[test]
fn an_expired_secret_says_so_once_and_the_sweep_takes_what_nobody_reads() {
    let target = serve(short_lived());
    let id = create(&target, "a");
    assert_eq!(read(&target, &id), (404, json!({ "error": EXPIRED })));
    assert_eq!(read(&target, &id), (404, json!({ "error": GONE })));

    let mut settings = short_lived();
    settings.set("drop_sweep", "1ms").expect("a setting");
    let target = serve(settings);
    let id = create(&target, "a");
    while active(&target) > 0 {}
    assert_eq!(read(&target, &id), (404, json!({ "error": GONE })));
    assert_eq!(json_of(&target, "/drop/stats")["expired"], 1);
}

#[test]
fn the_limit_is_charged_before_the_body_and_to_the_proxys_word_alone() {
    let target = serve(quiet());
    let from = |ip: &str, body: &str| post(&target, &format!("X-Real-IP: {ip}\r\n"), body);
    for _ in 0..10 {
        let (status, body) = from("1.1.1.1", "nope");
        assert_eq!((status, body), (400, json!({ "error": "Invalid JSON." })));
    }
    let refused = json!({ "error": "Rate limit exceeded. Try again later." });
    assert_eq!(from("1.1.1.1", &sealed("a")), (429, refused));
    assert_eq!(from("2.2.2.2", &sealed("a")).0, 200);

    // It is told before it has sent its body, and the connection goes on behind it.
    let mut raw = Raw::connect(target.address());
    raw.write(b"POST /drop/api/create HTTP/1.1\r\nX-Real-IP: 1.1.1.1\r\nContent-Length: 4\r\n\r\n");
    assert_eq!(status(&raw.answer("POST").0), 429);
    raw.write(b"nope");
    assert_eq!(status(&raw.get("GET", "/drop/health").0), 200);

    // Without a proxy it is the peer, whatever else is claimed.
    for number in 0..10 {
        let claimed = format!("X-Forwarded-For: {number}\r\n");
        assert_eq!(post(&target, &claimed, &sealed("a")).0, 200);
    }
    assert_eq!(post(&target, "", &sealed("a")).0, 429);

    let target = serve(quiet().no_limits());
    for _ in 0..30 {
        assert_eq!(post(&target, "", &sealed("a")).0, 200);
    }
}

#[test]
fn no_more_secrets_live_than_may() {
    let mut settings = quiet();
    settings.set("drops", "2").expect("a setting");
    let target = serve(settings);
    let id = create(&target, "a");
    create(&target, "b");
    let (status, body) = post(&target, "X-Real-IP: c\r\n", &sealed("c"));
    assert_eq!(status, 503, "{body}");
    read(&target, &id);
    create(&target, "c");
}

#[test]
fn a_body_is_taken_up_to_its_last_character() {
    let target = serve(quiet());
    let body = |plaintext| {
        let text = encrypted(plaintext);
        json!({ "ciphertext": text, "iv": "0123456789abcdef", "ttl_hours": 24 }).to_string()
    };
    let (_, page) = Raw::connect(target.address()).get("GET", "/drop");
    assert_eq!(between(&page, "maxlength=\"", "\""), "49094");
    assert_eq!(post(&target, "", &body(49_094)).0, 200);
    let too_large = (413, json!({ "error": "Payload too large." }));
    assert_eq!(post(&target, "", &body(49_095)), too_large);
    // Also when it is longer than the listener reads at all.
    let endless = "x".repeat((1 << 20) + 1);
    assert_eq!(post(&target, "", &endless), too_large);
}

#[test]
fn pages_are_pages_and_every_answer_has_the_headers() {
    let target = serve(quiet());
    let mut raw = Raw::connect(target.address());
    let viewer = "/drop/s/6f9619ff-8b86-4011-b42d-00c04fc964ff";
    for (path, expected, kind) in [
        ("/drop", 200, "text/html"),
        ("/drop/", 200, "text/html"),
        (viewer, 200, "text/html"),
        ("/drop/s/no-uuid", 404, "application/json"),
        ("/drop/form.js", 200, "text/javascript"),
        ("/drop/view.js", 200, "text/javascript"),
        ("/drop/style.css", 200, "text/css"),
        ("/drop/health", 200, "application/json"),
        ("/drop/api/create", 404, "application/json"),
        ("/drop/nothing", 404, "application/json"),
    ] {
        let (head, _) = raw.get("GET", path);
        assert_eq!(status(&head), expected, "{path}");
        for header in [
            &format!("Content-Type: {kind}"),
            "X-Content-Type-Options: nosniff",
            "X-Frame-Options: DENY",
            "Referrer-Policy: no-referrer",
            "Content-Security-Policy: default-src 'self'",
            "Cache-Control: no-store",
            "Permissions-Policy: camera=(), microphone=(), geolocation=()",
        ] {
            assert!(head.contains(header), "{path} without {header}: {head}");
        }
    }
    let (head, _) = raw.get("HEAD", viewer);
    assert_eq!(status(&head), 200);
}

#[test]
fn health_and_stats_count_what_happened() {
    let target = serve(quiet());
    let id = create(&target, "a");
    create(&target, "b");
    read(&target, &id);
    let health = json_of(&target, "/drop/health");
    assert_eq!(
        health,
        json!({ "ok": true, "service": "dead-drop", "version": "1.3", "active_drops": 1,
                "storage": { "readable": true, "writable": true, "error": null },
                "uptime_seconds": health["uptime_seconds"], "ts": health["ts"] })
    );
    assert!(health["uptime_seconds"].is_u64(), "{health}");
    assert_eq!(
        json_of(&target, "/drop/stats"),
        json!({ "created": 2, "burned": 1, "expired": 0, "active_drops": 1,
                "reset_on_restart": true })
    );
}
