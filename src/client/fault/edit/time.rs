//! Moments in JSON made later ones: numbers since 1970, and texts of RFC 3339, whose zone and digits
//! behind the point stay as they are.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::number::{Decimal, other};
use crate::model::Nanos;

/// Nanoseconds of the units in which moments are counted: seconds, and thousandths of the one before.
const UNITS: [u64; 4] = [1_000_000_000, 1_000_000, 1_000, 1];
/// Seconds since 1970 at which counting times begins and ends: September 2001, September 2096.
const BETWEEN: std::ops::Range<i128> = 1_000_000_000..4_000_000_000;

/// How many nanoseconds one of a number is, if that is a moment.
pub(super) fn unit(number: &str) -> Option<u64> {
    let decimal = Decimal::read(number)?;
    let whole = decimal.digits / decimal.one()?;
    UNITS.into_iter().find(|unit| {
        let in_one_second = i128::from(UNITS[0] / unit);
        BETWEEN.contains(&(whole / in_one_second))
    })
}

/// A number that is a moment, later.
pub(super) fn shifted(number: &str, by: Nanos) -> Option<String> {
    let unit = i128::from(unit(number)?);
    let decimal = Decimal::read(number)?;
    let more = i128::from(by).checked_mul(decimal.one()?)? / unit;
    let digits = decimal.digits.checked_add(more)?;
    other(number, Decimal { digits, ..decimal }.write())
}

/// Whether a text is a moment of RFC 3339.
pub(super) fn is_rfc3339(text: &str) -> bool {
    Moment::read(text).is_some_and(|moment| moment.is_one())
}

/// A text of RFC 3339, later; nothing for another text.
pub(super) fn later(text: &str, by: Nanos) -> Option<String> {
    let moment = Moment::read(text).filter(Moment::is_one)?;
    let by = SignedDuration::from_nanos(i64::try_from(by).ok()?);
    let later = moment.clock.checked_add(by).ok()?;
    let digits = moment.behind.len();
    let behind = format!("{:09}", later.subsec_nanosecond());
    let behind: String = behind
        .chars()
        .chain("0".repeat(digits).chars())
        .take(digits)
        .collect();
    let point = if digits > 0 { "." } else { "" };
    let day = later.strftime("%Y-%m-%d");
    let time = later.strftime("%H:%M:%S");
    Some(format!(
        "{day}{}{time}{point}{behind}{}",
        moment.between, moment.zone
    ))
}

/// A text of RFC 3339 taken apart.
struct Moment<'a> {
    /// What the clock of its zone shows.
    clock: DateTime,
    /// What stands between the day and the time.
    between: char,
    /// The digits behind the point.
    behind: &'a str,
    /// `Z`, or the distance from it.
    zone: &'a str,
}

impl<'a> Moment<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (day, time) = (text.get(..10)?, text.get(11..19)?);
        let between = text.get(10..11)?.chars().next()?;
        let rest = &text[19..];
        let behind = rest.strip_prefix('.').map_or("", |rest| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            &rest[..digits]
        });
        let point = usize::from(rest.starts_with('.'));
        let shaped = matches!(between, 'T' | 't' | ' ') && point == usize::from(!behind.is_empty());
        // Nanoseconds are as fine as it gets.
        let fine = &behind[..behind.len().min(9)];
        let dot = if fine.is_empty() { "" } else { "." };
        let clock = format!("{day}T{time}{dot}{fine}").parse().ok();
        clock.filter(|_| shaped).map(|clock| Self {
            clock,
            between,
            behind,
            zone: &rest[point + behind.len()..],
        })
    }

    /// Whether its zone is one.
    fn is_one(&self) -> bool {
        let zone = self.zone.to_uppercase();
        let digits = zone.len() == 1 || zone.as_bytes().get(3) == Some(&b':');
        let whole = format!("{}{zone}", self.clock);
        digits && whole.parse::<Timestamp>().is_ok()
    }
}
