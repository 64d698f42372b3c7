//! What a number is worth: a decimal, a share of a whole, counts of cohorts, or the fingerprint of
//! what is no number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Exact;

/// What was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// A count, an amount, seconds, bytes, or a ratio of which no more is known.
    Number(Exact),
    /// A ratio of two counts.
    Share(Share),
    /// What a set or a shape is made of.
    Fingerprint(Fingerprint),
    /// How many of each cohort.
    Cohorts(BTreeMap<String, u64>),
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many it holds for.
    pub part: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// As a fraction; nothing of nothing is 0.
    pub fn fraction(self) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a fraction of counts is no exact thing"
        )]
        let (part, of) = (self.part as f64, self.of as f64);
        match self.of {
            0 => 0.0,
            _ => part / of,
        }
    }
}

/// The fingerprint of a set, or of the shape of JSON: equal if and only if the members are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// First 16 hex digits of SHA-256 over the members, sorted and each in a line.
    pub digest: String,
    /// How many members there are.
    pub count: u64,
    /// The members, sorted, so that a report can say which one is gone; as many as are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

impl Worth {
    /// As one number for charts and series, if it is one.
    pub fn to_float(&self) -> Option<f64> {
        match self {
            Self::Number(exact) => Some(exact.to_float()),
            Self::Share(share) => Some(share.fraction()),
            Self::Fingerprint(_) | Self::Cohorts(_) => None,
        }
    }
}

impl std::fmt::Display for Worth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(exact) => exact.fmt(f),
            Self::Share(share) => write!(f, "{} of {}", share.part, share.of),
            Self::Fingerprint(print) => f.write_str(&print.digest),
            Self::Cohorts(cohorts) => {
                let all: Vec<String> = cohorts
                    .iter()
                    .map(|(name, count)| format!("{name} {count}"))
                    .collect();
                f.write_str(&all.join(", "))
            }
        }
    }
}
