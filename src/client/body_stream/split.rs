//! From the bytes of a body to what is handed up: events, lines, or the chunks themselves. What is
//! not finished is held, up to a bound.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use crate::model::event::FrameKind;
use crate::model::{Problem, ProblemKind};

use super::events::{Parser, Said};
use super::open::Shape;

/// Something whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A line or a chunk.
    Message { kind: FrameKind, bytes: Bytes },
    /// An event or a comment.
    Said { raw: Bytes, said: Said },
    /// Lines of an event stream that make no event: an id or a retry alone.
    Unsaid { raw: Bytes },
}

/// Takes pieces out of bytes as they come.
#[derive(Debug)]
pub(super) struct Splitter {
    most: usize,
    buffer: BytesMut,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Events(Parser),
    /// How far the bytes at hand hold no line end.
    Lines(usize),
    Chunks,
}

impl Splitter {
    /// `most` bytes may a piece have.
    pub(super) fn new(shape: &Shape, most: usize) -> Self {
        let way = match shape {
            Shape::Events { last_id, .. } => {
                let last_id = last_id.as_deref().unwrap_or_default();
                let last_id = Bytes::copy_from_slice(last_id.as_bytes());
                Way::Events(Parser::after(last_id, None))
            }
            Shape::Lines => Way::Lines(0),
            Shape::Chunks => Way::Chunks,
        };
        Self {
            most,
            buffer: BytesMut::new(),
            way,
        }
    }

    /// Adds what came; nothing is left of it once `take` gave nothing.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole piece, or nothing if more must come first. An `overflow` problem if one is
    /// larger than may be, finished or not.
    pub(super) fn take(&mut self) -> Result<Option<Piece>, Problem> {
        let buffer = &mut self.buffer;
        let piece = match &mut self.way {
            Way::Events(parser) => parser.take(buffer),
            Way::Lines(looked) => line(buffer, looked),
            Way::Chunks if buffer.is_empty() => None,
            Way::Chunks => Some(Piece::Message {
                kind: FrameKind::Binary,
                bytes: buffer.split().freeze(),
            }),
        };
        let size = match &piece {
            Some(Piece::Message { bytes, .. }) => bytes.len(),
            Some(Piece::Said { raw, .. } | Piece::Unsaid { raw }) => raw.len(),
            None => self.buffer.len() + self.held(),
        };
        if size <= self.most {
            return Ok(piece);
        }
        let what = match &self.way {
            Way::Events(_) => "an event",
            Way::Lines(_) => "a line",
            Way::Chunks => "a chunk",
        };
        Err(Problem::new(
            ProblemKind::Overflow,
            format!("{what} was larger than `max_message`, {} bytes", self.most),
        ))
    }

    /// True if the beginning of a piece is here.
    pub(super) fn is_amid(&self) -> bool {
        self.buffer.len() + self.held() > 0
    }

    fn held(&self) -> usize {
        match &self.way {
            Way::Events(parser) => parser.held(),
            Way::Lines(_) | Way::Chunks => 0,
        }
    }

    /// What the end of the body makes whole: the last line. An event without its empty line is
    /// none.
    pub(super) fn rest(&mut self) -> Option<Piece> {
        let bytes = self.buffer.split();
        match &self.way {
            Way::Lines(_) if !bytes.is_empty() => Some(Piece::Message {
                kind: FrameKind::Text,
                bytes: bytes.freeze(),
            }),
            Way::Lines(_) | Way::Events(_) | Way::Chunks => None,
        }
    }

    /// Begins anew with another body of the same stream; what was not finished is gone.
    pub(super) fn begin_anew(&mut self) {
        self.buffer.clear();
        match &mut self.way {
            Way::Events(parser) => {
                *parser = Parser::after(parser.last_id().clone(), parser.retry());
            }
            Way::Lines(looked) => *looked = 0,
            Way::Chunks => {}
        }
    }

    /// The last event's id, empty if there is none.
    pub(super) fn last_id(&self) -> Bytes {
        match &self.way {
            Way::Events(parser) => parser.last_id().clone(),
            Way::Lines(_) | Way::Chunks => Bytes::new(),
        }
    }

    /// The wait before reconnecting that an event stream asked for last.
    pub(super) fn retry(&self) -> Option<Duration> {
        match &self.way {
            Way::Events(parser) => parser.retry(),
            Way::Lines(_) | Way::Chunks => None,
        }
    }
}

/// A line without its LF or CRLF.
fn line(buffer: &mut BytesMut, looked: &mut usize) -> Option<Piece> {
    let Some(at) = buffer[*looked..].iter().position(|byte| *byte == b'\n') else {
        *looked = buffer.len();
        return None;
    };
    let end = *looked + at;
    *looked = 0;
    let line = buffer.split_to(end + 1).freeze();
    let content = line.slice(..end);
    let bytes = match content.last() {
        Some(b'\r') => content.slice(..end - 1),
        _ => content,
    };
    Some(Piece::Message {
        kind: FrameKind::Text,
        bytes,
    })
}
