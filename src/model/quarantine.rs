//! Quarantine: a journey that is known to be red for a while runs and is reported, but does not
//! gate. It ends by itself, so that nobody forgets it.

use serde::{Deserialize, Serialize};

use super::day::Day;

/// What a journey declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Why.
    pub reason: String,
    /// Its last day.
    pub expires: Day,
}

/// Whether the outcome of a journey counts for the verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Gate {
    /// It counts.
    #[default]
    Gates,
    /// It is in quarantine for so many days more, and does not count.
    Quarantined(u32),
    /// Its quarantine ended so many days ago: it counts again.
    Expired(u32),
}

impl Gate {
    /// How a journey's quarantine stands in a run that started then, in nanoseconds since the Unix
    /// epoch. The run's own start counts, so that a replay in a year gives the same verdict.
    pub fn of(quarantine: Option<&Quarantine>, started: u64) -> Self {
        let Some(quarantine) = quarantine else {
            return Self::Gates;
        };
        let left = quarantine.expires.days_after(Day::of(started));
        match u32::try_from(left) {
            Ok(left) => Self::Quarantined(left),
            Err(_) => Self::Expired(left.unsigned_abs()),
        }
    }

    /// Days that are left of its quarantine, less than 0 once it has ended; 0 without one.
    pub fn days_left(self) -> i64 {
        match self {
            Self::Gates => 0,
            Self::Quarantined(left) => i64::from(left),
            Self::Expired(ago) => -i64::from(ago),
        }
    }

    /// True if the outcome counts.
    pub fn gates(self) -> bool {
        match self {
            Self::Gates | Self::Expired(_) => true,
            Self::Quarantined(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarantine_holds_through_its_last_day() {
        let quarantine = Quarantine {
            reason: "known".into(),
            expires: "2026-11-21".parse().expect("a day"),
        };
        let at = |started| Gate::of(Some(&quarantine), started);
        let (noon, day) = (1_795_224_896_000_000_000, 86_400_000_000_000);
        assert_eq!(at(noon), Gate::Quarantined(0));
        assert_eq!(at(noon - 3 * day), Gate::Quarantined(3));
        assert_eq!(at(noon + day), Gate::Expired(1));
        assert!(!at(noon).gates() && at(noon + day).gates());
        assert!(Gate::of(None, noon).gates());
    }
}
