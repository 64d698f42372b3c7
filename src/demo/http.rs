//! The little HTTP/1.1 the embedded target speaks: request heads in, whole answers out. Bytes and
//! plain values only; reading and writing is the listener's.

use std::fmt::Write;

/// Headers a request may have.
const MOST_HEADERS: usize = 64;

/// A request whose head is whole.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    query: String,
    headers: Vec<(String, String)>,
    /// Whether the version alone would keep the connection: HTTP/1.1 does.
    persistent: bool,
    /// Empty until the listener has read it.
    pub(super) body: Vec<u8>,
}

/// What a request's body will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// So many bytes, often none.
    Sized(usize),
    /// Chunks, with their length said by each.
    Chunked,
    /// A length that is none, or two ways to say it.
    Malformed,
}

/// What the bytes read so far are.
#[derive(Debug)]
pub(super) enum Head {
    Partial,
    /// A request, and how many bytes its head has.
    Whole(Box<Request>, usize),
    /// No request: the status to refuse it with.
    Bad(u16),
}

/// Reads a head from the start of `bytes`.
pub(super) fn parse(bytes: &[u8]) -> Head {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut raw = httparse::Request::new(&mut headers);
    let length = match raw.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Head::Partial,
        Err(httparse::Error::TooManyHeaders) => return Head::Bad(431),
        Err(_) => return Head::Bad(400),
    };
    let (Some(method), Some(target)) = (raw.method, raw.path) else {
        return Head::Bad(400);
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Head::Whole(
        Box::new(Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: raw.headers.iter().map(owned).collect(),
            persistent: raw.version == Some(1),
            body: Vec::new(),
        }),
        length,
    )
}

fn owned(header: &httparse::Header<'_>) -> (String, String) {
    (
        header.name.to_ascii_lowercase(),
        String::from_utf8_lossy(header.value).into_owned(),
    )
}

impl Request {
    /// The first header of that name, which is given in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a key of the query, decoded.
    pub(super) fn query(&self, key: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(found, _)| found == key)
            .map(|(_, value)| value.into_owned())
    }

    /// Whether it only reads: GET or HEAD.
    pub(super) fn reads(&self) -> bool {
        self.method == "GET" || self.is_head()
    }

    pub(super) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// Whether it asks for another protocol on this connection.
    pub(super) fn upgrades(&self) -> bool {
        self.header("upgrade").is_some() && self.connection_says("upgrade")
    }

    /// Whether the connection may carry another request.
    pub(super) fn keeps_alive(&self) -> bool {
        self.persistent && !self.connection_says("close")
    }

    pub(super) fn body(&self) -> Body {
        let chunked = |coding: &str| coding.trim().eq_ignore_ascii_case("chunked");
        match (
            self.header("transfer-encoding"),
            self.header("content-length"),
        ) {
            (None, None) => Body::Sized(0),
            (None, Some(length)) => length.trim().parse().map_or(Body::Malformed, Body::Sized),
            (Some(coding), None) if chunked(coding) => Body::Chunked,
            (Some(_), None | Some(_)) => Body::Malformed,
        }
    }

    /// Whether it waits to be told that its body is wanted.
    pub(super) fn expects_continue(&self) -> bool {
        let expected = self.header("expect");
        expected.is_some_and(|said| said.trim().eq_ignore_ascii_case("100-continue"))
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The first entry of a header in which proxies say whom they speak for, if there is one.
    pub(super) fn said_by_proxy(&self, header: &str) -> Option<&str> {
        let first = self.header(header)?.split(',').next()?.trim();
        (!first.is_empty()).then_some(first)
    }

    fn connection_says(&self, word: &str) -> bool {
        self.headers
            .iter()
            .filter(|(name, _)| name == "connection")
            .flat_map(|(_, value)| value.split(','))
            .any(|said| said.trim().eq_ignore_ascii_case(word))
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    pub(super) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status,
            headers: vec![("Content-Type", kind.to_owned())],
            body: body.into(),
        }
    }

    /// The answer of a route that is none.
    pub(super) fn not_found() -> Answer {
        Answer::new(404, "text/plain; charset=utf-8", "Not found")
    }

    /// An answer without a body.
    pub(super) fn bare(status: u16) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Answer {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The bytes on the wire. The length is honest for HEAD too, whose body is left out.
    pub(super) fn encode(&self, head_only: bool, keep_alive: bool) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        let connection = if keep_alive { "keep-alive" } else { "close" };
        let length = self.body.len();
        let _ = write!(
            text,
            "Content-Length: {length}\r\nConnection: {connection}\r\n\r\n"
        );
        let mut bytes = text.into_bytes();
        if !head_only {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unknown")
}
