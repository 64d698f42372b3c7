//! `xml`: text to elements and back.

use mlua::{Lua, Table, Value as LuaValue};

use super::members;
use crate::client::html;
use crate::script::raise;
use crate::script::value;

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set(
        "encode",
        lua.create_function(|lua, value: LuaValue| {
            if let LuaValue::String(text) = &value {
                return lua.create_string(html::encode(&text.as_bytes()));
            }
            if !value.is_table() {
                let wanted = "a string or an element";
                return Err(members::expected("xml.encode", "the value", wanted, &value));
            }
            let (value, _) = members::data(lua, "xml.encode", "the element", &value)?;
            let text = value::xml::write(&value)
                .map_err(|error| raise::wrong(format!("xml.encode: {error}")))?;
            lua.create_string(text)
        })?,
    )?;
    table.raw_set(
        "decode",
        lua.create_function(|lua, text: LuaValue| {
            let text = members::bytes("xml.decode", "the text", &text)?;
            let value = value::xml::parse(&text)
                .map_err(|error| raise::unreadable(format!("xml.decode: {error}")))?;
            members::strict(lua, &value)
        })?,
    )?;
    members::close(lua, "xml", table)
}
