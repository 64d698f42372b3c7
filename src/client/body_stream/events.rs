//! Server-sent events, by the rules of the WHATWG: lines that end in CR, LF or CRLF, fields,
//! dispatch at an empty line. Bytes that are not UTF-8 stay as they came.

use std::ops::Range;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};

use super::split::Piece;

/// What an event stream said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// An event.
    Event {
        /// Its type; `message` if it names none.
        event: Bytes,
        /// Its data lines, with LF between them.
        data: Bytes,
        /// The last id that the stream gave, with this event or before it; nothing if none or an
        /// empty one.
        id: Option<Bytes>,
        /// How long to wait before reconnecting, if this event says so.
        retry: Option<Duration>,
    },
    /// A line that begins with a colon, without it.
    Comment(Bytes),
}

/// Takes events out of bytes as they come.
#[derive(Debug, Default)]
pub(super) struct Parser {
    /// The first bytes were looked at: a byte order mark is gone.
    begun: bool,
    /// How far the bytes at hand hold no line end.
    looked: usize,
    /// A CR ended the last line: an LF right behind it belongs to it.
    after_cr: bool,
    /// The last line was a comment, which is not part of the block.
    was_comment: bool,
    block: Block,
    last_id: Bytes,
    retry: Option<Duration>,
}

/// The lines since the last empty one.
#[derive(Debug, Default)]
struct Block {
    raw: BytesMut,
    event: Bytes,
    data: Option<BytesMut>,
    id: Option<Bytes>,
    retry: Option<Duration>,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

impl Parser {
    /// A parser for a stream that continues after an event.
    pub(super) fn after(last_id: Bytes, retry: Option<Duration>) -> Self {
        Self {
            last_id,
            retry,
            ..Self::default()
        }
    }

    /// The last id at the last empty line.
    pub(super) fn last_id(&self) -> &Bytes {
        &self.last_id
    }

    /// The wait before reconnecting that the stream named last.
    pub(super) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Bytes that are held for an event which is not finished.
    pub(super) fn held(&self) -> usize {
        self.block.raw.len()
    }

    /// The next thing in `buffer`, or nothing if more must come first.
    pub(super) fn take(&mut self, buffer: &mut BytesMut) -> Option<Piece> {
        if !self.begun {
            if buffer.len() < BOM.len() && BOM.starts_with(buffer) {
                return None;
            }
            if buffer.starts_with(BOM) {
                buffer.advance(BOM.len());
            }
            self.begun = true;
        }
        loop {
            if self.after_cr {
                if *buffer.first()? == b'\n' {
                    buffer.advance(1);
                    if !self.was_comment && !self.block.raw.is_empty() {
                        self.block.raw.extend_from_slice(b"\n");
                    }
                }
                self.after_cr = false;
            }
            let (content, whole) = self.line(buffer)?;
            let line = buffer.split_to(whole).freeze();
            if let Some(piece) = self.read(&line, line.slice(content)) {
                return Some(piece);
            }
        }
    }

    /// The first line's content, and the length of it with its end.
    fn line(&mut self, buffer: &BytesMut) -> Option<(Range<usize>, usize)> {
        let rest = &buffer[self.looked..];
        let Some(at) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            self.looked = buffer.len();
            return None;
        };
        let end = self.looked + at;
        self.looked = 0;
        // A CR at the very end of what is here ends the line all the same: whether an LF follows
        // is found out when it does.
        let crlf = buffer[end..].starts_with(b"\r\n");
        self.after_cr = buffer[end] == b'\r' && !crlf;
        Some((0..end, end + if crlf { 2 } else { 1 }))
    }

    fn read(&mut self, line: &Bytes, content: Bytes) -> Option<Piece> {
        if content.is_empty() {
            self.block.raw.extend_from_slice(line);
            return self.dispatch();
        }
        let colon = content.iter().position(|byte| *byte == b':');
        self.was_comment = colon == Some(0);
        if self.was_comment {
            return Some(Piece::Said {
                raw: line.clone(),
                said: Said::Comment(value(&content, 1)),
            });
        }
        self.block.raw.extend_from_slice(line);
        let (name, value) = match colon {
            Some(at) => (content.slice(..at), value(&content, at + 1)),
            None => (content.clone(), Bytes::new()),
        };
        self.field(&name, value);
        None
    }

    fn field(&mut self, name: &[u8], value: Bytes) {
        let block = &mut self.block;
        match name {
            b"event" => block.event = value,
            b"data" => match &mut block.data {
                Some(data) => {
                    data.extend_from_slice(b"\n");
                    data.extend_from_slice(&value);
                }
                None => block.data = Some(BytesMut::from(&value[..])),
            },
            b"id" if !value.contains(&0) => block.id = Some(value),
            b"retry" => {
                if let Some(retry) = milliseconds(&value) {
                    block.retry = Some(retry);
                    self.retry = Some(retry);
                }
            }
            // Other fields are ignored, as every browser does.
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<Piece> {
        let block = std::mem::take(&mut self.block);
        if let Some(id) = block.id {
            self.last_id = id;
        }
        let raw = block.raw.freeze();
        let Some(data) = block.data else {
            let only_ends = raw.iter().all(|byte| matches!(byte, b'\r' | b'\n'));
            return (!only_ends).then_some(Piece::Unsaid { raw });
        };
        let event = match block.event.is_empty() {
            true => Bytes::from_static(b"message"),
            false => block.event,
        };
        Some(Piece::Said {
            raw,
            said: Said::Event {
                event,
                data: data.freeze(),
                id: (!self.last_id.is_empty()).then(|| self.last_id.clone()),
                retry: block.retry,
            },
        })
    }
}

/// What stands behind a colon, without one space.
fn value(content: &Bytes, from: usize) -> Bytes {
    let space = usize::from(content.get(from) == Some(&b' '));
    content.slice(from + space..)
}

/// Digits only; a number that is no number of milliseconds waits for ever.
fn milliseconds(value: &[u8]) -> Option<Duration> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = std::str::from_utf8(value).ok()?.parse();
    Some(Duration::from_millis(number.unwrap_or(u64::MAX)))
}
