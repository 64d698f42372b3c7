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
    /// D1: a burned secret can be read again.
    SecondRead,
    /// D2: HEAD on the secret deletes it.
    HeadBurns,
    /// D3: the ciphertext of another secret is returned.
    CrossTalk,
    /// D4: the time to live is ignored.
    NoExpiry,
    /// D5: the limit is keyed on a header anyone can set.
    SpoofableLimit,
    /// D6: create says 200, nothing is stored.
    LostWrite,
    /// D7: `active_drops` never goes down.
    DropsDrift,
    /// D8: the form invites more than the API takes.
    FormAboveApi,
    /// C1: 201, nothing stored.
    AcceptedNotStored,
    /// C2: a double click stores two.
    StoredTwice,
    /// C3: a comment loses one character too many.
    CutAt1999,
    /// C4: the duplicate guard swallows another user's equal comment.
    DedupAcrossUsers,
    /// C5: count and list differ.
    CountDisagrees,
    /// C6: a field that is no text cuts the comments' connections and restarts the service: its
    /// uptime and limits begin anew, the stored comments stay.
    CrashRestart,
    /// C7: the newest comment comes first.
    OrderReversed,
    /// C8: health says `ok: false` with status 200.
    Unhealthy200,
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
    pub const ALL: [Bug; 30] = [
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
        Bug::SecondRead,
        Bug::HeadBurns,
        Bug::CrossTalk,
        Bug::NoExpiry,
        Bug::SpoofableLimit,
        Bug::LostWrite,
        Bug::DropsDrift,
        Bug::FormAboveApi,
        Bug::AcceptedNotStored,
        Bug::StoredTwice,
        Bug::CutAt1999,
        Bug::DedupAcrossUsers,
        Bug::CountDisagrees,
        Bug::CrashRestart,
        Bug::OrderReversed,
        Bug::Unhealthy200,
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
            Bug::SecondRead => "second-read",
            Bug::HeadBurns => "head-burns",
            Bug::CrossTalk => "cross-talk",
            Bug::NoExpiry => "no-expiry",
            Bug::SpoofableLimit => "spoofable-limit",
            Bug::LostWrite => "lost-write",
            Bug::DropsDrift => "drops-drift",
            Bug::FormAboveApi => "form-above-api",
            Bug::AcceptedNotStored => "accepted-not-stored",
            Bug::StoredTwice => "stored-twice",
            Bug::CutAt1999 => "cut-at-1999",
            Bug::DedupAcrossUsers => "dedup-across-users",
            Bug::CountDisagrees => "count-disagrees",
            Bug::CrashRestart => "crash-restart",
            Bug::OrderReversed => "order-reversed",
            Bug::Unhealthy200 => "unhealthy-200",
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
            Bug::SecondRead => "a burned secret can be read again",
            Bug::HeadBurns => "HEAD on the secret deletes it",
            Bug::CrossTalk => "the ciphertext of another secret is returned",
            Bug::NoExpiry => "the time to live is ignored",
            Bug::SpoofableLimit => "the limit of secrets is keyed on a header anyone can set",
            Bug::LostWrite => "create says 200, nothing is stored",
            Bug::DropsDrift => "`active_drops` never goes down",
            Bug::FormAboveApi => "the form invites more than the API takes",
            Bug::AcceptedNotStored => "a comment gets 201 and is not stored",
            Bug::StoredTwice => "a double click stores two comments",
            Bug::CutAt1999 => "a long comment is cut one character too early",
            Bug::DedupAcrossUsers => "the duplicate guard swallows another user's equal comment",
            Bug::CountDisagrees => "count and list of comments differ",
            Bug::CrashRestart => {
                "a field that is no text makes the comments crash and restart: connections cut, health green again at once"
            }
            Bug::OrderReversed => "the newest comment comes first",
            Bug::Unhealthy200 => "health of the comments says `ok: false` with status 200",
        }
    }

    /// The service that has it, which is also the tag of the journeys that look for it.
    pub const fn service(self) -> &'static str {
        match self {
            Bug::SilentReap
            | Bug::SilentReapBackstop
            | Bug::LeakedSlot
            | Bug::StaleCount
            | Bug::JoinMissesJoiner
            | Bug::HistoryScrambled
            | Bug::NickCollision
            | Bug::EchoTwice
            | Bug::KickAtFive
            | Bug::SlowShutdown
            | Bug::UpgradeBroken
            | Bug::LeaveTwice
            | Bug::LeaveKeyMissing
            | Bug::WrongRoomMate => "chat",
            Bug::SecondRead
            | Bug::HeadBurns
            | Bug::CrossTalk
            | Bug::NoExpiry
            | Bug::SpoofableLimit
            | Bug::LostWrite
            | Bug::DropsDrift
            | Bug::FormAboveApi => "drop",
            Bug::AcceptedNotStored
            | Bug::StoredTwice
            | Bug::CutAt1999
            | Bug::DedupAcrossUsers
            | Bug::CountDisagrees
            | Bug::CrashRestart
            | Bug::OrderReversed
            | Bug::Unhealthy200 => "comments",
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
