//! How far a number may lie from what it is compared with.

use serde::{Deserialize, Serialize};

use super::Exact;

/// What a number may differ by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// Not at all.
    Exact,
    /// By so much, up or down.
    Absolute(Exact),
    /// By such a fraction of what it is compared with, up or down: `0.02` is two percent.
    Relative(Exact),
    /// Nothing is compared: it must lie between these two, both included.
    Range {
        /// The least it may be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<Exact>,
        /// The most it may be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<Exact>,
    },
    /// Upwards only.
    Growing,
    /// Downwards only.
    Falling,
    /// A share of a whole: by what chance explains, with this rate of false alarms.
    Binomial(Alarm),
    /// A count of independent events: by what chance explains, with this rate of false alarms.
    Poisson(Alarm),
    /// Counts of cohorts: their shares may differ by what chance explains (chi-square).
    Split(Alarm),
    /// Whatever it is; only what is unusual for it is told, as an anomaly.
    Observed,
}

/// How often a number that did not change is called one that did: 0.001 is once in a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alarm(pub f64);

impl Default for Alarm {
    fn default() -> Self {
        Self(0.001)
    }
}

impl std::fmt::Display for Tolerance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact => f.write_str("exact"),
            Self::Absolute(by) => write!(f, "±{by}"),
            Self::Relative(by) => {
                let hundred = Exact::of_whole(100);
                match by.times(hundred) {
                    Some(percent) => write!(f, "±{} %", trimmed(&percent.to_string())),
                    None => write!(f, "±{by} of it"),
                }
            }
            Self::Range { min, max } => match (min, max) {
                (Some(min), Some(max)) => write!(f, "{min} to {max}"),
                (Some(min), None) => write!(f, "at least {min}"),
                (None, Some(max)) => write!(f, "at most {max}"),
                (None, None) => f.write_str("any"),
            },
            Self::Growing => f.write_str("only growing"),
            Self::Falling => f.write_str("only falling"),
            Self::Binomial(alarm) => write!(f, "binomial, {} false alarms", alarm.0),
            Self::Poisson(alarm) => write!(f, "Poisson, {} false alarms", alarm.0),
            Self::Split(alarm) => write!(f, "split, {} false alarms", alarm.0),
            Self::Observed => f.write_str("observed"),
        }
    }
}

/// Without zeros at the end of a fraction.
fn trimmed(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}
