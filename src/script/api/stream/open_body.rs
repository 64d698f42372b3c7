//! `client:events(path, options)`, `client:lines` and `client:chunks`.

use std::rc::Rc;

use mlua::{Error, Lua, MultiValue, Value};
use tokio::time::Duration;

use super::handle::{Handle, Reader};
use super::inbox::{Bounds, Inbox};
use super::open::{bounds, decode, max_message};
use super::pump::{self, Protocol};
use super::{Encode, Stream};
use crate::client::body_stream::{self, Open, OpenError, Resuming, Shape};
use crate::client::http::{OtherTarget, Request};
use crate::model::ProblemKind;
use crate::script::api::client::ClientState;
use crate::script::api::client::request;
use crate::script::api::client::response::ResponseHandle;
use crate::script::api::journey::native_that_waits;
use crate::script::api::keys::Keys;
use crate::script::api::natives::Natives;
use crate::script::host::{Host, Limit};
use crate::script::options::{Options, text_argument};
use crate::script::raise::{Raise, wrong};

/// The options of a stream that is a body, beside those of a request.
pub const OWN: Keys = &["method", "decode", "inbox", "max_message"];
/// The options of `events` beside those.
pub const OF_EVENTS: Keys = &["last_event_id", "reconnect"];

const OPTIONS: Keys = &joined::<{ OWN.len() + request::OPTIONS.len() }>(&[OWN, request::OPTIONS]);
const EVENTS_OPTIONS: Keys = &joined::<{ OF_EVENTS.len() + OPTIONS.len() }>(&[OF_EVENTS, OPTIONS]);

const fn joined<const N: usize>(lists: &[Keys]) -> [&'static str; N] {
    let (mut all, mut at, mut list) = ([""; N], 0, 0);
    while list < lists.len() {
        let mut key = 0;
        while key < lists[list].len() {
            all[at] = lists[list][key];
            (at, key) = (at + 1, key + 1);
        }
        list += 1;
    }
    all
}

/// Everything an opener was told.
struct Opening {
    opener: &'static str,
    client: Rc<ClientState>,
    request: Request,
    timeout: Duration,
    shape: Shape,
    max_message: usize,
    bounds: Bounds,
    protocol: Protocol,
}

/// Puts the native into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(
        lua,
        natives,
        host,
        "open_body",
        |lua, host, (id, opener, path, options): (Value, String, Value, Value)| {
            let opening = Opening::read(&lua, &host, &id, &opener, &path, options);
            let around = host.contexts.current(&lua);
            async move {
                let opening = opening?;
                let what = format!("{} opens {}", opening.client.name, opening.request.url);
                let place = opening.request.place.clone();
                let _guard = host.waits_at(place.clone(), what, around.clone());
                let limit = host.limit_at(place.as_ref(), &around, opening.timeout);
                opening.open(&lua, &host, limit).await
            }
        },
    )
}

impl Opening {
    fn read(
        lua: &Lua,
        host: &Rc<Host>,
        id: &Value,
        opener: &str,
        path: &Value,
        options: Value,
    ) -> mlua::Result<Self> {
        let (opener, known) = match opener {
            "events" => ("events", EVENTS_OPTIONS),
            "lines" => ("lines", OPTIONS),
            _ => ("chunks", OPTIONS),
        };
        let client = host.client_of(id)?;
        let path = text_argument(opener, "a path", path)?;
        let options = Options::read(opener, options, known)?;
        let method = options.text("method")?.unwrap_or_else(|| "GET".to_string());
        let (client, request, timeout) = request::read(lua, host, client, method, &path, &options)?;
        Ok(Self {
            shape: match opener {
                "events" => events(&options, timeout)?,
                "lines" => Shape::Lines,
                _ => Shape::Chunks,
            },
            opener,
            client,
            request,
            timeout,
            max_message: max_message(&options)?,
            bounds: bounds(&options)?,
            protocol: Protocol {
                decode: decode(&options)?,
                encode: Encode::default(),
                answer: None,
                heartbeat: None,
            },
        })
    }

    async fn open(self, lua: &Lua, host: &Rc<Host>, limit: Limit) -> mlua::Result<MultiValue> {
        let id = host.reserve_stream();
        let open = Open {
            client: self.client.id,
            stream: id,
            request: Request {
                deadline: limit.end,
                ..self.request
            },
            shape: self.shape,
            max_message: self.max_message,
            border: host.border.clone(),
        };
        let other = open.request.other.clone();
        let opened = body_stream::open(&self.client.http, open, &host.emitter).await;
        let (body, incoming) = match opened {
            Ok(opened) => opened,
            Err(error) => return Err(refused(lua, &self.client, other, &limit, error)?),
        };
        let response = body.response().clone();
        let url = lua.create_string(&response.url)?;
        let stream = Rc::new(Stream {
            id,
            client: self.client.id,
            client_name: self.client.name.clone(),
            inbox: Inbox::new(self.bounds),
            connection: Handle::Body(Reader {
                opener: self.opener,
                body,
            }),
            encode: Encode::default(),
        });
        host.fill_stream(&stream);
        pump::start(lua, host, &stream, incoming, self.protocol);
        let response = ResponseHandle::new(self.client.name.clone(), response).streamed();
        Ok(MultiValue::from_iter([
            Value::Integer(i64::from(id)),
            Value::UserData(lua.create_userdata(response)?),
            Value::String(url),
        ]))
    }
}

fn events(options: &Options, timeout: Duration) -> mlua::Result<Shape> {
    let last_id = options.text("last_event_id")?;
    if last_id
        .as_deref()
        .is_some_and(|id| id.contains(['\r', '\n', '\0']))
    {
        return Err(wrong(
            "`last_event_id` holds a line end or a NUL, which no id can",
        ));
    }
    let reconnect = options.boolean("reconnect")?.unwrap_or(false);
    Ok(Shape::Events {
        last_id,
        resuming: reconnect.then_some(Resuming { timeout }),
    })
}

/// The error of an answer that is no event stream carries the whole answer.
fn refused(
    lua: &Lua,
    client: &ClientState,
    other: Option<OtherTarget>,
    limit: &Limit,
    error: OpenError,
) -> mlua::Result<Error> {
    let name = &client.name;
    let response = match error.response {
        None => None,
        Some(response) => {
            let handle = ResponseHandle::new(name.clone(), *response);
            Some(lua.create_userdata(handle.of_other(other))?)
        }
    };
    let mut problem = error.problem;
    problem.message = format!("{name}: {}", problem.message);
    if let (ProblemKind::Timeout, Some(cut_by)) = (problem.kind, limit.cut_by) {
        problem.message.push_str(&format!(", cut by {cut_by}"));
    }
    Ok(Error::external(Raise {
        problem,
        expectation: None,
        response,
    }))
}
