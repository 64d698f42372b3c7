//! The natives behind `j`: what the prelude calls. One file per concern, all of them thin: they
//! read arguments, change the attempt's [`Host`] and emit events.

pub mod basics;
pub mod caught;
pub mod cleanup;
pub mod expecting;
pub mod extras;
pub mod fault;
pub mod metrics;
mod objects;
pub mod polls;
pub mod random;
pub mod record;
pub mod steps;
pub mod sums;
pub mod together;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use futures_util::FutureExt as _;
use mlua::{Error, FromLuaMulti, Function, IntoLuaMulti, Lua};

use crate::script::api::natives::Natives;
use crate::script::host::Host;
use crate::script::raise::End;

/// Puts all natives of `j` into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    caught::install(lua, natives, host)?;
    steps::install(lua, natives, host)?;
    cleanup::install(lua, natives, host)?;
    together::install(lua, natives, host)?;
    polls::install(lua, natives, host)?;
    expecting::install(lua, natives, host)?;
    fault::install(lua, natives, host)?;
    record::install(lua, natives, host)?;
    sums::install(lua, natives, host)?;
    metrics::install(lua, natives, host)?;
    extras::install(lua, natives, host)
}

/// Registers a native that cannot wait.
pub fn native<A: FromLuaMulti, R: IntoLuaMulti>(
    lua: &Lua,
    natives: &Natives,
    host: &Rc<Host>,
    name: &str,
    function: impl Fn(&Lua, &Rc<Host>, A) -> mlua::Result<R> + 'static,
) -> mlua::Result<()> {
    if !natives.want(name) {
        return Ok(());
    }
    let host = host.clone();
    // A panic on its way through Lua would be raised again in every handler it meets.
    natives.set(name, || {
        lua.create_function(move |lua, arguments| {
            let called = AssertUnwindSafe(|| function(lua, &host, arguments));
            catch_unwind(called).unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
        })
    })
}

/// Registers a native that can wait.
pub fn native_that_waits<A, R, F>(
    lua: &Lua,
    natives: &Natives,
    host: &Rc<Host>,
    name: &str,
    function: impl Fn(Lua, Rc<Host>, A) -> F + 'static,
) -> mlua::Result<()>
where
    A: FromLuaMulti,
    R: IntoLuaMulti,
    F: Future<Output = mlua::Result<R>> + 'static,
{
    if !natives.want(name) {
        return Ok(());
    }
    let host = host.clone();
    natives.set(name, || {
        waiting(lua, move |lua, arguments| {
            function(lua, host.clone(), arguments)
        })
    })
}

/// A function that can wait. A panic of it, before the first wait or after, ends the journey as a bug
/// of ours, as one of [`native`] does.
fn waiting<A, R, F>(lua: &Lua, function: impl Fn(Lua, A) -> F + 'static) -> mlua::Result<Function>
where
    A: FromLuaMulti,
    R: IntoLuaMulti,
    F: Future<Output = mlua::Result<R>> + 'static,
{
    lua.create_async_function(move |lua, arguments| {
        // On the heap at once: what waits for an answer is large, and is handed on several times.
        let called = catch_unwind(AssertUnwindSafe(|| Box::pin(function(lua, arguments))));
        async move {
            let awaited = match called {
                Ok(future) => AssertUnwindSafe(future).catch_unwind().await,
                Err(panic) => Err(panic),
            };
            awaited.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
        }
    })
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Error::external(End::Panicked(text.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::errors;

    #[tokio::test]
    async fn a_panic_of_a_native_that_waits_is_a_bug_of_ours() {
        let lua = Lua::new();
        let before = waiting(&lua, |_, (): ()| -> std::future::Ready<mlua::Result<()>> {
            panic!("at once")
        });
        let after = waiting(&lua, |_, (): ()| async {
            tokio::task::yield_now().await;
            if true {
                panic!("{} later", "a little");
            }
            Ok(())
        });
        for (native, words) in [(before, "at once"), (after, "a little later")] {
            let native = native.expect("a native");
            let error = native.call_async::<()>(()).await.expect_err("a panic");
            let end = errors::take_error(&error).end;
            assert_eq!(end, Some(End::Panicked(words.to_string())));
        }
    }
}
