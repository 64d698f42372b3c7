//! `client:request` and the verbs.

use std::rc::Rc;

use bytes::Bytes;
use mlua::{Lua, Table, Value};

use super::ClientState;
use super::connecting;
use super::headers;
use super::response::ResponseHandle;
use crate::client::http::{Request, RequestBody};
use crate::script::api::journey::waiting;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::raise::{raise, wrong};
use crate::script::value::{from_lua, json};

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
/// Those of them that a later version brings.
pub const LATER: [&str; 10] = [
    "multipart",
    "bearer",
    "basic",
    "digest",
    "resolve",
    "proxy",
    "target",
    "within",
    "cookies",
    "base",
];

/// Puts the native into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Table, host: &Rc<Host>) -> mlua::Result<()> {
    let own = host.clone();
    let request = waiting(
        lua,
        move |lua, (id, method, path, options): (Value, Value, Value, Value)| {
            let host = own.clone();
            let prepared = prepare(&lua, &host, &id, &method, &path, options);
            async move {
                let (client, request, timeout) = prepared?;
                let around = host.contexts.current(&lua);
                let limit = host.limit(&around, timeout);
                let what = format!("{}: {} {}", client.name, request.method, request.url);
                let _guard = host.waits_at(request.place.clone(), what, around);
                let request = Request {
                    deadline: limit.end,
                    ..request
                };
                let name = client.name.clone();
                match client.http.request(request).await {
                    Ok(response) => lua.create_userdata(ResponseHandle::new(name, response)),
                    Err(mut problem) => {
                        problem.message = format!("{name}: {}", problem.message);
                        if let (crate::model::ProblemKind::Timeout, Some(cut_by)) =
                            (problem.kind, limit.cut_by)
                        {
                            problem.message.push_str(&format!(", cut by {cut_by}"));
                        }
                        Err(raise(problem))
                    }
                }
            }
        },
    )?;
    natives.raw_set("request", request)
}

/// Who asks, what, and how long it may take.
pub type Prepared = (Rc<ClientState>, Request, tokio::time::Duration);

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
    for key in LATER {
        if options.value(key)? != Value::Nil {
            return Err(wrong(format!(
                "`{key}` of a request is not supported by this version yet"
            )));
        }
    }
    let mut url = client.url(host, path)?;
    headers::add_query(lua, &mut url, options)?;
    let mut list = headers::read(lua, options)?;
    let (body, content_type) = body(lua, options)?;
    let named = list
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some(content_type) = content_type.filter(|_| !named) {
        list.push(("content-type".to_string(), content_type.as_bytes().to_vec()));
    }
    let timeout = options.duration("timeout")?.unwrap_or(client.within);
    let mut request = Request::new(method, url, tokio::time::Instant::now() + timeout);
    request.headers = list;
    request.body = body;
    request.follow = options.boolean("follow")?.unwrap_or(true);
    request.max_body = options.count("max_body")?.unwrap_or(client.max_body);
    request.place = caller(lua);
    request.connecting = connecting::read(host, options, client.http.connecting())?;
    if let Some(connecting) = &request.connecting
        && connecting.tls != client.http.connecting().tls
    {
        client.note_insecure(host, connecting, request.place.clone());
    }
    Ok((client, request, timeout))
}

/// The body and the content type that goes with it.
fn body(lua: &Lua, options: &Options) -> mlua::Result<(RequestBody, Option<&'static str>)> {
    let (json, form, body) = (
        options.value("json")?,
        options.value("form")?,
        options.value("body")?,
    );
    let given = [&json, &form, &body]
        .iter()
        .filter(|value| !value.is_nil())
        .count();
    if given > 1 {
        return Err(wrong("a request has one of `json`, `form` and `body`"));
    }
    if !json.is_nil() {
        let value = from_lua(lua, &json, &mut Vec::new())?;
        let text =
            json::write(&value).map_err(|error| wrong(format!("`json` of a request: {error}")))?;
        return Ok((
            RequestBody::Whole(Bytes::from(text)),
            Some("application/json"),
        ));
    }
    if !form.is_nil() {
        let pairs = headers::pairs(lua, "form", &form)?;
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        return Ok((
            RequestBody::Whole(Bytes::from(text)),
            Some("application/x-www-form-urlencoded"),
        ));
    }
    match body {
        Value::Nil => Ok((RequestBody::Empty, None)),
        Value::String(text) => Ok((
            RequestBody::Whole(Bytes::copy_from_slice(&text.as_bytes())),
            None,
        )),
        Value::Table(_) => Err(wrong(
            "a list as `body` is not supported by this version yet",
        )),
        other => Err(wrong(format!(
            "`body` is a string, found {}",
            kind_of(&other)
        ))),
    }
}
