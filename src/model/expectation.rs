//! What became of an expectation, with all that a report says about it.

use serde::{Deserialize, Serialize};

use super::event::{ClientId, StepId, StreamId};
use super::{Nanos, Place};

/// Whether an expectation was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// In time.
    Met,
    /// Not, and it did not come late either.
    Unmet,
    /// After its deadline, by that many nanoseconds.
    Late(Nanos),
}

/// One expectation that was decided. The judge matches nothing: all there is to know stands here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    /// The call: `expect`, `expect_none`, `expect_close`, …
    pub call: String,
    /// The client it was asked of, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The stream it was asked of, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamId>,
    /// The step it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The pattern as text, as a script would write it.
    pub pattern: String,
    /// The broken promise in one line: `alice never heard "bob left" (waited 5.0 s)`; for a met
    /// one what was promised.
    pub promise: String,
    /// Met, unmet or late.
    pub result: Met,
    /// False inside `eventually`, `never`, `expect_error` and `pcall`.
    pub counts: bool,
    /// How many matches were demanded, if a number was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// How many there were, if a number was demanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<u64>,
    /// Nanoseconds waited up to the deadline or the match.
    #[serde(default)]
    pub waited: Nanos,
    /// Nanoseconds listened beyond the deadline.
    #[serde(default)]
    pub listened: Nanos,
    /// What cut the deadline short: `the journey's timeout`, `eventually`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_by: Option<String>,
    /// `seq` of the event that decided it, if one did: the message that met it, a match too many, one
    /// that came late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<u64>,
    /// Of several patterns those that no message met, each as a script would write it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// For an unmet one: what came nearest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Nearest>,
    /// For an unmet one: what was found instead, one line each (`got 2 matches`, `stream closed 1006`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
}

/// The value that came nearest to a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// The value as text.
    pub value: String,
    /// Sequence number of the event that brought it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// Where it differs.
    pub differences: Vec<Difference>,
    /// Of `eventually`, where it was not the last round that came nearest: which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<NearRound>,
}

/// A round of `eventually`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearRound {
    /// Its number, from 1.
    pub number: u64,
    /// Nanoseconds from the beginning of the first round to the end of this one.
    pub after: Nanos,
}

/// One place where a value differs from its pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Path of keys: `text`, `items[2].id`; empty for the value itself.
    pub path: String,
    /// What the pattern wanted, as text.
    pub expected: String,
    /// What there was, as text; `nothing` for an absent key.
    pub found: String,
}
