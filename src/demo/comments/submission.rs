//! What a visitor sends: read, cleaned and cut, or refused with the words of the original. Pure
//! functions.

use serde_json::{Map, Value};

use crate::demo::json::{cut, length};
use crate::demo::{Bug, Settings};

/// A comment that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submission {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) content: String,
}

/// What else was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    InvalidJson,
    MissingSlug,
    MissingName,
    Empty,
    /// The field that nobody sees is filled: thanked, and not stored.
    Robot,
    /// The bug `crash-restart`: nobody looked whether a field is a text.
    Crash,
}

/// Reads a body.
pub(super) fn parse(body: &str, settings: &Settings) -> Result<Submission, Refusal> {
    if length(body) > settings.comment_body {
        return Err(Refusal::InvalidJson);
    }
    let said: Map<String, Value> = serde_json::from_str(body).map_err(|_| Refusal::InvalidJson)?;
    let field = |name: &str| match said.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text.trim()),
        Some(_) if settings.has(Bug::CrashRestart) => Err(Refusal::Crash),
        Some(_) => Err(Refusal::InvalidJson),
    };
    let (post, name, content, url) = (
        field("post")?,
        field("name")?,
        field("content")?,
        field("url")?,
    );
    if !url.is_empty() {
        return Err(Refusal::Robot);
    }
    let slug = slug(post, settings);
    if slug.is_empty() {
        return Err(Refusal::MissingSlug);
    }
    if name.is_empty() {
        return Err(Refusal::MissingName);
    }
    if content.is_empty() {
        return Err(Refusal::Empty);
    }
    let short = usize::from(settings.has(Bug::CutAt1999));
    Ok(Submission {
        slug,
        name: cut(name, settings.author_length).to_owned(),
        content: cut(content, settings.comment_length.saturating_sub(short)).to_owned(),
    })
}

/// A post's name as it is kept: lower-case letters, digits and hyphens.
pub(super) fn slug(said: &str, settings: &Settings) -> String {
    said.to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')
        .take(settings.slug_length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value) -> Result<Submission, Refusal> {
        parse(&body.to_string(), &Settings::default())
    }

    fn with(name: &str, value: impl Into<Value>) -> Value {
        let mut body =
            serde_json::json!({ "post": "p", "name": "ann", "content": "hi", "url": "" });
        body[name] = value.into();
        body
    }

    #[test]
    fn what_is_kept_is_folded_trimmed_and_cut() {
        let read = |name, value: &str| read(&with(name, value)).expect("a comment");
        assert_eq!(read("post", " A Post! No-1 ").slug, "apostno-1");
        assert_eq!(read("post", &"p".repeat(130)).slug.len(), 120);
        assert_eq!(
            read("name", &format!(" {} ", "n".repeat(90))).name.len(),
            80
        );
        assert_eq!(read("content", " hi ").content, "hi");
        let long = read("content", &"é".repeat(2500)).content;
        assert_eq!(long, "é".repeat(2000));
    }

    #[test]
    fn what_is_missing_is_named_in_order() {
        for (body, refusal) in [
            (with("post", "!"), Refusal::MissingSlug),
            (with("post", Value::Null), Refusal::MissingSlug),
            (with("name", "  "), Refusal::MissingName),
            (with("content", ""), Refusal::Empty),
            (with("url", "http://x"), Refusal::Robot),
            (with("name", 5), Refusal::InvalidJson),
            (
                with("content", Value::Array(Vec::new())),
                Refusal::InvalidJson,
            ),
            (serde_json::json!([]), Refusal::InvalidJson),
        ] {
            assert_eq!(read(&body), Err(refusal), "{body}");
        }
        assert!(read(&with("url", " ")).is_ok(), "a blank one is nobody's");
    }

    #[test]
    fn the_body_is_counted_as_it_was_sent() {
        let (raw, escaped) = ("é".repeat(2000), "\\u00e9".repeat(2000));
        let body = |content: &str| format!(r#"{{"post":"p","name":"n","content":"{content}"}}"#);
        let settings = Settings::default();
        let kept = parse(&body(&raw), &settings).expect("2000 characters");
        assert_eq!(kept.content, raw);
        assert_eq!(parse(&body(&escaped), &settings), Err(Refusal::InvalidJson));
    }
}
