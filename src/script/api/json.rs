//! `json`: text to values and back, and what Lua has no words for (null, empty arrays).

use mlua::{Lua, Table, Value as LuaValue};

use super::members;
use crate::model::Value;
use crate::script::raise;
use crate::script::value::path::{Step, places};
use crate::script::value::{self, Kind, Shape, Strictness};

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set(
        "encode",
        lua.create_function(|lua, value: LuaValue| {
            let (value, _) = members::data(lua, "json.encode", "the value", &value)?;
            value::json::write(&value)
                .map_err(|error| raise::wrong(format!("json.encode: {error}")))
        })?,
    )?;
    table.raw_set(
        "decode",
        lua.create_function(|lua, text: LuaValue| {
            let text = members::bytes("json.decode", "the text", &text)?;
            let value = value::json::parse(&text)
                .map_err(|error| raise::unreadable(format!("json.decode: {error}")))?;
            members::strict(lua, &value)
        })?,
    )?;
    // Converted rather than taken as it is, so that it shows itself from the first use on.
    let null = value::to_lua(lua, &Value::Null, Strictness::Plain)?;
    table.raw_set("null", null)?;
    table.raw_set(
        "array",
        lua.create_function(|lua, table: LuaValue| marked(lua, "json.array", Kind::Array, table))?,
    )?;
    table.raw_set(
        "object",
        lua.create_function(|lua, table: LuaValue| {
            marked(lua, "json.object", Kind::Object, table)
        })?,
    )?;
    table.raw_set("get", lua.create_function(get)?)?;
    members::close(lua, "json", table)
}

fn marked(lua: &Lua, call: &str, kind: Kind, table: LuaValue) -> mlua::Result<Table> {
    let table = match table {
        LuaValue::Table(table) => table,
        LuaValue::Nil => lua.create_table()?,
        other => return Err(members::expected(call, "the argument", "a table", &other)),
    };
    let shape = value::shape(lua, &table)?;
    let refused = match (kind, &shape) {
        (_, Shape::Empty) | (Kind::Array, Shape::List(_)) | (Kind::Object, Shape::Map(_)) => None,
        // Marked as the other kind, but empty: it can still become either.
        (_, Shape::Map(entries)) if entries.is_empty() => None,
        (_, Shape::List(items)) if items.is_empty() => None,
        (_, Shape::Map(_)) => Some("keys, so it is no array".to_string()),
        (_, Shape::List(_)) => Some("a list part, so it is no object".to_string()),
        (_, Shape::Mixed(key)) => Some(format!("both keys (`{key}`) and a list part")),
        (_, Shape::Hole(index)) => Some(format!("a hole at [{index}]")),
        (_, Shape::OddKey(key)) => Some(format!("the key {key}")),
    };
    if let Some(what) = refused {
        return Err(raise::wrong(format!("{call}: the table has {what}")));
    }
    value::mark(lua, &table, kind)?;
    Ok(table)
}

/// `json.get(value, path)`: the first hit itself, not a copy; nil where there is none.
fn get(lua: &Lua, (value, path): (LuaValue, LuaValue)) -> mlua::Result<LuaValue> {
    let path = members::text("json.get", "the path", &path)?;
    let mut opaque = Vec::new();
    let data = value::from_lua_or_nil(lua, &value, &mut opaque)?;
    let found = places(data.as_ref().unwrap_or(&Value::Null), &path)
        .map_err(|error| raise::wrong(format!("json.get: {error}")))?;
    if value.is_nil() {
        return Ok(LuaValue::Nil);
    }
    let Some(steps) = found.first() else {
        return Ok(LuaValue::Nil);
    };
    let mut here = value;
    for step in steps {
        let LuaValue::Table(table) = &here else {
            return Ok(LuaValue::Nil);
        };
        here = match step {
            Step::Key(key) => table.raw_get(lua.create_string(key)?)?,
            Step::Index(index) => table.raw_get(index + 1)?,
        };
    }
    Ok(here)
}
