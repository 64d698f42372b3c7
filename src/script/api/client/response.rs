//! Responses as scripts hold them: finished data whose fields are made when they are asked for.

use std::cell::OnceCell;
use std::rc::Rc;

use bytes::Bytes;
use mlua::{Lua, MetaMethod, UserData, UserDataMethods, Value as LuaValue};
use url::Url;

use super::headers::HeaderList;
use super::{element, form, matching, named, secure};
use crate::client::cookies::SetCookie;
use crate::client::html::Page;
use crate::client::http::{OtherTarget, Redirected, Response, SentRequest};
use crate::client::tls::Peer;
use crate::client::websocket::{Accepted, Rejected};
use crate::model::event::Phases;
use crate::model::{Value, suggest};
use crate::script::api::journey::extras::seconds;
use crate::script::errors::kind_of;
use crate::script::raise::{unreadable, wrong};
use crate::script::value::{Strictness, json, pick, to_lua, xml};

/// Fields of a response.
pub const FIELDS: [&str; 14] = [
    "status",
    "headers",
    "text",
    "bytes",
    "json",
    "xml",
    "version",
    "url",
    "timing",
    "redirects",
    "request",
    "cookies",
    "trailers",
    "tls",
];
/// Methods of a response.
pub const METHODS: [&str; 5] = ["expect", "pick", "select", "select_all", "form"];

/// A response in the hands of a script.
#[derive(Clone)]
pub struct ResponseHandle {
    /// Name of the client that got it.
    pub client: String,
    /// What came.
    pub response: Rc<Response>,
    /// The target that answered, if it is another than the client's: its forms lead there as well.
    pub other: Option<OtherTarget>,
    /// It opened a stream, which is where its body is.
    streamed: bool,
    page: Rc<OnceCell<Rc<Page>>>,
}

impl ResponseHandle {
    /// A response of a client.
    pub fn new(client: String, response: Response) -> Self {
        Self {
            client,
            response: Rc::new(response),
            other: None,
            streamed: false,
            page: Rc::default(),
        }
    }

    /// The answer whose body a stream reads: it has none itself.
    pub fn streamed(self) -> Self {
        Self {
            streamed: true,
            ..self
        }
    }

    /// A response of another target than the client's.
    pub fn of_other(self, other: Option<OtherTarget>) -> Self {
        Self { other, ..self }
    }

    /// The answer that opened a stream.
    pub fn of_upgrade(url: &Url, accepted: &Accepted) -> Self {
        Self::of_stream(
            url,
            accepted.status,
            accepted.headers.clone(),
            Bytes::new(),
            (accepted.tls.clone(), accepted.phases),
        )
        .streamed()
    }

    /// The answer that did not.
    pub fn of_rejection(url: &Url, rejected: Rejected) -> Self {
        Self::of_stream(
            url,
            rejected.status,
            rejected.headers,
            rejected.body,
            (rejected.tls, rejected.phases),
        )
    }

    fn of_stream(
        url: &Url,
        status: u16,
        headers: HeaderList,
        body: Bytes,
        (tls, phases): (Option<Peer>, Phases),
    ) -> Self {
        let set = headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let cookies: Vec<SetCookie> = set
            .filter_map(|(_, value)| SetCookie::parse(value))
            .collect();
        let response = Response {
            status,
            version: "1.1",
            headers,
            body,
            trailers: Vec::new(),
            tls,
            url: url.to_string(),
            request: SentRequest {
                method: "GET".to_string(),
                url: url.to_string(),
                headers: Vec::new(),
            },
            redirects: Vec::new(),
            cookies,
            phases,
            stamp: None,
        };
        Self::new(String::new(), response)
    }

    /// A field as plain data; headers and cookies as maps of their first values.
    pub fn field(&self, name: &str) -> mlua::Result<Value> {
        let response = &self.response;
        if let "text" | "bytes" | "json" | "xml" = name {
            self.has_body(name)?;
        }
        Ok(match name {
            "status" => Value::Integer(i64::from(response.status)),
            "version" => Value::text(response.version),
            "url" => Value::text(response.url.clone()),
            "text" | "bytes" => Value::Text(response.body.to_vec()),
            "json" => self.json()?,
            "xml" => self.xml()?,
            "timing" => timing(&response.phases),
            "redirects" => Value::List(response.redirects.iter().map(redirect).collect()),
            "request" => sent(&response.request),
            "headers" => first_values(
                response
                    .headers
                    .iter()
                    .map(|(name, value)| (name.as_bytes(), value.as_slice())),
            ),
            "cookies" => first_values(
                response
                    .cookies
                    .iter()
                    .map(|one| (one.name.as_bytes(), one.value.as_bytes())),
            ),
            "trailers" => first_values(
                response
                    .trailers
                    .iter()
                    .map(|(name, value)| (name.as_bytes(), value.as_slice())),
            ),
            "tls" => match &response.tls {
                Some(peer) => secure::shown(peer),
                None => return Err(secure::absent(&response.url)),
            },
            other => return Err(self.unknown(other)),
        })
    }

    fn json(&self) -> mlua::Result<Value> {
        json::parse(&self.response.body).map_err(|error| {
            unreadable(format!("the body of {} is no JSON: {error}", self.asked()))
        })
    }

    fn xml(&self) -> mlua::Result<Value> {
        xml::parse(&self.response.body)
            .map_err(|error| unreadable(format!("the body of {} is no XML: {error}", self.asked())))
    }

    /// An empty text would let a pattern pass that wants something absent.
    fn has_body(&self, what: &str) -> mlua::Result<()> {
        if self.streamed {
            return Err(wrong(format!(
                "the answer that opened a stream has no `{what}`: its body is what the stream reads"
            )));
        }
        Ok(())
    }

    fn asked(&self) -> String {
        format!("{} {}", self.response.request.method, self.response.url)
    }

    /// The body as a page, read at the first need.
    pub fn page(&self) -> mlua::Result<Rc<Page>> {
        if let Some(page) = self.page.get() {
            return Ok(page.clone());
        }
        self.has_body("select")?;
        let response = &self.response;
        let url = Url::parse(&response.url)
            .map_err(|error| wrong(format!("`{}` is no address: {error}", response.url)))?;
        let media = response.header("content-type").next();
        let media = media.map(|value| String::from_utf8_lossy(value).into_owned());
        let page = Page::read(&response.body, media.as_deref(), url).map_err(|error| {
            unreadable(format!(
                "the page of {} cannot be read: {error}",
                self.asked()
            ))
        })?;
        Ok(self.page.get_or_init(|| Rc::new(page)).clone())
    }

    /// The error of a field that a response does not have.
    pub fn unknown(&self, name: &str) -> mlua::Error {
        let known = FIELDS.into_iter().chain(METHODS);
        wrong(format!(
            "a response has no `{name}`{} (it has: {})",
            suggest::hint(name, known.clone()),
            known.collect::<Vec<_>>().join(", ")
        ))
    }
}

fn timing(phases: &Phases) -> Value {
    let parts = [
        ("dns", phases.dns),
        ("connect", phases.connect),
        ("tls", phases.tls),
        ("first_byte", phases.first_byte),
        ("total", Some(phases.total)),
    ];
    let known = parts.into_iter().filter_map(|(name, nanos)| {
        nanos.map(|nanos| (name.as_bytes().to_vec(), Value::Float(seconds(nanos))))
    });
    Value::Map(known.collect())
}

fn redirect(hop: &Redirected) -> Value {
    Value::Map(vec![
        (b"status".to_vec(), Value::Integer(i64::from(hop.status))),
        (b"url".to_vec(), Value::text(hop.url.clone())),
        (b"location".to_vec(), Value::text(hop.location.clone())),
    ])
}

fn sent(request: &SentRequest) -> Value {
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_slice()));
    Value::Map(vec![
        (b"method".to_vec(), Value::text(request.method.clone())),
        (b"url".to_vec(), Value::text(request.url.clone())),
        (b"headers".to_vec(), first_values(headers)),
    ])
}

fn first_values<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Value {
    let mut map: Vec<(Vec<u8>, Value)> = Vec::new();
    for (name, value) in pairs {
        if !map.iter().any(|(known, _)| known == name) {
            map.push((name.to_vec(), Value::Text(value.to_vec())));
        }
    }
    Value::Map(map)
}

impl UserData for ResponseHandle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, key: LuaValue| match key {
            LuaValue::String(name) => index(lua, this, &name.to_string_lossy()),
            other => Err(wrong(format!(
                "fields of a response have names, found {}",
                kind_of(&other)
            ))),
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(format!(
                "<response {} of {} {}>",
                this.response.status, this.response.request.method, this.response.url
            ))
        });
        methods.add_function(
            "expect",
            |lua, (this, pattern, options): (LuaValue, LuaValue, LuaValue)| match this {
                LuaValue::UserData(this) if this.is::<Self>() => {
                    matching::expect(lua, &this, &pattern, options)?;
                    Ok(this)
                }
                _ => Err(wrong(
                    "`expect` of a response is called with a colon: `:expect { … }`",
                )),
            },
        );
        element::add_selecting(methods, |this| Ok((this.clone(), this.page()?, None)));
        methods.add_method("form", |_, this, css: LuaValue| form::find(this, &css));
        methods.add_method("pick", |lua, this, path: String| {
            let value = this.json()?;
            let found = pick(&value, &path).map_err(|error| wrong(error.to_string()))?;
            match found.first() {
                Some(first) => to_lua(lua, first, Strictness::Strict),
                None => Err(unreadable(format!(
                    "`{path}` finds nothing in the body of {}",
                    this.response.url
                ))),
            }
        });
    }
}

fn index(lua: &Lua, this: &ResponseHandle, name: &str) -> mlua::Result<LuaValue> {
    match name {
        "text" | "bytes" => {
            this.has_body(name)?;
            Ok(LuaValue::String(lua.create_string(&this.response.body)?))
        }
        "headers" => named::fields(lua, "header", &this.response.headers),
        "trailers" => named::fields(lua, "trailer", &this.response.trailers),
        "cookies" => {
            let cookies = this.response.cookies.iter();
            let pairs = cookies
                .map(|one| (one.name.clone(), one.value.clone().into_bytes()))
                .collect();
            named::cookies(lua, pairs)
        }
        other => to_lua(lua, &this.field(other)?, Strictness::Strict),
    }
}

/// The response within a Lua value, if it is one.
pub fn within(value: &LuaValue) -> Option<ResponseHandle> {
    value
        .as_userdata()?
        .borrow::<ResponseHandle>()
        .ok()
        .map(|handle| handle.clone())
}
