//! What `pcall` and `expect_error` give to a script: the API's error table.

use std::rc::Rc;

use mlua::{Error, Lua, Table, Value};

use super::basics::sort;
use super::native;
use crate::model::EventKind;
use crate::script::api::natives::Natives;
use crate::script::errors::Taken;
use crate::script::host::Host;
use crate::script::raise::{Raise, wrong};

/// Fields of an error that may be absent without being a misspelling.
pub const FIELDS: [&str; 6] = [
    "kind",
    "message",
    "reason",
    "response",
    "stream",
    "expectation",
];

/// Puts `sort` into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    if !natives.want("sort") {
        return Ok(());
    }
    let meta = error_meta(lua)?;
    native(
        lua,
        natives,
        host,
        "sort",
        move |lua, host, (value, by): (Value, String)| {
            let (value, taken) = sort(value)?;
            if by == "expect_error" && !taken.problem.kind.is_targets() {
                return Err(Error::external(Raise {
                    problem: taken.problem,
                    expectation: None,
                    response: None,
                }));
            }
            host.leaving.take();
            if taken.problem.kind.is_targets() {
                host.emit(EventKind::Caught {
                    by,
                    problem: taken.problem.clone(),
                });
            }
            match value {
                Value::Error(error) => table(lua, &error, &taken, &meta).map(Value::Table),
                other => Ok(other),
            }
        },
    )?;
    Ok(())
}

/// The same for a file that is being loaded, where nothing is recorded.
pub fn install_for_loading(lua: &Lua, natives: &Natives) -> mlua::Result<()> {
    if !natives.want("sort") {
        return Ok(());
    }
    let meta = error_meta(lua)?;
    let sort = lua.create_function(move |lua, (value, _): (Value, Value)| {
        let (value, taken) = sort(value)?;
        match value {
            Value::Error(error) => table(lua, &error, &taken, &meta).map(Value::Table),
            other => Ok(other),
        }
    })?;
    natives.set("sort", || Ok(sort))
}

fn error_meta(lua: &Lua) -> mlua::Result<Table> {
    let meta = lua.create_table()?;
    // All errors of a VM share it: a finalizer put into it would run at every one of them.
    meta.raw_set("__metatable", false)?;
    meta.raw_set(
        "__tostring",
        lua.create_function(|_, error: Table| error.raw_get::<Value>("message"))?,
    )?;
    meta.raw_set(
        "__index",
        lua.create_function(|_, (_, key): (Table, Value)| match &key {
            Value::String(name) if FIELDS.contains(&name.to_string_lossy().as_str()) => {
                Ok(Value::Nil)
            }
            other => Err(wrong(format!(
                "an error has no `{}` (it has: kind, message, reason, response, stream)",
                other.to_string().unwrap_or_default()
            ))),
        })?,
    )?;
    Ok(meta)
}

fn table(lua: &Lua, error: &Error, taken: &Taken, meta: &Table) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("kind", taken.problem.kind.name())?;
    table.raw_set("message", taken.problem.message.as_str())?;
    table.raw_set("reason", taken.problem.reason.as_deref())?;
    table.raw_set("expectation", taken.expectation)?;
    if let Some(response) = raised(error).and_then(|raise| raise.response.clone()) {
        table.raw_set("response", response)?;
    }
    table.set_metatable(Some(meta.clone()))?;
    Ok(table)
}

fn raised(error: &Error) -> Option<&Raise> {
    match error {
        Error::CallbackError { cause, .. } => raised(cause),
        Error::ExternalError(cause) => cause.downcast_ref::<Raise>(),
        _ => None,
    }
}
