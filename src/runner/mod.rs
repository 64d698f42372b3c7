//! Runs what was planned: journeys in flight on a few worker threads, each with one runtime that
//! its VMs never leave. Journeys go in and events come out as plain data. It knows no reporter and
//! prints nothing. It may use `model`, `record`, `client` and `script`.

mod altered;
mod before;
mod control;
mod dispatch;
pub mod floor;
mod internal;
mod look;
mod queue;
mod retry;
mod watch;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use crate::model::Target;
use crate::model::event::RunHeader;
use crate::record::emitter::{Clock, Hider, Sink};
use crate::script::host::Waits;
use crate::script::sources::Sources;
use crate::script::stepping::Stepper;

pub use altered::{Alter, Altered, Leased};
pub use before::Wait;
pub use control::{Control, Inbox, control};
pub use dispatch::run;

/// Everything a run needs.
pub struct Orders {
    /// What is run against what; emitted as the first event.
    pub header: RunHeader,
    /// The target, resolved.
    pub target: Arc<Target>,
    /// The project's files.
    pub sources: Sources,
    /// Default waits.
    pub waits: Waits,
    /// Journeys in flight.
    pub jobs: usize,
    /// End the run after the first journey that did not pass.
    pub fail_fast: bool,
    /// How long the run may take, cleanup not included.
    pub max_time: Option<Duration>,
    /// What to wait for before the first journey.
    pub wait: Option<Wait>,
    /// The run's clock.
    pub clock: Arc<Clock>,
    /// Where events go.
    pub sink: Sink,
    /// Where secrets go that a journey meets on its way.
    pub hide: Hider,
    /// Who looks on before each step.
    pub stepper: Option<Stepper>,
    /// The least time between the starts of two attempts.
    pub pace: Option<Duration>,
    /// What is other about each attempt of a proof.
    pub alter: Option<Alter>,
}
