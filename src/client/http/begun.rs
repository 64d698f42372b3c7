//! An exchange whose head is there, and the body behind it: the target's as it arrives, or another
//! one that was put in its place.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::{sleep, timeout_at};

use crate::model::Problem;
use crate::model::fault::Answered;

use super::headers::fields;
use super::marks::Marks;
use super::transport::{Answer, Limits, Outgoing};
use super::wrong::Wrong;

/// An exchange whose head is there; dropping it ends its connection.
pub(super) struct Begun {
    /// The answer without its body.
    pub(super) head: Answer,
    /// How many bytes the body has, if the head says it and there is one.
    pub(super) length: Option<u64>,
    pub(super) frames: Frames,
    pub(super) limits: Limits,
    pub(super) wrong: Wrong,
    pub(super) marks: Arc<Marks>,
    pub(super) read: usize,
}

/// Where a body comes from.
pub(super) enum Frames {
    /// From its connection.
    Coming(Incoming),
    /// From the border, where another answer was put in the place of the one that came.
    Given(Given),
}

impl Begun {
    /// An exchange that did not take place, and the answer that is given nevertheless.
    pub(super) fn unsent(outgoing: &Outgoing<'_>, limits: Limits, answer: &Answered) -> Self {
        let marks = Marks::start(limits.deadline);
        marks.head();
        Self {
            head: Answer {
                status: answer.status,
                version: "1.1",
                headers: answer.headers.clone(),
                body: Bytes::new(),
                trailers: Vec::new(),
                tls: None,
                phases: marks.phases(),
            },
            length: None,
            frames: Frames::Given(Given::whole(answer.body.clone().into())),
            limits,
            wrong: Wrong::new(outgoing, limits, marks.clone()),
            marks,
            read: 0,
        }
    }

    /// The rest of the exchange, in time and as far as it may go.
    pub(super) async fn whole(mut self) -> Result<Answer, Problem> {
        let body = self.all().await?;
        Ok(self.finished(body))
    }

    /// The same, where another answer is to be put in the place of this one.
    pub(super) async fn take(&mut self) -> Result<Answer, Problem> {
        let body = self.all().await?.freeze();
        let head = self.head.clone();
        Ok(Answer { body, ..head })
    }

    /// Puts another answer in the place of this one: its head, and its body.
    pub(super) fn give(&mut self, head: Answer, given: Given) {
        self.head = head;
        self.frames = Frames::Given(given);
        (self.length, self.read) = (None, 0);
    }

    /// Whether the codings of its body are undone already.
    pub(super) fn is_undone(&self) -> bool {
        match &self.frames {
            Frames::Coming(_) => false,
            Frames::Given(given) => given.undone,
        }
    }

    /// Lets the head come so much later, as if the target were so slow.
    pub(super) async fn later(&mut self, by: Duration) -> Result<(), Problem> {
        self.marks.waiting();
        if timeout_at(self.limits.deadline, sleep(by)).await.is_err() {
            return Err(self.wrong.timeout(0));
        }
        self.marks.head();
        self.head.phases = self.marks.phases();
        Ok(())
    }

    async fn all(&mut self) -> Result<BytesMut, Problem> {
        // A length that is too much already needs no reading, and one that is a lie no waiting.
        let said = self.length.unwrap_or(0);
        if !self.limits.head_only && said > self.limits.max_body {
            return Err(self.wrong.overflow());
        }
        let mut body = BytesMut::new();
        while !self.limits.head_only {
            let chunk = match timeout_at(self.limits.deadline, self.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => break,
                Ok(Err(problem)) => return Err(problem),
                Err(_) => return Err(self.wrong.timeout(body.len())),
            };
            if (body.len() + chunk.len()) as u64 > self.limits.max_body {
                return Err(self.wrong.overflow());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The head alone, and the end of its connection.
    pub(super) fn unread(self) -> Answer {
        self.finished(BytesMut::new())
    }

    /// As much of the body as comes in time, without asking whether that is all of it.
    pub(super) async fn what_comes(mut self) -> Answer {
        let mut body = BytesMut::new();
        while let Ok(Ok(Some(chunk))) = timeout_at(self.limits.deadline, self.chunk()).await {
            let room = usize::try_from(self.limits.max_body).unwrap_or(usize::MAX) - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                break;
            }
        }
        self.finished(body)
    }

    /// The body's next bytes when they are there, nothing at its end. There is no deadline, and
    /// dropping the future loses nothing.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frames = match &mut self.frames {
                Frames::Coming(frames) => frames,
                Frames::Given(given) => {
                    let chunk = given.next();
                    self.read += chunk.as_ref().map_or(0, Bytes::len);
                    return match chunk {
                        None if given.broken => Err(self.wrong.broken(self.read)),
                        chunk => Ok(chunk),
                    };
                }
            };
            let frame = match frames.frame().await {
                Some(Ok(frame)) => frame,
                None => return Ok(None),
                Some(Err(error)) => return Err(self.wrong.of_body(&error, self.read)),
            };
            match frame.into_data() {
                Ok(chunk) => {
                    self.read += chunk.len();
                    return Ok(Some(chunk));
                }
                Err(frame) => {
                    let trailers = frame.trailers_ref().map(fields);
                    self.head.trailers.extend(trailers.unwrap_or_default());
                }
            }
        }
    }

    fn finished(mut self, body: BytesMut) -> Answer {
        self.head.body = body.freeze();
        self.head.phases = self.marks.phases();
        self.head
    }
}

/// A body that was put in the place of the one that came, as far as it was not taken yet.
pub(super) struct Given {
    pub(super) body: Bytes,
    /// Its codings are undone already.
    pub(super) undone: bool,
    /// Its connection breaks where it ends.
    pub(super) broken: bool,
}

impl Given {
    /// A body that ends well, without codings.
    pub(super) fn whole(body: Bytes) -> Self {
        Self {
            body,
            undone: true,
            broken: false,
        }
    }

    /// All that is left of it, nothing at its end.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let rest = std::mem::take(&mut self.body);
        (!rest.is_empty()).then_some(rest)
    }
}
