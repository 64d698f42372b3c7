//! Clients as scripts see them: one user's end with its own cookies, headers and connections.

pub mod body;
pub mod connecting;
pub mod element;
pub mod form;
pub mod headers;
pub mod login;
pub mod matching;
pub mod named;
pub mod request;
pub mod response;
pub mod secure;

use std::rc::Rc;

use mlua::{Lua, Value};
use tokio::time::Duration;
use url::Url;

use self::headers::HeaderList;
use crate::client::cookies::Jar;
use crate::client::http::{Connecting, DEFAULT_MAX_BODY, HttpClient, Login, Settings};
use crate::client::resolve::System;
use crate::model::event::ClientId;
use crate::model::{EventKind, Place, Problem, ProblemKind};
use crate::script::api::journey::native;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::raise::{raise, wrong};
use crate::script::reach::Reach;

/// The options of a client that this version knows.
pub const OPTIONS: &[&str] = &[
    "base", "headers", "cookies", "bearer", "basic", "within", "max_body", "digest", "tls",
    "resolve", "proxy", "http", "target",
];

/// One client of an attempt.
pub struct ClientState {
    /// Its number.
    pub id: ClientId,
    /// As the script names it.
    pub name: String,
    /// The target that it uses.
    pub reach: Rc<Reach>,
    /// It has a `tls` of its own, which goes before that of any target.
    says_tls: bool,
    /// The same of `proxy`.
    says_proxy: bool,
    /// Its HTTP side.
    pub http: HttpClient,
    /// How long its expectations and answers may take.
    pub within: Duration,
    /// Most bytes of a body.
    pub max_body: u64,
    base: String,
    headers: HeaderList,
    login: Option<Login>,
    place: Option<Place>,
}

/// Puts all natives of clients into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(
        lua,
        natives,
        host,
        "client",
        |lua, host, (name, options): (Value, Value)| {
            Ok(ClientState::make(lua, host, &name, options)?.id)
        },
    )?;
    request::install(lua, natives, host)
}

impl ClientState {
    /// A client that the attempt has from now on.
    pub fn make(
        lua: &Lua,
        host: &Rc<Host>,
        name: &Value,
        options: Value,
    ) -> mlua::Result<Rc<Self>> {
        let client = Rc::new(Self::new(lua, host, name, options)?);
        host.emit(EventKind::ClientMade {
            client: client.id,
            name: client.name.clone(),
            place: client.place.clone(),
        });
        client.note_insecure(host, client.http.connecting(), client.place.clone());
        host.border.meet(&client.name);
        host.clients.borrow_mut().push(client.clone());
        Ok(client)
    }

    fn new(lua: &Lua, host: &Rc<Host>, name: &Value, options: Value) -> mlua::Result<Self> {
        let name = text_argument("client", "the client's name", name)?;
        let place = caller(lua);
        if let Some(first) = host
            .clients
            .borrow()
            .iter()
            .find(|client| client.name == name)
        {
            let at = first
                .place
                .as_ref()
                .map(|place| format!(" (at {place})"))
                .unwrap_or_default();
            return Err(wrong(format!("there is a client `{name}` already{at}")));
        }
        let options = Options::read("client", options, OPTIONS)?;
        let named = host.reaches.named(&options)?;
        let reach = named.unwrap_or_else(|| host.reaches.own.clone());
        let base = base(&reach, &options)?;
        let (headers, login) = own_headers(lua, &reach, &options)?;
        let jar = jar(lua, host, &options, &base)?;
        let id = ClientId::try_from(host.clients.borrow().len()).unwrap_or(ClientId::MAX);
        let connecting = connecting::read(lua, host, &reach, &options, &reach.connecting)?;
        let http = HttpClient::new(Settings {
            client: id,
            guard: reach.guard.clone(),
            jar,
            target_headers: reach.headers.clone(),
            client_headers: headers.clone(),
            emitter: Some(host.emitter.clone()),
            exchanges: host.next_exchange.clone(),
            resolver: std::sync::Arc::new(System),
            connecting: connecting.unwrap_or_else(|| reach.connecting.clone()),
            releases: reach.releases.clone(),
            border: Some(host.border.clone()),
        });
        Ok(Self {
            id,
            name,
            reach,
            says_tls: !options.value("tls")?.is_nil(),
            says_proxy: !options.value("proxy")?.is_nil(),
            http,
            within: options.duration("within")?.unwrap_or(host.waits.within),
            max_body: options.count("max_body")?.unwrap_or(DEFAULT_MAX_BODY),
            base,
            headers,
            login,
            place,
        })
    }

    /// Says aloud that certificates are not checked.
    pub fn note_insecure(&self, host: &Host, connecting: &Connecting, place: Option<Place>) {
        if connecting.tls.is_insecure() {
            let text = format!(
                "{} accepts any certificate (`insecure`): whoever answers is believed",
                self.name
            );
            host.note(text, place);
        }
    }

    /// The target that a call uses: the one that its option `target` names, else the client's.
    pub fn reach_of(&self, host: &Host, options: &Options) -> mlua::Result<Rc<Reach>> {
        let named = host.reaches.named(options)?;
        Ok(named.unwrap_or_else(|| self.reach.clone()))
    }

    /// The address that a path of a call means; not yet held to the guard. The client's base is for
    /// its own target; a call may have a `base` as well.
    pub fn url(&self, reach: &Rc<Reach>, options: &Options, path: &str) -> mlua::Result<Url> {
        let own = Rc::ptr_eq(reach, &self.reach);
        let url = match options.value("base")? {
            Value::Nil if own => resolve(reach, &self.base, path)?,
            _ => resolve(reach, &base(reach, options)?, path)?,
        };
        // As it was written: parsing escapes some of it and makes slashes of backslashes.
        let outbound = reach.guard.outbound(&url);
        match outbound.leak(path.as_bytes(), || "the URL".to_string()) {
            None => Ok(url),
            Some(why) => {
                let message = format!("{}: {why}", self.name);
                Err(raise(Problem::new(ProblemKind::Host, message)))
            }
        }
    }

    /// Who the client is when asked for a digest, unless a request says itself who asks.
    pub fn login_unless(&self, request: &HeaderList) -> Option<Login> {
        self.login
            .clone()
            .filter(|_| !login::speaks_for_itself(request))
    }

    /// All headers of a stream's opening, cookies included; later ones replace earlier ones of the
    /// same name.
    pub fn stream_headers(
        &self,
        reach: &Reach,
        url: &Url,
        own: &HeaderList,
        jar: &Jar,
    ) -> HeaderList {
        let mut all: HeaderList = Vec::new();
        let target: &[_] = match reach.guard.is_own(url) {
            true => &reach.headers,
            false => &[],
        };
        for list in [target, &self.headers, own] {
            all.retain(|(name, _)| {
                !list
                    .iter()
                    .any(|(other, _)| other.eq_ignore_ascii_case(name))
            });
            all.extend(list.iter().cloned());
        }
        let has_cookie = all
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        if let Some(cookie) = jar.header_for(url).filter(|_| !has_cookie) {
            all.push(("cookie".to_string(), cookie.into_bytes()));
        }
        all
    }

    /// How it connects for a target, its own or another: over that one's socket files, and by what
    /// that one says wherever the client says nothing itself.
    pub fn connecting(&self, reach: &Rc<Reach>) -> Connecting {
        let own = self.http.connecting();
        if Rc::ptr_eq(reach, &self.reach) {
            return own.clone();
        }
        let mut connecting = reach.connecting.clone();
        connecting.http = own.http;
        connecting.route.pinned = own.route.pinned.clone();
        if self.says_tls {
            connecting.tls = own.tls.clone();
            connecting.elsewhere.clone_from(&own.elsewhere);
        }
        if self.says_proxy {
            connecting.route.proxy.clone_from(&own.route.proxy);
        }
        connecting
    }
}

/// Keeps the cookies that an answer to an upgrade sets.
pub fn keep_cookies(jar: &Jar, url: &Url, headers: &HeaderList) {
    let set = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    jar.store(url, set.map(|(_, value)| value));
}

fn resolve(reach: &Reach, base: &str, path: &str) -> mlua::Result<Url> {
    no_socket(reach, path)?;
    let url = reach
        .target
        .resolve(base, path)
        .map_err(|error| wrong(error.to_string()))?;
    Url::parse(&url).map_err(|error| wrong(format!("`{url}` is no address: {error}")))
}

/// A socket file is for the project file to name; `unix:` may be a service, as any word.
fn no_socket(reach: &Reach, path: &str) -> mlua::Result<()> {
    if !path.starts_with("unix:") || reach.target.services.contains_key("unix") {
        return Ok(());
    }
    let message = format!("`{path}` is a socket file, and only the project file may name one");
    Err(raise(Problem::new(ProblemKind::Host, message)))
}

fn base(reach: &Reach, options: &Options) -> mlua::Result<String> {
    let text = options.text("base")?;
    no_socket(reach, text.as_deref().unwrap_or_default())?;
    match text {
        None => Ok(reach.target.url.clone()),
        Some(base) if base.contains("://") => {
            let url = Url::parse(&base)
                .map_err(|error| wrong(format!("`base` is no address: {error}")))?;
            reach.guard.check(&url).map_err(raise)?;
            Ok(base.trim_end_matches('/').to_string())
        }
        Some(service) => reach
            .target
            .service(&service)
            .map(str::to_string)
            .map_err(|error| wrong(error.to_string())),
    }
}

fn own_headers(
    lua: &Lua,
    reach: &Reach,
    options: &Options,
) -> mlua::Result<(HeaderList, Option<Login>)> {
    let mut list = headers::read(lua, options)?;
    headers::check(reach, &list)?;
    let login = login::read(options, &mut list)?;
    Ok((list, login))
}

/// A jar of its own, perhaps with cookies in it, or another client's.
fn jar(lua: &Lua, host: &Rc<Host>, options: &Options, base: &str) -> mlua::Result<Jar> {
    let value = options.value("cookies")?;
    let Value::Table(table) = &value else {
        return match value {
            Value::Nil => Ok(Jar::new()),
            other => Err(wrong(format!(
                "`cookies` is a client or a table, found {}",
                kind_of(&other)
            ))),
        };
    };
    if let Some(other) = host.client_in(table) {
        return Ok(other.http.jar().clone());
    }
    let jar = Jar::new();
    let url =
        Url::parse(base).map_err(|error| wrong(format!("`{base}` is no address: {error}")))?;
    for (name, value) in headers::pairs(lua, "cookies", &value)? {
        jar.preset(&url, &name, &value).map_err(raise)?;
    }
    Ok(jar)
}
