//! A fresh VM and the environment table its scripts see. mlua's own globals stay as they are,
//! because mlua needs them; scripts get a table that holds only what is allowed.

use mlua::chunk::ChunkMode;
use mlua::state::{GcIncParams, GcMode};
use mlua::{Function, Lua, LuaOptions, StdLib, Table, Value};

use super::api::MODULES;
use super::bytecode;
use super::limits::MEMORY;
use super::raise::{raise, wrong};
use super::sources::Sources;
use crate::model::suggest;

/// What remains of Lua's basic functions; the rest of them is wrapped by the prelude.
pub const BASICS: [&str; 13] = [
    "ipairs",
    "next",
    "pairs",
    "rawequal",
    "rawget",
    "rawlen",
    "rawset",
    "select",
    "getmetatable",
    "tonumber",
    "tostring",
    "type",
    "_VERSION",
];

/// How much a VM holds, in percent of an empty one, when its first cycle of garbage collection
/// begins: most journeys are over before.
const UNTIL_FIRST: i32 = 1000;
/// The same for every later cycle, in percent of what the one before left: Lua's own value.
const FROM_THEN_ON: i32 = 200;

/// A VM with its limits of memory and nothing else.
pub fn new() -> mlua::Result<Lua> {
    let libraries =
        StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::UTF8 | StdLib::COROUTINE;
    let made = Lua::new_with(libraries, LuaOptions::default())?;
    made.set_memory_limit(MEMORY)?;
    made.gc_set_mode(GcMode::Incremental(
        GcIncParams::default().pause(UNTIL_FIRST),
    ));
    // The first handle collects all garbage when it is dropped. It goes now, when there is none,
    // because what a finished journey leaves behind is freed whole and need not be searched; and
    // what is collected here decides when the next cycle begins.
    let lua = made.clone();
    drop(made);
    lua.gc_set_mode(GcMode::Incremental(
        GcIncParams::default().pause(FROM_THEN_ON),
    ));
    Ok(lua)
}

/// The environment of scripts: Lua's basics without `load`, `io`, `os`, `debug`, `package` and
/// `coroutine`, and the modules of jaunt that need no journey. Reading an unknown name raises.
pub fn environment(lua: &Lua) -> mlua::Result<Table> {
    let globals = lua.globals();
    let env = lua.create_table()?;
    for name in BASICS {
        env.raw_set(name, globals.raw_get::<Value>(name)?)?;
    }
    for name in ["table", "string", "math", "utf8"] {
        env.raw_set(name, globals.raw_get::<Table>(name)?)?;
    }
    globals
        .raw_get::<Table>("string")?
        .raw_set("dump", Value::Nil)?;
    hide_metatable_of_strings(lua)?;
    env.raw_set("_G", &env)?;
    env.set_metatable(Some(strict_globals(lua)?))?;
    Ok(env)
}

/// All strings share one metatable, those of jaunt's own Lua too.
fn hide_metatable_of_strings(lua: &Lua) -> mlua::Result<()> {
    let get: Function = lua.globals().raw_get("getmetatable")?;
    // The second environment of a VM finds it hidden already.
    if let Value::Table(meta) = get.call("")? {
        meta.raw_set("__metatable", "string")?;
    }
    Ok(())
}

fn strict_globals(lua: &Lua) -> mlua::Result<Table> {
    let meta = lua.create_table()?;
    meta.raw_set(
        "__index",
        lua.create_function(|lua, (env, key): (Table, Value)| {
            let Value::String(key) = key else {
                return Ok(Value::Nil);
            };
            let key = key.to_string_lossy();
            match module(lua, &env, &key)? {
                Some(module) => Ok(Value::Table(module)),
                None => Err(wrong(unknown_global(&env, &key))),
            }
        })?,
    )?;
    // Who looks at all there is sees the modules that nobody has read yet, too.
    let pairs = lua.create_function(|lua, env: Table| {
        for (name, _) in MODULES {
            if env.raw_get::<Value>(name)?.is_nil() {
                module(lua, &env, name)?;
            }
        }
        let next: Function = lua.globals().raw_get("next")?;
        Ok((next, env, Value::Nil))
    })?;
    meta.raw_set("__pairs", pairs)?;
    meta.raw_set("__metatable", false)?;
    Ok(meta)
}

/// Puts a module into the environment, if there is one of that name.
fn module(lua: &Lua, env: &Table, name: &str) -> mlua::Result<Option<Table>> {
    let Some((name, make)) = MODULES.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    let module = make(lua)?;
    env.raw_set(*name, &module)?;
    Ok(Some(module))
}

fn unknown_global(env: &Table, key: &str) -> String {
    let gone = [
        "io",
        "os",
        "debug",
        "package",
        "load",
        "loadstring",
        "dofile",
        "loadfile",
        "coroutine",
        "collectgarbage",
    ];
    if gone.contains(&key) {
        let instead = match key {
            "coroutine" => "; `j:parallel` and `j:each` run things together",
            "os" => "; `time.now()` gives the time",
            "io" => "; `j:note` writes to the report",
            _ => "",
        };
        return format!("`{key}` is not available to journeys{instead}");
    }
    if key == "j" {
        return "there is no global `j`: it is what a journey's function is given. Loading declares, running acts".to_string();
    }
    let names: Vec<String> = env
        .pairs::<Value, Value>()
        .flatten()
        .filter_map(|(name, _)| name.as_string().map(|name| name.to_string_lossy()))
        .chain(MODULES.map(|(name, _)| name.to_string()))
        .collect();
    format!(
        "there is no global `{key}`{}",
        suggest::hint(key, names.iter().map(String::as_str))
    )
}

/// The chunk of a project's file, ready to be called; compiled once per run. Bytecode is refused.
pub fn compile(lua: &Lua, sources: &Sources, file: &str, env: &Table) -> mlua::Result<Function> {
    let name = format!("@{file}");
    if let Some(code) = sources.bytecode(file) {
        let chunk = lua.load(&*code).set_name(name).set_mode(ChunkMode::Binary);
        return chunk.set_environment(env.clone()).into_function();
    }
    let text = sources.read(file).map_err(raise)?;
    let chunk = lua.load(&*text).set_name(name).set_mode(ChunkMode::Text);
    let function = chunk.set_environment(env.clone()).into_function()?;
    match bytecode::without_tail_calls(&function.dump(false)) {
        Some(code) => {
            sources.keep_bytecode(file, code);
            compile(lua, sources, file, env)
        }
        None => Ok(function),
    }
}
