//! Every bug changes something a client can see, and the target without it does not.

use std::time::Duration;

use serde_json::Value;

use super::leaving::heard_of_a_ghost;
use super::raw::{Raw, quiet, reaping, serve, with};
use super::{comments, drop};
use crate::demo::{Bug, Running, Settings};

/// Whether the symptom of `bug` shows on a target with these bugs.
fn shows(bug: Bug, on: bool) -> bool {
    let target = |settings: Settings| serve(if on { with(settings, bug) } else { settings });
    match bug {
        Bug::SilentReap | Bug::SilentReapBackstop => {
            let heard = heard_of_a_ghost(&target(reaping()), false);
            !heard.iter().any(|text| text == "ghost left")
        }
        Bug::LeakedSlot => a_slot_is_leaked(&target(only_one_each())),
        Bug::StaleCount => bob_leaves(&target(quiet()))[0]["count"] != 1,
        Bug::LeaveKeyMissing => bob_leaves(&target(quiet()))[0].get("count").is_none(),
        Bug::LeaveTwice => bob_leaves(&target(quiet())).len() == 2,
        Bug::JoinMissesJoiner => {
            let target = target(quiet());
            let mut ann = Raw::enter(target.address(), "ann");
            ann.say("hello");
            !ann.until("hello")
                .iter()
                .any(|line| line["text"] == "ann joined")
        }
        Bug::HistoryScrambled => {
            let target = target(quiet());
            let _ann = Raw::join(target.address(), "ann");
            let _bob = Raw::join(target.address(), "bob");
            let history = Raw::enter(target.address(), "eve").json();
            history["messages"][0]["text"] != "ann joined"
        }
        Bug::NickCollision => {
            let target = target(quiet());
            let mut first = Raw::enter(target.address(), "ann");
            first.json();
            first.json();
            Raw::enter(target.address(), "ann");
            first.json()["text"] == "ann joined"
        }
        Bug::EchoTwice => {
            let target = target(quiet());
            let mut ann = Raw::join(target.address(), "ann");
            ann.say("one");
            ann.say("two");
            ann.until("two").len() > 2
        }
        Bug::KickAtFive => {
            let target = target(quiet());
            let mut ann = Raw::join(target.address(), "ann");
            (0..5).for_each(|number| ann.say(&number.to_string()));
            (0..5)
                .map(|_| ann.json())
                .any(|line| line["type"] == "system")
        }
        Bug::SlowShutdown => {
            let mut target = target(quiet());
            let _ann = Raw::join(target.address(), "ann");
            let patience = if on { 200 } else { 20_000 };
            !target.shutdown_within(Duration::from_millis(patience))
        }
        Bug::UpgradeBroken => {
            let target = target(quiet());
            let (health, _) = Raw::connect(target.address()).get("GET", "/chat/health");
            assert!(health.starts_with("HTTP/1.1 200 "), "{health}");
            let (head, _) = Raw::try_join(target.address(), "ann", "ann");
            head.starts_with("HTTP/1.1 404 ")
        }
        Bug::WrongRoomMate => {
            let target = target(quiet());
            let mut ann = Raw::join(target.address(), "ann");
            let mut bob = Raw::join(target.address(), "bob");
            ann.say("one");
            ann.until("one");
            bob.say("two");
            !bob.until("two").iter().any(|line| line["text"] == "one")
        }
        Bug::SecondRead => drop::reads_twice(&target(quiet())),
        Bug::HeadBurns => drop::head_burns(&target(quiet())),
        Bug::CrossTalk => drop::talks_across(&target(quiet())),
        Bug::NoExpiry => drop::outlives_its_time(&target(drop::short_lived())),
        Bug::SpoofableLimit => drop::limit_is_spoofed(&target(quiet())),
        Bug::LostWrite => drop::loses_writes(&target(quiet())),
        Bug::DropsDrift => drop::active_drifts(&target(quiet())),
        Bug::FormAboveApi => drop::form_invites_too_much(&target(quiet())),
        Bug::AcceptedNotStored => comments::listed_of(&target(quiet()), &["one"]).is_empty(),
        Bug::StoredTwice => comments::listed_of(&target(quiet()), &["one", "one"]).len() == 2,
        Bug::CutAt1999 => comments::cut_to(&target(quiet())) == 1999,
        Bug::DedupAcrossUsers => comments::swallows_anothers(&target(quiet())),
        Bug::CountDisagrees => comments::counted_of_two(&target(quiet())) != 2,
        Bug::CrashRestart => comments::crashes(&target(quiet())),
        Bug::OrderReversed => comments::listed_of(&target(quiet()), &["one", "two"])[0] == "two",
        Bug::Unhealthy200 => comments::is_sick(&target(quiet())),
    }
}

/// The leave lines ann hears when bob closes politely, up to a word of her own.
fn bob_leaves(target: &Running) -> Vec<Value> {
    let mut ann = Raw::join(target.address(), "ann");
    let mut bob = Raw::join(target.address(), "bob");
    bob.send(0x88, b"");
    bob.wait_for_end();
    ann.say("over");
    let mut heard = ann.until("over");
    heard.retain(|line| line["text"] == "bob left");
    heard
}

fn only_one_each() -> Settings {
    let mut settings = reaping();
    settings.set("clients_per_address", "1").expect("a setting");
    settings
}

fn a_slot_is_leaked(target: &Running) -> bool {
    let heard = heard_of_a_ghost(target, false);
    assert!(heard.iter().any(|text| text == "ghost left"), "{heard:?}");
    let (head, _) = Raw::try_join(target.address(), "again", "ghost");
    head.starts_with("HTTP/1.1 429 ")
}

#[test]
fn every_bug_shows_and_none_shows_without_it() {
    for bug in Bug::ALL {
        assert!(shows(bug, true), "{} does not show", bug.name());
        assert!(!shows(bug, false), "{} shows without it", bug.name());
    }
}
