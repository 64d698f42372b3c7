//! `client:request` and the verbs.

use std::rc::Rc;

use mlua::{AnyUserData, Lua, Value};

use super::ClientState;
use super::body;
use super::connecting;
use super::headers::{self, HeaderList};
use super::login;
use super::response::ResponseHandle;
use crate::client::cookies::Jar;
use crate::client::http::Request;
use crate::script::api::journey::native_that_waits;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::raise::{raise, wrong};

/// The options of a request that this version knows.
pub const OPTIONS: &[&str] = &[
    "json",
    "form",
    "body",
    "query",
    "headers",
    "timeout",
    "follow",
    "max_body",
    "multipart",
    "bearer",
    "basic",
    "digest",
    "tls",
    "resolve",
    "proxy",
    "http",
    "target",
    "within",
    "cookies",
    "base",
];

/// Puts the native into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(
        lua,
        natives,
        host,
        "request",
        |lua, host, (id, method, path, options): (Value, Value, Value, Value)| {
            let prepared = prepare(&lua, &host, &id, &method, &path, options);
            async move {
                let prepared = prepared?;
                send(&lua, &host, prepared).await
            }
        },
    )
}

/// A request that is ready to go, whose it is, and how long it may take.
pub type Prepared = (Rc<ClientState>, Request, tokio::time::Duration);

/// Sends a request, within what is left of the time around it.
pub async fn send(lua: &Lua, host: &Rc<Host>, prepared: Prepared) -> mlua::Result<AnyUserData> {
    let (client, request, timeout) = prepared;
    let around = host.contexts.current(lua);
    let limit = host.limit_at(request.place.as_ref(), &around, timeout);
    let what = format!("{}: {} {}", client.name, request.method, request.url);
    let (floor, polled) = (around.in_floor, around.round.is_some());
    let _guard = host.waits_at(request.place.clone(), what, around);
    let request = Request {
        floor,
        polled,
        deadline: limit.end,
        cut_by: limit.cut_by,
        ..request
    };
    let name = client.name.clone();
    let other = request.other.clone();
    match client.http.request(request).await {
        Ok(response) => lua.create_userdata(ResponseHandle::new(name, response).of_other(other)),
        Err(mut problem) => {
            problem.message = format!("{name}: {}", problem.message);
            Err(raise(problem))
        }
    }
}

fn prepare(
    lua: &Lua,
    host: &Rc<Host>,
    id: &Value,
    method: &Value,
    path: &Value,
    options: Value,
) -> mlua::Result<Prepared> {
    let client = host.client_of(id)?;
    let method = text_argument("request", "a method", method)?;
    let path = match path {
        Value::String(path) => path.to_string_lossy(),
        other => {
            return Err(wrong(format!(
                "a request takes a path, found {}",
                kind_of(other)
            )));
        }
    };
    let options = Options::read("request", options, OPTIONS)?;
    read(lua, host, client, method, &path, &options)
}

/// What a request's options make of it.
pub fn read(
    lua: &Lua,
    host: &Rc<Host>,
    client: Rc<ClientState>,
    method: String,
    path: &str,
    options: &Options,
) -> mlua::Result<Prepared> {
    let reach = client.reach_of(host, options)?;
    let mut url = client.url(&reach, options, path)?;
    headers::add_query(lua, &mut url, options)?;
    let mut list = headers::read(lua, options)?;
    let login = login::read(options, &mut list)?;
    let jar = cookies(lua, host, options, &mut list)?;
    let (body, content_type) = body::read(lua, options)?;
    let named = list
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some(content_type) = content_type.filter(|_| !named) {
        list.push(("content-type".to_string(), content_type.as_bytes().to_vec()));
    }
    let within = options.duration("within")?.unwrap_or(client.within);
    let timeout = options.duration("timeout")?.unwrap_or(within);
    let mut request = Request::new(method, url, tokio::time::Instant::now() + timeout);
    request.digest = login.or_else(|| client.login_unless(&list));
    request.jar = jar;
    request.other = (!Rc::ptr_eq(&reach, &client.reach)).then(|| reach.for_a_request());
    request.headers = list;
    request.body = body;
    request.follow = options.boolean("follow")?.unwrap_or(true);
    request.max_body = options.count("max_body")?.unwrap_or(client.max_body);
    request.place = caller(lua);
    let around = host.contexts.current(lua);
    (request.floor, request.polled) = (around.in_floor, around.round.is_some());
    let connecting = client.connecting(&reach);
    request.connecting = connecting::read(lua, host, &reach, options, &connecting)?;
    if request.connecting.is_none() && request.other.is_some() {
        request.connecting = Some(connecting);
    }
    if let Some(connecting) = &request.connecting
        && connecting.tls != client.http.connecting().tls
    {
        client.note_insecure(host, connecting, request.place.clone());
    }
    Ok((client, request, timeout))
}

/// The option `cookies`: another client's jar, or cookies that go with this request alone, before
/// the jar's and in place of those of the same name.
pub fn cookies(
    lua: &Lua,
    host: &Rc<Host>,
    options: &Options,
    list: &mut HeaderList,
) -> mlua::Result<Option<Jar>> {
    let Some(table) = options.table("cookies")? else {
        return Ok(None);
    };
    if let Some(other) = host.client_in(&table) {
        return Ok(Some(other.http.jar().clone()));
    }
    let pairs = headers::pairs(lua, "cookies", &Value::Table(table))?;
    let joined: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if !joined.is_empty() {
        list.push(("cookie".to_string(), joined.join("; ").into_bytes()));
    }
    Ok(None)
}
