//! What passed between a client and its target: payloads, phases, frames and endings.

use serde::{Deserialize, Serialize};

use super::Nanos;

/// Bytes that were sent or received, cut to what a trace keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// How many bytes there were.
    pub size: u64,
    /// What was kept, as text; bytes that are not UTF-8 make it base64 instead.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kept: String,
    /// `kept` is base64.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub base64: bool,
}

/// How long the phases of opening a connection and getting an answer took, in nanoseconds;
/// nothing where a phase did not happen (a reused connection resolves and connects nothing).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Resolving the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<Nanos>,
    /// Connecting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<Nanos>,
    /// The TLS handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Nanos>,
    /// From the request's start, or the connection's where one was made for it, to the response's
    /// head: no phase is counted in another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<Nanos>,
    /// From the start to the last byte.
    #[serde(default)]
    pub total: Nanos,
}

/// What a frame of a stream was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameKind {
    /// A text message.
    Text,
    /// A binary message.
    Binary,
    /// A ping.
    Ping,
    /// A pong.
    Pong,
    /// A close frame.
    Close,
    /// A frame exactly as the script gave it.
    Raw,
}

/// What a journey did to its own end of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamAction {
    /// `:freeze()`
    Frozen,
    /// `:thaw()`
    Thawed,
    /// `:blackhole()`
    Blackholed,
    /// `:half_close()`
    HalfClosed,
    /// `:vanish()`
    Vanished,
    /// `:abort()`
    Aborted,
    /// `:close()`
    Closing,
}

/// How a stream ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The close code; 1005 for an empty close frame, 1006 for none.
    pub code: u16,
    /// The close frame's reason.
    #[serde(default)]
    pub reason: String,
    /// How it came about.
    pub how: How,
    /// True if the journey ended it, false if the target did.
    pub by_us: bool,
}

/// `how` of `expect_close`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A close frame came.
    Close,
    /// The connection ended without one.
    Fin,
    /// The connection was reset.
    Reset,
    /// A body ended as HTTP says.
    End,
}

impl How {
    /// The word scripts see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Fin => "fin",
            Self::Reset => "reset",
            Self::End => "end",
        }
    }
}
