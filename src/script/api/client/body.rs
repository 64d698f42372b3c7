//! The body of a request: `json`, `form`, `multipart` or `body`.

use bytes::Bytes;
use mlua::{Lua, Table, Value};

use super::headers;
use crate::client::http::RequestBody;
use crate::client::multipart::{self, FileFacts, Part};
use crate::script::api::keys;
use crate::script::errors::kind_of;
use crate::script::options::Options;
use crate::script::raise::wrong;
use crate::script::value::{from_lua, json};

/// The body and the content type that goes with it.
pub fn read(lua: &Lua, options: &Options) -> mlua::Result<(RequestBody, Option<String>)> {
    let (json, form, multipart, body) = (
        options.value("json")?,
        options.value("form")?,
        options.value("multipart")?,
        options.value("body")?,
    );
    let given = [&json, &form, &multipart, &body]
        .iter()
        .filter(|value| !value.is_nil())
        .count();
    if given > 1 {
        return Err(wrong(
            "a request has one of `json`, `form`, `multipart` and `body`",
        ));
    }
    if !json.is_nil() {
        let value = from_lua(lua, &json, &mut Vec::new())?;
        let text =
            json::write(&value).map_err(|error| wrong(format!("`json` of a request: {error}")))?;
        return Ok((
            RequestBody::Whole(Bytes::from(text)),
            Some("application/json".to_string()),
        ));
    }
    if !form.is_nil() {
        let pairs = headers::pairs(lua, "form", &form)?;
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        return Ok((
            RequestBody::Whole(Bytes::from(text)),
            Some("application/x-www-form-urlencoded".to_string()),
        ));
    }
    if !multipart.is_nil() {
        let (bytes, media) = multipart::encode(&parts(&multipart)?);
        return Ok((RequestBody::Whole(bytes.into()), Some(media)));
    }
    match body {
        Value::Nil => Ok((RequestBody::Empty, None)),
        Value::String(text) => Ok((
            RequestBody::Whole(Bytes::copy_from_slice(&text.as_bytes())),
            None,
        )),
        Value::Table(list) => Ok((RequestBody::Chunks(chunks(&list)?), None)),
        other => Err(wrong(format!(
            "`body` is a string or a list of them, found {}",
            kind_of(&other)
        ))),
    }
}

/// A list as `body`: its strings, one chunk each.
fn chunks(list: &Table) -> mlua::Result<Vec<Bytes>> {
    let mut chunks = Vec::new();
    for value in list.sequence_values::<Value>() {
        match value? {
            Value::String(text) => chunks.push(Bytes::copy_from_slice(&text.as_bytes())),
            other => {
                return Err(wrong(format!(
                    "a list as `body` holds strings, found {}",
                    kind_of(&other)
                )));
            }
        }
    }
    if list.pairs::<Value, Value>().count() != chunks.len() {
        return Err(wrong(
            "`body` is a string or a list of them, found a table with keys (`json` and `form` take those)",
        ));
    }
    Ok(chunks)
}

/// The parts of `multipart`, sorted by name; a list repeats its name.
fn parts(value: &Value) -> mlua::Result<Vec<Part>> {
    let Value::Table(table) = value else {
        return Err(wrong(format!(
            "`multipart` is a table of names and values, found {}",
            kind_of(value)
        )));
    };
    let mut parts = Vec::new();
    for pair in table.pairs::<Value, Value>() {
        let (name, value) = pair?;
        let Value::String(name) = name else {
            return Err(wrong(format!(
                "names in `multipart` are strings, found {}",
                kind_of(&name)
            )));
        };
        match &value {
            Value::Table(list) if list.raw_len() > 0 => {
                for value in list.sequence_values::<Value>() {
                    parts.push(part(&name, &value?)?);
                }
            }
            value => parts.push(part(&name, value)?),
        }
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(parts)
}

fn part(name: &mlua::LuaString, value: &Value) -> mlua::Result<Part> {
    let shown = name.to_string_lossy();
    let (file, body) = match value {
        Value::Table(_) => {
            let (facts, body) = file(value.clone())?;
            (Some(facts), body)
        }
        Value::String(text) => (None, text.as_bytes().to_vec()),
        Value::Integer(_) | Value::Number(_) | Value::Boolean(_) => {
            (None, value.to_string()?.into_bytes())
        }
        other => {
            return Err(wrong(format!(
                "`{shown}` in `multipart` is a string, a number or a file \
                 (`{{ filename, type, body }}`), found {}",
                kind_of(other)
            )));
        }
    };
    Ok(Part {
        name: name.as_bytes().to_vec(),
        file,
        body,
    })
}

/// A file to send: `{ filename, type, body }`; `type` may be left out.
pub fn file(value: Value) -> mlua::Result<(FileFacts, Vec<u8>)> {
    let options = Options::read("a file to send", value, keys::FILE)?;
    let Value::String(body) = options.value("body")? else {
        return Err(wrong("a file to send needs `body`, a string of its bytes"));
    };
    let Some(name) = options.text("filename")? else {
        return Err(wrong("a file to send needs `filename`"));
    };
    let media = options.text("type")?;
    let media = media.unwrap_or_else(|| "application/octet-stream".to_string());
    if media.contains(|c: char| c.is_control()) {
        return Err(wrong("`type` of a file to send holds a control character"));
    }
    let facts = FileFacts {
        name: name.into_bytes(),
        media,
    };
    Ok((facts, body.as_bytes().to_vec()))
}
