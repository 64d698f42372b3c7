//! The request that asks for an upgrade, byte for byte.

use http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use url::Url;

use crate::model::Problem;

use super::connection::ours;

/// What to send, and what its answer must fit.
#[derive(Debug)]
pub(super) struct Request {
    /// In the order they are sent.
    pub(super) headers: Vec<(String, Vec<u8>)>,
    /// The whole head.
    pub(super) bytes: Vec<u8>,
    pub(super) key: String,
    /// Subprotocols that may be chosen.
    pub(super) offered: Vec<String>,
}

/// The request for an upgrade. A header of the caller stands in place of the one that would have
/// been sent by itself, so that a journey can break each of them. Errors: `script` for a header
/// or a subprotocol that cannot be sent.
pub(super) fn build(
    url: &Url,
    given: &[(String, Vec<u8>)],
    subprotocols: &[String],
) -> Result<Request, Problem> {
    for (name, value) in given {
        check(name, value)?;
    }
    for name in subprotocols {
        // The rules of a token are those of a header's name.
        HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| ours(format!("`{name}` is no name of a subprotocol")))?;
    }
    let mut own = vec![
        ("Host", authority(url)),
        ("Upgrade", "websocket".to_string()),
        ("Connection", "Upgrade".to_string()),
        ("Sec-WebSocket-Version", "13".to_string()),
        ("Sec-WebSocket-Key", generate_key()),
        (
            "User-Agent",
            concat!("jaunt/", env!("CARGO_PKG_VERSION"), " (+synthetic)").to_string(),
        ),
    ];
    if !subprotocols.is_empty() {
        own.push(("Sec-WebSocket-Protocol", subprotocols.join(", ")));
    }
    let headers: Vec<_> = own
        .into_iter()
        .filter(|(name, _)| {
            !given
                .iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
        })
        .map(|(name, value)| (name.to_string(), value.into_bytes()))
        .chain(given.iter().cloned())
        .collect();
    let bytes = head(url, &headers);
    let key = values(&headers, "Sec-WebSocket-Key").into_iter().next();
    let offered = values(&headers, "Sec-WebSocket-Protocol");
    Ok(Request {
        headers,
        bytes,
        key: key.unwrap_or_default(),
        offered: offered.iter().flat_map(|value| tokens(value)).collect(),
    })
}

/// The parts of a list in a header.
pub(super) fn tokens(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|part| part.trim().to_string())
}

/// All values of a header as text, in order.
pub(super) fn values(headers: &[(String, Vec<u8>)], name: &str) -> Vec<String> {
    headers
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| String::from_utf8_lossy(value).trim().to_string())
        .collect()
}

fn check(name: &str, value: &[u8]) -> Result<(), Problem> {
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(ours(format!("`{name}` is no name of a header")));
    }
    if HeaderValue::from_bytes(value).is_err() {
        return Err(ours(format!(
            "the value of the header `{name}` has characters that cannot be sent"
        )));
    }
    Ok(())
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_string(),
    }
}

fn head(url: &Url, headers: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = format!("GET {}", url.path()).into_bytes();
    if let Some(query) = url.query() {
        bytes.push(b'?');
        bytes.extend_from_slice(query.as_bytes());
    }
    bytes.extend_from_slice(b" HTTP/1.1\r\n");
    for (name, value) in headers {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}
