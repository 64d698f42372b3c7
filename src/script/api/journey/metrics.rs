//! `j:metrics`: what a target counts of itself, read over a client as any page is. It may use
//! `model` and `script`.

pub mod handle;
pub mod page;

use std::rc::Rc;

use mlua::{AnyUserData, Lua, Value as LuaValue};

use self::handle::{Metrics, Numbers};
use self::page::Page;
use super::expecting::decide;
use super::native_that_waits;
use crate::model::event::Nearest;
use crate::model::value::shorten;
use crate::script::api::client::ClientState;
use crate::script::api::client::request::{self, Prepared};
use crate::script::api::client::response::{self, ResponseHandle};
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::kind_of;
use crate::script::host::Host;
use crate::script::options::Options;
use crate::script::raise::{unreadable, wrong};
use crate::script::value::json;

/// Where metrics are, if a call does not say.
const ADDRESS: &str = "/metrics";
/// The client that reads them, if a call names none.
const READER: &str = "metrics";

/// Puts it into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(
        lua,
        natives,
        host,
        "metrics",
        |lua, host, (address, options): (LuaValue, LuaValue)| {
            let prepared = prepare(&lua, &host, address, options);
            async move {
                let got = request::send(&lua, &host, prepared?).await?;
                let Some(response) = response::within(&LuaValue::UserData(got)) else {
                    return Err(wrong("`metrics` got no response"));
                };
                answered(&lua, &host, &response)?;
                read(&lua, &response)
            }
        },
    )
}

fn prepare(
    lua: &Lua,
    host: &Rc<Host>,
    address: LuaValue,
    options: LuaValue,
) -> mlua::Result<Prepared> {
    // `j:metrics { client = ann }`
    let (address, options) = match (address, options) {
        (table @ LuaValue::Table(_), LuaValue::Nil) => (LuaValue::Nil, table),
        both => both,
    };
    let address = match address {
        LuaValue::Nil => ADDRESS.to_string(),
        LuaValue::String(address) => address.to_string_lossy(),
        other => {
            return Err(wrong(format!(
                "`metrics` takes an address such as \"/metrics\", found {}",
                kind_of(&other)
            )));
        }
    };
    let options = Options::read("metrics", options, keys::METRICS)?;
    let client = match options.table("client")? {
        None => reader(lua, host)?,
        Some(table) => host.client_in(&table).ok_or_else(|| {
            wrong("`client` of `metrics` is a client: `j:metrics(\"/metrics\", { client = ann })`")
        })?,
    };
    request::read(lua, host, client, "GET".to_string(), &address, &options)
}

/// The client of that name, made at the first need.
fn reader(lua: &Lua, host: &Rc<Host>) -> mlua::Result<Rc<ClientState>> {
    let known = |it: &&Rc<ClientState>| it.name == READER;
    if let Some(client) = host.clients.borrow().iter().find(known) {
        return Ok(client.clone());
    }
    let name = LuaValue::String(lua.create_string(READER)?);
    ClientState::make(lua, host, &name, LuaValue::Nil)
}

/// Whether the page was given at all.
fn answered(lua: &Lua, host: &Rc<Host>, response: &ResponseHandle) -> mlua::Result<()> {
    let status = response.response.status;
    if (200..300).contains(&status) {
        return Ok(());
    }
    let body = String::from_utf8_lossy(&response.response.body);
    let promise = format!(
        "{}: GET {} answered {status}, not a page of metrics",
        response.client, response.response.url
    );
    let nearest = Nearest {
        value: shorten(&format!("{status} {body}"), 400),
        seq: None,
        differences: Vec::new(),
        round: None,
    };
    let pattern = "a status from 200 to 299".to_string();
    decide(lua, host, "metrics", pattern, promise, Some(nearest))
}

fn read(lua: &Lua, response: &ResponseHandle) -> mlua::Result<AnyUserData> {
    let url = response.response.url.clone();
    let body = &response.response.body;
    let refused = |why: &str| unreadable(format!("{url} is no page of metrics: {why}"));
    let media = response.response.header("content-type").next();
    let says_json = media.is_some_and(|media| String::from_utf8_lossy(media).contains("json"));
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let numbers = match json::parse(body) {
        Ok(value) if says_json || matches!(first, Some(b'{' | b'[')) => Numbers::Json(value),
        Err(error) if says_json => return Err(refused(&error.to_string())),
        Ok(_) | Err(_) => {
            let text = std::str::from_utf8(body).map_err(|_| refused("it is not UTF-8"))?;
            Numbers::Page(Page::parse(text).map_err(|why| refused(&why))?)
        }
    };
    let at = response.response.stamp.map(|stamp| stamp.seq);
    lua.create_userdata(Metrics { url, at, numbers })
}
