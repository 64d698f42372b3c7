//! The natives behind `j`: what `prelude.lua` calls. One file per concern, all of them thin: they
//! read arguments, change the attempt's [`Host`] and emit events.

pub mod basics;
pub mod caught;
pub mod cleanup;
pub mod expecting;
pub mod extras;
pub mod polls;
pub mod random;
pub mod steps;
pub mod together;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use mlua::{Error, FromLuaMulti, IntoLuaMulti, Lua, Table};

use crate::script::host::Host;
use crate::script::raise::End;

/// Puts all natives of `j` into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Table, host: &Rc<Host>) -> mlua::Result<()> {
    caught::install(lua, natives, host)?;
    steps::install(lua, natives, host)?;
    cleanup::install(lua, natives, host)?;
    together::install(lua, natives, host)?;
    polls::install(lua, natives, host)?;
    expecting::install(lua, natives, host)?;
    extras::install(lua, natives, host)
}

/// Registers a native that cannot wait.
pub fn native<A: FromLuaMulti, R: IntoLuaMulti>(
    lua: &Lua,
    natives: &Table,
    host: &Rc<Host>,
    name: &str,
    function: impl Fn(&Lua, &Rc<Host>, A) -> mlua::Result<R> + 'static,
) -> mlua::Result<()> {
    let host = host.clone();
    // A panic on its way through Lua would be raised again in every handler it meets.
    let native = lua.create_function(move |lua, arguments| {
        let called = AssertUnwindSafe(|| function(lua, &host, arguments));
        catch_unwind(called).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(Error::external(End::Panicked(text.unwrap_or_default())))
        })
    })?;
    natives.raw_set(name, native)
}
