//! What came of comparing one number.

use serde::{Deserialize, Serialize};

use super::{NumberKey, NumberKind, Origin, Tolerance, Worth};
use crate::model::Place;

/// One number of one attempt, compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Which number.
    pub key: NumberKey,
    /// Where it comes from.
    pub origin: Origin,
    /// What kind of thing it is.
    pub kind: NumberKind,
    /// What one of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it may differ by.
    pub tolerance: Tolerance,
    /// Without it nothing is known of its journey.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub core: bool,
    /// What it was; nothing if it was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Worth>,
    /// What it was compared with: the baseline, then the anchor; nothing if there was neither.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Against>,
    /// What came of it.
    pub standing: Standing,
    /// Why, in one line without the number's name: `1284.50 to 1284.49 (-0.0008 %, tolerance exact)`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The release that had it first as it is now, if a release before this one had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The line that recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// What a number was compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// What it is.
    pub which: Which,
    /// The release that had it.
    pub release: String,
    /// What it was there.
    pub worth: Worth,
    /// It lies within the tolerance of this.
    pub within: bool,
}

/// What a number is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// What was last accepted, or the last good release of the history.
    Baseline,
    /// The release that was pinned.
    Anchor,
}

/// What came of comparing a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It lies within its tolerance.
    Unchanged,
    /// It does not.
    Moved,
    /// It was measured before and is not measured now.
    Missing,
    /// Nothing is known to compare it with.
    New,
    /// It lies far from what is usual for it.
    Anomaly,
    /// It cannot be compared: another kind or unit than it was.
    NotComparable,
}

impl Standing {
    /// The name that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Moved => "moved",
            Self::Missing => "missing",
            Self::New => "new",
            Self::Anomaly => "anomaly",
            Self::NotComparable => "not_comparable",
        }
    }
}
