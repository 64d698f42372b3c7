//! Runs `prelude/core.lua`, which wraps a script's own functions, and hands out what the attempt
//! needs of it. The other files of that folder are its parts, which a VM loads when something of
//! them is first called. Their bytecode is made once per process.

use std::rc::Rc;
use std::sync::OnceLock;

use mlua::{Function, IntoLua as _, Lua, LuaString, MultiValue, Table, Value};

use super::api::journey::{basics, caught};
use super::api::natives::{self, Natives};
use super::api::{client, journey, stream};
use super::host::Host;
use super::raise::wrong;
use super::stepping;
use crate::model::suggest;

/// A file of the prelude.
struct Part {
    name: &'static str,
    source: &'static str,
    bytecode: OnceLock<Vec<u8>>,
}

const fn part(name: &'static str, source: &'static str) -> Part {
    Part {
        name,
        source,
        bytecode: OnceLock::new(),
    }
}

static CORE: Part = part("core", include_str!("prelude/core.lua"));
static PARTS: [Part; 10] = [
    part("errors", include_str!("prelude/errors.lua")),
    part("journey", include_str!("prelude/journey.lua")),
    part("steps", include_str!("prelude/steps.lua")),
    part("together", include_str!("prelude/together.lua")),
    part("polls", include_str!("prelude/polls.lua")),
    part("cleanup", include_str!("prelude/cleanup.lua")),
    part("client", include_str!("prelude/client.lua")),
    part("stream", include_str!("prelude/stream.lua")),
    part("numbers", include_str!("prelude/numbers.lua")),
    part("fault", include_str!("prelude/fault.lua")),
];

/// What the prelude gives to an attempt.
pub struct Prelude {
    /// `j`.
    pub journey: Table,
    /// `protect(fn, …)`: true and values, or false and an error with its frames.
    pub protect: Function,
    /// Runs what was deferred.
    pub clean_up: Function,
    /// `part(name)`: loads a part of the prelude, unless it is there.
    #[cfg(test)]
    pub part: Function,
    /// Names of the API's classes, as far as they are loaded, with their methods and fields.
    #[cfg(test)]
    pub classes: Table,
}

/// Wraps the environment for a file that is being loaded: nothing of `j` can be reached.
pub fn for_loading(lua: &Lua, env: &Table) -> mlua::Result<()> {
    let natives = natives::table(lua, |lua, natives| {
        basics::install(lua, natives)?;
        set_part(lua, natives)?;
        for name in ["enter", "leave", "note"] {
            natives.set(name, || lua.create_function(|_, _: MultiValue| Ok(())))?;
        }
        caught::install_for_loading(lua, natives)
    })?;
    core(lua, &natives, env).map(drop)
}

/// Wraps the environment for an attempt. `fields` are the values of `j`: `j.vars` and the like.
pub fn for_running(
    lua: &Lua,
    env: &Table,
    host: &Rc<Host>,
    name: &str,
    fields: Table,
) -> mlua::Result<Prelude> {
    let host = host.clone();
    let natives = natives::table(lua, move |lua, natives| {
        basics::install(lua, natives)?;
        set_part(lua, natives)?;
        journey::install(lua, natives, &host)?;
        client::install(lua, natives, &host)?;
        stream::install(lua, natives, &host)?;
        stepping::install(lua, natives, &host)
    })?;
    natives.raw_set("fields", fields)?;
    natives.raw_set("name", name)?;
    natives.raw_set("classes", lua.create_table()?)?;
    let (protect, part) = core(lua, &natives, env)?;
    let of_journey: Table = part.call("journey")?;
    Ok(Prelude {
        journey: of_journey.raw_get("j")?,
        clean_up: of_journey.raw_get("clean_up")?,
        protect,
        #[cfg(test)]
        part,
        #[cfg(test)]
        classes: natives.raw_get("classes")?,
    })
}

/// Wraps the environment; gives `protect` and what loads the parts.
fn core(lua: &Lua, natives: &Table, env: &Table) -> mlua::Result<(Function, Function)> {
    let (protect, part): (Function, Function) = CORE.load(lua)?.call((natives, env))?;
    super::protected::remember(lua, &protect)?;
    Ok((protect, part))
}

/// The native that gives a part, not yet executed.
fn set_part(lua: &Lua, natives: &Natives<'_>) -> mlua::Result<()> {
    natives.set("part", || {
        lua.create_function(|lua, name: LuaString| {
            let found = PARTS.iter().find(|part| name == part.name);
            found.map(|part| part.load(lua)).transpose()
        })
    })
}

impl Part {
    fn load(&self, lua: &Lua) -> mlua::Result<Function> {
        let named = |code: &[u8]| lua.load(code).set_name("=[jaunt]").into_function();
        if let Some(code) = self.bytecode.get() {
            return named(code);
        }
        let made = named(self.source.as_bytes())?;
        self.bytecode.get_or_init(|| made.dump(false));
        Ok(made)
    }
}

/// What a script sees of a table: each entry can be read, an unknown name raises instead of giving
/// nil, nothing can be set. The entries stay out of its reach: in a table of its own, Lua would ask
/// nobody about setting one that is there, and a journey could lower what it is measured against.
pub fn read_only(lua: &Lua, what: &'static str, entries: Table) -> mlua::Result<Table> {
    read_only_with(lua, what, entries, None)
}

/// An entry that may be nil, and another one the next time it is read.
pub struct Optional {
    /// Its name.
    pub name: &'static str,
    /// What it is now.
    pub value: Box<dyn Fn() -> Option<String>>,
}

/// As [`read_only`], with an entry that may be nil.
pub fn read_only_with(
    lua: &Lua,
    what: &'static str,
    entries: Table,
    optional: Option<Optional>,
) -> mlua::Result<Table> {
    let optional = Rc::new(optional);
    let extra = optional.clone();
    let meta = lua.create_table()?;
    let own = entries.clone();
    let index = lua.create_function(move |lua, (_, key): (Value, Value)| {
        let of_name = |one: &&Optional| key.as_string().is_some_and(|key| key == one.name);
        if let Some(one) = extra.as_ref().as_ref().filter(of_name) {
            return (one.value)().into_lua(lua);
        }
        match own.raw_get::<Value>(&key)? {
            Value::Nil => {
                let more = extra.as_ref().as_ref().map(|one| one.name);
                Err(unknown(what, &own, more, &key))
            }
            found => Ok(found),
        }
    })?;
    meta.raw_set("__index", index)?;
    let pairs = lua.create_function(move |lua, _: Value| {
        let copy = lua.create_table()?;
        entries.for_each(|key: Value, value: Value| copy.raw_set(key, value))?;
        if let Some(one) = optional.as_ref() {
            copy.raw_set(one.name, (one.value)())?;
        }
        Ok((lua.globals().raw_get::<Function>("next")?, copy, Value::Nil))
    })?;
    meta.raw_set("__pairs", pairs)?;
    meta.raw_set(
        "__newindex",
        lua.create_function(move |_, (_, key): (Value, Value)| -> mlua::Result<()> {
            Err(wrong(format!(
                "`{what}` is read only: `{}` cannot be set",
                key.to_string()?
            )))
        })?,
    )?;
    meta.raw_set("__metatable", false)?;
    let seen = lua.create_table()?;
    seen.set_metatable(Some(meta))?;
    Ok(seen)
}

fn unknown(what: &str, entries: &Table, more: Option<&str>, key: &Value) -> mlua::Error {
    let key = key.to_string().unwrap_or_default();
    let mut names: Vec<String> = entries
        .pairs::<Value, Value>()
        .flatten()
        .filter_map(|(name, _)| name.to_string().ok())
        .chain(more.map(str::to_string))
        .collect();
    names.sort();
    let hint = suggest::hint(&key, names.iter().map(String::as_str));
    let known = if names.is_empty() {
        "nothing".to_string()
    } else {
        names.join(", ")
    };
    let set = match what {
        "j.vars" => format!("; `--var {key}=…` sets it"),
        _ => String::new(),
    };
    wrong(format!(
        "`{what}` has no `{key}`{hint} (it has: {known}){set}"
    ))
}
