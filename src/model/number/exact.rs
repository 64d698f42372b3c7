//! A decimal number that stays what it was written as: money is never a binary float.

use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A decimal number of at most 28 digits. `1.50` equals `1.5` and is still shown as `1.50`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(Decimal);

impl Exact {
    /// What `text` says, digit for digit: `1284.50`, `-3`, `1e3`.
    ///
    /// # Errors
    /// Why it is no such number, as a clause: `it has more than 28 digits`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let read = match text.contains(['e', 'E']) {
            true => Decimal::from_scientific(text).ok(),
            false => Decimal::from_str_exact(text).ok(),
        };
        // Underscores are a habit of programmers, no part of a number that a target sends.
        read.filter(|_| !text.contains('_'))
            .map(Self)
            .ok_or_else(|| match looks_like_one(text) {
                true => "it has more than 28 digits".to_string(),
                false => "it is no decimal number".to_string(),
            })
    }

    /// The number whose shortest decimal text a float has: 0.1 is one tenth. What has more digits
    /// than fit is rounded; nothing for what is not finite or too large.
    pub fn of_float(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        Decimal::from_str(&number.to_string()).ok().map(Self)
    }

    /// A whole number.
    pub fn of_whole(number: i64) -> Self {
        Self(Decimal::from(number))
    }

    /// A count.
    pub fn of_count(number: u64) -> Self {
        Self(Decimal::from_u64(number).unwrap_or_default())
    }

    /// Nanoseconds as seconds.
    pub fn of_nanos(nanos: u64) -> Self {
        Decimal::try_from_i128_with_scale(i128::from(nanos), 9)
            .map(|seconds| Self(seconds.normalize()))
            .unwrap_or_default()
    }

    /// The nearest float.
    pub fn to_float(self) -> f64 {
        self.0.to_f64().unwrap_or(f64::NAN)
    }

    /// As a count, if it is a whole number that is not negative.
    pub fn to_count(self) -> Option<u64> {
        self.0.is_integer().then(|| self.0.to_u64()).flatten()
    }

    /// The sum, if it fits.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, if it fits.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The product, if it fits.
    pub fn times(self, other: Self) -> Option<Self> {
        self.0.checked_mul(other.0).map(Self)
    }

    /// The quotient, rounded to 28 digits; nothing if it does not fit or `other` is 0.
    pub fn over(self, other: Self) -> Option<Self> {
        self.0.checked_div(other.0).map(Self)
    }

    /// Without its sign.
    #[must_use]
    pub fn size(self) -> Self {
        Self(self.0.abs())
    }

    /// True for 0.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// True below 0.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// True for a number without a fraction.
    pub fn is_whole(self) -> bool {
        self.0.is_integer()
    }
}

/// Digits with at most one point, a sign and an exponent.
fn looks_like_one(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    !digits.is_empty()
        && digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits
            .chars()
            .all(|it| it.is_ascii_digit() || ".eE+-".contains(it))
        && digits.matches('.').count() <= 1
}

impl std::fmt::Display for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Exact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect("a decimal number")
    }

    #[test]
    fn ten_thousand_amounts_of_two_decimals_add_up() {
        let mut sum = Exact::default();
        let mut cents = 0_i64;
        for at in 0..10_000_i64 {
            let amount = at * 7_919 % 100_000;
            cents += amount;
            let text = format!("{}.{:02}", amount / 100, amount % 100);
            sum = sum.plus(exact(&text)).expect("it fits");
        }
        assert_eq!(
            sum.to_string(),
            format!("{}.{:02}", cents / 100, cents % 100)
        );
    }

    #[test]
    fn a_float_is_taken_by_its_shortest_text() {
        let tenth = Exact::of_float(0.1).expect("finite");
        assert_eq!(tenth.to_string(), "0.1");
        let third = tenth.plus(tenth).and_then(|it| it.plus(tenth));
        assert_eq!(third, Some(exact("0.3")));
        assert_eq!(Exact::of_float(f64::NAN), None);
        assert_eq!(Exact::of_float(1e300), None);
        assert_eq!(
            Exact::of_float(1e21).map(|it| it.to_string()).as_deref(),
            Some("1000000000000000000000")
        );
    }

    #[test]
    fn what_is_no_number_is_said() {
        assert_eq!(Exact::parse("12,50"), Err("it is no decimal number".into()));
        assert_eq!(Exact::parse(""), Err("it is no decimal number".into()));
        assert_eq!(Exact::parse("1_000"), Err("it is no decimal number".into()));
        let long = "1234567890.12345678901234567890";
        assert_eq!(Exact::parse(long), Err("it has more than 28 digits".into()));
        assert_eq!(exact("1e3").to_string(), "1000");
        assert_eq!(exact(" -3 ").to_string(), "-3");
    }

    #[test]
    fn it_is_written_as_it_came_and_compared_by_what_it_is_worth() {
        assert_eq!(exact("1284.50").to_string(), "1284.50");
        assert_eq!(exact("1284.50"), exact("1284.5"));
        assert_eq!(Exact::of_nanos(1_500_000_000).to_string(), "1.5");
        let json = serde_json::to_string(&exact("1284.50")).expect("JSON");
        assert_eq!(json, "\"1284.50\"");
        assert_eq!(
            serde_json::from_str::<Exact>(&json).expect("a number"),
            exact("1284.5")
        );
    }
}
