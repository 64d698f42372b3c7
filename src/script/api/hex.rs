//! `hex`: bytes as hexadecimal digits.

use mlua::{Lua, Table, Value as LuaValue};

use super::members;
use crate::model::Value;
use crate::script::raise;

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set(
        "encode",
        lua.create_function(|_, bytes: LuaValue| {
            Ok(::hex::encode(members::bytes(
                "hex.encode",
                "the bytes",
                &bytes,
            )?))
        })?,
    )?;
    table.raw_set(
        "decode",
        lua.create_function(|lua, text: LuaValue| {
            let text = members::bytes("hex.decode", "the text", &text)?;
            let bytes = ::hex::decode(&text).map_err(|error| {
                let shown = Value::Text(text.clone()).show(60);
                raise::unreadable(format!("hex.decode: {shown} is not hexadecimal: {error}"))
            })?;
            lua.create_string(bytes)
        })?,
    )?;
    members::close(lua, "hex", table)
}
