//! What goes in and what comes out: a request as a script means it, a response as finished data.

use std::sync::Arc;

use bytes::Bytes;
use tokio::time::Instant;

use crate::client::cookies::{Jar, SetCookie};
use crate::client::guard::Guard;
use crate::client::release::Watch;
use crate::client::tls::Peer;
use crate::model::event::Phases;
use crate::model::{Place, ProblemKind};
use crate::record::Stamp;

use super::connecting::Connecting;
use super::digest::Login;
use super::headers::Field;

/// Most bytes of a body unless a client or a request says otherwise: 16 MiB.
pub const DEFAULT_MAX_BODY: u64 = 16 << 20;

/// A request, before its first hop.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`; a method of one's own is sent as it is.
    pub method: String,
    /// Absolute.
    pub url: String,
    /// In order, repeats allowed; each replaces defaults of the same name.
    pub headers: Vec<Field>,
    /// The body; its content type is one of the headers.
    pub body: RequestBody,
    /// Whether redirects are followed.
    pub follow: bool,
    /// Most bytes of the response's body as it comes, and again as it is when its codings are
    /// undone; one more is an `overflow`.
    pub max_body: u64,
    /// Answers a 401 that asks for a digest, once: the only thing ever sent again by itself. No
    /// other `Authorization` is sent then.
    pub digest: Option<Login>,
    /// Another jar than the client's.
    pub jar: Option<Jar>,
    /// Leave the body unread: for who looks at the status alone.
    pub head_only: bool,
    /// Another target than the client's.
    pub other: Option<OtherTarget>,
    /// How to connect, where it is not as the client does.
    pub connecting: Option<Connecting>,
    /// When the last byte must have come, all hops together.
    pub deadline: Instant,
    /// What cut that deadline short, if something did.
    pub cut_by: Option<&'static str>,
    /// The script's line, for the trace.
    pub place: Option<Place>,
    /// It stands inside `j:floor`.
    pub floor: bool,
    /// It stands inside `j:eventually` or `j:never`, which ask again.
    pub polled: bool,
}

impl Request {
    /// A request without headers or body that follows redirects.
    pub fn new(method: impl Into<String>, url: impl Into<String>, deadline: Instant) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: RequestBody::Empty,
            follow: true,
            max_body: DEFAULT_MAX_BODY,
            digest: None,
            jar: None,
            head_only: false,
            other: None,
            connecting: None,
            deadline,
            cut_by: None,
            place: None,
            floor: false,
            polled: false,
        }
    }
}

/// Another target than the client's, for one request: which hosts may be reached, and what it sends
/// to its own.
#[derive(Debug, Clone)]
pub struct OtherTarget {
    /// The guard of that target.
    pub guard: Arc<Guard>,
    /// Its headers.
    pub headers: Vec<Field>,
    /// Who listens for its release.
    pub releases: Option<Arc<Watch>>,
}

/// The body of a request; it can be sent again after a 307 or 308.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RequestBody {
    /// None.
    #[default]
    Empty,
    /// Sent with its length.
    Whole(Bytes),
    /// Sent chunked, one chunk for each that is not empty.
    Chunks(Vec<Bytes>),
}

impl RequestBody {
    /// All of it in one piece.
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Empty => Bytes::new(),
            Self::Whole(bytes) => bytes.clone(),
            Self::Chunks(chunks) => chunks.concat().into(),
        }
    }
}

/// A whole response, of the last hop where redirects were followed.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// `1.0`, `1.1` or `2`.
    pub version: &'static str,
    /// Names in lower case; in the order in which each name first came, repeats together.
    pub headers: Vec<Field>,
    /// The body, chunks put together and its codings undone; the headers still name them.
    pub body: Bytes,
    /// Headers that came after the body; names in lower case.
    pub trailers: Vec<Field>,
    /// What the target showed of itself over TLS.
    pub tls: Option<Peer>,
    /// The address that answered.
    pub url: String,
    /// What the last hop asked.
    pub request: SentRequest,
    /// The redirects followed, oldest first.
    pub redirects: Vec<Redirected>,
    /// Every cookie set, by any hop, in order.
    pub cookies: Vec<SetCookie>,
    /// Of the last hop; `total` covers all hops.
    pub phases: Phases,
    /// When it was recorded; nothing for a client that records nothing.
    pub stamp: Option<Stamp>,
}

impl Response {
    /// The values of a header, in order; the name in any case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }
}

/// A request as one hop sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRequest {
    /// The method, which a redirect may have changed.
    pub method: String,
    /// The address, without credentials and fragment.
    pub url: String,
    /// As sent, names in lower case.
    pub headers: Vec<Field>,
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirected {
    /// Its status.
    pub status: u16,
    /// The address that answered with it.
    pub url: String,
    /// Its `Location`, as it came.
    pub location: String,
}

/// A problem that a script caused by what it passed.
pub(super) fn misuse(message: String) -> crate::model::Problem {
    crate::model::Problem::new(ProblemKind::Script, message)
}
