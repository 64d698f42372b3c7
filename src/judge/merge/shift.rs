//! Moves the events of one shard to where they belong in the merged trace.

use crate::model::event::PlannedIndex;
use crate::model::{Event, EventKind, Nanos};

/// What the events of one shard are moved by.
pub(super) struct Shift {
    /// Added to every place in the order.
    pub seq: u64,
    /// Added to the number of every attempt.
    pub attempt: u32,
    /// Nanoseconds that the shard began after the first one.
    pub later: Nanos,
    /// The index in the merged plan of each of its journeys.
    pub indices: Vec<PlannedIndex>,
}

impl Shift {
    pub(super) fn event(&self, mut event: Event) -> Event {
        event.seq += self.seq;
        event.at = event.at.saturating_add(self.later);
        event.attempt = event.attempt.map(|attempt| attempt + self.attempt);
        let planned = |index: &mut PlannedIndex| {
            *index = self.indices.get(*index as usize).copied().unwrap_or(*index);
        };
        match &mut event.kind {
            EventKind::NotRun { planned: index, .. }
            | EventKind::AttemptStarted { planned: index, .. } => planned(index),
            EventKind::Failed(failure) => {
                failure.expectation = failure.expectation.map(|seq| seq + self.seq);
            }
            EventKind::Expected(expectation) => {
                expectation.decided_by = expectation.decided_by.map(|seq| seq + self.seq);
                if let Some(nearest) = &mut expectation.nearest {
                    nearest.seq = nearest.seq.map(|seq| seq + self.seq);
                }
            }
            EventKind::RunStarted(_)
            | EventKind::CouldNotStart { .. }
            | EventKind::FloorChecked { .. }
            | EventKind::WaitStarted(_)
            | EventKind::WaitAsked(_)
            | EventKind::WaitEnded(_)
            | EventKind::ReleaseChecked(_)
            | EventKind::ReleaseSeen(_)
            | EventKind::ClientMade { .. }
            | EventKind::StepStarted { .. }
            | EventKind::StepEnded { .. }
            | EventKind::RequestSent { .. }
            | EventKind::ResponseReceived { .. }
            | EventKind::RequestFailed { .. }
            | EventKind::StreamOpening { .. }
            | EventKind::StreamOpened { .. }
            | EventKind::StreamFailed { .. }
            | EventKind::FrameSent { .. }
            | EventKind::FrameReceived { .. }
            | EventKind::StreamActed { .. }
            | EventKind::StreamEnded { .. }
            | EventKind::StreamStopped { .. }
            | EventKind::Polled { .. }
            | EventKind::Caught { .. }
            | EventKind::Noted { .. }
            | EventKind::Recorded { .. }
            | EventKind::NumberCompared(_)
            | EventKind::Attached { .. }
            | EventKind::BranchCancelled { .. }
            | EventKind::FaultApplied { .. }
            | EventKind::AttemptEnded { .. }
            | EventKind::RunEnded { .. } => {}
        }
        event
    }
}
