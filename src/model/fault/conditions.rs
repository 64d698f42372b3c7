//! Conditions of a bad network that a client can be put under: plain data. What is random about them
//! follows a number that is given with them, so that a walk can be repeated.

use serde::{Deserialize, Serialize};

use crate::model::Nanos;

/// What the network between a client and its target is like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "condition", rename_all = "snake_case")]
pub enum Condition {
    /// Everything that the client receives comes later: messages of streams, which keep their order,
    /// and answers.
    Latency {
        /// Nanoseconds.
        by: Nanos,
        /// Up to so many nanoseconds more, another number each time.
        jitter: Nanos,
    },
    /// A share of the messages on streams never arrives.
    Loss {
        /// 0 to 1.
        share: f64,
        /// Which ones.
        way: Way,
    },
    /// The connection of a stream breaks, once: both ends see a reset. At 0 it is those of all
    /// streams that are open.
    Cut {
        /// When, counted over all streams of the client from now on.
        after: CutAfter,
    },
}

/// Which way something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// From the target to the client.
    Inbound,
    /// From the client to the target.
    Outbound,
    /// Both.
    Both,
}

/// When a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutAfter {
    /// Behind so many messages that came.
    Messages(u64),
    /// Behind so many bytes of streams that came, be it in the middle of a message.
    Bytes(u64),
}
