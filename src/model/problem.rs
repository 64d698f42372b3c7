//! What can go wrong, in the kinds of the API reference: the *target's* kinds and *ours*.
//! Which of the two a kind belongs to decides between "failed" and "errored".

use serde::{Deserialize, Serialize};

/// The kind of an error, as scripts see it in `err.kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Something that must be true was not.
    Expectation,
    /// The script read what the target did not send.
    Unreadable,
    /// The target did not answer in time.
    Timeout,
    /// The name could not be resolved.
    Dns,
    /// No connection could be made.
    Connect,
    /// The TLS handshake failed.
    Tls,
    /// An upgrade or an event stream was answered otherwise.
    Refused,
    /// The connection ended while it was needed.
    Closed,
    /// More came than the client is willing to keep.
    Overflow,
    /// What came breaks the rules of its protocol.
    Protocol,
    /// A redirect led where a journey may not go, or in circles.
    Redirect,
    /// A declared number lies outside its tolerance.
    Number,
    /// The journey itself is wrong.
    Script,
    /// A setting is wrong.
    Config,
    /// The script named a host outside its target.
    Host,
    /// The VM's memory limit was reached.
    Memory,
    /// A number without which nothing is known of the journey was not measured.
    NotMeasured,
}

impl ProblemKind {
    /// Every kind, target's first.
    pub const ALL: [Self; 17] = [
        Self::Expectation,
        Self::Unreadable,
        Self::Timeout,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Refused,
        Self::Closed,
        Self::Overflow,
        Self::Protocol,
        Self::Redirect,
        Self::Number,
        Self::Script,
        Self::Config,
        Self::Host,
        Self::Memory,
        Self::NotMeasured,
    ];

    /// True for the kinds that are the target's doing.
    pub fn is_targets(self) -> bool {
        match self {
            Self::Expectation
            | Self::Unreadable
            | Self::Timeout
            | Self::Dns
            | Self::Connect
            | Self::Tls
            | Self::Refused
            | Self::Closed
            | Self::Overflow
            | Self::Protocol
            | Self::Redirect
            | Self::Number => true,
            Self::Script | Self::Config | Self::Host | Self::Memory | Self::NotMeasured => false,
        }
    }

    /// The name scripts and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expectation => "expectation",
            Self::Unreadable => "unreadable",
            Self::Timeout => "timeout",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Refused => "refused",
            Self::Closed => "closed",
            Self::Overflow => "overflow",
            Self::Protocol => "protocol",
            Self::Redirect => "redirect",
            Self::Number => "number",
            Self::Script => "script",
            Self::Config => "config",
            Self::Host => "host",
            Self::Memory => "memory",
            Self::NotMeasured => "not_measured",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl std::fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing that went wrong, without its place: what a client hands up and a script can catch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// The kind, which decides whose doing it is.
    pub kind: ProblemKind,
    /// One sentence for people, lower case, without a full stop.
    pub message: String,
    /// A word for scripts to branch on, where the kind has several reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Problem {
    /// A problem of a kind with its sentence.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            reason: None,
        }
    }

    /// The same with a reason to branch on.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}
