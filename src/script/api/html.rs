//! `html`: character references, both ways.

use mlua::{Lua, Table, Value as LuaValue};

use super::members;
use crate::client::html;
use crate::model::Value;
use crate::script::raise;

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set(
        "encode",
        lua.create_function(|lua, text: LuaValue| {
            let text = members::bytes("html.encode", "the text", &text)?;
            lua.create_string(html::encode(&text))
        })?,
    )?;
    table.raw_set(
        "decode",
        lua.create_function(|_, text: LuaValue| {
            let text = members::bytes("html.decode", "the text", &text)?;
            match std::str::from_utf8(&text) {
                Ok(text) => Ok(html::decode(text)),
                Err(error) => Err(raise::unreadable(format!(
                    "html.decode: {} is not UTF-8: {error}",
                    Value::Text(text.clone()).show(60)
                ))),
            }
        })?,
    )?;
    members::close(lua, "html", table)
}
