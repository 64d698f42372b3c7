//! `require`: modules of the project, below the journeys folder, each executed once per VM.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mlua::{Lua, Table, Value};

use super::errors::kind_of;
use super::raise::{raise, wrong};
use super::sources::Sources;
use super::{protected, vm};

/// What a module is at the moment.
enum Module {
    /// Its file is being executed.
    Loading,
    /// What it returned.
    Loaded(Value),
}

/// Puts `require` into the environment.
pub fn install(lua: &Lua, env: &Table, sources: &Sources) -> mlua::Result<()> {
    let loaded: Rc<RefCell<HashMap<String, Module>>> = Rc::default();
    let sources = sources.clone();
    // The environment holds the function, so the function must not hold the environment's owner
    // but may hold the table itself: both go with the VM.
    let own_env = env.clone();
    let require = lua.create_function(move |lua, name: Value| {
        let Value::String(name) = name else {
            return Err(wrong(format!(
                "`require` takes the name of a module, found {}",
                kind_of(&name)
            )));
        };
        let file = sources.module(&name.to_string_lossy()).map_err(raise)?;
        match loaded.borrow().get(&file) {
            Some(Module::Loaded(value)) => return Ok(value.clone()),
            Some(Module::Loading) => {
                return Err(wrong(format!(
                    "`{}` requires itself, directly or in a circle",
                    name.to_string_lossy()
                )));
            }
            None => {}
        }
        loaded.borrow_mut().insert(file.clone(), Module::Loading);
        let value = vm::compile(lua, &sources, &file, &own_env)
            .and_then(|chunk| protected::call_for_one(lua, &chunk, ()));
        let value = match value {
            Ok(Value::Nil) => Value::Boolean(true),
            Ok(value) => value,
            Err(error) => {
                loaded.borrow_mut().remove(&file);
                return Err(error);
            }
        };
        loaded
            .borrow_mut()
            .insert(file, Module::Loaded(value.clone()));
        Ok(value)
    })?;
    env.raw_set("require", require)
}
