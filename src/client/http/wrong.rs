//! What went wrong in an exchange, in the words and kinds of the API. hyper says little by
//! itself; the cause is found down its chain of sources, and the phase from the stamps.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::legacy;

use crate::client::route::Unreached;
use crate::client::tcp::Undialled;
use crate::client::tls::refusal_of;
use crate::model::proxy::Proxy;
use crate::model::{Problem, ProblemKind};

use super::connecting::HttpVersion;
use super::connector::Unconnected;
use super::decode::DecodeError;
use super::marks::{Marks, Stage};
use super::redirect::labelled;
use super::transport::{Limits, Outgoing};

/// Names the problems of one exchange.
pub(super) struct Wrong {
    /// `GET http://…`, with which every message begins.
    label: String,
    host: String,
    limits: Limits,
    marks: Arc<Marks>,
    /// The version that was required, if one was.
    version: HttpVersion,
    proxy: Option<Proxy>,
}

impl Wrong {
    pub(super) fn new(outgoing: &Outgoing<'_>, limits: Limits, marks: Arc<Marks>) -> Self {
        Self {
            label: labelled(&outgoing.method, outgoing.url),
            host: outgoing.url.host_str().unwrap_or_default().to_string(),
            limits,
            marks,
            version: outgoing.connecting.http,
            proxy: outgoing.connecting.route.proxy.clone(),
        }
    }

    /// The deadline came; `read` bytes of the body were there.
    pub(super) fn timeout(&self, read: usize) -> Problem {
        let stage = match self.marks.stage() {
            Stage::Resolving => "resolving the name".to_string(),
            Stage::Connecting => "connecting".to_string(),
            Stage::ToProxy => format!("connecting to the proxy {}", self.proxy()),
            Stage::Tunnelling => format!("waiting for the proxy {} to connect", self.proxy()),
            Stage::Securing => "in the TLS handshake".to_string(),
            Stage::Head => "waiting for the answer's head".to_string(),
            Stage::Body => format!("reading the body, {read} bytes of it had come"),
        };
        let limits = self.limits;
        let waited = spoken(limits.deadline.saturating_duration_since(limits.since));
        let kind = match self.marks.stage() {
            // The target was not asked anything yet.
            Stage::ToProxy => ProblemKind::Config,
            _ => ProblemKind::Timeout,
        };
        self.problem(kind, &format!("did not answer within {waited} ({stage})"))
    }

    fn proxy(&self) -> String {
        self.proxy
            .as_ref()
            .map(Proxy::authority)
            .unwrap_or_default()
    }

    /// More came than may.
    pub(super) fn overflow(&self) -> Problem {
        self.problem(
            ProblemKind::Overflow,
            &format!(
                "answered with a body of more than {} bytes (`max_body`)",
                self.limits.max_body
            ),
        )
    }

    /// The body came, but its codings cannot be undone.
    pub(super) fn of_coding(label: &str, error: &DecodeError) -> Problem {
        let kind = match error {
            DecodeError::Overflow { .. } => ProblemKind::Overflow,
            DecodeError::Corrupt { .. } | DecodeError::TooMany(_) => ProblemKind::Protocol,
        };
        Problem::new(kind, format!("{label} answered with {error}"))
    }

    /// There is no connection.
    fn of_connection(&self, error: &Unconnected) -> Problem {
        let unreached = match error {
            Unconnected::Unreached(unreached) => unreached,
            Unconnected::Unsecured(unsecured) => return unsecured.problem(&self.label),
        };
        match unreached {
            Unreached::Host(Undialled::Unresolved(why)) => {
                let what = format!("found no address of `{}`: {why}", self.host);
                self.problem(ProblemKind::Dns, &what)
            }
            Unreached::Host(Undialled::NotTaken(why)) => {
                let what = match why.kind() {
                    io::ErrorKind::ConnectionRefused => "refused the connection".to_string(),
                    _ => format!("could not be connected: {why}"),
                };
                self.problem(ProblemKind::Connect, &what)
            }
            Unreached::Host(Undialled::LateName(_) | Undialled::LateConnection(_)) => {
                self.timeout(0)
            }
            Unreached::Socket { .. } => self.problem(ProblemKind::Connect, &unreached.to_string()),
            Unreached::Proxy(problem) => self.of_proxy(problem),
        }
    }

    /// The proxy is the reason.
    pub(super) fn of_proxy(&self, problem: &Problem) -> Problem {
        Problem {
            message: format!("{}: {}", self.label, problem.message),
            ..problem.clone()
        }
    }

    /// It cannot be sent as it is.
    pub(super) fn unfit(&self, why: &str) -> Problem {
        self.problem(ProblemKind::Script, &format!("cannot be sent: {why}"))
    }

    /// No head of an answer came.
    pub(super) fn of_head(&self, error: &legacy::Error) -> Problem {
        if let Some(unconnected) = find::<Unconnected>(error) {
            return self.of_connection(unconnected);
        }
        // A certificate of ours may be refused only after the handshake.
        if let Some(refusal) = refusal_of(error) {
            return refusal.problem(&self.label);
        }
        let io = find::<io::Error>(error).map(io::Error::kind);
        if let Some(error) = find::<h2::Error>(error) {
            return self.of_http2(error);
        }
        if self.may_speak_another_version() {
            return self.not_granted("it closed the connection without an answer");
        }
        match find::<hyper::Error>(error) {
            Some(error) if error.is_parse() => self.problem(
                ProblemKind::Protocol,
                &format!("answered with what is not HTTP/1.1: {error}"),
            ),
            Some(error) if error.is_user() => {
                self.problem(ProblemKind::Script, &format!("cannot be sent: {error}"))
            }
            // hyper names this one in its words only, and loses it where the connection ended before
            // the request was handed to it.
            Some(error) if error.to_string().starts_with("received unexpected message") => {
                self.spoke_unasked()
            }
            _ if self.marks.has_spoken_unasked() => self.spoke_unasked(),
            _ if io == Some(io::ErrorKind::ConnectionReset) => self.problem(
                ProblemKind::Closed,
                "reset the connection before the answer's head",
            ),
            _ => self.problem(
                ProblemKind::Closed,
                "closed the connection before the answer's head",
            ),
        }
    }

    fn spoke_unasked(&self) -> Problem {
        let what = "spoke before it was asked, which is not HTTP/1.1";
        self.problem(ProblemKind::Protocol, what)
    }

    /// An exchange of HTTP/2 ended without a head.
    fn of_http2(&self, error: &h2::Error) -> Problem {
        if error.is_io() && self.may_speak_another_version() {
            return self.not_granted("it closed the connection without an answer");
        }
        if error.is_io() {
            let what = "closed the connection before the answer's head";
            return self.problem(ProblemKind::Closed, what);
        }
        if error.is_remote() {
            let what = format!("ended the exchange before the answer's head: {error}");
            return self.problem(ProblemKind::Closed, &what);
        }
        match self.version {
            HttpVersion::Two => self.not_granted(&error.to_string()),
            HttpVersion::Any | HttpVersion::One => {
                let what = format!("answered with what is not HTTP/2: {error}");
                self.problem(ProblemKind::Protocol, &what)
            }
        }
    }

    /// Without TLS nobody agrees on HTTP/2: who does not know it may just close a new connection.
    fn may_speak_another_version(&self) -> bool {
        let phases = self.marks.phases();
        self.version == HttpVersion::Two && phases.connect.is_some() && phases.tls.is_none()
    }

    fn not_granted(&self, why: &str) -> Problem {
        let what = format!("did not grant HTTP/2, which `http` requires: {why}");
        self.problem(ProblemKind::Protocol, &what)
    }

    /// The head came, but not the whole body; `read` bytes of it were there.
    pub(super) fn of_body(&self, error: &hyper::Error, read: usize) -> Problem {
        let cut = find::<io::Error>(error)
            .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
        let what = if cut {
            format!("answered with a body that ended early, after {read} bytes")
        } else {
            format!(
                "answered with a body that broke off after {read} bytes: {}",
                root(error)
            )
        };
        self.problem(ProblemKind::Protocol, &what)
    }

    /// The connection was reset in the middle of the body; `read` bytes of it were there.
    pub(super) fn broken(&self, read: usize) -> Problem {
        let what = format!("answered with a body that broke off after {read} bytes: reset");
        self.problem(ProblemKind::Protocol, &what)
    }

    fn problem(&self, kind: ProblemKind, what: &str) -> Problem {
        Problem::new(kind, format!("{} {what}", self.label))
    }
}

/// The first error of a type down the chain of causes.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref::<E>())
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        (**error).source()
    })
}

/// The last cause, which is the one that says something.
fn root(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// A duration as a sentence says it: `40 ms`, `250 ms`, `5 s`, `1.5 s`. A deadline was set a moment
/// before the request began, so finer digits would only say how long that took.
fn spoken(duration: Duration) -> String {
    let millis = duration.as_secs_f64() * 1e3;
    if millis < 95.0 {
        format!("{millis:.0} ms")
    } else if millis < 995.0 {
        format!("{:.0} ms", (millis / 10.0).round() * 10.0)
    } else {
        format!("{} s", (millis / 100.0).round() / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken_as_people_set_them() {
        for (micros, text) in [
            (40_000, "40 ms"),
            (199_700, "200 ms"),
            (249_000, "250 ms"),
            (996_000, "1 s"),
            (4_998_000, "5 s"),
            (1_500_000, "1.5 s"),
            (90_000_000, "90 s"),
        ] {
            assert_eq!(spoken(Duration::from_micros(micros)), text);
        }
    }
}
