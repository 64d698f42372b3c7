//! Frames on the wire: taking them out of what was read, with every rule a server must keep, and
//! writing our own, including those that break the rules. The format itself is tungstenite's.

use std::io::Cursor;

use bytes::{Buf as _, Bytes, BytesMut};
use tokio_tungstenite::tungstenite::Error as WireError;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

use crate::model::{Problem, ProblemKind};

/// The longest header there is.
const LONGEST_HEADER: usize = 14;
/// The most a control frame may hold.
pub(super) const LONGEST_CONTROL: u64 = 125;
/// No peer can mean a longer frame: JavaScript, the language of most, cannot even count it. A
/// longer one is garbage and not merely too much.
const LONGEST_MEANT: u64 = 1 << 53;

/// One frame, exactly as it is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFrame {
    /// 0 to 15: 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong, the others reserved.
    pub opcode: u8,
    /// The last frame of its message.
    pub fin: bool,
    /// The three reserved bits, 0 to 7; 4 is RSV1.
    pub rsv: u8,
    /// Masked, as a client must.
    pub mask: bool,
    /// What is in it, before masking.
    pub payload: Bytes,
}

impl RawFrame {
    /// A frame that keeps all rules.
    pub(super) fn plain(opcode: u8, payload: Bytes) -> Self {
        Self {
            opcode,
            fin: true,
            rsv: 0,
            mask: true,
            payload,
        }
    }

    /// Its bytes on the wire. Errors: `script` if opcode or reserved bits do not fit in a frame.
    pub(super) fn encode(&self) -> Result<Vec<u8>, Problem> {
        if self.opcode > 15 || self.rsv > 7 {
            let message = format!(
                "a frame has an opcode from 0 to 15 and reserved bits from 0 to 7, found {} and {}",
                self.opcode, self.rsv
            );
            return Err(Problem::new(ProblemKind::Script, message));
        }
        let header = FrameHeader {
            is_final: self.fin,
            rsv1: self.rsv & 4 != 0,
            rsv2: self.rsv & 2 != 0,
            rsv3: self.rsv & 1 != 0,
            opcode: OpCode::from(self.opcode),
            mask: self.mask.then(new_mask),
        };
        let mut bytes = Vec::with_capacity(self.payload.len() + LONGEST_HEADER);
        Frame::from_payload(header, self.payload.clone())
            .format(&mut bytes)
            .map_err(|error| Problem::new(ProblemKind::Script, error.to_string()))?;
        Ok(bytes)
    }
}

/// A mask protects proxies from scripts in browsers. A system without random bytes still gets
/// valid frames.
fn new_mask() -> [u8; 4] {
    let mut mask = [0x6a, 0x61, 0x75, 0x6e];
    let _ = getrandom::fill(&mut mask);
    mask
}

/// What a server's frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

/// A frame that came and kept the rules for frames.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) role: Role,
    pub(super) fin: bool,
    pub(super) payload: Bytes,
}

/// Takes the next whole frame out of `buffer`, or nothing if it is not there yet. `room` is how
/// many bytes the message may still take. Errors: `protocol` for a frame no server may send,
/// `overflow` for one beyond `room`; both as soon as the header shows it, so that nothing is ever
/// kept because of a length that was only claimed.
pub(super) fn take(buffer: &mut BytesMut, room: usize) -> Result<Option<Received>, Problem> {
    let head = &buffer[..buffer.len().min(LONGEST_HEADER)];
    let mut cursor = Cursor::new(head);
    let Some((header, length)) = FrameHeader::parse(&mut cursor).map_err(unreadable)? else {
        return Ok(None);
    };
    let header_length = usize::try_from(cursor.position()).unwrap_or(LONGEST_HEADER);
    let role = check(&header, length)?;
    let length = usize::try_from(length)
        .ok()
        .filter(|length| is_control(role) || *length <= room)
        .ok_or_else(|| {
            let message = format!("a frame of {length} bytes came where only {room} more are kept");
            Problem::new(ProblemKind::Overflow, message)
        })?;
    if buffer.len() - header_length < length {
        return Ok(None);
    }
    buffer.advance(header_length);
    Ok(Some(Received {
        role,
        fin: header.is_final,
        payload: buffer.split_to(length).freeze(),
    }))
}

fn check(header: &FrameHeader, length: u64) -> Result<Role, Problem> {
    let role = match header.opcode {
        OpCode::Data(Data::Continue) => Role::Continuation,
        OpCode::Data(Data::Text) => Role::Text,
        OpCode::Data(Data::Binary) => Role::Binary,
        OpCode::Control(Control::Close) => Role::Close,
        OpCode::Control(Control::Ping) => Role::Ping,
        OpCode::Control(Control::Pong) => Role::Pong,
        OpCode::Data(Data::Reserved(code)) | OpCode::Control(Control::Reserved(code)) => {
            return Err(reserved_opcode(code));
        }
    };
    if header.rsv1 || header.rsv2 || header.rsv3 {
        return Err(broken(
            "a frame had reserved bits set although no extension was agreed on",
        ));
    }
    if header.mask.is_some() {
        return Err(broken("a frame of the server was masked"));
    }
    if is_control(role) && length > LONGEST_CONTROL {
        return Err(broken(format!(
            "a control frame had {length} bytes, more than {LONGEST_CONTROL}"
        )));
    }
    if is_control(role) && !header.is_final {
        return Err(broken("a control frame was fragmented"));
    }
    if length > LONGEST_MEANT {
        return Err(broken(format!("a frame claimed to have {length} bytes")));
    }
    Ok(role)
}

fn is_control(role: Role) -> bool {
    match role {
        Role::Close | Role::Ping | Role::Pong => true,
        Role::Continuation | Role::Text | Role::Binary => false,
    }
}

fn unreadable(error: WireError) -> Problem {
    match error {
        WireError::Protocol(ProtocolError::InvalidOpcode(code)) => reserved_opcode(code),
        other => broken(format!("a frame could not be read: {other}")),
    }
}

fn reserved_opcode(code: u8) -> Problem {
    broken(format!("a frame had the reserved opcode {code}"))
}

/// The target broke the rules of WebSocket.
pub(super) fn broken(message: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Protocol, message)
}
