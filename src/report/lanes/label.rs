//! What passed, in a few words: `system "bob left"` of a JSON object and of a pattern alike, so
//! that the message that is missing looks like those that came.

use crate::model::value::{quote, shorten};
use crate::model::wire::{FrameKind, Payload};
use crate::report::moment::close_frame;
use crate::report::style::one_line;

/// Most characters of a label; renderers cut further.
const MOST: usize = 240;
/// Keys that say what kind of message it is: their value stands first, without its key.
const KINDS: [&str; 8] = [
    "type", "event", "kind", "op", "action", "cmd", "method", "status",
];
/// Keys whose value speaks for itself.
const WORDS: [&str; 5] = ["text", "message", "msg", "content", "body"];

/// A key and its value, each as a script or a server would write it.
type Field = (String, String);

/// A frame's label; `wanted` are the keys that the failed expectation names, which stand first.
pub(super) fn of_frame(frame: FrameKind, payload: &Payload, wanted: &[String]) -> String {
    let kind = match frame {
        FrameKind::Text => return of_payload(payload, wanted),
        FrameKind::Binary => "binary",
        FrameKind::Ping => "ping",
        FrameKind::Pong => "pong",
        FrameKind::Close => return close_frame(payload),
        FrameKind::Raw => "raw frame",
    };
    match payload.size {
        0 => kind.to_string(),
        _ => format!("{kind} {}", of_payload(payload, wanted)),
    }
}

/// The label of what came on an event stream: the event as an object, a comment as what it is.
pub(super) fn of_event(payload: &Payload, wanted: &[String]) -> String {
    let mut data: Vec<&str> = Vec::new();
    let mut fields: Vec<Field> = Vec::new();
    let mut comments: Vec<&str> = Vec::new();
    for line in payload.kept.lines().filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" => comments.push(value),
            "data" => data.push(value),
            "event" | "id" => fields.push((name.to_string(), quoted(value))),
            _ => {}
        }
    }
    if data.is_empty() && !comments.is_empty() {
        return one_line(&format!("comment {}", quoted(&comments.join(" "))));
    }
    if !fields.iter().any(|(name, _)| name == "event") {
        fields.push(("event".to_string(), quoted("message")));
    }
    let data = data.join("\n");
    let shown = match serde_json::from_str::<serde_json::Value>(&data) {
        Ok(value) => value.to_string(),
        Err(_) => quoted(&data),
    };
    fields.push(("data".to_string(), shown));
    compact(fields, wanted)
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    quote(text.as_bytes(), &mut out);
    out
}

/// The label of a body or a message: empty for none.
pub(super) fn of_payload(payload: &Payload, wanted: &[String]) -> String {
    if payload.base64 {
        return format!("{} bytes", payload.size);
    }
    let text = payload.kept.trim();
    if let Ok(serde_json::Value::Object(object)) = serde_json::from_str(text) {
        let fields = object
            .into_iter()
            .map(|(key, value)| (key, value.to_string()));
        return compact(fields.collect(), wanted);
    }
    let text = shorten(text, MOST);
    if text.is_empty() || text.starts_with(['{', '[', '<']) {
        return one_line(&text);
    }
    one_line(&quoted(&text))
}

/// The label of a pattern, given as a script would write it; of several all, side by side.
pub(super) fn of_pattern(pattern: &str) -> String {
    let one = |pattern: &str| match fields(pattern) {
        Some(fields) if !fields.is_empty() => compact(fields, &[]),
        Some(_) | None => one_line(pattern.trim()),
    };
    let all: Vec<String> = top_level(pattern).into_iter().map(one).collect();
    shorten(&all.join(", "), MOST)
}

/// The keys that a pattern, or one of several, names.
pub(super) fn keys(pattern: &str) -> Vec<String> {
    let fields = all_fields(pattern);
    fields.into_iter().map(|(key, _)| key).collect()
}

/// The longer texts that a pattern names: a message with one of them is about the same thing.
pub(super) fn texts(pattern: &str) -> Vec<String> {
    let fields = all_fields(pattern);
    let quoted = fields.iter().filter(|(_, value)| value.starts_with('"'));
    let words = quoted.flat_map(|(_, value)| value.split(|c: char| !c.is_alphanumeric()));
    let long = words.filter(|word| word.chars().count() >= 6);
    long.map(str::to_string).collect()
}

/// The fields of a pattern, or of all if there are several.
fn all_fields(pattern: &str) -> Vec<Field> {
    let all = top_level(pattern).into_iter().filter_map(fields);
    all.flatten().collect()
}

/// Kind first, then what the expectation names, then what speaks for itself, then the rest.
fn compact(mut fields: Vec<Field>, wanted: &[String]) -> String {
    let rank = |(key, value): &Field| {
        if KINDS.contains(&key.as_str()) && is_word(value) {
            0
        } else if wanted.contains(key) {
            1
        } else if WORDS.contains(&key.as_str()) {
            2
        } else {
            3
        }
    };
    fields.sort_by_key(rank);
    let mut first = true;
    let parts: Vec<String> = fields
        .iter()
        .map(|field| {
            let (key, value) = (one_line(&field.0), one_line(&field.1));
            let bare = first && rank(field) == 0;
            first = false;
            if bare {
                value.trim_matches('"').to_string()
            } else if WORDS.contains(&key.as_str()) {
                value
            } else {
                format!("{key}={value}")
            }
        })
        .collect();
    shorten(&parts.join(" "), MOST)
}

/// A short text without anything that wants quotes.
fn is_word(value: &str) -> bool {
    let inner = value.trim_matches('"');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    !inner.is_empty() && inner.chars().count() <= 24 && inner.chars().all(plain)
}

/// The fields of a Lua table as patterns show it, each with its value as text: `{ a = 1, b = "x" }`.
/// Nothing if it is no such table.
fn fields(pattern: &str) -> Option<Vec<Field>> {
    let inner = pattern.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut found = Vec::new();
    for part in top_level(inner) {
        let (key, value) = part.split_once('=')?;
        let key = key.trim();
        if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        found.push((key.to_string(), value.trim().to_string()));
    }
    Some(found)
}

/// Splits at the commas that stand in no quotes and no brackets.
fn top_level(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut escaped, mut start) = (0_i32, false, false, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}
