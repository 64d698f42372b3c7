//! `time`: epoch seconds and their texts.

use jiff::Timestamp;
use mlua::{Lua, Table, Value as LuaValue};

use super::members;
use crate::model::Value;
use crate::script::pattern::rfc3339;
use crate::script::raise;

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set(
        "now",
        lua.create_function(|_, _: LuaValue| Ok(Timestamp::now().as_microsecond() as f64 / 1e6))?,
    )?;
    table.raw_set("iso", lua.create_function(|_, time: LuaValue| iso(&time))?)?;
    table.raw_set(
        "parse",
        lua.create_function(|_, text: LuaValue| {
            let text = members::text("time.parse", "the text", &text)?;
            let time = rfc3339(&text).or_else(|| http_date(&text));
            match time {
                Some(time) => Ok(seconds(time)),
                None => Err(raise::unreadable(format!(
                    "time.parse: {} is no time (RFC 3339 as in 2026-03-04T12:00:00Z, or an HTTP date)",
                    Value::text(text).show(60)
                ))),
            }
        })?,
    )?;
    members::close(lua, "time", table)
}

/// `Tue, 15 Nov 1994 08:12:31 GMT`
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
}

fn seconds(time: Timestamp) -> LuaValue {
    if time.subsec_nanosecond() == 0 {
        LuaValue::Integer(time.as_second())
    } else {
        LuaValue::Number(time.as_second() as f64 + f64::from(time.subsec_nanosecond()) / 1e9)
    }
}

fn iso(time: &LuaValue) -> mlua::Result<String> {
    let moment = match time {
        LuaValue::Nil => Ok(Timestamp::now()),
        LuaValue::Integer(seconds) => Timestamp::from_second(*seconds),
        LuaValue::Number(seconds) if seconds.is_finite() => {
            Timestamp::from_microsecond((seconds * 1e6).round() as i64)
        }
        other => {
            return Err(members::expected(
                "time.iso",
                "the time",
                "epoch seconds",
                other,
            ));
        }
    };
    let moment =
        moment.map_err(|error| raise::wrong(format!("time.iso: not within range: {error}")))?;
    let micros = Timestamp::from_microsecond(moment.as_microsecond())
        .map_err(|error| raise::wrong(format!("time.iso: not within range: {error}")))?;
    Ok(micros.to_string())
}
