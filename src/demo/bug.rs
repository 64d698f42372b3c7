//! The catalogue of bugs that can be switched on, each by its name. Plain data.

use crate::model::suggest;

/// Something the embedded target does wrong while every health check stays green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bug {
    /// B1: the pong timer takes a ghost off the map itself. Needs a version with a pong timer.
    SilentReap,
    /// B2: the same in the missed-cycle backstop, with the pong timer off.
    SilentReapBackstop,
    /// B3: a reaped client keeps its slot of the per-address limit. Needs a version with that limit.
    LeakedSlot,
    /// B4: a leave is announced with the count from before.
    StaleCount,
    /// B5: the joiner does not get its own join line.
    JoinMissesJoiner,
    /// B6: history comes with its first two items reversed and without its 50th.
    HistoryScrambled,
    /// B7: two clients may have the same nick.
    NickCollision,
    /// B8: a message reaches everybody twice.
    EchoTwice,
    /// B9: the rate limit is off by one.
    KickAtFive,
    /// B10: the end waits for sockets for ever.
    SlowShutdown,
    /// B11: the page and health are fine, the upgrade answers 404.
    UpgradeBroken,
    /// B12: a leave is announced twice.
    LeaveTwice,
    /// B13: `count` is gone from system lines.
    LeaveKeyMissing,
    /// B14: a message goes to its sender only.
    WrongRoomMate,
}

/// A name that no bug has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown bug `{found}`{}", suggest::hint(found, Bug::ALL.iter().map(|bug| bug.name())))]
pub struct UnknownBug {
    /// What was asked for.
    pub found: String,
}

impl Bug {
    /// Every bug, in the order of the catalogue.
    pub const ALL: [Bug; 14] = [
        Bug::SilentReap,
        Bug::SilentReapBackstop,
        Bug::LeakedSlot,
        Bug::StaleCount,
        Bug::JoinMissesJoiner,
        Bug::HistoryScrambled,
        Bug::NickCollision,
        Bug::EchoTwice,
        Bug::KickAtFive,
        Bug::SlowShutdown,
        Bug::UpgradeBroken,
        Bug::LeaveTwice,
        Bug::LeaveKeyMissing,
        Bug::WrongRoomMate,
    ];

    /// The name it is switched on by, such as `silent-reap`.
    pub const fn name(self) -> &'static str {
        match self {
            Bug::SilentReap => "silent-reap",
            Bug::SilentReapBackstop => "silent-reap-backstop",
            Bug::LeakedSlot => "leaked-slot",
            Bug::StaleCount => "stale-count",
            Bug::JoinMissesJoiner => "join-misses-joiner",
            Bug::HistoryScrambled => "history-scrambled",
            Bug::NickCollision => "nick-collision",
            Bug::EchoTwice => "echo-twice",
            Bug::KickAtFive => "kick-at-five",
            Bug::SlowShutdown => "slow-shutdown",
            Bug::UpgradeBroken => "upgrade-broken",
            Bug::LeaveTwice => "leave-twice",
            Bug::LeaveKeyMissing => "leave-key-missing",
            Bug::WrongRoomMate => "wrong-room-mate",
        }
    }

    /// One line that says what goes wrong.
    pub const fn what(self) -> &'static str {
        match self {
            Bug::SilentReap => {
                "the pong timer removes a ghost from the map before its close event: no leave broadcast (the incident)"
            }
            Bug::SilentReapBackstop => {
                "the same in the missed-cycle backstop; the pong timer is off, as in 1.0"
            }
            Bug::LeakedSlot => {
                "a reaped client keeps its slot of the per-address limit: later a new one gets 429"
            }
            Bug::StaleCount => "leave is announced with the count from before",
            Bug::JoinMissesJoiner => "the joiner does not get its own join line",
            Bug::HistoryScrambled => "history has its first two items reversed and drops the 50th",
            Bug::NickCollision => "two clients get the same nick",
            Bug::EchoTwice => "a message reaches everybody twice",
            Bug::KickAtFive => "the rate limit is off by one",
            Bug::SlowShutdown => "SIGTERM waits for sockets for ever (`jaunt demo` only)",
            Bug::UpgradeBroken => {
                "`/chat` and health fine, `/chat/ws` answers 404 as a misrouted proxy would"
            }
            Bug::LeaveTwice => "a leave is announced twice",
            Bug::LeaveKeyMissing => {
                "`count` is gone from system lines (the shape changed, nobody said so)"
            }
            Bug::WrongRoomMate => "a message goes to its sender only",
        }
    }

    /// Whether it shows only when the process is told to end, so that `jaunt demo` alone takes it.
    pub const fn demo_only(self) -> bool {
        matches!(self, Bug::SlowShutdown)
    }

    /// The bug of that name.
    ///
    /// # Errors
    /// [`UnknownBug`], which names the nearest one.
    pub fn from_name(name: &str) -> Result<Bug, UnknownBug> {
        Bug::ALL
            .into_iter()
            .find(|bug| bug.name() == name)
            .ok_or_else(|| UnknownBug {
                found: name.to_owned(),
            })
    }
}
