//! The trace's events: the border between the runner and everything that reports.
//!
//! Every line of a trace file is one [`Event`]. Outcomes, reports and `replay` are folded from
//! these alone, so whatever a report says must stand here. Consumers match [`EventKind`] without a
//! wildcard where a new kind must be thought about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fault::Operator;
use super::number::{Comparison, Measured};
use super::{FloorReport, Nanos, Place, Problem};

pub use super::ending::{Cause, Class, Failure, FailureRole, NotRun, Stop};
pub use super::expectation::{Difference, Expectation, Met, NearRound, Nearest};
pub use super::header::{Phase, Planned, RunHeader, Shard, TargetSummary};
pub use super::release::{ReleaseCheck, ReleaseSeen, WaitEnd, WaitPlan, WaitRound};
pub use super::wire::{Ended, FrameKind, How, Payload, Phases, StreamAction};

/// One thing that happened, with the time it happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Place in the run-wide order; unique, but lines of a trace may stand slightly out of order.
    pub seq: u64,
    /// Nanoseconds since the run started.
    pub at: Nanos,
    /// The attempt it belongs to; nothing for events of the run itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<AttemptId>,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// Number of an attempt within its run, from 0 in order of starting.
pub type AttemptId = u32;
/// Number of a planned journey: its index in [`RunHeader::planned`].
pub type PlannedIndex = u32;
/// Number of a step within its attempt, from 0.
pub type StepId = u32;
/// Number of a client within its attempt, from 0.
pub type ClientId = u32;
/// Number of a stream within its attempt, from 0.
pub type StreamId = u32;
/// Number of an HTTP exchange within its attempt, from 0; a redirect's hops are exchanges too.
pub type ExchangeId = u32;

/// What kind of stretch a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    /// `j:step`
    Step,
    /// `j:floor`: what is unmet inside means that the floor is down.
    Floor,
    /// `j:soft`: a failure is kept and the journey goes on.
    Soft,
    /// A function given to `j:defer`.
    Cleanup,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// The first line of a trace.
    RunStarted(Box<RunHeader>),
    /// The run cannot start: configuration, a script, a folder. Always followed by `RunEnded`.
    CouldNotStart {
        /// The rendered diagnostics.
        errors: Vec<super::Diagnostic>,
    },
    /// The target's floor checks before the first journey.
    FloorChecked {
        /// What they said.
        report: FloorReport,
    },
    /// `--wait` begins to ask.
    WaitStarted(WaitPlan),
    /// One round of it.
    WaitAsked(WaitRound),
    /// It is over.
    WaitEnded(WaitEnd),
    /// The target's release was looked at, before or after the journeys.
    ReleaseChecked(ReleaseCheck),
    /// An answer carried a release that none had carried before.
    ReleaseSeen(ReleaseSeen),
    /// A planned journey will not run: it is skipped, or errored because the floor is down or
    /// another release answers.
    NotRun {
        /// Which one.
        planned: PlannedIndex,
        /// Why.
        why: NotRun,
    },
    /// An attempt began.
    AttemptStarted {
        /// Which planned journey it executes.
        planned: PlannedIndex,
        /// From 1; a retry is another attempt.
        number: u32,
    },
    /// A client was made.
    ClientMade {
        /// Its number.
        client: ClientId,
        /// As the script names it.
        name: String,
        /// Where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// A step began.
    StepStarted {
        /// Its number.
        step: StepId,
        /// The step around it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<StepId>,
        /// As the script names it.
        name: String,
        /// What kind of stretch it is.
        role: StepRole,
        /// Where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// A step ended.
    StepEnded {
        /// Its number.
        step: StepId,
        /// False if an error left it.
        ok: bool,
    },
    /// A request is about to be sent; one event per hop.
    RequestSent {
        /// Who sends it.
        client: ClientId,
        /// Its number.
        exchange: ExchangeId,
        /// 0 for the request itself, 1 for its first redirect.
        hop: u32,
        /// `GET`.
        method: String,
        /// Where to.
        url: String,
        /// As sent.
        headers: Vec<(String, String)>,
        /// The body.
        #[serde(default)]
        body: Payload,
        /// The script's line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// A response arrived with its whole body.
    ResponseReceived {
        /// Whose.
        client: ClientId,
        /// Which request it answers.
        exchange: ExchangeId,
        /// The status.
        status: u16,
        /// `1.1`.
        version: String,
        /// As they were on the wire.
        headers: Vec<(String, String)>,
        /// The body.
        #[serde(default)]
        body: Payload,
        /// How long it took.
        phases: Phases,
    },
    /// A request got no whole response.
    RequestFailed {
        /// Whose.
        client: ClientId,
        /// Which.
        exchange: ExchangeId,
        /// Why.
        problem: Problem,
        /// What around it cut its time short, if that is why: `the `within` of `eventually``.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cut_by: Option<String>,
    },
    /// A stream is about to be opened.
    StreamOpening {
        /// Who opens it.
        client: ClientId,
        /// Its number.
        stream: StreamId,
        /// Where to.
        url: String,
        /// As sent.
        headers: Vec<(String, String)>,
        /// The script's line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// The upgrade was accepted.
    StreamOpened {
        /// Which.
        stream: StreamId,
        /// The answer's status.
        status: u16,
        /// The answer's headers.
        headers: Vec<(String, String)>,
        /// How long it took.
        phases: Phases,
    },
    /// The stream could not be opened.
    StreamFailed {
        /// Which.
        stream: StreamId,
        /// Why.
        problem: Problem,
        /// The answer's status, if the upgrade was answered otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// A frame left for the target.
    FrameSent {
        /// On which stream.
        stream: StreamId,
        /// What it was.
        frame: FrameKind,
        /// What was in it.
        #[serde(default)]
        payload: Payload,
        /// Sent by jaunt itself: a pong, an `answer`, a heartbeat.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_itself: bool,
    },
    /// A frame arrived.
    FrameReceived {
        /// On which stream.
        stream: StreamId,
        /// What it was.
        frame: FrameKind,
        /// What was in it.
        #[serde(default)]
        payload: Payload,
        /// A ping that was not answered because the stream is frozen.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unanswered: bool,
    },
    /// The journey did something to its own end of a stream.
    StreamActed {
        /// Which stream.
        stream: StreamId,
        /// What.
        action: StreamAction,
    },
    /// A stream ended.
    StreamEnded {
        /// Which.
        stream: StreamId,
        /// How.
        ended: Ended,
    },
    /// A stream stopped because of an error: garbage, overflow, an error in `decode`.
    StreamStopped {
        /// Which.
        stream: StreamId,
        /// Why.
        problem: Problem,
    },
    /// An expectation was decided.
    Expected(Box<Expectation>),
    /// `j:eventually` or `j:never` ended.
    Polled {
        /// `eventually` or `never`.
        call: String,
        /// How many rounds it took.
        rounds: u64,
        /// Where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// `pcall` or `expect_error` caught an error of the target.
    Caught {
        /// By what.
        by: String,
        /// What.
        problem: Problem,
    },
    /// `j:note`, `print`, or a remark of jaunt's own.
    Noted {
        /// What.
        text: String,
        /// The script's line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// `j:record`.
    Recorded {
        /// Name of the number.
        name: String,
        /// The value as JSON text.
        value: String,
        /// The same as it is compared; nothing in a trace of an older jaunt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<Box<Measured>>,
        /// The script's line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// A declared number was compared with what it was, at the end of its journey.
    NumberCompared(Box<Comparison>),
    /// `j:attach`.
    Attached {
        /// Its name.
        name: String,
        /// Its media type.
        media: String,
        /// What.
        payload: Payload,
    },
    /// A branch of `parallel` or `each` was cancelled because another failed.
    BranchCancelled {
        /// Which, from 1.
        branch: u32,
        /// The script's line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// A fault was put between a client and the target: by `j:fault`, or by `prove`.
    FaultApplied {
        /// Whose, if it is one client's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client: Option<ClientId>,
        /// On which stream, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stream: Option<StreamId>,
        /// In which exchange, if in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exchange: Option<ExchangeId>,
        /// What was done.
        operator: Operator,
        /// To what, in one line.
        text: String,
        /// The journey asked for it, by `j:fault`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_journey: bool,
    },
    /// A failure that counts.
    Failed(Box<Failure>),
    /// An attempt ended.
    AttemptEnded {
        /// Why.
        cause: Cause,
        /// Another attempt of the same journey follows.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        retried: bool,
    },
    /// The last line of a complete trace.
    RunEnded {
        /// What stopped it early, if anything did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stop: Option<Stop>,
        /// What went wrong beside the journeys: the trace could not be written.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        troubles: Vec<String>,
        /// Further facts for reports, sorted.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        facts: BTreeMap<String, String>,
    },
}
