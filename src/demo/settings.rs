//! How the embedded target is to behave: bugs, version, every time and every limit. Plain data.

use std::collections::BTreeSet;
use std::time::Duration;

use super::bug::Bug;
use super::comments::{WEBHOOK, Webhook};
use super::table::{Amount, Kind, SETTINGS, Setting, Slot};
use super::version::Version;
use crate::model::suggest;

/// The longest time a setting takes: a year. It keeps every sum of times in range.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// What [`start`](super::start) starts. The meaning of each time and limit is in
/// [`SETTINGS`]; a count of `usize::MAX` is no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The bugs that are switched on.
    pub bugs: BTreeSet<Bug>,
    /// Which day's chat this is.
    pub version: Version,
    /// The release it says it is, in a header of every answer and at `/version`.
    pub release: String,
    /// How often every client is pinged.
    pub ping: Duration,
    /// How long after a ping the pong timer fires.
    pub pong_timeout: Duration,
    /// The length of a window of the rate limit.
    pub window: Duration,
    /// Clients in the room.
    pub clients: usize,
    /// Clients of one address.
    pub clients_per_address: usize,
    /// Messages of one client in a window.
    pub messages_per_window: usize,
    /// Items of history kept.
    pub history: usize,
    /// UTF-16 units of a message's text, as the original counted them.
    pub text_length: usize,
    /// Characters of a nick.
    pub nick_length: usize,
    /// Bytes of a client's frame.
    pub frame_bytes: usize,
    /// Bytes waiting for one client.
    pub queue_bytes: usize,
    /// What a drop takes for an hour of its time to live.
    pub drop_hour: Duration,
    /// How often expired drops are removed.
    pub drop_sweep: Duration,
    /// The length of a window of the limit of drops.
    pub drop_window: Duration,
    /// Drops of one address in a window.
    pub drops_per_window: usize,
    /// Drops that live.
    pub drops: usize,
    /// UTF-16 units of the JSON that creates a drop.
    pub drop_length: usize,
    /// How far the limit of comments looks back.
    pub comments_window: Duration,
    /// How long an equal comment of one address is a double click.
    pub duplicate_window: Duration,
    /// Comments of one address in that time.
    pub comments_per_window: usize,
    /// Characters of a post's slug.
    pub slug_length: usize,
    /// UTF-16 units of a name below a comment.
    pub author_length: usize,
    /// UTF-16 units of a comment.
    pub comment_length: usize,
    /// UTF-16 units of the JSON that brings a comment.
    pub comment_body: usize,
    /// Where each stored comment is announced.
    pub webhook: Option<Webhook>,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// How long a request may take to come.
    pub keep_alive: Duration,
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// No setting has that name.
    #[error("unknown setting `{found}`{}", suggest::hint(found, SETTINGS.iter().map(|setting| setting.name).chain([WEBHOOK])))]
    UnknownName {
        /// What was asked for.
        found: String,
    },
    /// The value is of the wrong kind or out of range.
    #[error("`{name}` cannot be `{found}`: expected {expected}")]
    BadValue {
        /// The setting.
        name: &'static str,
        /// The value given.
        found: String,
        /// What it takes.
        expected: &'static str,
    },
    /// A release that no header could carry.
    #[error("{found:?} is no name of a release: expected 1 to 200 visible ASCII characters")]
    BadRelease {
        /// The name given.
        found: String,
    },
    /// Times cannot be scaled by that factor.
    #[error("times cannot be scaled by {factor}: `{name}` would be out of range")]
    BadFactor {
        /// The factor given.
        factor: String,
        /// The first setting it does not fit.
        name: &'static str,
    },
}

impl Default for Settings {
    /// Short times, for a first run.
    fn default() -> Settings {
        let mut settings = Settings {
            bugs: BTreeSet::new(),
            version: Version::default(),
            release: env!("CARGO_PKG_VERSION").to_owned(),
            ping: Duration::ZERO,
            pong_timeout: Duration::ZERO,
            window: Duration::ZERO,
            clients: 0,
            clients_per_address: 0,
            messages_per_window: 0,
            history: 0,
            text_length: 0,
            nick_length: 0,
            frame_bytes: 0,
            queue_bytes: 0,
            drop_hour: Duration::ZERO,
            drop_sweep: Duration::ZERO,
            drop_window: Duration::ZERO,
            drops_per_window: 0,
            drops: 0,
            drop_length: 0,
            comments_window: Duration::ZERO,
            duplicate_window: Duration::ZERO,
            comments_per_window: 0,
            slug_length: 0,
            author_length: 0,
            comment_length: 0,
            comment_body: 0,
            webhook: None,
            head_bytes: 0,
            body_bytes: 0,
            keep_alive: Duration::ZERO,
        };
        for setting in SETTINGS {
            settings.put(setting, setting.default);
        }
        settings
    }
}

impl Settings {
    /// The same bugs and version with every time and limit of the real service.
    #[must_use]
    pub fn original(mut self) -> Settings {
        for setting in SETTINGS {
            self.put(setting, setting.original);
        }
        self
    }

    /// Lifts the limits that refuse or kick a client. What cuts a text or bounds a frame stays.
    #[must_use]
    pub fn no_limits(mut self) -> Settings {
        for setting in SETTINGS
            .iter()
            .filter(|setting| setting.kind == Kind::Limit)
        {
            self.put(setting, Amount::Count(usize::MAX));
        }
        self
    }

    /// Multiplies every time of the protocol by `factor`.
    ///
    /// # Errors
    /// [`SettingsError::BadFactor`] when a time would not be above 0 and at most a year.
    pub fn scale_times(mut self, factor: f64) -> Result<Settings, SettingsError> {
        for setting in SETTINGS.iter().filter(|setting| setting.kind == Kind::Time) {
            if let Slot::Time(slot) = (setting.slot)(&mut self) {
                *slot = in_range(slot.as_secs_f64() * factor).ok_or_else(|| {
                    SettingsError::BadFactor {
                        factor: factor.to_string(),
                        name: setting.name,
                    }
                })?;
            }
        }
        Ok(self)
    }

    /// Sets the release.
    ///
    /// # Errors
    /// [`SettingsError::BadRelease`] for what cannot stand in a header.
    pub fn call_release(&mut self, name: &str) -> Result<(), SettingsError> {
        let fits = (1..=200).contains(&name.len()) && name.bytes().all(|c| c.is_ascii_graphic());
        if !fits {
            let found = name.to_owned();
            return Err(SettingsError::BadRelease { found });
        }
        name.clone_into(&mut self.release);
        Ok(())
    }

    /// Sets one time or limit by its name, or the webhook. Times are such as `250ms`, or seconds as
    /// a number; limits are whole numbers, or `none`.
    ///
    /// # Errors
    /// [`SettingsError::UnknownName`] with the nearest name, [`SettingsError::BadValue`].
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingsError> {
        if name == WEBHOOK {
            self.webhook = parse_webhook(value)?;
            return Ok(());
        }
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.name == name)
            .ok_or_else(|| SettingsError::UnknownName {
                found: name.to_owned(),
            })?;
        let (amount, expected) = match setting.default {
            Amount::Time(_) => (
                parse_time(value).map(Amount::Time),
                "a time above 0 and at most a year, such as `250ms`, or seconds as a number",
            ),
            Amount::Count(_) => (
                parse_count(value).map(Amount::Count),
                "a whole number, or `none`",
            ),
        };
        let amount = amount.ok_or_else(|| SettingsError::BadValue {
            name: setting.name,
            found: value.to_owned(),
            expected,
        })?;
        self.put(setting, amount);
        Ok(())
    }

    /// What a setting is now.
    pub fn get(&self, setting: &Setting) -> Amount {
        // The slot of a setting is written and read through one function, so that no second list
        // of fields can drift from the first.
        match (setting.slot)(&mut self.clone()) {
            Slot::Time(time) => Amount::Time(*time),
            Slot::Count(count) => Amount::Count(*count),
        }
    }

    /// Whether a bug is switched on.
    pub fn has(&self, bug: Bug) -> bool {
        self.bugs.contains(&bug)
    }

    fn put(&mut self, setting: &Setting, amount: Amount) {
        match ((setting.slot)(self), amount) {
            (Slot::Time(slot), Amount::Time(time)) => *slot = time,
            (Slot::Count(slot), Amount::Count(count)) => *slot = count,
            // The table gives both of one kind; a test walks it.
            (Slot::Time(_), Amount::Count(_)) | (Slot::Count(_), Amount::Time(_)) => {}
        }
    }
}

fn parse_time(text: &str) -> Option<Duration> {
    match text.trim().parse::<f64>() {
        Ok(seconds) => in_range(seconds),
        Err(_) => humantime::parse_duration(text.trim())
            .ok()
            .filter(|time| !time.is_zero() && *time <= LONGEST),
    }
}

fn parse_webhook(text: &str) -> Result<Option<Webhook>, SettingsError> {
    match text.trim() {
        "none" => Ok(None),
        url => url.parse().map(Some).map_err(|_| SettingsError::BadValue {
            name: WEBHOOK,
            found: text.to_owned(),
            expected: "a URL such as `http://127.0.0.1:9000/hook`, or `none`",
        }),
    }
}

fn parse_count(text: &str) -> Option<usize> {
    match text.trim() {
        "none" => Some(usize::MAX),
        number => number.parse().ok(),
    }
}

fn in_range(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero() && *time <= LONGEST)
}
