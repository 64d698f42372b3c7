//! Conditions of a bad network, and changes that are asked for while a journey runs.

use std::io::ErrorKind;
use std::rc::Rc;

use crate::client::fault::{Rule, RuleId, Traffic};
use crate::model::fault::{Condition, CutAfter, Way};

use super::*;

fn network(walk: &Walk, condition: Condition) -> RuleId {
    let seed = 3;
    walk.border.impose(0, Rule::Network { condition, seed })
}

#[test]
fn latency_keeps_the_order_of_what_comes_and_of_the_end() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        // It was opened before anything was imposed.
        let (by, jitter) = (5_000_000, 10_000_000);
        let late = network(&walk, Condition::Latency { by, jitter });
        let texts = ["a", "b", "c", "d", "e", "f"];
        let began = pair.trace.emitter.clock().now();
        pair.say(&texts).await;
        pair.target.write(&target::frame(0x88, b"\x03\xe8")).await;
        match pair.incoming.next().await {
            Some(Arrival::Message { at, bytes, .. }) => {
                assert_eq!(&bytes[..], b"a");
                assert!(at >= began + by);
            }
            other => panic!("expected a message, got {other:?}"),
        }
        assert_eq!(pair.heard().await, texts[1..]);
        assert_eq!(pair.ended().await.code, 1000);
        assert_eq!(walk.border.count(late), 8, "seven messages and the end");
        assert_eq!(walk.applied().len(), 1, "it is said once");
    });
}

#[test]
fn what_is_late_takes_its_room_so_that_no_flood_fills_our_memory() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        let by = 3_600_000_000_000;
        network(&walk, Condition::Latency { by, jitter: 0 });
        let message = target::text("x");
        let mut came = 0;
        while came <= QUEUE_MESSAGES {
            pair.target.write(&message).await;
            came += 1;
        }
        pair.target.write(&target::frame(0x89, b"there?")).await;
        while pair.trace.received().len() < QUEUE_MESSAGES {
            tokio::task::yield_now().await;
        }
        assert!(pair.target.flood_in_vain().await, "reading has stopped");
        assert_eq!(pair.trace.received().len(), QUEUE_MESSAGES);
        pair.connection.finish(Instant::now()).await;
    });
}

#[test]
fn lost_messages_never_arrive_either_way() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        let (share, way) = (1.0, Way::Both);
        let lost = network(&walk, Condition::Loss { share, way });
        pair.target.write(&target::text("a")).await;
        pair.send("mine").await.expect("the script is told nothing");
        while walk.border.count(lost) < 2 {
            tokio::task::yield_now().await;
        }
        walk.border.lift(lost);
        pair.send("yours").await.expect("it is open");
        pair.target.expect(0x81, b"yours").await;
        pair.say(&["b"]).await;
        assert_eq!(pair.heard().await, ["b"]);
        assert_eq!(walk.border.count(lost), 2);
        let mut applied = walk.applied();
        applied.sort();
        assert_eq!(applied, ["lost on its way to the target: mine", "lost: a"]);
    });
}

#[test]
fn a_connection_is_cut_behind_a_message() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        let after = CutAfter::Messages(2);
        let cut = network(&walk, Condition::Cut { after });
        pair.target
            .write(&[target::text("a"), target::text("b"), target::text("c")].concat())
            .await;
        is_cut(&mut pair, &["a", "b"]).await;
        assert_eq!(walk.border.count(cut), 1);
        assert_eq!(walk.applied(), ["the connection was cut"]);
        // The next one stays whole.
        let mut next = walk.open(0, 1).await;
        next.say(&["a", "b", "c"]).await;
        assert_eq!(next.heard().await, ["a", "b", "c"]);
    });
}

#[test]
fn a_connection_is_cut_in_the_middle_of_a_message() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        // The first two take three of them each with their heads.
        let after = CutAfter::Bytes(8);
        network(&walk, Condition::Cut { after });
        pair.target
            .write(&[target::text("a"), target::text("b"), target::text("cdefg")].concat())
            .await;
        is_cut(&mut pair, &["a", "b"]).await;
        let text = "the connection was cut in the middle of a message";
        assert_eq!(walk.applied(), [text]);
    });
}

#[test]
fn a_connection_is_cut_at_once() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        let after = CutAfter::Messages(0);
        network(&walk, Condition::Cut { after });
        is_cut(&mut pair, &[]).await;
        assert_eq!(walk.applied(), ["the connection was cut"]);
    });
}

/// Both ends see a reset, the client behind these messages.
async fn is_cut(pair: &mut Pair, behind: &[&str]) {
    for text in behind {
        assert_eq!(pair.text().await, *text);
    }
    let ended = pair.ended().await;
    assert_eq!(
        (ended.code, ended.how, ended.by_us),
        (1006, How::Reset, false)
    );
    let error = pair.target.end_of_input().await.expect_err("a reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let problem = pair.send("more").await.expect_err("it is closed");
    assert_eq!(problem.reason.as_deref(), Some("reset"));
}

#[test]
fn the_next_messages_that_match_are_changed() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        let rule = |change, times| Rule::Next {
            of: Traffic::Streams,
            change,
            times,
            matching: Some(Rc::new(|bytes, _| bytes.starts_with(b"tick"))),
        };
        let dropped = walk.border.impose(0, rule(Change::Drop, Some(2)));
        pair.say(&["tick 1", "x", "tick 2", "tick 3"]).await;
        assert_eq!(pair.heard().await, ["x", "tick 3"]);
        assert_eq!(walk.border.count(dropped), 2);
        let twice = walk.border.impose(0, rule(Change::Duplicate, None));
        pair.say(&["tick 4", "x"]).await;
        assert_eq!(pair.heard().await, ["tick 4", "tick 4", "x"]);
        walk.border.lift(twice);
        pair.say(&["tick 5"]).await;
        assert_eq!(pair.heard().await, ["tick 5"]);
        assert_eq!(walk.border.count(twice), 1);
    });
}

#[test]
fn pongs_are_suppressed_until_that_is_lifted() {
    run(async {
        let walk = Walk::idle();
        let mut pair = walk.open(0, 0).await;
        pair.is_alive().await;
        let silent = walk.border.impose(
            0,
            Rule::Next {
                of: Traffic::Streams,
                change: Change::SuppressPongs,
                times: None,
                matching: None,
            },
        );
        for _ in 0..2 {
            pair.target.write(&target::frame(0x89, b"unheard")).await;
        }
        while walk.border.count(silent) < 2 {
            tokio::task::yield_now().await;
        }
        walk.border.lift(silent);
        pair.is_alive().await;
        assert_eq!(walk.applied(), ["pings are not answered"]);
    });
}

#[test]
fn after_its_last_word_nothing_is_put_at_a_journey() {
    run(async {
        let walk = Walk::new(vec![at("a", 0, Change::Drop)]);
        let mut pair = walk.open(0, 0).await;
        pair.say(&["a"]).await;
        assert_eq!(pair.heard().await, [""; 0]);
        walk.border.rest();
        pair.say(&["a"]).await;
        assert_eq!(pair.heard().await, ["a"]);
    });
}
