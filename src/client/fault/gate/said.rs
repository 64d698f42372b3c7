//! Messages as a gate looks at them, and how they are named in what is said of it.

use bytes::Bytes;

use crate::client::body_stream::Said;
use crate::client::websocket::Arrival;
use crate::model::Nanos;
use crate::model::event::{Ended, FrameKind, How};
use crate::model::value::shorten;
use crate::record::Stamp;

/// Most characters of a message in what is said of it.
const SAID: usize = 120;

/// The stamp of a message or event, its bytes before any `decode`, and whether it is no text;
/// nothing for what is no message: comments keep a connection alive, as often as time has it.
pub(super) fn content(arrival: &Arrival) -> Option<(Stamp, Bytes, bool)> {
    match arrival {
        Arrival::Message {
            seq,
            at,
            kind,
            bytes,
        } => {
            let stamp = Stamp { seq: *seq, at: *at };
            Some((stamp, bytes.clone(), *kind == FrameKind::Binary))
        }
        Arrival::Event { seq, at, said, .. } => match said {
            Said::Event { data, .. } => Some((Stamp { seq: *seq, at: *at }, data.clone(), false)),
            Said::Comment(_) => None,
        },
        Arrival::Lost | Arrival::Resumed | Arrival::Ended(_) | Arrival::Stopped(_) => None,
    }
}

/// The same, as if it came at that moment.
pub(super) fn stamped(mut arrival: Arrival, stamp: Stamp) -> Arrival {
    if let Arrival::Message { seq, .. } | Arrival::Event { seq, .. } = &mut arrival {
        *seq = stamp.seq;
    }
    timed(arrival, stamp.at)
}

pub(super) fn timed(mut arrival: Arrival, now: Nanos) -> Arrival {
    if let Arrival::Message { at, .. } | Arrival::Event { at, .. } = &mut arrival {
        *at = now;
    }
    arrival
}

/// A message as it is named in what is said of it.
pub(super) fn told(arrival: &Arrival) -> String {
    match content(arrival) {
        None => "nothing".to_string(),
        Some((_, bytes, binary)) => text_of(&bytes, binary),
    }
}

pub(super) fn text_of(bytes: &[u8], binary: bool) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !binary || text.chars().all(|letter| !letter.is_control()) => {
            shorten(text, SAID)
        }
        _ => format!("{} bytes", bytes.len()),
    }
}

/// The ending of a connection that is gone without a word.
pub(super) fn broken_off() -> Ended {
    Ended {
        code: 1006,
        reason: String::new(),
        how: How::Fin,
        by_us: false,
    }
}
