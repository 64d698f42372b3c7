//! Which events reports tell of as moments of a client, and at whose end. `judge` needs to know it
//! to let go of events, `report` puts the words to it.

use super::EventKind;
use super::event::{ClientId, FrameKind, Met, StreamId};

/// At whose end something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// A client's.
    Client(ClientId),
    /// A stream's: its client's, if that is known.
    Stream(StreamId),
    /// The target as a whole.
    Target,
    /// The journey itself.
    Journey,
}

/// How an event is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// At whose end it happened.
    pub by: By,
    /// A cause rather than a message: it is shown when there is no room for all.
    pub act: bool,
}

/// Moments of one end, in a row, that are told no more: a long attempt keeps some of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetGo {
    /// Place of the last of them in the run-wide order.
    pub seq: u64,
    /// Whose.
    pub by: By,
    /// How many.
    pub count: usize,
}

impl EventKind {
    /// How reports tell of it, if they do.
    pub fn told(&self) -> Option<Told> {
        let told = |by, act| Some(Told { by, act });
        match self {
            Self::ReleaseSeen(_) => told(By::Target, true),
            Self::RequestSent { client, .. } | Self::ResponseReceived { client, .. } => {
                told(By::Client(*client), false)
            }
            Self::RequestFailed { client, .. } => told(By::Client(*client), true),
            Self::StreamOpened { stream, .. }
            | Self::StreamFailed { stream, .. }
            | Self::StreamActed { stream, .. }
            | Self::StreamEnded { stream, .. }
            | Self::StreamStopped { stream, .. } => told(By::Stream(*stream), true),
            Self::FrameSent {
                stream, by_itself, ..
            } => match by_itself {
                true => None,
                false => told(By::Stream(*stream), false),
            },
            Self::FrameReceived {
                stream,
                frame,
                unanswered,
                ..
            } => match (frame, unanswered) {
                (FrameKind::Ping | FrameKind::Pong, false) => None,
                (_, unanswered) => told(By::Stream(*stream), *unanswered),
            },
            Self::Caught { .. } | Self::Noted { .. } | Self::StepStarted { .. } => {
                told(By::Journey, false)
            }
            Self::FaultApplied { client, .. } => {
                told(client.map_or(By::Journey, By::Client), false)
            }
            Self::Expected(it) => match (it.counts, it.result) {
                (false, _) | (true, Met::Met) => None,
                (true, Met::Unmet | Met::Late(_)) => {
                    told(it.client.map_or(By::Journey, By::Client), true)
                }
            },
            // What these say stands elsewhere in a report, or is of no interest there.
            Self::RunStarted(_)
            | Self::CouldNotStart { .. }
            | Self::FloorChecked { .. }
            | Self::NotRun { .. }
            | Self::AttemptStarted { .. }
            | Self::ClientMade { .. }
            | Self::StepEnded { .. }
            | Self::StreamOpening { .. }
            | Self::Polled { .. }
            | Self::Recorded { .. }
            | Self::NumberCompared(_)
            | Self::Attached { .. }
            | Self::BranchCancelled { .. }
            | Self::Failed(_)
            | Self::AttemptEnded { .. }
            | Self::WaitStarted(_)
            | Self::WaitAsked(_)
            | Self::WaitEnded(_)
            | Self::ReleaseChecked(_)
            | Self::RunEnded { .. } => None,
        }
    }
}
