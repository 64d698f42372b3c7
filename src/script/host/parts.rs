//! What an attempt is made of, before its VM exists.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use rand::rngs::StdRng;
use tokio::time::Instant;

#[cfg(doc)]
use super::Host;
use crate::client::fault::Border;
use crate::model::number::References;
use crate::model::release::Deploy;
use crate::model::{FloorReport, Nanos, Place};
use crate::record::Emitter;
use crate::record::emitter::Hider;
use crate::script::reach::Reaches;
use crate::script::sources::Sources;
use crate::script::stepping::Stepper;

/// How long a journey waits by default.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// For an expectation or an answer.
    pub within: Duration,
    /// After the n-th of exactly n.
    pub settle: Duration,
    /// After a missed deadline, to tell late from never.
    pub late: Duration,
    /// For all cleanup of an attempt together.
    pub cleanup: Duration,
}

/// What waits of a mutant may last at most: what they needed in the recorded walks, times a factor.
/// Without an end of its own a message that was dropped would cost its whole deadline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caps {
    /// By the script's line.
    pub by_place: HashMap<Place, Duration>,
    /// Of lines at which the recorded walks did not wait.
    pub otherwise: Duration,
}

impl Caps {
    /// How long a wait at a line may last that asks for `within`.
    pub fn cap(&self, place: Option<&Place>, within: Duration) -> Duration {
        let known = place.and_then(|place| self.by_place.get(place));
        within.min(known.copied().unwrap_or(self.otherwise))
    }

    /// The same, so many times as long.
    #[must_use]
    pub fn times(&self, factor: u32) -> Self {
        let by_place = self.by_place.iter();
        Self {
            by_place: by_place
                .map(|(place, cap)| (place.clone(), cap.saturating_mul(factor)))
                .collect(),
            otherwise: self.otherwise.saturating_mul(factor),
        }
    }
}

/// What a journey can read about its run.
#[derive(Debug, Clone)]
pub struct RunFacts {
    /// Identifies the run.
    pub id: String,
    /// What all random values follow.
    pub seed: String,
    /// Number of the attempt, from 1.
    pub attempt: u32,
}

/// Asks the target's floor checks.
pub type AskFloor = Rc<dyn Fn() -> LocalBoxFuture<'static, FloorReport>>;

/// What an attempt is made of, before its VM exists.
pub struct HostParts {
    /// See [`Host::emitter`].
    pub emitter: Emitter,
    /// See [`Host::deploy`].
    pub deploy: Option<Deploy>,
    /// See [`Host::reaches`]; the attempts of a worker share it.
    pub reaches: Rc<Reaches>,
    /// See [`Host::waits`].
    pub waits: Waits,
    /// See [`Host::facts`].
    pub facts: RunFacts,
    /// See [`Host::sources`].
    pub sources: Sources,
    /// See [`Host::deadline`].
    pub deadline: Instant,
    /// See [`Host::random`].
    pub random: StdRng,
    /// See [`Host::ask_floor`].
    pub ask_floor: AskFloor,
    /// See [`Host::scheduling_error`].
    pub scheduling_error: Rc<Cell<Nanos>>,
    /// Nanoseconds since the Unix epoch at the run's start.
    pub epoch: u64,
    /// See [`Host::hide`].
    pub hide: Hider,
    /// See [`Host::stepper`].
    pub stepper: Option<Stepper>,
    /// See [`Host::border`].
    pub border: Rc<Border>,
    /// See [`Host::numbers`].
    pub numbers: Option<Arc<References>>,
    /// See [`Host::caps`].
    pub caps: Option<Arc<Caps>>,
}
