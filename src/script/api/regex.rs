//! `regex`: expressions over bytes, with captures.

use mlua::{Lua, MetaMethod, Table, Value as LuaValue};

use super::members;
use crate::model::suggest;
use crate::script::{pattern, raise};

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("match", lua.create_function(find)?)?;
    members::close(lua, "regex", table)
}

/// `regex.match(s, re)`: a list of the groups, named ones also by name, `[0]` the whole match.
fn find(lua: &Lua, (text, source): (LuaValue, LuaValue)) -> mlua::Result<LuaValue> {
    const CALL: &str = "regex.match";
    let text = members::bytes(CALL, "the text", &text)?;
    let source = members::text(CALL, "the expression", &source)?;
    let regex = pattern::regex(lua, CALL, &source)?;
    let Some(captures) = regex.captures(&text) else {
        return Ok(LuaValue::Nil);
    };
    let group = |index: usize| -> mlua::Result<LuaValue> {
        match captures.get(index) {
            Some(part) => Ok(LuaValue::String(lua.create_string(part.as_bytes())?)),
            // Not nil: a hole would make the list end before its end.
            None => Ok(LuaValue::Boolean(false)),
        }
    };
    let list = lua.create_table()?;
    // As with string.match, an expression without groups gives the whole match.
    let first = usize::from(captures.len() > 1);
    for index in first..captures.len() {
        list.raw_push(group(index)?)?;
    }
    let named = lua.create_table()?;
    named.raw_set(0, group(0)?)?;
    for (index, name) in regex.capture_names().enumerate() {
        if let Some(name) = name {
            named.raw_set(name, group(index)?)?;
        }
    }
    let meta = lua.create_table()?;
    meta.raw_set("__name", "match")?;
    meta.raw_set("__metatable", "match")?;
    meta.raw_set(
        MetaMethod::Index.name(),
        lua.create_function(move |_, (_, key): (Table, LuaValue)| by_name(&named, key))?,
    )?;
    list.set_metatable(Some(meta))?;
    Ok(LuaValue::Table(list))
}

fn by_name(named: &Table, key: LuaValue) -> mlua::Result<LuaValue> {
    let value: LuaValue = named.raw_get(key.clone())?;
    let LuaValue::String(wanted) = key else {
        return Ok(value);
    };
    if !value.is_nil() {
        return Ok(value);
    }
    let mut names = Vec::new();
    named.for_each(|key: LuaValue, _: LuaValue| {
        if let LuaValue::String(name) = key {
            names.push(name.to_string_lossy());
        }
        Ok(())
    })?;
    names.sort();
    let wanted = wanted.to_string_lossy();
    let hint = suggest::hint(&wanted, names.iter().map(String::as_str));
    let has = if names.is_empty() {
        "it names none".to_string()
    } else {
        format!("it has: {}", names.join(", "))
    };
    Err(raise::wrong(format!(
        "the expression has no group `{wanted}` ({has}){hint}"
    )))
}
