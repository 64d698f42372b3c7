//! `url`: taking addresses apart, and percent-encoding.

use mlua::{Lua, Table, Value as LuaValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

use super::members;
use crate::model::Value;
use crate::script::raise;

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set(
        "parse",
        lua.create_function(|lua, text: LuaValue| {
            let text = members::text("url.parse", "the address", &text)?;
            let parsed = ::url::Url::parse(&text).map_err(|error| {
                let shown = Value::text(text.as_str()).show(80);
                raise::unreadable(format!("url.parse: {shown} is no absolute URL: {error}"))
            })?;
            members::strict(lua, &parts(&parsed))
        })?,
    )?;
    table.raw_set(
        "encode",
        lua.create_function(|_, text: LuaValue| {
            let text = members::bytes("url.encode", "the text", &text)?;
            Ok(percent_encode(&text, RESERVED).to_string())
        })?,
    )?;
    table.raw_set(
        "decode",
        lua.create_function(|lua, text: LuaValue| {
            let text = members::bytes("url.decode", "the text", &text)?;
            if let Some(place) = broken(&text) {
                return Err(raise::unreadable(format!(
                    "url.decode: `%` without two hexadecimal digits at byte {} of {}",
                    place + 1,
                    Value::Text(text).show(80)
                )));
            }
            lua.create_string(percent_decode(&text).collect::<Vec<u8>>())
        })?,
    )?;
    members::close(lua, "url", table)
}

/// The parts of a URL. What it does not have is absent, but for `query`, which is then empty.
fn parts(url: &::url::Url) -> Value {
    let mut parts = vec![("scheme", Value::text(url.scheme()))];
    if let Some(host) = url.host_str() {
        parts.push(("host", Value::text(host)));
    }
    if let Some(port) = url.port_or_known_default() {
        parts.push(("port", Value::Integer(i64::from(port))));
    }
    parts.push(("path", Value::text(url.path())));
    parts.push(("query", query(url)));
    if let Some(fragment) = url.fragment() {
        parts.push(("fragment", Value::text(fragment)));
    }
    if !url.username().is_empty() {
        parts.push(("user", decoded(url.username())));
    }
    if let Some(password) = url.password() {
        parts.push(("password", decoded(password)));
    }
    let named = parts.into_iter();
    Value::Map(
        named
            .map(|(name, value)| (name.as_bytes().to_vec(), value))
            .collect(),
    )
}

/// Names and values, decoded. A name that comes again has the list of its values.
fn query(url: &::url::Url) -> Value {
    let mut entries: Vec<(Vec<u8>, Value)> = Vec::new();
    for (name, value) in ::url::form_urlencoded::parse(url.query().unwrap_or_default().as_bytes()) {
        let value = Value::text(value);
        match entries
            .iter_mut()
            .find(|(known, _)| known == name.as_bytes())
        {
            None => entries.push((name.as_bytes().to_vec(), value)),
            Some((_, Value::List(values))) => values.push(value),
            Some((_, first)) => *first = Value::List(vec![first.clone(), value]),
        }
    }
    Value::Map(entries)
}

fn decoded(text: &str) -> Value {
    Value::Text(percent_decode(text.as_bytes()).collect())
}

/// Where a `%` is not followed by two hexadecimal digits.
fn broken(text: &[u8]) -> Option<usize> {
    (0..text.len()).find(|place| {
        text[*place] == b'%'
            && !text
                .get(place + 1..place + 3)
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}
