//! `client:websocket(path, options)`.

use std::rc::Rc;

use mlua::{Error, Lua, MultiValue, Value};
use tokio::time::Duration;
use url::Url;

use super::handle::Handle;
use super::inbox::{Bounds, Inbox};
use super::pump::{self, Decode, Protocol};
use super::{Encode, Stream};
use crate::client::cookies::Jar;
use crate::client::http::Connecting;
use crate::client::websocket::{self, Open, OpenError};
use crate::model::value::shorten;
use crate::script::api::client::headers::{self, HeaderList};
use crate::script::api::client::response::ResponseHandle;
use crate::script::api::client::{ClientState, connecting, keep_cookies, login, request};
use crate::script::api::journey::native_that_waits;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::raise::{Raise, raise, wrong};
use crate::script::reach::Reach;

/// Most characters of the body of an answer that was no upgrade.
const SAID: usize = 120;

/// The options of `websocket`.
pub const OPTIONS: &[&str] = &[
    "target",
    "query",
    "headers",
    "timeout",
    "subprotocols",
    "max_message",
    "inbox",
    "decode",
    "encode",
    "binary",
    "answer",
    "heartbeat",
    "base",
    "cookies",
    "bearer",
    "basic",
    "tls",
    "resolve",
    "proxy",
    "within",
];
/// Most bytes of a message unless told otherwise.
const MAX_MESSAGE: usize = 16 << 20;

/// Everything an opener was told.
struct Opening {
    client: Rc<ClientState>,
    reach: Rc<Reach>,
    url: Url,
    headers: HeaderList,
    jar: Jar,
    connecting: Connecting,
    subprotocols: Vec<String>,
    max_message: usize,
    timeout: Duration,
    bounds: Bounds,
    protocol: Protocol,
}

/// Puts the native into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(
        lua,
        natives,
        host,
        "websocket",
        |lua, host, (id, path, options): (Value, Value, Value)| {
            let opening = Opening::read(&lua, &host, &id, &path, options);
            let place = caller(&lua);
            let around = host.contexts.current(&lua);
            async move {
                let opening = opening?;
                let what = format!("{} opens {}", opening.client.name, opening.url);
                let _guard = host.waits_at(place.clone(), what, around.clone());
                let limit = host.limit_at(place.as_ref(), &around, opening.timeout);
                opening.open(&lua, &host, place, limit.end).await
            }
        },
    )
}

impl Opening {
    fn read(
        lua: &Lua,
        host: &Rc<Host>,
        id: &Value,
        path: &Value,
        options: Value,
    ) -> mlua::Result<Self> {
        let client = host.client_of(id)?;
        let path = text_argument("websocket", "a path", path)?;
        let options = Options::read("websocket", options, OPTIONS)?;
        let reach = client.reach_of(host, &options)?;
        let mut url = client.url(&reach, &options, &path)?;
        headers::add_query(lua, &mut url, &options)?;
        reach.guard.check(&url).map_err(raise)?;
        let mut headers = headers::read(lua, &options)?;
        login::read_plain(&options, &mut headers)?;
        let jar = request::cookies(lua, host, &options, &mut headers)?;
        let default = client.connecting(&reach);
        let own = connecting::read(lua, host, &reach, &options, &default)?;
        if let Some(own) = own.as_ref().filter(|own| own.tls != default.tls) {
            client.note_insecure(host, own, caller(lua));
        }
        let within = options.duration("within")?.unwrap_or(client.within);
        Ok(Self {
            headers,
            jar: jar.unwrap_or_else(|| client.http.jar().clone()),
            connecting: own.unwrap_or(default),
            subprotocols: options.texts("subprotocols")?.unwrap_or_default(),
            max_message: max_message(&options)?,
            timeout: options.duration("timeout")?.unwrap_or(within),
            bounds: bounds(&options)?,
            protocol: protocol(&options)?,
            client,
            reach,
            url,
        })
    }

    async fn open(
        self,
        lua: &Lua,
        host: &Rc<Host>,
        place: Option<crate::model::Place>,
        deadline: tokio::time::Instant,
    ) -> mlua::Result<MultiValue> {
        let id = host.reserve_stream();
        let headers = self
            .client
            .stream_headers(&self.reach, &self.url, &self.headers, &self.jar);
        // The client's as well, which were held to its own target.
        headers::check(&self.reach, &headers)?;
        let vouched = self.reach.guard.is_vouched(&self.url);
        let open = Open {
            client: self.client.id,
            stream: id,
            url: self.url.clone(),
            headers,
            subprotocols: self.subprotocols,
            max_message: self.max_message,
            deadline,
            tls: self.connecting.towards(vouched).tls,
            route: self.connecting.route,
            outbound: self.reach.guard.outbound(&self.url),
            border: host.border.clone(),
            place,
        };
        let (connection, incoming) = match websocket::open(open, &host.emitter).await {
            Ok(opened) => opened,
            Err(error) => {
                if let Some(response) = &error.response {
                    heard(host, &self.reach, &self.url, &response.headers);
                }
                return Err(refused(lua, &self.client, &self.jar, &self.url, error)?);
            }
        };
        let accepted = connection.accepted().clone();
        heard(host, &self.reach, &self.url, &accepted.headers);
        keep_cookies(&self.jar, &self.url, &accepted.headers);
        let stream = Rc::new(Stream {
            id,
            client: self.client.id,
            client_name: self.client.name.clone(),
            inbox: Inbox::new(self.bounds),
            connection: Handle::WebSocket(connection),
            encode: self.protocol.encode.clone(),
        });
        host.fill_stream(&stream);
        pump::start(lua, host, &stream, incoming, self.protocol);
        let response = ResponseHandle::of_upgrade(&self.url, &accepted);
        Ok(MultiValue::from_iter([
            Value::Integer(i64::from(id)),
            Value::UserData(lua.create_userdata(response)?),
            match accepted.subprotocol {
                Some(chosen) => Value::String(lua.create_string(chosen)?),
                None => Value::Nil,
            },
            Value::String(lua.create_string(&accepted.url)?),
        ]))
    }
}

/// Listens for the release: the answer to a handshake does not come through a client's HTTP side.
fn heard(host: &Host, reach: &Reach, url: &Url, headers: &[(String, Vec<u8>)]) {
    if let Some(watch) = &reach.releases
        && reach.guard.is_own(url)
    {
        watch.head(url, headers, Some(&host.emitter));
    }
}

/// The error of an upgrade that was answered otherwise carries the whole answer.
fn refused(
    lua: &Lua,
    client: &ClientState,
    jar: &Jar,
    url: &Url,
    error: OpenError,
) -> mlua::Result<Error> {
    let mut problem = error.problem;
    let response = match error.response {
        None => None,
        Some(rejected) => {
            keep_cookies(jar, url, &rejected.headers);
            problem.message.push_str(&said(url, &rejected.body));
            Some(lua.create_userdata(ResponseHandle::of_rejection(url, *rejected))?)
        }
    };
    problem.message = format!("{}: {}", client.name, problem.message);
    Ok(Error::external(Raise {
        problem,
        expectation: None,
        response,
    }))
}

/// Who answered otherwise, and with what words: ` by ws://host/chat: no such page`.
fn said(url: &Url, body: &[u8]) -> String {
    // One that is compressed, or cut within a letter, has no words.
    match std::str::from_utf8(body).unwrap_or_default().trim() {
        "" => format!(" by {url}"),
        text => format!(" by {url}: {}", shorten(text, SAID)),
    }
}

/// The option `max_message`.
pub(super) fn max_message(options: &Options) -> mlua::Result<usize> {
    Ok(match options.count("max_message")? {
        Some(most) => usize::try_from(most).unwrap_or(usize::MAX),
        None => MAX_MESSAGE,
    })
}

/// The option `inbox`.
pub(super) fn bounds(options: &Options) -> mlua::Result<Bounds> {
    let inbox = Options::read("inbox", options.value("inbox")?, keys::INBOX)?;
    let bound = |key, default| -> mlua::Result<usize> {
        Ok(inbox
            .count(key)?
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(default))
    };
    Ok(Bounds {
        messages: bound("messages", super::inbox::MESSAGES)?,
        bytes: bound("bytes", super::inbox::BYTES)?,
    })
}

fn protocol(options: &Options) -> mlua::Result<Protocol> {
    Ok(Protocol {
        decode: decode(options)?,
        encode: Encode {
            function: options.function("encode")?,
            binary: options.boolean("binary")?.unwrap_or(false),
        },
        answer: options.function("answer")?,
        heartbeat: heartbeat(options)?,
    })
}

/// The option `decode`.
pub(super) fn decode(options: &Options) -> mlua::Result<Decode> {
    let decode = match options.value("decode")? {
        Value::Nil => Decode::Auto,
        Value::Function(function) => Decode::Script(function),
        Value::String(name) if name == "auto" => Decode::Auto,
        Value::String(name) if name == "json" => Decode::Json,
        Value::String(name) if name == "text" => Decode::Text,
        Value::String(name) => {
            return Err(wrong(format!(
                "`decode` is \"auto\", \"json\", \"text\" or a function, found \"{}\"",
                name.to_string_lossy()
            )));
        }
        other => {
            return Err(wrong(format!(
                "`decode` is a name or a function, found {}",
                kind_of(&other)
            )));
        }
    };
    Ok(decode)
}

fn heartbeat(options: &Options) -> mlua::Result<Option<(Duration, Value)>> {
    let value = options.value("heartbeat")?;
    if value.is_nil() {
        return Ok(None);
    }
    let heartbeat = Options::read("heartbeat", value, keys::HEARTBEAT)?;
    let every = heartbeat.required_duration("every")?;
    if every < Duration::from_millis(1) {
        return Err(wrong("`every` of `heartbeat` is at least 1 ms"));
    }
    match heartbeat.value("send")? {
        Value::Nil => Err(wrong("`heartbeat` needs the option `send`")),
        send => Ok(Some((every, send))),
    }
}
