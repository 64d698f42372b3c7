//! Numbers of JSON made other ones, as they are written: `1.10` and one is `2.10`.

/// A number of decimal digits, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    /// All digits, without a point.
    pub(super) digits: i128,
    /// How many of them stand behind the point.
    pub(super) behind: u32,
}

impl Decimal {
    /// Reads a number that has no exponent and not more digits than fit.
    pub(super) fn read(number: &str) -> Option<Self> {
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        Some(Self {
            digits: format!("{whole}{part}").parse().ok()?,
            behind: u32::try_from(part.len()).ok()?,
        })
    }

    /// So much as one whole is in its digits.
    pub(super) fn one(self) -> Option<i128> {
        10_i128.checked_pow(self.behind)
    }

    pub(super) fn write(self) -> String {
        let sign = if self.digits < 0 { "-" } else { "" };
        let behind = self.behind as usize;
        let digits = format!("{:0>1$}", self.digits.unsigned_abs(), behind + 1);
        let (whole, part) = digits.split_at(digits.len() - behind);
        let point = if part.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{part}")
    }
}

/// A number in the place of another; nothing if both are read as the same.
pub(super) fn other(old: &str, new: String) -> Option<String> {
    let same = match (old.parse::<i64>(), new.parse::<i64>()) {
        (Ok(old), Ok(new)) => old == new,
        _ => old.parse::<f64>().ok()? == new.parse::<f64>().ok()?,
    };
    (!same).then_some(new)
}

/// So much more.
pub(super) fn plus(number: &str, by: i64) -> Option<String> {
    let exact = || {
        let decimal = Decimal::read(number)?;
        let more = decimal.one()?.checked_mul(i128::from(by))?;
        let digits = decimal.digits.checked_add(more)?;
        Some(Decimal { digits, ..decimal }.write())
    };
    let new = exact().or_else(|| written(number.parse::<f64>().ok()? + by as f64))?;
    other(number, new)
}

/// One more digit.
pub(super) fn times_ten(number: &str) -> Option<String> {
    let exact = || {
        let decimal = Decimal::read(number)?;
        let digits = decimal.digits.checked_mul(10)?;
        Some(Decimal { digits, ..decimal }.write())
    };
    let new = exact().or_else(|| written(number.parse::<f64>().ok()? * 10.0))?;
    other(number, new)
}

/// The other sign.
pub(super) fn negated(number: &str) -> Option<String> {
    let new = match number.strip_prefix('-') {
        Some(positive) => positive.to_string(),
        None => format!("-{number}"),
    };
    other(number, new)
}

/// A number as JSON has it; nothing for one that JSON has not.
fn written(number: f64) -> Option<String> {
    Some(serde_json::Number::from_f64(number)?.to_string())
}
