//! What a redirect makes of a request: another address, perhaps another method, perhaps no body.

use http::Method;
use url::Url;

use crate::client::guard::host_of;
use crate::model::value::shorten;
use crate::model::{Problem, ProblemKind};

use super::headers::Dropped;
use super::message::{Request, RequestBody, misuse};
use super::transport::Answer;

/// How many redirects are followed before one too many is a `redirect` problem.
pub const MAX_HOPS: usize = 10;

/// Where a request stands on its way: what the next exchange sends.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) number: u32,
    pub(super) method: Method,
    /// With credentials as they came, without a fragment.
    pub(super) url: Url,
    pub(super) body: RequestBody,
    pub(super) dropped: Dropped,
    /// Names of headers that carry a secret and met a host that must not see it; like all that is
    /// dropped they do not come back on a later hop.
    pub(super) withheld: Vec<String>,
}

impl Hop {
    /// The request itself. A `script` problem says what is wrong with its method or address.
    pub(super) fn first(request: &Request) -> Result<Self, Problem> {
        let method = Method::from_bytes(request.method.as_bytes())
            .ok()
            .filter(|method| method != Method::CONNECT)
            .ok_or_else(|| {
                misuse(format!(
                    "`{}` is no method of a request",
                    request.method.escape_debug()
                ))
            })?;
        let mut url = Url::parse(&request.url)
            .map_err(|error| misuse(format!("`{}` is no URL: {error}", request.url)))?;
        url.set_fragment(None);
        Ok(Self {
            number: 0,
            method,
            url,
            body: request.body.clone(),
            dropped: Dropped::default(),
            withheld: Vec::new(),
        })
    }

    /// `GET http://…`, without credentials.
    pub(super) fn label(&self) -> String {
        labelled(&self.method, &self.address())
    }

    /// The address without credentials, as it is sent and shown.
    pub(super) fn address(&self) -> Url {
        let mut url = self.url.clone();
        // Neither can fail where a host is, and all our schemes have one.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url
    }

    /// The hop that an answer with this `Location` leads to. A `redirect` problem says why it
    /// leads nowhere.
    pub(super) fn follow(&self, status: u16, location: &str) -> Result<Self, Problem> {
        let mut url = self
            .url
            .join(location)
            .map_err(|error| self.astray(location, &format!("that is no address: {error}")))?;
        url.set_fragment(None);
        if !matches!(url.scheme(), "http" | "https") {
            return Err(self.astray(location, "only http and https are followed"));
        }
        let to_get = match status {
            303 => self.method != Method::HEAD,
            301 | 302 => self.method == Method::POST,
            _ => false,
        };
        let other_host = host_of(&url) != host_of(&self.url);
        let other_port = url.port_or_known_default() != self.url.port_or_known_default();
        let mut next = Self {
            number: self.number + 1,
            url,
            dropped: Dropped {
                credentials: self.dropped.credentials || other_host,
                host: self.dropped.host || other_host || other_port,
                body: self.dropped.body || to_get,
            },
            ..self.clone()
        };
        if to_get {
            next.method = Method::GET;
            next.body = RequestBody::Empty;
        }
        Ok(next)
    }

    /// A `redirect` problem of this hop's answer.
    pub(super) fn astray(&self, location: &str, why: &str) -> Problem {
        Problem::new(
            ProblemKind::Redirect,
            format!(
                "{} was redirected to `{}`: {why}",
                self.label(),
                shorten(location, MOST_SHOWN)
            ),
        )
    }
}

/// Most characters of an address in a message: a target can lead to one of many kilobytes.
const MOST_SHOWN: usize = 200;

/// A request as messages name it.
pub(super) fn labelled(method: &Method, url: &Url) -> String {
    format!("{method} {}", shorten(url.as_str(), MOST_SHOWN))
}

/// The `Location` of an answer that is a redirect; lossy where it is not UTF-8.
pub(super) fn location(answer: &Answer) -> Option<String> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    answer
        .headers
        .iter()
        .find(|(name, _)| name == "location")
        .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
}
