//! Reading the answer to an upgrade: its head, and its body if it is no upgrade.

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::AsyncReadExt as _;

use crate::client::tls::{Peer, refusal_of};
use crate::model::event::Phases;
use crate::model::{Problem, ProblemKind};

use super::frame::broken;
use super::request::values;
use super::socket::Wire;

/// The most an answer's head may take.
const LONGEST_HEAD: usize = 64 * 1024;
/// The most headers an answer may have.
const MOST_HEADERS: usize = 256;
/// The most that is kept of the body of a rejection.
const LONGEST_BODY: usize = 1 << 20;

/// An answer to an upgrade that is no valid upgrade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The status.
    pub status: u16,
    /// As on the wire, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// As on the wire but for the chunks; at most its first mebibyte.
    pub body: Bytes,
    /// False if the body ended early, was not there in time, or was cut to what is kept.
    pub whole: bool,
    /// What the target showed of itself over TLS.
    pub tls: Option<Peer>,
    /// How long it took.
    pub phases: Phases,
}

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Vec<u8>)>,
}

/// Reads until the head is there and takes it out of `buffer`; interim answers but 101 are passed
/// over. Errors: `closed` if the target ended the connection first, `protocol` for garbage.
pub(super) async fn head(wire: &mut impl Wire, buffer: &mut BytesMut) -> Result<Head, Problem> {
    loop {
        while let Some((head, length)) = parse(buffer)? {
            buffer.advance(length);
            if head.status == 101 || head.status >= 200 {
                return Ok(head);
            }
        }
        if buffer.len() > LONGEST_HEAD {
            return Err(broken("the head of the answer to the upgrade had no end"));
        }
        match wire.read_buf(buffer).await {
            Ok(0) if buffer.is_empty() => {
                return Err(closed("closed the connection without an answer", "fin"));
            }
            Ok(0) => return Err(broken("the answer to the upgrade was cut short")),
            Ok(_) => {}
            Err(error) => {
                // Over TLS 1.3 a client certificate is judged after the handshake.
                if let Some(refusal) = refusal_of(&error) {
                    return Err(refusal.problem("the target"));
                }
                let what = format!("ended the connection without an answer: {error}");
                return Err(closed(&what, "reset"));
            }
        }
    }
}

fn parse(buffer: &[u8]) -> Result<Option<(Head, usize)>, Problem> {
    let mut storage = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut storage);
    match response.parse(buffer) {
        Ok(httparse::Status::Partial) => Ok(None),
        Ok(httparse::Status::Complete(length)) => {
            let headers = response.headers.iter();
            let head = Head {
                status: response.code.unwrap_or_default(),
                headers: headers
                    .map(|header| (header.name.to_string(), header.value.to_vec()))
                    .collect(),
            };
            Ok(Some((head, length)))
        }
        Err(error) => Err(broken(format!(
            "the answer to the upgrade was no HTTP: {error}"
        ))),
    }
}

fn closed(what: &str, reason: &str) -> Problem {
    Problem::new(ProblemKind::Closed, format!("the target {what}")).with_reason(reason)
}

/// Collects a body; what has come so far can be looked at at any time.
#[derive(Debug)]
pub(super) struct Body {
    length: Length,
    pub(super) bytes: BytesMut,
    pub(super) whole: bool,
}

#[derive(Debug, Clone, Copy)]
enum Length {
    /// So many bytes are left.
    Known(u64),
    /// A chunk's head comes next.
    Chunked,
    /// So many bytes are left of a chunk and its line end.
    InChunk(u64),
    UntilEnd,
}

impl Body {
    pub(super) fn of(head: &Head) -> Self {
        let chunked = values(&head.headers, "Transfer-Encoding")
            .iter()
            .any(|value| value.to_ascii_lowercase().ends_with("chunked"));
        let known = values(&head.headers, "Content-Length")
            .iter()
            .find_map(|value| value.parse().ok());
        let length = match (head.status, chunked, known) {
            (204 | 304 | 101, _, _) => Length::Known(0),
            (_, true, _) => Length::Chunked,
            (_, false, Some(length)) => Length::Known(length),
            (_, false, None) => Length::UntilEnd,
        };
        Self {
            length,
            bytes: BytesMut::new(),
            whole: false,
        }
    }

    /// Reads to the body's end, or until it cannot be read any further.
    pub(super) async fn read(&mut self, wire: &mut impl Wire, buffer: &mut BytesMut) {
        loop {
            if self.take(buffer) || self.bytes.len() >= LONGEST_BODY {
                return;
            }
            match wire.read_buf(buffer).await {
                Ok(1..) => {}
                Ok(0) => {
                    self.whole = matches!(self.length, Length::UntilEnd);
                    return;
                }
                Err(_) => return,
            }
        }
    }

    /// Takes what is there; true at the end.
    fn take(&mut self, buffer: &mut BytesMut) -> bool {
        loop {
            match self.length {
                Length::Known(0) => {
                    self.whole = true;
                    return true;
                }
                Length::Known(left) => {
                    let left = left - self.keep(buffer, left);
                    self.length = Length::Known(left);
                    if left > 0 {
                        return false;
                    }
                }
                Length::UntilEnd => {
                    self.keep(buffer, u64::MAX);
                    return false;
                }
                Length::InChunk(left @ ..=2) => {
                    let end = usize::try_from(left).unwrap_or(2).min(buffer.len());
                    buffer.advance(end);
                    if (end as u64) < left {
                        self.length = Length::InChunk(left - end as u64);
                        return false;
                    }
                    self.length = Length::Chunked;
                }
                Length::InChunk(left) => {
                    let kept = self.keep(buffer, left - 2);
                    self.length = Length::InChunk(left - kept);
                    if left - kept > 2 {
                        return false;
                    }
                }
                Length::Chunked => match httparse::parse_chunk_size(buffer) {
                    Ok(httparse::Status::Complete((head, size))) => {
                        buffer.advance(head);
                        self.length = match size {
                            0 => Length::Known(0),
                            size => Length::InChunk(size.saturating_add(2)),
                        };
                    }
                    Ok(httparse::Status::Partial) => return false,
                    // What came until then is worth more to a reader than an error about it.
                    Err(_) => return true,
                },
            }
        }
    }

    /// Moves at most `most` bytes from `buffer`, keeping them up to the cap; how many.
    fn keep(&mut self, buffer: &mut BytesMut, most: u64) -> u64 {
        let count = usize::try_from(most)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let part = buffer.split_to(count);
        let room = LONGEST_BODY.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&part[..count.min(room)]);
        count as u64
    }
}
