//! An answer whose head is there: who asked for it decides whether its body is read to its end,
//! or handed on as it arrives.

use bytes::Bytes;
use tokio::time::Instant;

use crate::client::cookies::SetCookie;
use crate::model::event::ExchangeId;
use crate::model::{EventKind, Problem, ProblemKind};
use crate::record::Stamp;

use super::begun::Begun;
use super::client::HttpClient;
use super::decode::Undoing;
use super::heard::Ear;
use super::marks::nanos;
use super::message::{Redirected, Response, SentRequest};
use super::passing::Passing;
use super::transport::Answer;

/// One hop whose answer's head is there.
pub(super) struct Answered {
    pub(super) sent: SentRequest,
    pub(super) exchange: ExchangeId,
    pub(super) begun: Begun,
    /// What becomes of its body where it is read whole.
    pub(super) undoing: Undoing,
    /// Who listens to it.
    pub(super) ear: Option<Ear>,
    /// Its place at the border, where somebody looks at what passes there.
    pub(super) passing: Option<Passing>,
    /// What cut its deadline short.
    pub(super) cut_by: Option<&'static str>,
}

impl HttpClient {
    /// Says that a request got no whole response, and what around it cut its time short.
    pub(super) fn failed(
        &self,
        exchange: ExchangeId,
        mut problem: Problem,
        cut_by: Option<&'static str>,
    ) -> Problem {
        let cut_by = cut_by.filter(|_| problem.kind == ProblemKind::Timeout);
        if let Some(by) = cut_by {
            problem.message.push_str(&format!(", cut by {by}"));
        }
        self.emit(|client| EventKind::RequestFailed {
            client,
            exchange,
            problem: problem.clone(),
            cut_by: cut_by.map(str::to_string),
        });
        problem
    }
}

impl Answered {
    /// Reads the rest of it and undoes its codings, with its event.
    pub(super) async fn whole(self, client: &HttpClient) -> Result<(Answer, Sealed), Problem> {
        let Self {
            sent,
            exchange,
            begun,
            undoing,
            ear,
            passing,
            cut_by,
        } = self;
        let is_undone = begun.is_undone();
        let came = begun.whole().await;
        let came = came.and_then(|answer| match is_undone {
            true => Ok(answer),
            false => undoing.undone(answer),
        });
        match came {
            Ok(answer) => {
                if let Some(ear) = &ear {
                    ear.whole(&answer);
                }
                let stamp = client.received(exchange, &answer);
                if let Some(passing) = &passing {
                    passing.passed(stamp, &answer, true);
                }
                Ok((answer, Sealed { sent, stamp }))
            }
            Err(problem) => Err(client.failed(exchange, problem, cut_by)),
        }
    }
}

/// What a finished hop leaves besides its answer.
pub(super) struct Sealed {
    sent: SentRequest,
    stamp: Option<Stamp>,
}

/// The answer to a request, redirects followed, of which only the head is there. Dropping it ends
/// its connection.
pub struct Opened {
    client: HttpClient,
    answered: Answered,
    redirects: Vec<Redirected>,
    cookies: Vec<SetCookie>,
    since: Option<Instant>,
}

impl Opened {
    /// `since` is when the request began, where there were exchanges before this one.
    pub(super) fn new(
        client: HttpClient,
        answered: Answered,
        redirects: Vec<Redirected>,
        cookies: Vec<SetCookie>,
        since: Option<Instant>,
    ) -> Self {
        Self {
            client,
            answered,
            redirects,
            cookies,
            since,
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.answered.begun.head.status
    }

    /// The first value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let headers = &self.answered.begun.head.headers;
        let found = headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_slice())
    }

    /// Reads the body to its end, in time and within bounds, and undoes its codings. Problems:
    /// `timeout`, `protocol`, `overflow`.
    pub async fn whole(self) -> Result<Response, Problem> {
        let (answer, sealed) = self.answered.whole(&self.client).await?;
        let rest = (self.redirects, self.cookies, self.since);
        Ok(response(answer, sealed, rest))
    }

    /// Reads of the body what comes in time and within bounds: for an answer that is a refusal
    /// whether or not it ends.
    pub async fn what_comes(self) -> Response {
        let Answered {
            sent,
            exchange,
            begun,
            undoing,
            ear: _,
            passing,
            cut_by: _,
        } = self.answered;
        let answer = match passing.as_ref().is_some_and(Passing::is_touched) {
            true => begun.unread(),
            false => undoing.as_far_as_it_goes(begun.what_comes().await),
        };
        let stamp = self.client.received(exchange, &answer);
        if let Some(passing) = &passing {
            passing.passed(stamp, &answer, false);
        }
        let rest = (self.redirects, self.cookies, self.since);
        response(answer, Sealed { sent, stamp }, rest)
    }

    /// The response without its body, and the body as it arrives, under whatever codings it has.
    pub fn split(self) -> (Response, Body) {
        let Answered {
            sent,
            exchange,
            begun,
            undoing: _,
            ear: _,
            passing,
            cut_by: _,
        } = self.answered;
        let stamp = self.client.received(exchange, &begun.head);
        if let Some(passing) = &passing {
            passing.passed(stamp, &begun.head, false);
        }
        let rest = (self.redirects, self.cookies, self.since);
        let head = begun.head.clone();
        (response(head, Sealed { sent, stamp }, rest), Body { begun })
    }
}

/// A body as it arrives. Dropping it before its end closes the connection.
pub struct Body {
    begun: Begun,
}

impl Body {
    /// The next bytes when they are there; nothing at the end of the body as HTTP says it. A
    /// `protocol` problem for a body cut short. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        self.begun.chunk().await
    }
}

type Rest = (Vec<Redirected>, Vec<SetCookie>, Option<Instant>);

fn response(answer: Answer, sealed: Sealed, (redirects, cookies, since): Rest) -> Response {
    let Sealed { sent, stamp } = sealed;
    let mut phases = answer.phases;
    if let Some(since) = since {
        phases.total = nanos(since.elapsed());
    }
    Response {
        status: answer.status,
        version: answer.version,
        headers: answer.headers,
        body: answer.body,
        trailers: answer.trailers,
        tls: answer.tls,
        url: sent.url.clone(),
        request: sent,
        redirects,
        cookies,
        phases,
        stamp,
    }
}
