//! JSON text to [`Value`] and back, exact for integers of 64 bits and loud about everything that
//! one side has and the other has not. Knows no Lua.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiter::{Jiter, JiterError, NumberAny, NumberInt, Peek};

use super::{DEPTH, VALUES};
use crate::model::Value;
use crate::model::value::{shorten, write_key};

/// What is wrong with a text that should be JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no JSON: {what} at line {line}, column {column} of {excerpt}")]
pub struct ParseError {
    /// What was met.
    pub what: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in bytes, from 1.
    pub column: usize,
    /// The text, quoted and cut.
    pub excerpt: String,
}

/// Why a value has no JSON text. Paths are as a script would write them, empty for the value itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Bytes that are not UTF-8.
    #[error("{}is not UTF-8, which JSON cannot hold (base64 or hex can carry bytes): {text}", at(.path))]
    NotText {
        /// Where.
        path: String,
        /// The bytes, quoted and cut.
        text: String,
    },
    /// NaN or an infinity.
    #[error("{}is {number}, which JSON has no number for", at(.path))]
    NoNumber {
        /// Where.
        path: String,
        /// `nan`, `inf` or `-inf`.
        number: String,
    },
    /// A function, a client or the like.
    #[error("{}is a {kind}, which is no data", at(.path))]
    NoData {
        /// Where.
        path: String,
        /// What it is.
        kind: &'static str,
    },
    /// Nested deeper than [`DEPTH`].
    #[error("the value is nested deeper than {DEPTH} levels")]
    TooDeep,
}

/// `` `a.b` ``, or `the value` where there is no path.
fn at(path: &str) -> String {
    if path.is_empty() {
        "the value ".to_string()
    } else {
        format!("`{path}` ")
    }
}

/// The value of a JSON text. An integer outside 64 bits becomes the text of its digits; of equal
/// keys the last wins, in the place of the first.
pub fn parse(text: &[u8]) -> Result<Value, ParseError> {
    if let Err(error) = std::str::from_utf8(text) {
        return Err(fail(text, error.valid_up_to(), "bytes that are not UTF-8"));
    }
    let mut reader = Reader {
        jiter: Jiter::new(text),
        text,
        values: 0,
    };
    let first = reader.jiter.peek().map_err(|error| reader.error(&error))?;
    let value = reader.value(first, 0)?;
    reader
        .jiter
        .finish()
        .map_err(|error| reader.error(&error))?;
    Ok(value)
}

/// Keys of an object up to which they are compared one by one.
const FEW: usize = 16;

struct Reader<'a> {
    jiter: Jiter<'a>,
    text: &'a [u8],
    /// How many there are so far.
    values: usize,
}

impl Reader<'_> {
    fn value(&mut self, peek: Peek, depth: usize) -> Result<Value, ParseError> {
        self.values += 1;
        if self.values > VALUES {
            let what = format!("more than {VALUES} values");
            return Err(fail(self.text, self.jiter.current_index(), &what));
        }
        match peek {
            Peek::Null => {
                let done = self.jiter.known_null();
                done.map(|()| Value::Null)
                    .map_err(|error| self.error(&error))
            }
            Peek::True | Peek::False => {
                let done = self.jiter.known_bool(peek);
                done.map(Value::Boolean).map_err(|error| self.error(&error))
            }
            Peek::String => {
                let done = self.jiter.known_str().map(Value::text);
                done.map_err(|error| self.error(&error))
            }
            Peek::Array => self.array(depth),
            Peek::Object => self.object(depth),
            _ => self.number(peek),
        }
    }

    fn number(&mut self, peek: Peek) -> Result<Value, ParseError> {
        let start = self.jiter.current_index();
        let number = self.jiter.known_number(peek);
        match number.map_err(|error| self.error(&error))? {
            NumberAny::Int(NumberInt::Int(value)) => Ok(Value::Integer(value)),
            NumberAny::Int(NumberInt::BigInt(value)) => Ok(Value::text(value.to_string())),
            NumberAny::Float(value) if value.is_finite() => Ok(Value::Float(value)),
            NumberAny::Float(_) => Err(fail(self.text, start, "a number out of range")),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.deeper(depth)?;
        let mut items = Vec::new();
        let mut next = self.jiter.known_array();
        while let Some(peek) = next.map_err(|error| self.error(&error))? {
            items.push(self.value(peek, depth + 1)?);
            next = self.jiter.array_step();
        }
        Ok(Value::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.deeper(depth)?;
        let mut entries: Vec<(Vec<u8>, Value)> = Vec::new();
        let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut next = self.jiter.known_object().map(own);
        while let Some(key) = next.map_err(|error| self.error(&error))? {
            let peek = self.jiter.peek().map_err(|error| self.error(&error))?;
            let value = self.value(peek, depth + 1)?;
            match place(&entries, &mut places, &key) {
                Some(place) => entries[place].1 = value,
                None => entries.push((key, value)),
            }
            next = self.jiter.next_key().map(own);
        }
        Ok(Value::Map(entries))
    }

    fn deeper(&self, depth: usize) -> Result<(), ParseError> {
        if depth >= DEPTH {
            let what = format!("nesting deeper than {DEPTH} levels");
            return Err(fail(self.text, self.jiter.current_index(), &what));
        }
        Ok(())
    }

    fn error(&self, error: &JiterError) -> ParseError {
        fail(self.text, error.index, &error.error_type.to_string())
    }
}

/// Where a key stands among those before it. `places` serves objects of many keys; fewer are
/// compared one by one, which costs less.
fn place(
    entries: &[(Vec<u8>, Value)],
    places: &mut HashMap<Vec<u8>, usize>,
    key: &[u8],
) -> Option<usize> {
    if entries.len() < FEW {
        return entries.iter().position(|(known, _)| known == key);
    }
    for (place, (known, _)) in entries.iter().enumerate().skip(places.len()) {
        places.insert(known.clone(), place);
    }
    places.get(key).copied()
}

fn own(key: Option<&str>) -> Option<Vec<u8>> {
    key.map(|key| key.as_bytes().to_vec())
}

fn fail(text: &[u8], index: usize, what: &str) -> ParseError {
    let before = &text[..index.min(text.len())];
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |place| place + 1);
    let head = &text[..text.len().min(400)];
    ParseError {
        what: what.to_string(),
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        column: before.len() - line_start + 1,
        excerpt: Value::Text(head.to_vec()).show(100),
    }
}

/// The JSON text of a value, without spaces, keys in the value's order.
pub fn write(value: &Value) -> Result<String, WriteError> {
    let mut out = String::new();
    write_value(value, &mut out, &mut String::new(), 0)?;
    Ok(out)
}

fn write_value(
    value: &Value,
    out: &mut String,
    path: &mut String,
    depth: usize,
) -> Result<(), WriteError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Float(value) if value.is_finite() => {
            // serde_json writes the shortest text that reads back the same, and 1.0 as `1.0`.
            out.push_str(&serde_json::Value::from(*value).to_string());
        }
        Value::Float(value) => {
            return Err(WriteError::NoNumber {
                path: path.clone(),
                number: value.to_string().to_lowercase(),
            });
        }
        Value::Text(bytes) => write_text(bytes, out, path)?,
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                let length = path.len();
                push_index(path, index);
                write_value(item, out, path, deeper(depth)?)?;
                path.truncate(length);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                let length = path.len();
                push_key(path, key);
                write_text(key, out, path)?;
                out.push(':');
                write_value(item, out, path, deeper(depth)?)?;
                path.truncate(length);
            }
            out.push('}');
        }
        Value::Opaque(kind, _) => {
            return Err(WriteError::NoData {
                path: path.clone(),
                kind,
            });
        }
    }
    Ok(())
}

fn deeper(depth: usize) -> Result<usize, WriteError> {
    if depth >= DEPTH {
        return Err(WriteError::TooDeep);
    }
    Ok(depth + 1)
}

fn write_text(bytes: &[u8], out: &mut String, path: &str) -> Result<(), WriteError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            out.push_str(&serde_json::Value::from(text).to_string());
            Ok(())
        }
        Err(_) => Err(WriteError::NotText {
            path: path.to_string(),
            text: shorten(&Value::Text(bytes.to_vec()).show(80), 80),
        }),
    }
}

/// Appends `.key`, or `["odd key"]`, to a path.
pub(crate) fn push_key(path: &mut String, key: &[u8]) {
    let mut name = String::new();
    write_key(key, &mut name);
    if !path.is_empty() && !name.starts_with('[') {
        path.push('.');
    }
    path.push_str(&name);
}

/// Appends `[n]` to a path; `index` counts from 0, the path from 1 as Lua does.
pub(crate) fn push_index(path: &mut String, index: usize) {
    let _ = write!(path, "[{}]", index + 1);
}
