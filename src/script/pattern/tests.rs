//! Patterns with a real VM: a corpus of yes and no, refusals, differences.

mod corpus;
mod headers;
mod reports;

use mlua::{Lua, LuaOptions, StdLib, Value as LuaValue};

use super::{Context, Pattern};
use crate::model::Value;
use crate::script::raise::Raise;
use crate::script::value::from_lua_or_nil;

/// A VM with `match` and `json`.
fn vm() -> Lua {
    let libs = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::UTF8 | StdLib::COROUTINE;
    let lua = Lua::new_with(libs, LuaOptions::default()).expect("a VM");
    let globals = lua.globals();
    let matching = crate::script::api::r#match::module(&lua).expect("match");
    globals.set("match", matching).expect("set");
    let json = crate::script::api::json::module(&lua).expect("json");
    globals.set("json", json).expect("set");
    lua
}

fn eval(lua: &Lua, code: &str) -> LuaValue {
    lua.load(format!("return {code}")).eval().expect(code)
}

fn pattern(lua: &Lua, code: &str) -> Pattern {
    Pattern::compile(lua, &eval(lua, code)).expect(code)
}

fn value(lua: &Lua, code: &str) -> Value {
    from_lua_or_nil(lua, &eval(lua, code), &mut Vec::new())
        .expect(code)
        .expect("not nil")
}

/// Whether the value that Lua code gives matches the pattern that Lua code gives.
fn matches(lua: &Lua, pattern_code: &str, value_code: &str) -> mlua::Result<bool> {
    let mut opaque = Vec::new();
    let value = from_lua_or_nil(lua, &eval(lua, value_code), &mut opaque)?;
    let context = Context::new(lua, &opaque);
    pattern(lua, pattern_code).matches_maybe(value.as_ref(), &context)
}

/// The message with which a pattern is refused, at its call or when compiled.
fn refusal(lua: &Lua, code: &str) -> String {
    let made: mlua::Result<LuaValue> = lua.load(format!("return {code}")).eval();
    let error = made
        .and_then(|value| Pattern::compile(lua, &value))
        .expect_err(code);
    let raised = error.downcast_ref::<Raise>().expect("a typed error");
    assert!(!raised.problem.kind.is_targets(), "{code} is the script's");
    raised.problem.message.clone()
}
