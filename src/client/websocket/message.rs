//! From frames to messages: fragments are put together, text must be text, close frames are read
//! as they are on the wire.

use bytes::{Bytes, BytesMut};

use crate::model::event::FrameKind;
use crate::model::{Problem, ProblemKind};

use super::frame::{self, Received, Role, broken};

/// The code of a close frame that has none.
pub(super) const NO_CODE: u16 = 1005;

/// Something whole that came from the target.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whole {
    Text(Bytes),
    Binary(Bytes),
    Ping(Bytes),
    Pong(Bytes),
    Close(Farewell),
}

/// What a close frame said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Farewell {
    /// As on the wire, allowed or not; 1005 if there was none.
    pub(super) code: u16,
    pub(super) reason: String,
    /// The whole payload.
    pub(super) payload: Bytes,
}

/// Puts messages together. It keeps at most `most` bytes of an unfinished message.
#[derive(Debug)]
pub(super) struct Assembler {
    most: usize,
    partial: Option<(FrameKind, BytesMut)>,
}

impl Assembler {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            partial: None,
        }
    }

    /// True between the first and the last fragment of a message.
    pub(super) fn is_amid(&self) -> bool {
        self.partial.is_some()
    }

    /// The next whole thing in `buffer`, or nothing if more must be read first. Errors:
    /// `protocol` and `overflow`; after one the stream cannot be read any further.
    pub(super) fn take(&mut self, buffer: &mut BytesMut) -> Result<Option<Whole>, Problem> {
        loop {
            let held = self.partial.as_ref().map_or(0, |(_, bytes)| bytes.len());
            let received = frame::take(buffer, self.most - held).map_err(|problem| {
                if problem.kind == ProblemKind::Overflow {
                    self.too_large()
                } else {
                    problem
                }
            })?;
            let Some(received) = received else {
                return Ok(None);
            };
            if let Some(whole) = self.add(received)? {
                return Ok(Some(whole));
            }
        }
    }

    fn too_large(&self) -> Problem {
        let message = format!(
            "a message was larger than `max_message`, {} bytes",
            self.most
        );
        Problem::new(ProblemKind::Overflow, message)
    }

    fn add(&mut self, received: Received) -> Result<Option<Whole>, Problem> {
        let Received { role, fin, payload } = received;
        match role {
            Role::Ping => Ok(Some(Whole::Ping(payload))),
            Role::Pong => Ok(Some(Whole::Pong(payload))),
            Role::Close => farewell(payload).map(|said| Some(Whole::Close(said))),
            Role::Text => self.begin(FrameKind::Text, fin, payload),
            Role::Binary => self.begin(FrameKind::Binary, fin, payload),
            Role::Continuation => {
                let Some((kind, mut bytes)) = self.partial.take() else {
                    return Err(broken("a continuation came without a message to continue"));
                };
                bytes.extend_from_slice(&payload);
                if fin {
                    return whole(kind, bytes.freeze()).map(Some);
                }
                self.partial = Some((kind, bytes));
                Ok(None)
            }
        }
    }

    fn begin(
        &mut self,
        kind: FrameKind,
        fin: bool,
        payload: Bytes,
    ) -> Result<Option<Whole>, Problem> {
        if self.partial.is_some() {
            return Err(broken("a message began before the last one was finished"));
        }
        if fin {
            return whole(kind, payload).map(Some);
        }
        self.partial = Some((kind, BytesMut::from(&payload[..])));
        Ok(None)
    }
}

fn whole(kind: FrameKind, bytes: Bytes) -> Result<Whole, Problem> {
    if kind != FrameKind::Text {
        return Ok(Whole::Binary(bytes));
    }
    match std::str::from_utf8(&bytes) {
        Ok(_) => Ok(Whole::Text(bytes)),
        Err(error) => Err(broken(format!(
            "a text message was not UTF-8 (at byte {})",
            error.valid_up_to()
        ))),
    }
}

fn farewell(payload: Bytes) -> Result<Farewell, Problem> {
    let (code, reason) = match &payload[..] {
        [] => (NO_CODE, ""),
        [_] => return Err(broken("a close frame had half a code")),
        [high, low, reason @ ..] => (
            u16::from_be_bytes([*high, *low]),
            std::str::from_utf8(reason)
                .map_err(|_| broken("the reason of a close frame was not UTF-8"))?,
        ),
    };
    let reason = reason.to_string();
    Ok(Farewell {
        code,
        reason,
        payload,
    })
}

/// True if a client may send that code in a close frame.
pub(super) fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
