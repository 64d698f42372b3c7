//! Header lists and query parameters as scripts give them.

use mlua::{Lua, Value};
use url::Url;

use crate::script::errors::kind_of;
use crate::script::options::Options;
use crate::script::raise::{raise, wrong};
use crate::script::reach::Reach;

/// Names and values in the order they are sent.
pub type HeaderList = Vec<(String, Vec<u8>)>;

/// The option `headers`: a value, or a list of values, for each name; sorted by name, because a
/// Lua table has no order and a run should repeat itself.
pub fn read(lua: &Lua, options: &Options) -> mlua::Result<HeaderList> {
    let Some(table) = options.table("headers")? else {
        return Ok(Vec::new());
    };
    let mut headers = Vec::new();
    for pair in table.pairs::<Value, Value>() {
        let (name, value) = pair?;
        let Value::String(name) = name else {
            return Err(wrong(format!(
                "names of headers are strings, found {}",
                kind_of(&name)
            )));
        };
        let name = name.to_string_lossy();
        match value {
            Value::Table(list) => {
                for value in list.sequence_values::<Value>() {
                    headers.push((name.clone(), text(lua, &name, &value?)?));
                }
            }
            value => headers.push((name.clone(), text(lua, &name, &value)?)),
        }
    }
    headers.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(headers)
}

fn text(lua: &Lua, name: &str, value: &Value) -> mlua::Result<Vec<u8>> {
    match lua.coerce_string(value.clone())? {
        Some(text) if !matches!(value, Value::Boolean(_)) => Ok(text.as_bytes().to_vec()),
        _ => Err(wrong(format!(
            "`{name}` is a string, a number or a list of them, found {}",
            kind_of(value)
        ))),
    }
}

/// Holds a `Host` header of a journey to the host guard.
pub fn check(reach: &Reach, headers: &HeaderList) -> mlua::Result<()> {
    for (name, value) in headers {
        reach.guard.check_header(name, value).map_err(raise)?;
    }
    Ok(())
}

/// Pairs of names and values; a list repeats its name; sorted as headers are.
pub fn pairs(lua: &Lua, call: &str, value: &Value) -> mlua::Result<Vec<(String, String)>> {
    let Value::Table(table) = value else {
        return Err(wrong(format!(
            "`{call}` is a table of names and values, found {}",
            kind_of(value)
        )));
    };
    let mut pairs = Vec::new();
    for pair in table.pairs::<Value, Value>() {
        let (name, value) = pair?;
        let Some(name) = lua
            .coerce_string(name.clone())?
            .filter(|_| !name.is_table())
        else {
            return Err(wrong(format!(
                "names in `{call}` are strings, found {}",
                kind_of(&name)
            )));
        };
        let name = name.to_string_lossy();
        match value {
            Value::Table(list) => {
                for value in list.sequence_values::<Value>() {
                    pairs.push((name.clone(), scalar(lua, call, &name, &value?)?));
                }
            }
            value => pairs.push((name.clone(), scalar(lua, call, &name, &value)?)),
        }
    }
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(pairs)
}

fn scalar(lua: &Lua, call: &str, name: &str, value: &Value) -> mlua::Result<String> {
    match value {
        Value::Boolean(value) => Ok(value.to_string()),
        value => match lua.coerce_string(value.clone())? {
            Some(text) => Ok(text.to_string_lossy()),
            None => Err(wrong(format!(
                "`{name}` in `{call}` is a string or a number, found {}",
                kind_of(value)
            ))),
        },
    }
}

/// Adds the option `query` to an address.
pub fn add_query(lua: &Lua, url: &mut Url, options: &Options) -> mlua::Result<()> {
    let query = options.value("query")?;
    if query.is_nil() {
        return Ok(());
    }
    let pairs = pairs(lua, "query", &query)?;
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(())
}
