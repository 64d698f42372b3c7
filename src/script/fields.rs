//! The values of `j`: `j.target`, `j.vars`, `j.run` and the like, read only.

use mlua::{Lua, Table, Value};

use super::api::journey::random;
use super::host::Host;
use super::prelude::strict;
use crate::model::target::Var;

/// All fields of `j`.
pub fn fields(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let fields = lua.create_table()?;
    fields.raw_set("target", target(lua, host)?)?;
    fields.raw_set("vars", vars(lua, host)?)?;
    fields.raw_set("secrets", secrets(lua, host)?)?;
    fields.raw_set("run", run(lua, host)?)?;
    let matrix = lua.create_table()?;
    strict(lua, "j.matrix", &matrix)?;
    fields.raw_set("matrix", matrix)?;
    fields.raw_set("random", random::module(lua, &host.random)?)?;
    fields.raw_set("fake", random::fake(lua, &host.random)?)?;
    Ok(fields)
}

fn target(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let target = lua.create_table()?;
    target.raw_set("name", host.target.name.as_str())?;
    target.raw_set("url", host.target.url.as_str())?;
    let services = lua.create_table()?;
    for (name, url) in &host.target.services {
        services.raw_set(name.as_str(), url.as_str())?;
    }
    strict(lua, "j.target.services", &services)?;
    target.raw_set("services", services)?;
    strict(lua, "j.target", &target)?;
    Ok(target)
}

fn vars(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let vars = lua.create_table()?;
    for (name, value) in &host.target.vars {
        let value = match value {
            Var::Boolean(value) => Value::Boolean(*value),
            Var::Integer(value) => Value::Integer(*value),
            Var::Float(value) => Value::Number(*value),
            Var::Text(value) => Value::String(lua.create_string(value)?),
        };
        vars.raw_set(name.as_str(), value)?;
    }
    strict(lua, "j.vars", &vars)?;
    Ok(vars)
}

fn secrets(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let secrets = lua.create_table()?;
    for (name, secret) in &host.target.secrets {
        secrets.raw_set(name.as_str(), secret.reveal())?;
    }
    strict(lua, "j.secrets", &secrets)?;
    Ok(secrets)
}

fn run(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let run = lua.create_table()?;
    run.raw_set("id", host.facts.id.as_str())?;
    run.raw_set("seed", host.facts.seed.as_str())?;
    run.raw_set("attempt", host.facts.attempt)?;
    strict(lua, "j.run", &run)?;
    Ok(run)
}
