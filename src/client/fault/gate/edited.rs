//! Messages and events of which one part of their JSON is changed.

use bytes::Bytes;

use crate::client::body_stream::Said;
use crate::client::fault::edit;
use crate::client::websocket::Arrival;
use crate::model::fault::{Edit, Key};

/// The same with one part changed, and what that did; nothing where it changes nothing.
pub(super) fn edited(arrival: &Arrival, path: &[Key], how: &Edit) -> Option<(Arrival, String)> {
    let change = |bytes: &Bytes| {
        let after = edit::edit(bytes, path, how)?;
        let text = edit::told(bytes, &after, path);
        Some((Bytes::from(after), text))
    };
    let mut other = arrival.clone();
    match &mut other {
        Arrival::Message { bytes, .. } => {
            let (after, text) = change(bytes)?;
            *bytes = after;
            Some((other, text))
        }
        Arrival::Event {
            raw,
            said: Said::Event { data, .. },
            ..
        } => {
            let (after, text) = change(data)?;
            *raw = with_data(raw, &after);
            *data = after;
            Some((other, text))
        }
        Arrival::Event {
            said: Said::Comment(_),
            ..
        }
        | Arrival::Lost
        | Arrival::Resumed
        | Arrival::Ended(_)
        | Arrival::Stopped(_) => None,
    }
}

/// An event as it would have come with other data: its other lines stay.
fn with_data(raw: &[u8], data: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    let mut told = false;
    while !rest.is_empty() {
        let (line, content) = first_line(rest);
        if is_data(&line[..content]) {
            if !told {
                for one in data.split(|byte| *byte == b'\n') {
                    out.extend_from_slice(b"data: ");
                    out.extend_from_slice(one);
                    out.push(b'\n');
                }
            }
            told = true;
        } else {
            out.extend_from_slice(line);
        }
        rest = &rest[line.len()..];
    }
    Bytes::from(out)
}

/// The first line with its end, and the length of it without.
fn first_line(bytes: &[u8]) -> (&[u8], usize) {
    let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    match end {
        None => (bytes, bytes.len()),
        Some(at) if bytes[at..].starts_with(b"\r\n") => (&bytes[..at + 2], at),
        Some(at) => (&bytes[..=at], at),
    }
}

fn is_data(line: &[u8]) -> bool {
    line.strip_prefix(b"data")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_keeps_its_other_lines() {
        let raw = b"id: 7\r\ndata: {\"a\":\ndata:1}\rdata\nretry: 3\n\n";
        let other = with_data(raw, b"{\"a\":\n2}");
        assert_eq!(
            String::from_utf8_lossy(&other),
            "id: 7\r\ndata: {\"a\":\ndata: 2}\nretry: 3\n\n"
        );
    }
}
