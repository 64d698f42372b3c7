//! `base64` and `base64url`.

use ::base64::Engine as _;
use ::base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mlua::{Lua, Table, Value as LuaValue};

use super::members;
use crate::model::Value;
use crate::script::raise;

/// The table of `base64`: the standard alphabet, written with padding.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let calls = ["base64.encode", "base64.decode"];
    coder(lua, "base64", calls, engine(&STANDARD, true))
}

/// The table of `base64url`: the alphabet for URLs, written without padding.
pub fn url_module(lua: &Lua) -> mlua::Result<Table> {
    let calls = ["base64url.encode", "base64url.decode"];
    coder(lua, "base64url", calls, engine(&URL_SAFE, false))
}

/// Padding is read whether it is there or not: servers differ, and no bytes depend on it.
fn engine(alphabet: &Alphabet, padded: bool) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(padded)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

fn coder(
    lua: &Lua,
    name: &'static str,
    [encode, decode]: [&'static str; 2],
    engine: GeneralPurpose,
) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    let writer = engine.clone();
    table.raw_set(
        "encode",
        lua.create_function(move |_, bytes: LuaValue| {
            Ok(writer.encode(members::bytes(encode, "the bytes", &bytes)?))
        })?,
    )?;
    table.raw_set(
        "decode",
        lua.create_function(move |lua, text: LuaValue| {
            let text = members::bytes(decode, "the text", &text)?;
            let bytes = engine.decode(&text).map_err(|error| {
                let shown = Value::Text(text.clone()).show(60);
                raise::unreadable(format!("{decode}: {shown} is no {name}: {error}"))
            })?;
            lua.create_string(bytes)
        })?,
    )?;
    members::close(lua, name, table)
}
