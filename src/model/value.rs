//! A value as it came from a target or a script: JSON's kinds, with text that may be any bytes and
//! integers that stay exact.

use std::fmt::Write as _;

/// One value. Maps keep the order of their keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// JSON's null, and a script's `json.null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text, or bytes that are none.
    Text(Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// Keys and values, each key once.
    Map(Vec<(Vec<u8>, Value)>),
    /// Something of a script that is no data: a function, a client. Index into the script's table.
    Opaque(&'static str, usize),
}

/// How a list or a map without anything in it is written.
#[derive(Debug, Clone, Copy)]
enum Empty {
    AsScripts,
    AsJson,
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into().into_bytes())
    }

    /// JSON's name of its kind, as `match.type` uses it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Float(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
            Self::Opaque(kind, _) => kind,
        }
    }

    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Map(entries) => entries
                .iter()
                .find(|(name, _)| name == key.as_bytes())
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// About how many bytes it holds beyond itself; a list of digits is many times its text.
    pub fn weight(&self) -> usize {
        let each = size_of::<Self>();
        match self {
            Self::Text(bytes) => bytes.len(),
            Self::List(items) => items.iter().map(|item| each + item.weight()).sum(),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| size_of::<Vec<u8>>() + key.len() + each + value.weight())
                .sum(),
            Self::Null
            | Self::Boolean(_)
            | Self::Integer(_)
            | Self::Float(_)
            | Self::Opaque(..) => 0,
        }
    }

    /// As a script would write it, cut in the middle beyond about `most` characters.
    pub fn show(&self, most: usize) -> String {
        let mut out = String::new();
        self.write(Empty::AsScripts, &mut out);
        shorten(&out, most)
    }

    /// The same of a value that was found, for those who read and do not copy: what is empty looks
    /// as in JSON, `[]` or `{}`.
    pub fn show_found(&self, most: usize) -> String {
        let mut out = String::new();
        self.write(Empty::AsJson, &mut out);
        shorten(&out, most)
    }

    fn write(&self, empty: Empty, out: &mut String) {
        match self {
            Self::Null => out.push_str("json.null"),
            Self::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Integer(value) => {
                let _ = write!(out, "{value}");
            }
            Self::Float(value) => {
                let _ = write!(out, "{value:?}");
            }
            Self::Text(bytes) => quote(bytes, out),
            Self::List(items) if items.is_empty() => out.push_str(match empty {
                Empty::AsScripts => "json.array{}",
                Empty::AsJson => "[]",
            }),
            Self::List(items) => {
                out.push_str("{ ");
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    item.write(empty, out);
                }
                out.push_str(" }");
            }
            Self::Map(entries) if entries.is_empty() => out.push_str(match empty {
                Empty::AsScripts => "json.object{}",
                Empty::AsJson => "{}",
            }),
            Self::Map(entries) => {
                out.push_str("{ ");
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    write_key(key, out);
                    out.push_str(" = ");
                    value.write(empty, out);
                }
                out.push_str(" }");
            }
            Self::Opaque(kind, _) => {
                let _ = write!(out, "<{kind}>");
            }
        }
    }
}

/// A key as it stands in a table constructor: bare if it can, else in brackets and quotes.
pub fn write_key(key: &[u8], out: &mut String) {
    let plain = !key.is_empty()
        && !key[0].is_ascii_digit()
        && key
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if plain {
        out.push_str(&String::from_utf8_lossy(key));
    } else {
        out.push('[');
        quote(key, out);
        out.push(']');
    }
}

/// Text in double quotes with everything invisible escaped as Lua does it.
pub fn quote(bytes: &[u8], out: &mut String) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() => {
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
}

/// Cuts the middle out of a text that is longer than `most` characters.
pub fn shorten(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_string();
    }
    let half = most.saturating_sub(1) / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(count - half).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_reads_as_a_script_would_write_it() {
        let value = Value::Map(vec![
            (b"type".to_vec(), Value::text("system")),
            (
                b"a-b".to_vec(),
                Value::List(vec![Value::Integer(1), Value::Null]),
            ),
            (b"raw".to_vec(), Value::Text(vec![0xff, b'\n'])),
        ]);
        assert_eq!(
            value.show(200),
            "{ type = \"system\", [\"a-b\"] = { 1, json.null }, raw = \"\\xff\\n\" }"
        );
    }

    #[test]
    fn what_was_found_empty_is_seen_to_be_a_list_or_a_map() {
        let value = Value::List(vec![
            Value::List(Vec::new()),
            Value::Map(vec![(b"a".to_vec(), Value::Map(Vec::new()))]),
            Value::text("json.array{}"),
        ]);
        assert_eq!(
            value.show_found(200),
            "{ [], { a = {} }, \"json.array{}\" }"
        );
        assert_eq!(
            value.show(200),
            "{ json.array{}, { a = json.object{} }, \"json.array{}\" }"
        );
    }

    #[test]
    fn a_long_text_loses_its_middle() {
        assert_eq!(shorten("abcdefghij", 5), "ab…ij");
        assert_eq!(shorten("abc", 5), "abc");
    }
}
