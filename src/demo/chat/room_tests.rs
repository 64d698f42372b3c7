//! The room without sockets, in a time that the tests make up.

use std::time::Duration;

use super::frame::{Incoming, Outgoing};
use super::room::{ClientId, Effect, Refusal, Room};
use crate::demo::clock::Moment;
use crate::demo::{Bug, Settings, Version};

fn at(millis: u64) -> Moment {
    Moment {
        at: Duration::from_millis(millis),
        ts: millis,
    }
}

fn room(version: Version, bugs: &[Bug]) -> Room {
    Room::new(Settings {
        version,
        bugs: bugs.iter().copied().collect(),
        ..Settings::default()
    })
}

/// Two in a room: alice, who answers, and a ghost, who does not.
fn haunted(version: Version, bugs: &[Bug]) -> (Room, ClientId, ClientId) {
    let mut room = room(version, bugs);
    let (alice, _) = room.join("1.1.1.1", "alice", at(0));
    let (ghost, _) = room.join("2.2.2.2", "ghost", at(0));
    (room, alice, ghost)
}

fn leaves(effects: &[Effect]) -> usize {
    effects
        .iter()
        .filter(
            |effect| matches!(effect, Effect::Send(_, Outgoing::Text(t)) if t.contains(" left")),
        )
        .count()
}

/// Pings until the ghost is reaped: in which cycle, whether by the timer, and who still counts.
fn reap(room: &mut Room, alice: ClientId, ghost: ClientId) -> (u64, bool, usize) {
    for cycle in 1..5 {
        let (timer, effects) = room.ping_round();
        if effects.contains(&Effect::Destroy(ghost)) {
            return (cycle, false, room.count());
        }
        room.received(alice, Incoming::Pong, at(1));
        if let Some(round) = timer {
            let effects = room.pong_deadline(round);
            assert_eq!(effects, [Effect::Destroy(ghost)]);
            return (cycle, true, room.count());
        }
    }
    panic!("never reaped");
}

#[test]
fn each_version_reaps_in_its_own_way_and_tells_or_does_not() {
    for (version, bugs, cycle, by_timer, told) in [
        (Version::V1_0, &[][..], 2, false, 0),
        (Version::Mar3, &[], 1, true, 0),
        (Version::Mar4, &[], 1, true, 1),
        (Version::Newest, &[], 1, true, 1),
        (Version::Newest, &[Bug::SilentReap], 1, true, 0),
        (Version::Newest, &[Bug::SilentReapBackstop], 2, false, 0),
        (Version::Newest, &[Bug::LeaveTwice], 1, true, 2),
    ] {
        let (mut room, alice, ghost) = haunted(version, bugs);
        let (found_cycle, found_timer, count) = reap(&mut room, alice, ghost);
        assert_eq!(
            (found_cycle, found_timer),
            (cycle, by_timer),
            "{version:?} {bugs:?}"
        );
        // The count goes down at once with the bug, so that a check of the count stays green.
        assert_eq!(count, if told == 0 { 1 } else { 2 }, "{version:?} {bugs:?}");
        let effects = room.closed(ghost, at(2));
        assert_eq!(leaves(&effects), told, "{version:?} {bugs:?}");
        assert_eq!(room.count(), 1);
        assert_eq!(
            leaves(&room.closed(ghost, at(3))),
            0,
            "once closed is closed"
        );
    }
}

#[test]
fn with_the_backstop_bug_a_ghost_of_the_other_path_is_told() {
    // The bugs are told apart by the path that reaps, not by reaping as such.
    let (mut room, alice, ghost) = haunted(Version::Newest, &[Bug::SilentReap]);
    room.ping_round();
    room.received(alice, Incoming::Pong, at(1));
    let (_, effects) = room.ping_round();
    assert!(effects.contains(&Effect::Destroy(ghost)));
    assert_eq!(leaves(&room.closed(ghost, at(2))), 1);
}

#[test]
fn a_text_does_not_mark_alive_and_a_late_pong_stops_no_newer_timer() {
    let (mut room, alice, ghost) = haunted(Version::Newest, &[]);
    let (round, _) = room.ping_round();
    let text = Incoming::Data(br#"{"type":"message","text":"here"}"#.to_vec());
    room.received(ghost, text, at(1));
    room.received(alice, Incoming::Data(br#"{"type":"ping"}"#.to_vec()), at(1));
    let effects = room.pong_deadline(round.expect("a timer"));
    assert_eq!(effects, [Effect::Destroy(ghost)]);

    let (first, _) = room.ping_round();
    room.received(alice, Incoming::Pong, at(2));
    let (second, _) = room.ping_round();
    assert_eq!(room.pong_deadline(first.expect("a timer")), []);
    let effects = room.pong_deadline(second.expect("a timer"));
    assert_eq!(effects, [Effect::Destroy(alice)]);
}

#[test]
fn who_is_destroyed_hears_and_says_nothing_more() {
    let (mut room, alice, ghost) = haunted(Version::Newest, &[]);
    let effects = room.received(ghost, Incoming::Close, at(1));
    assert_eq!(
        effects,
        [Effect::Send(ghost, Outgoing::Close), Effect::Destroy(ghost)]
    );
    assert_eq!(room.received(ghost, Incoming::Ping, at(1)), []);
    let hello = Incoming::Data(br#"{"type":"message","text":"hello"}"#.to_vec());
    let effects = room.received(alice, hello, at(1));
    assert_eq!(effects.len(), 1, "to alice alone: {effects:?}");
}

#[test]
fn the_third_place_of_the_bug_forgets_a_polite_goodbye_between_its_two_events() {
    for (version, told) in [(Version::Mar3, 0), (Version::Newest, 1)] {
        let (mut room, _, ghost) = haunted(version, &[]);
        room.received(ghost, Incoming::Close, at(1));
        room.ping_round();
        assert_eq!(leaves(&room.closed(ghost, at(2))), told, "{version:?}");
    }
}

#[test]
fn silent_reaping_leaks_the_slot_as_well_and_leaked_slot_only_that() {
    for (bugs, told) in [(&[Bug::SilentReap], 0), (&[Bug::LeakedSlot], 1)] {
        let mut room = room(Version::Newest, bugs);
        let (alice, _) = room.join("1.1.1.1", "alice", at(0));
        for _ in 0..5 {
            let (ghost, _) = room.join("2.2.2.2", "ghost", at(0));
            room.received(alice, Incoming::Pong, at(0));
            reap(&mut room, alice, ghost);
            assert_eq!(leaves(&room.closed(ghost, at(1))), told);
        }
        assert_eq!(room.admit("2.2.2.2"), Err(Refusal::AddressFull), "{bugs:?}");
        assert_eq!(room.admit("3.3.3.3"), Ok(()));
    }
}

#[test]
fn scrambled_history_swaps_the_first_two_and_loses_the_fiftieth() {
    let texts = |bugs: &[Bug]| -> Vec<String> {
        let mut room = Room::new(Settings {
            bugs: bugs.iter().copied().collect(),
            ..Settings::default().no_limits()
        });
        let (alice, _) = room.join("1", "alice", at(0));
        for number in 1..60 {
            let text = format!(r#"{{"type":"message","text":"{number}"}}"#);
            room.received(alice, Incoming::Data(text.into_bytes()), at(0));
        }
        let (_, effects) = room.join("2", "bob", at(0));
        let Some(Effect::Send(_, Outgoing::Text(history))) = effects.first() else {
            panic!("no history");
        };
        let history: serde_json::Value = serde_json::from_str(history).expect("JSON");
        let items = history["messages"].as_array().expect("a list").iter();
        items.map(|item| item["text"].to_string()).collect()
    };
    let (whole, scrambled) = (texts(&[]), texts(&[Bug::HistoryScrambled]));
    assert_eq!((whole.len(), scrambled.len()), (50, 49));
    assert_eq!((&scrambled[0], &scrambled[1]), (&whole[1], &whole[0]));
    assert_eq!(scrambled[2..], whole[2..49]);
}
