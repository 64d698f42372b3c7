//! What members of the room see of each other, and who is let in.

use serde_json::json;

use super::raw::{Raw, quiet, serve};
use crate::demo::Version;

#[test]
fn the_handshake_computes_the_accept_key() {
    let target = serve(quiet());
    let (head, _raw) = Raw::try_join(target.address(), "ann", "1.1.1.1");
    assert!(
        head.starts_with("HTTP/1.1 101 Switching Protocols\r\n"),
        "{head}"
    );
    assert!(
        head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"),
        "{head}"
    );
    assert!(!head.contains("Sec-WebSocket-Protocol"), "{head}");
}

#[test]
fn who_joins_gets_history_then_identity_then_the_join_line() {
    let target = serve(quiet());
    let mut ann = Raw::enter(target.address(), "Ann");
    assert_eq!(ann.json(), json!({ "type": "identity", "nick": "Ann" }));
    let joined = ann.json();
    assert_eq!(
        joined,
        json!({ "type": "system", "text": "Ann joined", "ts": joined["ts"], "count": 1 })
    );
    ann.say("  hello ");
    let said = ann.json();
    assert_eq!(
        said,
        json!({ "type": "message", "nick": "Ann", "text": "hello", "ts": said["ts"] })
    );

    let mut other = Raw::enter(target.address(), "Ann");
    assert_eq!(
        other.json(),
        json!({ "type": "history", "messages": [joined, said] })
    );
    assert_eq!(other.json(), json!({ "type": "identity", "nick": "Ann2" }));
    let line = other.json();
    assert_eq!(
        (&line["text"], &line["count"]),
        (&json!("Ann2 joined"), &json!(2))
    );
    assert_eq!(ann.json(), line, "everybody sees the same line");
}

#[test]
fn history_keeps_the_last_fifty_of_both_kinds() {
    let target = serve(quiet().no_limits());
    let mut ann = Raw::join(target.address(), "ann");
    for number in 0..60 {
        ann.say(&format!("text {number}"));
    }
    ann.until("text 59");
    let history = Raw::enter(target.address(), "bob").json();
    let messages = history["messages"].as_array().expect("a list");
    assert_eq!(messages.len(), 50);
    assert_eq!(messages[0]["text"], "text 10");
    assert_eq!(messages[49]["text"], "text 59");
}

#[test]
fn a_sixth_client_of_an_address_gets_429_and_a_full_room_503_first() {
    let mut settings = quiet();
    settings.set("clients", "6").expect("a setting");
    let target = serve(settings.clone());
    let mut members: Vec<Raw> = (0..5)
        .map(|_| Raw::try_join(target.address(), "ann", "9.9.9.9").1)
        .collect();
    members[4].until("ann5 joined");
    let (head, mut raw) = Raw::try_join(target.address(), "ann", "9.9.9.9");
    assert!(
        head.starts_with("HTTP/1.1 429 Too Many Requests\r\n"),
        "{head}"
    );
    assert!(head.contains("Content-Length: 0\r\n"), "{head}");
    assert_eq!(raw.frame(), None, "closed");
    let _bob = Raw::join(target.address(), "bob");
    for ip in ["9.9.9.9", "8.8.8.8"] {
        let (head, _) = Raw::try_join(target.address(), "ann", ip);
        assert!(
            head.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
            "{head}"
        );
    }

    // A slot is free again once its holder has left.
    settings.set("clients", "100").expect("a setting");
    let target = serve(settings.clone());
    let mut members: Vec<Raw> = (0..5)
        .map(|_| Raw::try_join(target.address(), "ann", "9.9.9.9").1)
        .collect();
    members[4].send(0x88, b"");
    members[0].until("ann5 left");
    let (head, _) = Raw::try_join(target.address(), "ann", "9.9.9.9");
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");

    // The counter per address came with the newest version.
    settings.version = Version::Mar4;
    let target = serve(settings);
    for _ in 0..6 {
        let (head, raw) = Raw::try_join(target.address(), "ann", "9.9.9.9");
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        members.push(raw);
    }
}

#[test]
fn the_sixth_message_of_a_window_kicks_and_blank_ones_count() {
    let mut settings = quiet();
    settings.set("window", "1h").expect("a setting");
    let target = serve(settings);
    let mut ann = Raw::join(target.address(), "ann");
    let mut bob = Raw::join(target.address(), "bob");
    for text in ["1", " ", "3", "4", "5"] {
        ann.say(text);
    }
    let seen = bob.until("5");
    assert_eq!(seen.len(), 4, "the blank one is not sent on: {seen:?}");
    ann.say("6");
    let line = ann.item("Rate limit exceeded. Disconnecting.");
    assert_eq!(line["type"], "system");
    assert!(line.get("count").is_none(), "{line}");
    assert_eq!(ann.frame(), None, "destroyed");
    let seen = bob.until("ann left");
    assert_eq!(seen.len(), 1, "nothing of the sixth: {seen:?}");
}

#[test]
fn frames_are_taken_as_leniently_as_the_original_did() {
    let target = serve(quiet().no_limits());
    let mut ann = Raw::join(target.address(), "ann");
    // Fragments vanish, garbage is ignored, an unmasked frame is taken.
    ann.send(0x01, br#"{"type":"message","#);
    ann.send(0x80, br#""text":"split"}"#);
    ann.send(0x81, b"no json");
    ann.send(0x81, br#"{"type":"dance"}"#);
    ann.send(0x81, br#"{"type":"message","text":5}"#);
    ann.send(0x83, b"opcode nobody knows");
    let plain = br#"{"type":"message","text":"unmasked","more":1}"#;
    let mut frame = vec![0x81, plain.len() as u8];
    frame.extend(plain);
    ann.write(&frame);
    assert_eq!(ann.json()["text"], "unmasked");

    ann.say(&"é".repeat(1200));
    assert_eq!(ann.json()["text"], "é".repeat(1000));
    ann.send(0x89, b"payload");
    assert_eq!(ann.frame(), Some((0xA, Vec::new())), "an empty pong");
    ann.send(0x88, &1000_u16.to_be_bytes());
    assert_eq!(ann.frame(), Some((0x8, Vec::new())), "a close without code");
    assert_eq!(ann.frame(), None, "destroyed");
}

#[test]
fn a_probe_leaves_no_trace() {
    let target = serve(quiet());
    let mut ann = Raw::join(target.address(), "ann");
    let mut probe = Raw::connect(target.address());
    let head = probe.upgrade("/chat/ws?probe=1", "Sec-WebSocket-Key: x\r\n");
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    let said = probe.json();
    assert_eq!(
        said,
        json!({ "type": "probe", "ok": true, "service": "dead-chat", "version": "1.2",
                "connected_clients": 1, "ts": said["ts"] })
    );
    assert_eq!(probe.frame(), Some((0x8, Vec::new())));
    assert_eq!(probe.frame(), None);
    ann.say("still alone");
    assert_eq!(ann.json()["text"], "still alone");

    let mut settings = quiet();
    settings.version = Version::Mar4;
    let target = serve(settings);
    let mut early = Raw::connect(target.address());
    early.upgrade("/chat/ws?probe=1", "Sec-WebSocket-Key: x\r\n");
    assert_eq!(early.json()["nick"], "Anonymous");
}
