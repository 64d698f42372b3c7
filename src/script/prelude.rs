//! Runs `prelude.lua`, which wraps a script's own functions, and hands out what the attempt needs
//! of it. Its bytecode is made once per process.

use std::rc::Rc;
use std::sync::OnceLock;

use mlua::{Function, Lua, MultiValue, Table, Value};

use super::api::journey::{basics, caught};
use super::api::{client, journey, stream};
use super::host::Host;

const SOURCE: &str = include_str!("prelude.lua");

/// What the prelude gives to an attempt.
pub struct Prelude {
    /// `j`.
    pub journey: Table,
    /// `protect(fn, …)`: true and values, or false and an error with its frames.
    pub protect: Function,
    /// Runs what was deferred.
    pub clean_up: Function,
    /// Names of the API's classes with their methods and fields.
    pub classes: Table,
}

/// Wraps the environment for a file that is being loaded: nothing of `j` can be reached.
pub fn for_loading(lua: &Lua, env: &Table) -> mlua::Result<()> {
    let natives = natives(lua)?;
    for name in ["enter", "leave", "note"] {
        natives.raw_set(name, lua.create_function(|_, _: MultiValue| Ok(()))?)?;
    }
    caught::install_for_loading(lua, &natives)?;
    run(lua, &natives, env).map(drop)
}

/// Wraps the environment for an attempt. `fields` are the values of `j`: `j.vars` and the like.
pub fn for_running(
    lua: &Lua,
    env: &Table,
    host: &Rc<Host>,
    name: &str,
    fields: Table,
) -> mlua::Result<Prelude> {
    let natives = natives(lua)?;
    natives.raw_set("fields", fields)?;
    natives.raw_set("name", name)?;
    journey::install(lua, &natives, host)?;
    client::install(lua, &natives, host)?;
    stream::install(lua, &natives, host)?;
    run(lua, &natives, env)
}

fn natives(lua: &Lua) -> mlua::Result<Table> {
    let natives = lua.create_table()?;
    natives.raw_set("classes", lua.create_table()?)?;
    basics::install(lua, &natives)?;
    Ok(natives)
}

fn run(lua: &Lua, natives: &Table, env: &Table) -> mlua::Result<Prelude> {
    let prelude: Function = lua
        .load(bytecode(lua)?)
        .set_name("=[jaunt]")
        .into_function()?;
    let (journey, protect, clean_up): (Table, Function, Function) = prelude.call((natives, env))?;
    super::protected::remember(lua, &protect)?;
    Ok(Prelude {
        journey,
        protect,
        clean_up,
        classes: natives.raw_get("classes")?,
    })
}

fn bytecode(lua: &Lua) -> mlua::Result<&'static [u8]> {
    static CODE: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(code) = CODE.get() {
        return Ok(code);
    }
    let code = lua
        .load(SOURCE)
        .set_name("=[jaunt]")
        .into_function()?
        .dump(false);
    Ok(CODE.get_or_init(|| code))
}

/// A value as a script reads it under an unknown name: it raises instead of giving nil.
pub fn strict(lua: &Lua, what: &'static str, table: &Table) -> mlua::Result<()> {
    use super::raise::wrong;
    use crate::model::suggest;
    let meta = lua.create_table()?;
    meta.raw_set(
        "__index",
        lua.create_function(move |_, (table, key): (Table, Value)| -> mlua::Result<()> {
            let key = key.to_string()?;
            let mut names: Vec<String> = table
                .pairs::<Value, Value>()
                .flatten()
                .filter_map(|(name, _)| name.to_string().ok())
                .collect();
            names.sort();
            let hint = suggest::hint(&key, names.iter().map(String::as_str));
            let known = if names.is_empty() {
                "nothing".to_string()
            } else {
                names.join(", ")
            };
            Err(wrong(format!(
                "`{what}` has no `{key}`{hint} (it has: {known})"
            )))
        })?,
    )?;
    meta.raw_set(
        "__newindex",
        lua.create_function(move |_, (_, key): (Table, Value)| -> mlua::Result<()> {
            Err(wrong(format!(
                "`{what}` is read only: `{}` cannot be set",
                key.to_string()?
            )))
        })?,
    )?;
    meta.raw_set("__metatable", false)?;
    table.set_metatable(Some(meta))
}
