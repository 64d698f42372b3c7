//! The values of `j`: `j.target`, `j.vars`, `j.run` and the like, read only.

use std::collections::BTreeMap;
use std::rc::Rc;

use mlua::{Lua, Table, Value};

use super::api::journey::random;
use super::api::natives;
use super::host::Host;
use super::prelude::{Optional, read_only, read_only_with};
use crate::model::release::Deploy;
use crate::model::target::Var;

/// All fields of `j`, each made when it is first read.
pub fn fields(lua: &Lua, host: &Rc<Host>, cell: &BTreeMap<String, Var>) -> mlua::Result<Table> {
    let (host, cell) = (host.clone(), cell.clone());
    natives::table(lua, move |lua, fields| {
        fields.set("target", || target(lua, &host))?;
        if let Some(deploy) = &host.deploy {
            fields.set("deploy", || self::deploy(lua, deploy))?;
        }
        fields.set("vars", || values(lua, "j.vars", &host.target.vars))?;
        fields.set("secrets", || secrets(lua, &host))?;
        fields.set("run", || run(lua, &host))?;
        fields.set("matrix", || values(lua, "j.matrix", &cell))?;
        fields.set("random", || random::module(lua, &host.random))?;
        fields.set("fake", || random::fake(lua, &host.random))
    })
}

fn target(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let target = lua.create_table()?;
    target.raw_set("name", host.target.name.as_str())?;
    target.raw_set("url", host.target.url.as_str())?;
    let services = lua.create_table()?;
    for (name, url) in &host.target.services {
        services.raw_set(name.as_str(), url.as_str())?;
    }
    let services = read_only(lua, "j.target.services", services)?;
    target.raw_set("services", services)?;
    let watch = host.reaches.own.releases.clone();
    // Another answer may carry another release.
    let release = Optional {
        name: "release",
        value: Box::new(move || watch.as_ref()?.latest()),
    };
    read_only_with(lua, "j.target", target, Some(release))
}

fn deploy(lua: &Lua, deploy: &Deploy) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("id", deploy.id.as_str())?;
    let time = std::time::Duration::from_nanos(deploy.time);
    table.raw_set("time", time.as_secs_f64())?;
    let commit = deploy.commit.clone();
    let commit = Optional {
        name: "commit",
        value: Box::new(move || commit.clone()),
    };
    read_only_with(lua, "j.deploy", table, Some(commit))
}

fn values(lua: &Lua, class: &'static str, values: &BTreeMap<String, Var>) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    for (name, value) in values {
        let value = match value {
            Var::Boolean(value) => Value::Boolean(*value),
            Var::Integer(value) => Value::Integer(*value),
            Var::Float(value) => Value::Number(*value),
            Var::Text(value) => Value::String(lua.create_string(value)?),
        };
        table.raw_set(name.as_str(), value)?;
    }
    read_only(lua, class, table)
}

fn secrets(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let secrets = lua.create_table()?;
    for (name, secret) in &host.target.secrets {
        secrets.raw_set(name.as_str(), secret.reveal())?;
    }
    read_only(lua, "j.secrets", secrets)
}

fn run(lua: &Lua, host: &Host) -> mlua::Result<Table> {
    let run = lua.create_table()?;
    run.raw_set("id", host.facts.id.as_str())?;
    run.raw_set("seed", host.facts.seed.as_str())?;
    run.raw_set("attempt", host.facts.attempt)?;
    read_only(lua, "j.run", run)
}
