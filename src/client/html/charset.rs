//! In which encoding a page is: its byte order mark, its header, its `meta`, else UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far a `meta` is looked for, as browsers do.
const PRESCAN: usize = 1024;

/// The text of a page and its encoding. What is not of that encoding becomes U+FFFD.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
) -> (Cow<'a, str>, &'static Encoding) {
    let encoding = content_type
        .and_then(|header| labelled(header.as_bytes()))
        .or_else(|| meta(bytes))
        .unwrap_or(UTF_8);
    let (text, encoding, _) = encoding.decode(bytes);
    (text, encoding)
}

fn meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let found = head
        .windows(5)
        .enumerate()
        .filter(|(_, window)| window == b"<meta")
        .find_map(|(at, _)| {
            let tag = &head[at..];
            let end = tag.iter().position(|byte| *byte == b'>')?;
            labelled(&tag[..end])
        })?;
    // A text in which `<meta` could be read is not UTF-16.
    let wide = found == UTF_16LE || found == UTF_16BE;
    Some(if wide { UTF_8 } else { found })
}

/// The encoding that `charset=…` names.
fn labelled(text: &[u8]) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let at = lower.windows(7).position(|window| window == b"charset")? + 7;
    let rest = lower[at..].trim_ascii_start().strip_prefix(b"=")?;
    let rest = rest.trim_ascii_start();
    let label: &[u8] = match rest.first() {
        Some(quote @ (b'"' | b'\'')) => rest[1..].split(|byte| byte == quote).next()?,
        _ => rest
            .split(|byte| byte.is_ascii_whitespace() || b";\"'/".contains(byte))
            .next()?,
    };
    Encoding::for_label(label)
}
