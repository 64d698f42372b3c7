//! A number as a journey measured it.

use serde::{Deserialize, Serialize};

use super::{NumberKey, Tolerance, Worth};

/// What kind of thing a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// How many.
    Count,
    /// One thing by another.
    Ratio,
    /// An exact decimal: money.
    Decimal,
    /// Seconds.
    Duration,
    /// Bytes.
    Size,
    /// What a set or a shape is made of.
    Fingerprint,
    /// How many of each cohort.
    Cohort,
}

impl NumberKind {
    /// Every kind, in the order of the reference.
    pub const ALL: [Self; 7] = [
        Self::Count,
        Self::Ratio,
        Self::Decimal,
        Self::Duration,
        Self::Size,
        Self::Fingerprint,
        Self::Cohort,
    ];

    /// The name scripts and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Ratio => "ratio",
            Self::Decimal => "decimal",
            Self::Duration => "duration",
            Self::Size => "size",
            Self::Fingerprint => "fingerprint",
            Self::Cohort => "cohort",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where a number comes from.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// `j:record`.
    #[default]
    Declared,
    /// Counted without asking: messages, responses, attempts.
    Free,
    /// Taken without asking, and different each time: durations, phases, sizes of bodies.
    Timing,
    /// What the conversation looked like: which messages with which keys of which types.
    Shape,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 4] = [Self::Declared, Self::Free, Self::Timing, Self::Shape];

    /// The name that files and tables use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Free => "free",
            Self::Timing => "timing",
            Self::Shape => "shape",
        }
    }

    /// The origin of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }
}

/// One number, measured in one attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Which.
    pub key: NumberKey,
    /// Where it comes from.
    pub origin: Origin,
    /// What kind of thing it is.
    pub kind: NumberKind,
    /// What one of it is: `EUR`, `s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it may differ by.
    pub tolerance: Tolerance,
    /// Without it nothing is known of its journey.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub core: bool,
    /// What it was.
    pub worth: Worth,
}
