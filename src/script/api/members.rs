//! What the modules of helper functions share: unknown members are refused with the nearest name,
//! and a wrong argument names the call and what was expected.

use mlua::{Function, Lua, LuaString, MetaMethod, Table, Value as LuaValue};

use crate::model::suggest;
use crate::script::raise;
use crate::script::value::{Strictness, from_lua};

/// Closes a module's table: reading an unknown member and adding one raises `script`.
pub fn close(lua: &Lua, module: &'static str, table: Table) -> mlua::Result<Table> {
    let index = lua.create_function(move |_, (table, key): (Table, LuaValue)| {
        let mut names = Vec::new();
        table.for_each(|name: String, _: LuaValue| {
            names.push(name);
            Ok(())
        })?;
        let names = names.iter().map(String::as_str).collect();
        Err::<LuaValue, _>(unknown(module, &key, names)?)
    })?;
    table.set_metatable(Some(closed(lua, module, index)?))?;
    Ok(table)
}

/// A closed module whose members are made when they are first read; `make` knows all the `names`.
pub fn lazy(
    lua: &Lua,
    module: &'static str,
    names: Vec<&'static str>,
    make: fn(&Lua, &str) -> mlua::Result<LuaValue>,
) -> mlua::Result<Table> {
    let all = names.clone();
    let index = lua.create_function(move |lua, (table, key): (Table, LuaValue)| {
        let text = key.as_string().map(LuaString::to_string_lossy);
        let known = text.and_then(|text| names.iter().find(|name| **name == text));
        let Some(name) = known else {
            return Err(unknown(module, &key, names.clone())?);
        };
        let member = make(lua, name)?;
        table.raw_set(*name, &member)?;
        Ok(member)
    })?;
    let meta = closed(lua, module, index)?;
    // Who looks at all there is sees the members that nobody has read yet, too.
    let pairs = lua.create_function(move |lua, table: Table| {
        for name in &all {
            table.get::<LuaValue>(*name)?;
        }
        let next: Function = lua.globals().raw_get("next")?;
        Ok((next, table, LuaValue::Nil))
    })?;
    meta.raw_set(MetaMethod::Pairs.name(), pairs)?;
    let table = lua.create_table()?;
    table.set_metatable(Some(meta))?;
    Ok(table)
}

fn closed(lua: &Lua, module: &'static str, index: Function) -> mlua::Result<Table> {
    let meta = lua.create_table()?;
    meta.raw_set("__name", module)?;
    meta.raw_set("__metatable", module)?;
    meta.raw_set(MetaMethod::Index.name(), index)?;
    meta.raw_set(
        MetaMethod::NewIndex.name(),
        lua.create_function(move |_, (_, key): (Table, LuaValue)| {
            let key = key.to_string()?;
            Err::<(), _>(raise::wrong(format!(
                "`{module}` takes no new member: `{key}` cannot be set"
            )))
        })?,
    )?;
    Ok(meta)
}

fn unknown(module: &str, key: &LuaValue, mut names: Vec<&str>) -> mlua::Result<mlua::Error> {
    let found = key.to_string()?;
    names.sort_unstable();
    let hint = suggest::hint(&found, names.iter().copied());
    Ok(raise::wrong(format!(
        "`{module}` has no `{found}`{hint} (it has: {})",
        names.join(", ")
    )))
}

/// A string argument's bytes. Numbers are not taken for strings.
pub fn bytes(call: &str, what: &str, value: &LuaValue) -> mlua::Result<Vec<u8>> {
    Ok(string(call, what, value)?.as_bytes().to_vec())
}

/// A string argument that must be UTF-8.
pub fn text(call: &str, what: &str, value: &LuaValue) -> mlua::Result<String> {
    match string(call, what, value)?.to_str() {
        Ok(text) => Ok(text.to_string()),
        Err(_) => Err(raise::wrong(format!("{call}: {what} is not UTF-8"))),
    }
}

fn string<'a>(call: &str, what: &str, value: &'a LuaValue) -> mlua::Result<&'a LuaString> {
    value
        .as_string()
        .ok_or_else(|| expected(call, what, "a string", value))
}

/// The error for an argument of the wrong kind.
pub fn expected(call: &str, what: &str, wanted: &str, found: &LuaValue) -> mlua::Error {
    raise::wrong(format!(
        "{call}: {what} should be {wanted}, got {}",
        describe(found)
    ))
}

fn describe(value: &LuaValue) -> String {
    match value {
        LuaValue::Nil => "nil".to_string(),
        value if value.is_null() => "json.null".to_string(),
        LuaValue::Boolean(_) | LuaValue::Integer(_) | LuaValue::Number(_) | LuaValue::String(_) => {
            let weak = value.to_string().unwrap_or_default();
            let shown = crate::model::value::shorten(&weak, 40);
            format!("the {} {shown}", value.type_name())
        }
        other => format!("a {}", other.type_name()),
    }
}

/// An argument as data; raises `script` with the call's name for nil and for what is no data.
pub fn data(
    lua: &Lua,
    call: &str,
    what: &str,
    value: &LuaValue,
) -> mlua::Result<(crate::model::Value, Vec<LuaValue>)> {
    if value.is_nil() {
        return Err(raise::wrong(format!(
            "{call}: {what} is nil (JSON's null is `json.null`)"
        )));
    }
    let mut opaque = Vec::new();
    let value = from_lua(lua, value, &mut opaque)?;
    Ok((value, opaque))
}

/// A table for the script, strict for absent keys.
pub fn strict(lua: &Lua, value: &crate::model::Value) -> mlua::Result<LuaValue> {
    crate::script::value::to_lua(lua, value, Strictness::Strict)
}
