//! Natives that the prelude needs before any journey: they take errors apart and refuse names.

use mlua::{Error, Lua, Value};

use crate::model::suggest;
use crate::script::api::natives::Natives;
use crate::script::errors::{self, caller, kind_of, line_at};
use crate::script::raise::{End, Fault, Tossed, wrong};

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives) -> mlua::Result<()> {
    natives.set("annotate", || lua.create_function(annotate))?;
    natives.set("wrong", || {
        lua.create_function(|_, message: String| -> mlua::Result<()> { Err(wrong(message)) })
    })?;
    natives.set("kind", || {
        lua.create_function(|_, value: Value| Ok(kind_of(&value)))
    })?;
    natives.set("unknown", || lua.create_function(unknown))?;
    natives.set("where", || lua.create_function(position))
}

/// The message handler of every protected call: gives an error its stack while it still exists. An
/// error raised while a journey's end is on its way becomes that end.
fn annotate(lua: &Lua, value: Value) -> mlua::Result<Value> {
    if let Some(end) = End::pending(lua) {
        return Ok(Value::Error(Box::new(Error::external(end))));
    }
    if matches!(value, Value::Error(_)) {
        return Ok(value);
    }
    let traceback = lua
        .traceback(None, 1)
        .map(|text| text.to_string_lossy())
        .unwrap_or_default();
    let error = match value {
        Value::String(text) => Error::external(Fault {
            message: text.to_string_lossy(),
            traceback,
        }),
        value => Error::external(Tossed { value, traceback }),
    };
    Ok(Value::Error(Box::new(error)))
}

fn unknown(_: &Lua, (class, key, known): (String, Value, Vec<String>)) -> mlua::Result<()> {
    let key = match &key {
        Value::String(text) => text.to_string_lossy(),
        other => {
            return Err(wrong(format!(
                "a {class} has no field of that kind: {}",
                kind_of(other)
            )));
        }
    };
    let mut known = known;
    known.sort();
    let hint = suggest::hint(&key, known.iter().map(String::as_str));
    Err(wrong(format!(
        "a {class} has no `{key}`{hint} (it has: {})",
        known.join(", ")
    )))
}

/// `file:line: ` of the line that `error` means by its level, as it puts it in front of a message:
/// 1 is the line that called `error`, 2 the one that called its function.
fn position(lua: &Lua, level: Value) -> mlua::Result<String> {
    let level = level
        .as_usize()
        .ok_or_else(|| wrong("the level of `error` is a whole number"))?;
    let place = match level {
        1 => caller(lua),
        // Below the line are this native and the prelude's own `error`.
        level => line_at(lua, level.saturating_add(1)),
    };
    Ok(place.map(|place| format!("{place}: ")).unwrap_or_default())
}

/// A value as `pcall` may give it to a script, or the error again if nobody may catch it.
pub fn sort(value: Value) -> Result<(Value, errors::Taken), Error> {
    let Value::Error(error) = &value else {
        let taken = errors::take(&value);
        return Err(Error::external(Fault {
            message: taken.problem.message,
            traceback: String::new(),
        }));
    };
    let taken = errors::take_error(error);
    if taken.end.is_some() {
        return Err((**error).clone());
    }
    if let Some(tossed) = tossed(error) {
        return Ok((errors::unwrap(&tossed.value), taken));
    }
    if taken.problem.kind.is_targets() {
        Ok((value, taken))
    } else {
        Err((**error).clone())
    }
}

/// The value a script threw, if that is what the error is.
pub fn tossed(error: &Error) -> Option<&Tossed> {
    match error {
        Error::CallbackError { cause, .. } => tossed(cause),
        Error::ExternalError(cause) => cause.downcast_ref::<Tossed>(),
        _ => None,
    }
}
