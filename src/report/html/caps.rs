//! How much of a run the page takes up. A page of 2,000 journeys and 50 MB of trace has to open at
//! once, so that what passed is shown shortly, and what did not in full.

use crate::model::Outcome;
use crate::model::run::Run;

/// Bytes of payloads that all attempts that passed share, and all others.
const OF_PASSED: usize = 16 << 20;
const OF_OTHERS: usize = 16 << 20;
/// Things on the wire (requests, messages) likewise.
const WIRE_OF_PASSED: usize = 200_000;
const WIRE_OF_OTHERS: usize = 200_000;
/// Rows of diagrams likewise.
const LANES_OF_PASSED: usize = 40_000;
const LANES_OF_OTHERS: usize = 40_000;
/// Journeys that stand in the page as they are; further ones are packed too.
const STANDING: usize = 100;

/// The shares of one run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caps {
    passed: Share,
    others: Share,
}

/// What one attempt may take up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Bytes of one payload.
    pub(super) payload: usize,
    /// Bytes of all its payloads.
    pub(super) payloads: usize,
    /// Requests, and messages of all its streams.
    pub(super) wire: usize,
    /// Rows of its diagram.
    pub(super) lanes: usize,
}

impl Caps {
    pub(super) fn of(run: &Run) -> Self {
        let attempts = || run.journeys.iter().flat_map(|it| &it.attempts);
        let passed = attempts().filter(|it| it.outcome == Outcome::Passed);
        let passed = passed.count().max(1);
        let others = attempts().count().saturating_sub(passed).max(1);
        Self {
            passed: Share {
                payload: 4 << 10,
                payloads: (OF_PASSED / passed).clamp(1 << 10, 64 << 10),
                wire: (WIRE_OF_PASSED / passed).clamp(20, 200),
                lanes: (LANES_OF_PASSED / passed).clamp(10, 60),
            },
            others: Share {
                payload: 64 << 10,
                payloads: (OF_OTHERS / others).clamp(8 << 10, 1 << 20),
                wire: (WIRE_OF_OTHERS / others).clamp(50, 1_000),
                lanes: (LANES_OF_OTHERS / others).clamp(30, 300),
            },
        }
    }

    /// What an attempt may take up that came to this.
    pub(super) fn share(&self, outcome: Option<Outcome>) -> Share {
        match outcome {
            Some(Outcome::Passed | Outcome::Skipped) => self.passed,
            Some(Outcome::Failed | Outcome::Errored(_) | Outcome::Flaky) | None => self.others,
        }
    }

    /// Places for journeys that stand in the page as they are.
    pub(super) fn standing(&self) -> Places {
        Places(STANDING)
    }
}

/// Places that are left.
pub(super) struct Places(usize);

impl Places {
    /// Takes one, if there is one.
    pub(super) fn take(&mut self) -> bool {
        let left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        left
    }
}
