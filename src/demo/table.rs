//! Every time and every limit of the embedded target by name: what `--set` takes, what `--help`
//! lists and what the default and original values are. The one place where a value stands.

use std::fmt;
use std::time::Duration;

use super::settings::Settings;

/// The value of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// A length of time.
    Time(Duration),
    /// A number of things: clients, messages, characters, bytes. `usize::MAX` is no limit.
    Count(usize),
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Time(time) => write!(f, "{}", humantime::format_duration(*time)),
            Amount::Count(usize::MAX) => f.write_str("none"),
            Amount::Count(count) => write!(f, "{count}"),
        }
    }
}

/// The kinds of setting, by what the switches for many at once do to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A time of the protocol, which `scale_times` scales.
    Time,
    /// How long the listener has patience with HTTP. Ours, not the protocol's: never scaled.
    Patience,
    /// A limit that refuses or kicks, which `no_limits` lifts.
    Limit,
    /// A size that cuts or bounds. It is part of the shape and stays without limits as well.
    Size,
}

/// Where in [`Settings`] a value is kept.
pub(super) enum Slot<'a> {
    Time(&'a mut Duration),
    Count(&'a mut usize),
}

/// One named setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The name `--set` takes.
    pub name: &'static str,
    /// What a first run has.
    pub default: Amount,
    /// What the real service had.
    pub original: Amount,
    /// One line of help.
    pub help: &'static str,
    pub(super) kind: Kind,
    pub(super) slot: fn(&mut Settings) -> Slot<'_>,
}

const fn time(millis: u64) -> Amount {
    Amount::Time(Duration::from_millis(millis))
}

macro_rules! setting {
    ($field:ident, $slot:ident, $kind:ident, $default:expr, $original:expr, $help:literal) => {
        Setting {
            name: stringify!($field),
            default: $default,
            original: $original,
            help: $help,
            kind: Kind::$kind,
            slot: |settings| Slot::$slot(&mut settings.$field),
        }
    };
}

/// Every setting, in the order help lists them.
pub const SETTINGS: &[Setting] = &[
    setting!(
        ping,
        Time,
        Time,
        time(1_000),
        time(30_000),
        "how often every client is pinged"
    ),
    setting!(
        pong_timeout,
        Time,
        Time,
        time(500),
        time(10_000),
        "how long a pong may take"
    ),
    setting!(
        window,
        Time,
        Time,
        time(1_000),
        time(1_000),
        "the window messages are counted in"
    ),
    setting!(
        clients,
        Count,
        Limit,
        Amount::Count(100),
        Amount::Count(100),
        "clients in the room; the next gets 503"
    ),
    setting!(
        clients_per_address,
        Count,
        Limit,
        Amount::Count(5),
        Amount::Count(5),
        "clients of one address; the next gets 429 (newest only)"
    ),
    setting!(
        messages_per_window,
        Count,
        Limit,
        Amount::Count(5),
        Amount::Count(5),
        "messages of one client in a window; the next kicks it"
    ),
    setting!(
        history,
        Count,
        Size,
        Amount::Count(50),
        Amount::Count(50),
        "messages and system lines kept for those who join"
    ),
    setting!(
        text_length,
        Count,
        Size,
        Amount::Count(1_000),
        Amount::Count(1_000),
        "characters of a message; the rest is cut"
    ),
    setting!(
        nick_length,
        Count,
        Size,
        Amount::Count(24),
        Amount::Count(24),
        "characters of a nick; the rest is cut"
    ),
    setting!(
        frame_bytes,
        Count,
        Size,
        Amount::Count(1 << 20),
        Amount::Count(1 << 20),
        "bytes of a frame; a longer one cuts the connection"
    ),
    setting!(
        queue_bytes,
        Count,
        Size,
        Amount::Count(16 << 20),
        Amount::Count(16 << 20),
        "bytes waiting for a client that does not read; more cuts the connection"
    ),
    setting!(
        drop_hour,
        Time,
        Time,
        time(500),
        time(3_600_000),
        "how long an hour of a secret's `ttl_hours` is"
    ),
    setting!(
        drop_sweep,
        Time,
        Time,
        time(100),
        time(60_000),
        "how often expired secrets are removed"
    ),
    setting!(
        drop_window,
        Time,
        Time,
        time(10_000),
        time(600_000),
        "the window secrets are counted in"
    ),
    setting!(
        drops_per_window,
        Count,
        Limit,
        Amount::Count(10),
        Amount::Count(10),
        "secrets of one address in a window; the next gets 429"
    ),
    setting!(
        drops,
        Count,
        Limit,
        Amount::Count(1_000),
        Amount::Count(1_000),
        "secrets that live; the next gets 503"
    ),
    setting!(
        drop_length,
        Count,
        Size,
        Amount::Count(65_536),
        Amount::Count(65_536),
        "characters of the JSON that creates a secret; a longer one gets 413"
    ),
    setting!(
        comments_window,
        Time,
        Time,
        time(10_000),
        time(600_000),
        "how far the limit of comments looks back"
    ),
    setting!(
        duplicate_window,
        Time,
        Time,
        time(5_000),
        time(30_000),
        "how long an equal comment of one address is taken for a double click"
    ),
    setting!(
        comments_per_window,
        Count,
        Limit,
        Amount::Count(2),
        Amount::Count(2),
        "comments of one address in that time; the next gets 429"
    ),
    setting!(
        slug_length,
        Count,
        Size,
        Amount::Count(120),
        Amount::Count(120),
        "characters of a post's slug; the rest is cut"
    ),
    setting!(
        author_length,
        Count,
        Size,
        Amount::Count(80),
        Amount::Count(80),
        "characters of a commenter's name; the rest is cut"
    ),
    setting!(
        comment_length,
        Count,
        Size,
        Amount::Count(2_000),
        Amount::Count(2_000),
        "characters of a comment; the rest is cut"
    ),
    setting!(
        comment_body,
        Count,
        Size,
        Amount::Count(8_192),
        Amount::Count(8_192),
        "characters of the JSON that brings a comment; a longer one gets 400"
    ),
    setting!(
        head_bytes,
        Count,
        Size,
        Amount::Count(16 << 10),
        Amount::Count(16 << 10),
        "bytes of a request's head; a longer one gets 431"
    ),
    setting!(
        body_bytes,
        Count,
        Size,
        Amount::Count(1 << 20),
        Amount::Count(1 << 20),
        "bytes of a request's body; a longer one gets 413"
    ),
    setting!(
        keep_alive,
        Time,
        Patience,
        time(75_000),
        time(75_000),
        "how long a request may take to come on an open connection"
    ),
];
