//! The JSON of the chat, with its keys in the order of the original. Plain data.

use serde::{Deserialize, Serialize};

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Said {
    History {
        messages: Vec<Said>,
    },
    Identity {
        nick: String,
    },
    System {
        text: String,
        ts: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        count: Option<usize>,
    },
    Message {
        nick: String,
        text: String,
        ts: u64,
    },
    Probe {
        ok: bool,
        service: &'static str,
        version: &'static str,
        connected_clients: usize,
        ts: u64,
    },
}

/// What a client says. Anything else is ignored silently.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Heard {
    Message {
        /// Any JSON: a text that is none counts against the rate limit and is then ignored.
        #[serde(default)]
        text: serde_json::Value,
    },
    /// Marks the client alive, unanswered.
    Ping {},
}

/// `/chat/health`.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    /// A constant, as it was: health knows nothing of the ceiling.
    pub(super) ok: bool,
    pub(super) service: &'static str,
    pub(super) version: &'static str,
    pub(super) connected_clients: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uptime_seconds: Option<u64>,
    pub(super) ts: u64,
}

/// What the service calls itself.
pub(super) const SERVICE: &str = "dead-chat";

impl Heard {
    /// What a frame says, if it says anything.
    pub(super) fn parse(bytes: &[u8]) -> Option<Heard> {
        serde_json::from_str(&String::from_utf8_lossy(bytes)).ok()
    }
}
