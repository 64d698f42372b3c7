//! Faults at the ends of streams, at pings, and at what the script itself does and demands.

use super::Put;
use crate::model::event::How;
use crate::model::fault::{Change, Passage, What};

/// A close code that nobody uses by chance.
const OTHER_CODE: u16 = 4999;

pub(super) fn faults(put: &mut Put<'_, '_>) {
    match &put.passed().what {
        What::Ended { ended, .. } if ended.how == How::Close && !ended.by_us => {
            put.put(Change::CloseCode { code: OTHER_CODE });
            put.put(Change::NoCloseFrame);
        }
        What::Pinged { .. } => put.put(Change::SuppressPongs),
        What::Acted { site } => {
            put.put(Change::RemoveAction);
            if let Passage::Action { call, .. } = &site.passage
                && call.starts_with("send")
            {
                put.put(Change::DoubleWrite);
            }
        }
        What::Met { .. } => put.put_once(Change::Negate),
        What::Ended { .. }
        | What::Response { .. }
        | What::Message { .. }
        | What::Sent { .. }
        | What::Made { .. } => {}
    }
}
