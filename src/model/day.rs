//! A day of the calendar, as `2026-12-31`. Days are those of UTC, the same on every machine.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(Date);

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a day such as \"2026-12-31\"")]
pub struct NoDay;

impl Day {
    /// The day of a moment, in nanoseconds since the Unix epoch.
    pub fn of(nanos: u64) -> Self {
        let moment = Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or(Timestamp::UNIX_EPOCH);
        Self(moment.to_zoned(TimeZone::UTC).date())
    }

    /// How many days after another one it is; less than 0 if it is before.
    pub fn days_after(self, other: Self) -> i32 {
        (self.0 - other.0).get_days()
    }
}

impl FromStr for Day {
    type Err = NoDay;

    /// Four digits, two and two: the library alone would take a time behind them as well.
    fn from_str(text: &str) -> Result<Self, NoDay> {
        let dashed = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        match text.parse() {
            Ok(date) if dashed => Ok(Self(date)),
            Ok(_) | Err(_) => Err(NoDay),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn only_a_day_that_there_is_is_one() {
        for text in [
            "",
            "2026-12-32",
            "2026-02-29",
            "2026-13-01",
            "26-12-31",
            "2026-12-31T10:00",
            "20261231",
            "31.12.2026",
            "+02026-12-31",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NoDay), "{text}");
        }
        assert_eq!(day("2028-02-29").to_string(), "2028-02-29");
    }

    #[test]
    fn a_moment_lies_in_its_day_and_days_are_counted() {
        let noon = 1_795_224_896_000_000_000;
        assert_eq!(Day::of(noon), day("2026-11-21"));
        let midnight = 1_798_761_600_000_000_000;
        assert_eq!(Day::of(midnight - 1), day("2026-12-31"));
        assert_eq!(Day::of(midnight), day("2027-01-01"));
        assert_eq!(day("2027-03-01").days_after(day("2026-11-21")), 100);
        assert_eq!(day("2026-11-20").days_after(day("2026-11-21")), -1);
    }
}
