//! Which day's chat the embedded target behaves as. Plain data; what a version changes is asked
//! here and nowhere else, so that the differences can be read in one place.
//!
//! | | `1.0` | `mar-3` | `mar-4` | `newest` |
//! |---|---|---|---|---|
//! | health version | 1.0, no `uptime_seconds` | 1.1 | 1.1 | 1.2 |
//! | pong timer | no | yes | yes | yes |
//! | a reaped client is announced | never | never | yes | yes |
//! | limit per address | **none** | **none** | **none** | yes |
//! | `?probe=1` | joins like any other | joins | joins | probe |
//! | `Referrer-Policy`, CSP | no | no | no | yes |
//!
//! The counter per address came the day after `mar-4`, so the three older versions never answer
//! 429. No version hangs at its end by itself (the real ones did until 11 March): that is the bug
//! `slow-shutdown`. `newest` does not require a nick.

use crate::model::suggest;

/// A day in the life of the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// 2 March: the alive flag alone decides, and ghosts vanish silently.
    V1_0,
    /// 3 March: the pong timer joins, with the same bug.
    Mar3,
    /// 4 March: the bug is mended.
    Mar4,
    /// The newest one: limits per address, probe, more headers.
    #[default]
    Newest,
}

/// A name that no version has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown version `{found}`{}: it is one of 1.0, mar-3, mar-4, newest",
    suggest::hint(found, Version::ALL.iter().map(|version| version.name()))
)]
pub struct UnknownVersion {
    /// What was asked for.
    pub found: String,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Version; 4] = [Version::V1_0, Version::Mar3, Version::Mar4, Version::Newest];

    /// The name it is asked for by.
    pub const fn name(self) -> &'static str {
        match self {
            Version::V1_0 => "1.0",
            Version::Mar3 => "mar-3",
            Version::Mar4 => "mar-4",
            Version::Newest => "newest",
        }
    }

    /// The version of that name.
    ///
    /// # Errors
    /// [`UnknownVersion`], which names the nearest one.
    pub fn from_name(name: &str) -> Result<Version, UnknownVersion> {
        Version::ALL
            .into_iter()
            .find(|version| version.name() == name)
            .ok_or_else(|| UnknownVersion {
                found: name.to_owned(),
            })
    }

    /// What health and the probe call the version.
    pub(super) const fn number(self) -> &'static str {
        match self {
            Version::V1_0 => "1.0",
            Version::Mar3 | Version::Mar4 => "1.1",
            Version::Newest => "1.2",
        }
    }

    /// Whether a timer runs per connection after each ping.
    pub(super) const fn has_pong_timer(self) -> bool {
        match self {
            Version::V1_0 => false,
            Version::Mar3 | Version::Mar4 | Version::Newest => true,
        }
    }

    /// Whether every reaping path takes the client off the map itself, as it did until 4 March.
    pub(super) const fn reaps_silently(self) -> bool {
        match self {
            Version::V1_0 | Version::Mar3 => true,
            Version::Mar4 | Version::Newest => false,
        }
    }

    /// Whether health says `uptime_seconds`.
    pub(super) const fn has_uptime(self) -> bool {
        match self {
            Version::V1_0 => false,
            Version::Mar3 | Version::Mar4 | Version::Newest => true,
        }
    }

    /// Whether it is what came after 4 March: limit per address, probe, the later headers.
    pub(super) const fn is_newest(self) -> bool {
        match self {
            Version::V1_0 | Version::Mar3 | Version::Mar4 => false,
            Version::Newest => true,
        }
    }
}
