use super::*;
use crate::model::event::StreamId;

fn event(kind: EventKind) -> Event {
    Event {
        seq: 0,
        at: 0,
        attempt: Some(0),
        kind,
    }
}

fn payload(text: &str) -> Payload {
    Payload {
        size: u64::try_from(text.len()).expect("short"),
        kept: text.into(),
        base64: false,
    }
}

fn meter() -> Meter {
    let mut meter = Meter::default();
    meter.push(&event(EventKind::ClientMade {
        client: 0,
        name: "alice".into(),
        place: None,
    }));
    meter.push(&event(EventKind::StreamOpening {
        client: 0,
        stream: 0,
        url: "ws://127.0.0.1:40123/chat/ws?nick=alice4k2".into(),
        headers: Vec::new(),
        place: None,
    }));
    meter
}

fn heard(meter: &mut Meter, stream: StreamId, payload: Payload) {
    meter.push(&event(EventKind::FrameReceived {
        stream,
        frame: FrameKind::Text,
        payload,
        unanswered: false,
    }));
}

fn of(measured: &[Measured], key: &NumberKey) -> Option<Worth> {
    let found = measured.iter().find(|it| it.key == *key);
    found.map(|it| it.worth.clone())
}

#[test]
fn messages_are_counted_by_client_and_words_and_their_shape_is_kept() {
    let mut meter = meter();
    let text = r#"{"type":"system","text":"bob4k2 left","count":1}"#;
    heard(&mut meter, 0, payload(text));
    heard(
        &mut meter,
        0,
        payload(r#"{"type":"system","text":"eve9 left","ts":1}"#),
    );
    let measured = meter.finish(1_500_000_000, 1, std::iter::empty());
    let left = NumberKey::new("messages")
        .with("client", "alice")
        .with("message", "system \"* left\"");
    assert_eq!(
        of(&measured, &left),
        Some(Worth::Number(Exact::of_count(2)))
    );
    let shape = NumberKey::new("shape")
        .with("from", "/chat/ws?nick")
        .with("message", "system");
    let Some(Worth::Fingerprint(print)) = of(&measured, &shape) else {
        panic!("no shape among {measured:?}");
    };
    assert_eq!(
        print.members,
        [
            "$: object",
            "count: number",
            "text: string",
            "ts: number",
            "type: string"
        ]
    );
    let journey = of(&measured, &NumberKey::new("journey"));
    assert_eq!(journey.map(|it| it.to_string()).as_deref(), Some("1.5"));
}

#[test]
fn what_was_cut_has_no_shape_and_no_endless_keys_are_kept() {
    let mut meter = meter();
    let mut cut = payload(r#"{"type":"system","text":"bob"#);
    cut.size = 9_000_000;
    heard(&mut meter, 0, cut);
    for at in 0..1_000_u32 {
        let letters: String = at
            .to_string()
            .bytes()
            .map(|it| char::from(it + 49))
            .collect();
        heard(
            &mut meter,
            0,
            payload(&format!(r#"{{"type":"k{letters}"}}"#)),
        );
    }
    // Nobody's stream.
    heard(&mut meter, 9, payload("{}"));
    let measured = meter.finish(1, 1, std::iter::empty());
    let many = |origin| measured.iter().filter(|it| it.origin == origin).count();
    assert!(many(Origin::Free) <= MOST + 1, "{}", many(Origin::Free));
    assert_eq!(many(Origin::Shape), MOST);
}
