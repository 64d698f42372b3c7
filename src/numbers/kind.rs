//! Names of what passes that stay the same from walk to walk: of messages by their shape, with the
//! words that do not change, and of requests by their method and path. What could be an id is a
//! star: words with a digit in them, long ones, and those that the journey made (`own`).

use serde_json::Value;
use url::Url;

/// The longest word that is taken for a word.
const WORD: usize = 24;
/// A text of more words is prose, whose words are not looked at.
const WORDS: usize = 6;
/// Lists and objects within each other that are looked into.
const DEPTH: usize = 3;

/// The kind of a message: `{count:0 text:"* left" ts:0 type:"system"}`, `42["said" {…}]`,
/// `binary 30`. Numbers are `0` and lists `[…]` whatever is in them, for those change.
pub fn of_message(bytes: &[u8], binary: bool, own: &[String]) -> String {
    named(bytes, binary, Some(own))
}

/// The same without any words, for messages whose words differ from walk to walk.
pub fn of_shape(bytes: &[u8], binary: bool) -> String {
    named(bytes, binary, None)
}

/// With `words` the words stand in it, but for those of the journey.
fn named(bytes: &[u8], binary: bool, words: Option<&[String]>) -> String {
    if binary {
        return match bytes.first() {
            // What protocols put first says which kind of packet it is.
            Some(first) => format!("binary {first:02x}"),
            None => "binary, empty".to_string(),
        };
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    let (prefix, json) = split(text);
    match json {
        Some(value) => format!("{prefix}{}", shape(&value, 0, words)),
        None => words.map_or_else(|| "text".to_string(), |own| worded(text, own)),
    }
}

/// Keys whose value says what kind of message one is, the first one that is there.
const SAYS_KIND: [&str; 8] = [
    "type", "event", "kind", "op", "action", "method", "cmd", "t",
];

/// What a message is called, and its JSON if it has any: read once, for it is done to every message.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// What it says of itself: `system`, `42"said"`, `message` where it says nothing. Whatever keys it
    /// has besides, it keeps that name.
    pub name: String,
    /// That name with the words of its short texts, so that a leave is told from a join:
    /// `system "* left"`.
    pub told: String,
    /// What stands behind its prefix.
    pub json: Option<Value>,
}

/// What a text message is called.
pub fn called(text: &str) -> Called {
    let text = text.trim();
    let (prefix, json) = split(text);
    let said = match &json {
        Some(Value::Object(members)) => SAYS_KIND.iter().find_map(|key| word(members.get(*key)?)),
        Some(Value::Array(list)) => list
            .first()
            .and_then(word)
            .map(|word| format!("\"{word}\"")),
        Some(_) => None,
        None => {
            return Called {
                name: "text".to_string(),
                told: format!("text {}", worded(text, &[])),
                json: None,
            };
        }
    };
    let name = format!("{prefix}{}", said.unwrap_or_else(|| "message".to_string()));
    let mut words: Vec<String> = Vec::new();
    if let Some(Value::Object(members)) = &json {
        let others = members
            .iter()
            .filter(|(key, _)| !SAYS_KIND.contains(&key.as_str()));
        let worded = others.filter_map(|(_, value)| Some(worded(value.as_str()?, &[])));
        words = worded
            .filter(|it| it.contains(char::is_alphabetic))
            .collect();
        words.sort();
    }
    words.insert(0, name.clone());
    Called {
        told: words.join(" "),
        name,
        json,
    }
}

/// A text that is one word and no id.
fn word(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let plain = !text.is_empty() && !text.contains(char::is_whitespace) && is_word(text, &[]);
    plain.then(|| text.to_string())
}

/// A text as what stands before its JSON, and that JSON: Socket.IO and others number their frames.
pub fn split(text: &str) -> (&str, Option<Value>) {
    let begin = text.find(['{', '[']).filter(|at| *at <= 8);
    let Some(begin) = begin else {
        return (text, None);
    };
    match serde_json::from_str(&text[begin..]) {
        Ok(value) => (&text[..begin], Some(value)),
        Err(_) => (text, None),
    }
}

fn shape(value: &Value, depth: usize, words: Option<&[String]>) -> String {
    match value {
        Value::Null => "null".to_string(),
        Value::Bool(_) => "bool".to_string(),
        Value::Number(_) => "0".to_string(),
        Value::String(text) => match words.filter(|_| depth <= 1) {
            Some(own) => worded(text, own),
            None => "\"\"".to_string(),
        },
        // The first element of a list says its kind where a protocol makes events of lists.
        Value::Array(list) => match list.first() {
            Some(Value::String(first)) if depth == 0 => match words {
                Some(own) => format!("[{}…]", worded(first, own)),
                None => "[…]".to_string(),
            },
            _ => "[…]".to_string(),
        },
        Value::Object(_) if depth >= DEPTH => "{…}".to_string(),
        Value::Object(members) => {
            let mut members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{key}:{}", shape(value, depth + 1, words)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(" "))
        }
    }
}

/// A text with stars for what could be an id: `"* left"`.
fn worded(text: &str, own: &[String]) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > WORDS {
        return "\"…\"".to_string();
    }
    let words = words
        .iter()
        .map(|word| if is_word(word, own) { word } else { "*" });
    format!("\"{}\"", words.collect::<Vec<_>>().join(" "))
}

fn is_word(word: &str, own: &[String]) -> bool {
    let small = word.to_lowercase();
    word.chars().count() <= WORD
        && !word.chars().any(|letter| letter.is_ascii_digit())
        && !own.iter().any(|own| small.contains(&own.to_lowercase()))
}

/// The kind of a request: `GET /drop/api/secret/*`, `GET /comments/?post`. The
/// host is not named, for the port of a target that is started differs.
pub fn of_request(method: &str, url: &Url, own: &[String]) -> String {
    let segments = url.path().split('/').map(|segment| {
        let plain = is_word(segment, own) || is_version(segment);
        if plain { segment } else { "*" }
    });
    let mut kind = format!("{method} {}", segments.collect::<Vec<_>>().join("/"));
    let mut keys: Vec<String> = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
    keys.sort();
    keys.dedup();
    if !keys.is_empty() {
        kind.push('?');
        kind.push_str(&keys.join("&"));
    }
    kind
}

/// `v1` and the like are no ids.
fn is_version(segment: &str) -> bool {
    let rest = segment.strip_prefix('v').unwrap_or_default();
    !rest.is_empty() && rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        of_message(text.as_bytes(), false, &[])
    }

    #[test]
    fn ids_times_and_counts_make_no_other_kind() {
        let first =
            kind(r#"{"type":"system","text":"bob-k3f9 left","ts":1772500000123,"count":1}"#);
        let second = kind(r#"{"count":2,"ts":5,"type":"system","text":"eve-99 left"}"#);
        assert_eq!(first, r#"{count:0 text:"* left" ts:0 type:"system"}"#);
        assert_eq!(first, second);
    }

    #[test]
    fn what_the_journey_made_is_a_star_although_it_looks_like_a_word() {
        let own = ["bobkxqzy".to_string()];
        let left = br#"{"type":"system","text":"bobkxqzy left"}"#;
        assert_eq!(
            of_message(left, false, &own),
            r#"{text:"* left" type:"system"}"#
        );
        assert_ne!(of_message(left, false, &[]), of_message(left, false, &own));
        let loud = br#"{"type":"system","text":"BOBKXQZY left"}"#;
        assert_eq!(
            of_message(loud, false, &own),
            r#"{text:"* left" type:"system"}"#
        );
    }

    #[test]
    fn a_message_keeps_its_name_whatever_keys_it_has() {
        let name = |text: &str| called(text).name;
        let told = |text: &str| called(text).told;
        let whole = r#"{"type":"system","text":"bob-7 left","count":1,"ts":5}"#;
        let less = r#"{"type":"system","text":"eve-9 left","ts":7}"#;
        assert_eq!(
            (name(whole), name(less)),
            ("system".into(), "system".into())
        );
        assert_eq!(told(whole), r#"system "* left""#);
        assert_eq!(told(whole), told(less));
        assert_ne!(
            told(whole),
            told(r#"{"type":"system","text":"bob-7 joined"}"#)
        );
        assert_eq!(name(r#"42["said",{"text":"x"}]"#), r#"42"said""#);
        assert_eq!(name(r#"{"id":7}"#), "message");
        assert_eq!(told("tick 17"), r#"text "tick *""#);
    }

    #[test]
    fn joined_is_not_left() {
        let joined = kind(r#"{"type":"system","text":"a1 joined"}"#);
        assert_ne!(joined, kind(r#"{"type":"system","text":"a1 left"}"#));
        let coarse = of_shape(br#"{"type":"system","text":"a1 joined"}"#, false);
        assert_eq!(coarse, of_shape(br#"{"type":"x","text":"y left"}"#, false));
    }

    #[test]
    fn frames_with_a_number_before_their_json_and_other_texts() {
        assert_eq!(kind(r#"42["said",{"text":"x"}]"#), r#"42["said"…]"#);
        assert_eq!(kind("tick 17"), r#""tick *""#);
        assert_eq!(kind("{broken"), r#""{broken""#);
        assert_eq!(of_message(&[0x30, 1, 2], true, &[]), "binary 30");
        assert_eq!(of_shape(b"tick 17", false), "text");
    }

    #[test]
    fn a_request_is_its_method_and_path_without_ids() {
        let of = |text: &str| of_request("GET", &Url::parse(text).expect("a URL"), &[]);
        let id = "8b0c2f4e-0000-4000-8000-1234567890ab";
        assert_eq!(
            of(&format!("http://127.0.0.1:9/drop/api/secret/{id}")),
            "GET /drop/api/secret/*"
        );
        assert_eq!(of("http://h/api/v1/items?b=1&a=2"), "GET /api/v1/items?a&b");
        assert_eq!(of("http://h/"), "GET /");
    }
}
