//! Numbers compared exactly: a 64-bit integer and a float are never rounded into each other.

use std::cmp::Ordering;

use crate::model::Value;

/// A number of a pattern or a value. Never NaN inside a pattern.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// A whole one.
    Integer(i64),
    /// Any other.
    Float(f64),
}

impl Number {
    /// The number that a value is.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(value) => Some(Self::Integer(*value)),
            Value::Float(value) => Some(Self::Float(*value)),
            _ => None,
        }
    }

    /// As a value, to be shown.
    pub fn value(self) -> Value {
        match self {
            Self::Integer(value) => Value::Integer(value),
            Self::Float(value) => Value::Float(value),
        }
    }

    /// True for NaN, which is neither more nor less than anything.
    pub fn is_nan(self) -> bool {
        matches!(self, Self::Float(value) if value.is_nan())
    }

    /// True if it has no fraction.
    pub fn is_whole(self) -> bool {
        match self {
            Self::Integer(_) => true,
            Self::Float(value) => value.is_finite() && value.fract() == 0.0,
        }
    }

    /// Which is more; nothing where NaN is involved.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Integer(a), Self::Float(b)) => mixed(a, b),
            (Self::Float(a), Self::Integer(b)) => mixed(b, a).map(Ordering::reverse),
        }
    }

    /// True if the two are at most `tolerance` apart.
    pub fn is_near(self, other: Self, tolerance: Self) -> bool {
        if let (Self::Integer(a), Self::Integer(b)) = (self, other) {
            let apart = (i128::from(a) - i128::from(b)).unsigned_abs();
            return match tolerance {
                Self::Integer(most) => u128::try_from(most).is_ok_and(|most| apart <= most),
                Self::Float(most) => apart as f64 <= most,
            };
        }
        // Equal infinities are near each other although their difference is no number.
        self.compare(other) == Some(Ordering::Equal)
            || (self.float() - other.float()).abs() <= tolerance.float()
    }

    fn float(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

fn mixed(integer: i64, float: f64) -> Option<Ordering> {
    // 2^63: the first float above every integer.
    const TOP: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= TOP {
        return Some(Ordering::Less);
    }
    if float < -TOP {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    let order = integer.cmp(&(whole as i64));
    Some(order.then_with(|| 0.0_f64.total_cmp(&(float - whole + 0.0))))
}
