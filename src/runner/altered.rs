//! What an attempt of a proof has that others have not: faults, a log, capped waits, a target of its
//! own. `prove` says it for each planned journey; a run says nothing.

use std::any::Any;
use std::sync::Arc;

use crate::client::fault::Log;
use crate::model::event::PlannedIndex;
use crate::model::fault::Fault;
use crate::model::{Problem, Target};
use crate::script::host::Caps;

/// What is other about an attempt.
#[derive(Default)]
pub struct Altered {
    /// What is put between its clients and the target.
    pub faults: Vec<Fault>,
    /// Where what passes is written down.
    pub log: Option<Log>,
    /// What its waits may last; also, the floor is not asked again after a failure and nothing is
    /// listened to after a deadline, for nobody reads the report of a mutant.
    pub caps: Option<Arc<Caps>>,
    /// The target it has to itself.
    pub leased: Option<Leased>,
    /// What its random values follow in place of the journey's name and repetition.
    pub seed: Option<String>,
}

/// A target of one attempt.
pub struct Leased {
    /// The target.
    pub target: Arc<Target>,
    /// What keeps it up: dropped when the attempt is over.
    pub kept: Box<dyn Any>,
}

/// Says what is other about the attempts of a planned journey; called on the worker's thread. A
/// `config` problem says why there can be none.
pub type Alter = Arc<dyn Fn(PlannedIndex) -> Result<Altered, Problem> + Send + Sync>;
