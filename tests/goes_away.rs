//! The table "how a client goes away", cell by cell, against the chat of each day: which ways of
//! leaving were announced at once, which when the reaper came, and which never. It is the reason
//! why a journey must be able to leave in every one of them.
//!
//! Each cell has a chat of its own, as whatever is said in a room can hide that somebody vanished.

mod support;

use std::fmt::Write;

use serde_json::Value;
use support::{Demo, Project};

/// When alice was told that bob had left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Before any ping could have been missed.
    AtOnce,
    /// By the pong timer that follows the next ping.
    Reaped,
    /// Not within four pings.
    Never,
    /// At no time the table knows.
    Oddly,
}

use Told::{AtOnce, Never, Reaped};

/// Seconds; the real ones are 30 and 10.
const PING: f64 = 1.5;
const PONG_TIMEOUT: f64 = 1.0;
/// What a busy machine may add.
const MARGIN: f64 = 2.0;

/// The columns: the name of a version, and what the journeys call it.
const VERSIONS: [(&str, &str); 4] = [
    ("1.0", "v1_0"),
    ("mar-3", "mar_3"),
    ("mar-4", "mar_4"),
    ("newest", "newest"),
];

/// The rows: how bob goes away, and when alice is told by each version.
#[rustfmt::skip]
const TABLE: [(&str, [Told; 4]); 6] = [
    //                 1.0     mar-3   mar-4   newest
    ("close_frame",   [AtOnce, AtOnce, AtOnce, AtOnce]),
    ("reset",         [AtOnce, AtOnce, AtOnce, AtOnce]),
    ("fin",           [Never,  Never,  Reaped, Reaped]),
    ("fin_then_talk", [AtOnce, AtOnce, AtOnce, AtOnce]),
    ("half_close",    [Never,  Never,  Reaped, Reaped]),
    ("mute",          [Never,  Never,  Reaped, Reaped]),
];

#[test]
fn who_leaves_is_announced_as_the_table_says() {
    let chats = chats();
    let project = Project::new(&settings(&chats));
    project.write(
        "journeys/goes_away.lua",
        include_str!("goes_away/journeys.lua"),
    );
    let ran = project.run(&["run", "--jobs", "24"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());

    let mut wrong = String::new();
    for (way, row) in TABLE {
        for ((version, column), expected) in VERSIONS.into_iter().zip(row) {
            let number = ran.number(&format!("chats.{column}_{way}"));
            let number = number.expect("each journey records when alice was told");
            let told = told(&number);
            if told != expected {
                let _ = writeln!(
                    wrong,
                    "{way} on {version}: expected {expected:?}, found {told:?} ({number} s)"
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn told(seconds: &Value) -> Told {
    match seconds.as_f64() {
        // Whoever was reaped had a ping that went unanswered for the whole of the timeout.
        Some(seconds) if seconds < PONG_TIMEOUT * 0.8 => Told::AtOnce,
        Some(seconds) if seconds < PING + PONG_TIMEOUT + MARGIN => Told::Reaped,
        None if seconds == "never" => Told::Never,
        Some(_) | None => Told::Oddly,
    }
}

/// One chat a cell, by the name of the cell's service.
fn chats() -> Vec<(String, Demo)> {
    let (ping, pong) = (
        format!("ping={PING}"),
        format!("pong_timeout={PONG_TIMEOUT}"),
    );
    let mut chats = Vec::new();
    for (version, column) in VERSIONS {
        for (way, _) in TABLE {
            let demo = Demo::start(&["--as", version, "--set", &ping, "--set", &pong]);
            chats.push((format!("{column}_{way}"), demo));
        }
    }
    chats
}

fn settings(chats: &[(String, Demo)]) -> String {
    let mut text = format!(
        "[run]\ntarget = \"chats\"\n[targets.chats]\nurl = \"{}\"\n\
         floor = [\"/chat/health\"]\nvars = {{ four_pings = \"{}s\" }}\n[targets.chats.services]\n",
        chats.first().map_or("", |(_, demo)| &demo.url),
        PING * 4.0,
    );
    for (name, demo) in chats {
        let _ = writeln!(text, "{name} = \"{}\"", demo.url);
    }
    text
}
