//! Calls a script's function from Rust, where it cannot wait, so that its errors keep their value
//! and their frames: an error that crosses a bare call becomes a text.

use mlua::{Error, Function, IntoLuaMulti, Lua, MultiValue, Value};

const PROTECT: &str = "protect";

/// Remembers the prelude's `protect` for this VM.
pub fn remember(lua: &Lua, protect: &Function) -> mlua::Result<()> {
    lua.set_named_registry_value(PROTECT, protect)
}

/// Calls a function and gives its results.
pub fn call(
    lua: &Lua,
    function: &Function,
    arguments: impl IntoLuaMulti,
) -> mlua::Result<MultiValue> {
    let Some(protect) = lua.named_registry_value::<Option<Function>>(PROTECT)? else {
        return function.call(arguments);
    };
    let mut all = arguments.into_lua_multi(lua)?;
    all.push_front(Value::Function(function.clone()));
    outcome(protect.call(all)?)
}

/// What `protect` gave: the values, or the error as it was.
pub fn outcome(mut given: MultiValue) -> mlua::Result<MultiValue> {
    if given.pop_front() == Some(Value::Boolean(true)) {
        return Ok(given);
    }
    Err(match given.pop_front() {
        Some(Value::Error(error)) => *error,
        // The memory limit is the one error that no handler sees.
        Some(other) => Error::RuntimeError(other.to_string().unwrap_or_default()),
        None => Error::RuntimeError("an error without a value".to_string()),
    })
}

/// The same for who wants the first result only.
pub fn call_for_one(
    lua: &Lua,
    function: &Function,
    arguments: impl IntoLuaMulti,
) -> mlua::Result<Value> {
    Ok(call(lua, function, arguments)?
        .pop_front()
        .unwrap_or(Value::Nil))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProblemKind;
    use crate::script::{errors, prelude, vm};

    #[test]
    fn what_a_function_throws_keeps_its_kind_and_its_line() {
        let lua = vm::new().expect("a VM");
        let env = vm::environment(&lua).expect("an environment");
        prelude::for_loading(&lua, &env).expect("a prelude");
        let chunk = |source: &str| -> Function {
            lua.load(source)
                .set_name("@f.lua")
                .set_environment(env.clone())
                .eval()
                .expect("a function")
        };
        let throws =
            chunk("return function(x)\n  error { kind = 'protocol', message = 'no ' .. x }\nend");
        let error = call(&lua, &throws, "hello").expect_err("it throws");
        let taken = errors::take_error(&error);
        assert_eq!(taken.problem.kind, ProblemKind::Protocol);
        assert_eq!(taken.problem.message, "no hello");
        assert_eq!(
            taken.frames.first().map(ToString::to_string).as_deref(),
            Some("f.lua:2")
        );
        let twice = chunk("return function(x) return x, x end");
        assert_eq!(call(&lua, &twice, 7).expect("two results").len(), 2);
        assert_eq!(
            call_for_one(&lua, &twice, 7).expect("one"),
            Value::Integer(7)
        );
    }
}
