//! What becomes of messages.

use crate::model::fault::{Edit, Key};

use super::*;

/// What the client hears and what is said of the fault, where the target says these things.
async fn walked(fault: Fault, texts: &[&str]) -> (Vec<String>, Vec<String>) {
    let walk = Walk::new(vec![fault]);
    let mut pair = walk.open(0, 0).await;
    pair.say(texts).await;
    let heard = pair.heard().await;
    let came: Vec<String> = pair.trace.received().into_iter().map(|it| it.1).collect();
    assert_eq!(came[..texts.len()], *texts, "the trace keeps what came");
    pair.is_alive().await;
    pair.goodbye().await;
    (heard, walk.applied())
}

#[test]
fn a_dropped_message_never_arrives() {
    run(async {
        let drop = at("b", 1, Change::Drop);
        let (heard, applied) = walked(drop, &["a", "b", "c"]).await;
        assert_eq!(heard, ["a", "c"]);
        assert_eq!(applied, ["dropped: b"]);
        let drop = at("b", 2, Change::Drop);
        let (heard, applied) = walked(drop, &["a", "b", "c"]).await;
        assert_eq!(heard, ["a", "b", "c"]);
        assert_eq!(applied, [""; 0], "there was one `b` only");
        let drop = at("b", 2, Change::Drop);
        let (heard, _) = walked(drop, &["b", "a", "b", "b"]).await;
        assert_eq!(heard, ["b", "a", "b"]);
    });
}

#[test]
fn a_message_is_found_by_its_shape_too() {
    run(async {
        let kind = kind::of_shape(br#"{"said":"x"}"#, false);
        let passage = Passage::Message { stream: 1, kind };
        let texts = [r#"{"said":"a"}"#, r#"{"left":1}"#, r#"{"said":"b"}"#];
        let (heard, applied) = walked(fault(passage, 2, Change::Drop), &texts).await;
        assert_eq!(heard, texts[..2]);
        assert_eq!(applied, [r#"dropped: {"said":"b"}"#]);
    });
}

#[test]
fn a_doubled_message_arrives_twice_as_two() {
    run(async {
        let walk = Walk::new(vec![at("b", 1, Change::Duplicate)]);
        let mut pair = walk.open(0, 0).await;
        pair.say(&["b"]).await;
        let mut seen = Vec::new();
        for _ in 0..2 {
            match pair.incoming.next().await {
                Some(Arrival::Message { seq, bytes, .. }) => seen.push((seq, bytes)),
                other => panic!("expected a message, got {other:?}"),
            }
        }
        assert_eq!(seen[0].1, seen[1].1);
        assert_ne!(seen[0].0, seen[1].0, "each has a place of its own");
        assert_eq!(walk.applied(), ["twice: b"]);
        assert_eq!(pair.trace.received().len(), 2, "it came once, then `over`");
    });
}

#[test]
fn a_swapped_message_arrives_behind_the_next_one() {
    run(async {
        let (heard, applied) = walked(at("a", 1, Change::Swap), &["a", "b", "c"]).await;
        assert_eq!(heard, ["b", "a", "c"]);
        assert_eq!(applied, ["behind the next one: a"]);
        // Two that are alike have no other order.
        let (heard, applied) = walked(at("a", 1, Change::Swap), &["a", "a"]).await;
        assert_eq!(heard, ["a", "a"]);
        assert_eq!(applied, [""; 0]);
    });
}

#[test]
fn what_waits_for_a_next_one_that_never_comes_arrives_before_the_end() {
    run(async {
        let walk = Walk::new(vec![at("a", 1, Change::Swap)]);
        let mut pair = walk.open(0, 0).await;
        pair.target.write(&target::text("a")).await;
        pair.target.write(&target::frame(0x88, b"\x03\xe8")).await;
        assert_eq!(pair.text().await, "a");
        assert_eq!(pair.ended().await.code, 1000);
        assert_eq!(walk.applied(), [""; 0]);
    });
}

#[test]
fn several_that_are_swapped_keep_their_order() {
    run(async {
        let swap = |text| at(text, 1, Change::Swap);
        let walk = Walk::new(vec![swap("a"), swap("b")]);
        let mut pair = walk.open(0, 0).await;
        pair.say(&["a", "b", "c"]).await;
        assert_eq!(pair.heard().await, ["c", "a", "b"]);
    });
}

#[test]
fn a_replayed_message_follows_the_next_one_again() {
    run(async {
        let (heard, applied) = walked(at("b", 1, Change::Replay), &["a", "b", "c"]).await;
        assert_eq!(heard, ["a", "b", "a", "c"]);
        assert_eq!(applied, ["the one before came again: a"]);
        let (heard, applied) = walked(at("a", 1, Change::Replay), &["a", "b"]).await;
        assert_eq!(heard, ["a", "b"]);
        assert_eq!(applied, [""; 0], "nothing came before the first");
    });
}

#[test]
fn one_part_of_a_message_is_another() {
    run(async {
        let edit = |path: &str| Change::Edit {
            path: vec![Key::Name(path.to_string())],
            edit: Edit::Add { by: 1 },
        };
        let text = r#"{"b": 1, "count": 3}"#;
        let (heard, applied) = walked(at(text, 1, edit("count")), &[text]).await;
        assert_eq!(heard, [r#"{"b": 1, "count": 4}"#]);
        assert_eq!(applied.len(), 1);
        assert!(applied[0].ends_with("$.count: 3 became 4"), "{applied:?}");
        let (heard, applied) = walked(at(text, 1, edit("nothing")), &[text]).await;
        assert_eq!(heard, [text]);
        assert_eq!(applied, [""; 0], "no byte changed");
    });
}

#[test]
fn a_delayed_message_arrives_after_what_came_meanwhile() {
    run(async {
        let by = 30_000_000;
        let walk = Walk::new(vec![at("a", 1, Change::Delay { by })]);
        let mut pair = walk.open(0, 0).await;
        let began = pair.trace.emitter.clock().now();
        pair.say(&["a", "b"]).await;
        assert_eq!(pair.heard().await, ["b"]);
        match pair.incoming.next().await {
            Some(Arrival::Message { at, bytes, .. }) => {
                assert_eq!(&bytes[..], b"a");
                assert!(at >= began + by, "it came when it was handed up");
            }
            other => panic!("expected a message, got {other:?}"),
        }
        assert_eq!(walk.applied(), ["30 ms late: a", "came only now: a"]);
        pair.goodbye().await;
    });
}

#[test]
fn what_is_delayed_beyond_the_end_never_arrives() {
    run(async {
        let by = 3_600_000_000_000;
        let walk = Walk::new(vec![at("a", 1, Change::Delay { by })]);
        let mut pair = walk.open(0, 0).await;
        pair.target.write(&target::text("a")).await;
        pair.target.write(&target::frame(0x88, b"\x03\xe8")).await;
        assert_eq!(pair.ended().await.code, 1000);
        assert_eq!(walk.applied(), ["1 h late: a"]);
    });
}

#[test]
fn a_slow_message_holds_up_what_comes_behind_it() {
    run(async {
        let by = 20_000_000;
        let slow = at("a", 1, Change::Slow { by });
        let (heard, applied) = walked(slow, &["a", "b"]).await;
        assert_eq!(heard, ["a", "b"]);
        assert_eq!(applied, ["20 ms later: a"]);
    });
}

#[test]
fn a_misdelivered_message_reaches_the_other_client_only() {
    run(async {
        let to = || "bob".to_string();
        let misdeliver = at("secret", 1, Change::Misdeliver { to: to() });
        let walk = Walk::new(vec![misdeliver]);
        let mut alice = walk.open(0, 0).await;
        let mut bob = walk.open(1, 1).await;
        alice.say(&["secret", "b"]).await;
        assert_eq!(alice.heard().await, ["b"]);
        assert_eq!(bob.text().await, "secret");
        assert_eq!(walk.applied(), ["came to bob instead: secret"]);
    });
}

#[test]
fn a_message_for_somebody_without_a_stream_reaches_nobody() {
    run(async {
        let to = "bob".to_string();
        let walk = Walk::new(vec![at("secret", 0, Change::Misdeliver { to })]);
        let mut alice = walk.open(0, 0).await;
        alice.say(&["secret", "a"]).await;
        assert_eq!(alice.heard().await, ["a"]);
        // One that is closed is none either.
        let mut bob = walk.open(1, 1).await;
        bob.target.write(&target::frame(0x88, b"")).await;
        bob.ended().await;
        alice.say(&["secret", "b"]).await;
        assert_eq!(alice.heard().await, ["b"]);
        let nobody = "came to bob instead, who has no stream open: secret";
        assert_eq!(walk.applied(), [nobody; 2]);
    });
}
