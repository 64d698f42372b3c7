//! Undoes the codings of a body, one after the other, each capped: a compression bomb costs no
//! more than the cap it runs into. It may use `model` and the decoders' crates, and knows nothing
//! of connections.

mod coding;

use bytes::Bytes;

use self::coding::Coding;
use super::headers::Field;
use super::message::Request;
use super::redirect::{Hop, location};
use super::transport::Answer;
use super::wrong::Wrong;
use crate::model::Problem;

/// What is offered to a target unless a journey says otherwise: all that can be undone.
pub(super) const OFFERED: &str = "gzip, deflate, br, zstd";

/// Most codings of one body. Nobody means more, and each costs as much as `max_body` allows.
const MOST_CODINGS: usize = 4;

/// Why a body could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DecodeError {
    /// It grows beyond the cap.
    #[error("a body that grows to more than {cap} bytes when its {coding} is undone (`max_body`)")]
    Overflow {
        /// As the header names it.
        coding: &'static str,
        /// `max_body`.
        cap: u64,
    },
    /// It is not what its header says.
    #[error("a body that is no whole {coding}: {why}")]
    Corrupt {
        /// As the header names it.
        coding: &'static str,
        /// The decoder's words.
        why: String,
    },
    /// Its header lists more codings than anybody means.
    #[error("a body under {0} codings; at most {MOST_CODINGS} are undone")]
    TooMany(usize),
}

/// How the answer to one hop is undone, once its body is there.
#[derive(Debug, Clone)]
pub(super) struct Undoing {
    follow: bool,
    head_only: bool,
    max_body: u64,
    label: String,
}

impl Undoing {
    /// As the request wants it.
    pub(super) fn of(request: &Request, hop: &Hop) -> Self {
        Self {
            follow: request.follow,
            head_only: request.head_only,
            max_body: request.max_body,
            label: hop.label(),
        }
    }

    /// Whether an answer's codings are to be undone. A part of a body (206) is no whole compression,
    /// and nobody reads the body of a redirect that is followed.
    pub(super) fn is_due(&self, answer: &Answer) -> bool {
        let unread = self.follow && location(answer).is_some();
        !(self.head_only || answer.status == 206 || unread)
    }

    /// The answer with its body's codings undone, where that is due.
    pub(super) fn undone(&self, mut answer: Answer) -> Result<Answer, Problem> {
        if !self.is_due(&answer) {
            return Ok(answer);
        }
        answer.body = decode(&answer.headers, answer.body, self.max_body)
            .map_err(|error| Wrong::of_coding(&self.label, &error))?;
        Ok(answer)
    }

    /// The same for a body that may have been cut off: what cannot be undone stays as it came.
    pub(super) fn as_far_as_it_goes(&self, answer: Answer) -> Answer {
        self.undone(answer.clone()).unwrap_or(answer)
    }
}

/// A body without its codings; at most `cap` bytes, also between two codings. A coding that is not
/// known ends the undoing there, as it does in a browser: what is left is the body.
fn decode(headers: &[Field], body: Bytes, cap: u64) -> Result<Bytes, DecodeError> {
    // Nothing (an answer to HEAD, a 304) is no broken compression of nothing.
    if body.is_empty() {
        return Ok(body);
    }
    let codings = codings(headers);
    if codings.len() > MOST_CODINGS {
        return Err(DecodeError::TooMany(codings.len()));
    }
    let mut body = body;
    // The last of the list was laid on last.
    for name in codings.iter().rev() {
        let Some(coding) = Coding::named(name) else {
            break;
        };
        body = coding.undo(&body, cap)?.into();
    }
    Ok(body)
}

/// The codings in the order in which they were laid on, in lower case.
fn codings(headers: &[Field]) -> Vec<String> {
    headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))
        .flat_map(|(_, value)| {
            let text = String::from_utf8_lossy(value).to_ascii_lowercase();
            let names: Vec<String> = text
                .split(',')
                .map(|name| name.trim().to_string())
                .collect();
            names
        })
        .filter(|name| !name.is_empty() && name != "identity")
        .collect()
}

#[cfg(test)]
mod tests;
