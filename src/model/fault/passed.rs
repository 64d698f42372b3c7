//! What passed a border in a walk that is recorded: the material of which faults are made.

use serde::{Deserialize, Serialize};

use super::Site;
use crate::model::wire::Ended;
use crate::model::{Nanos, Place};

/// An answer, small enough to be given again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Names in lower case, values as they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body as it came, its codings undone.
    pub body: Vec<u8>,
}

/// One thing that passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Passed {
    /// Place of its event in the run-wide order.
    pub seq: u64,
    /// Nanoseconds since the run started.
    pub at: Nanos,
    /// What.
    pub what: What,
}

/// What passed.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The answer to a request.
    Response {
        /// Where.
        site: Site,
        /// `GET`.
        method: String,
        /// The whole address.
        url: String,
        /// What was sent as its body.
        sent: Vec<u8>,
        /// What came.
        answer: Answered,
        /// It stands within `j:floor`.
        floor: bool,
        /// It stands within `j:eventually` or `j:never`, which ask again.
        polled: bool,
    },
    /// A message of a stream.
    Message {
        /// Where, by its kind with words.
        site: Site,
        /// Where, by its kind without words.
        coarse: Site,
        /// What came.
        bytes: Vec<u8>,
        /// It was no text.
        binary: bool,
    },
    /// The target ended a stream.
    Ended {
        /// Where.
        site: Site,
        /// How.
        ended: Ended,
    },
    /// The target sent a first ping on a stream.
    Pinged {
        /// Where.
        site: Site,
    },
    /// The client sent something on a stream.
    Sent {
        /// The client as sites name it.
        client: String,
        /// What.
        bytes: Vec<u8>,
    },
    /// The script made a value of its own: `j:unique`, `j.random`, `j.fake`.
    Made {
        /// The value.
        value: String,
        /// The script's line.
        place: Option<Place>,
    },
    /// The script did something.
    Acted {
        /// Where.
        site: Site,
    },
    /// An expectation was met.
    Met {
        /// Where.
        site: Site,
    },
}
