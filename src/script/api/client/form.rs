//! Forms of a page as scripts hold them: `response:form(css?)`, filled and submitted.

use std::rc::Rc;

use bytes::Bytes;
use mlua::{AnyUserData, MetaMethod, UserData, UserDataMethods, Value as LuaValue};
use url::Url;

use super::element;
use super::request::{Prepared, send};
use super::response::ResponseHandle;
use crate::client::guard::Guard;
use crate::client::html::{Fill, FormError, Node, Page, Submission};
use crate::client::http::{Request, RequestBody};
use crate::model::{Problem, ProblemKind};
use crate::script::api::keys;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::raise::{raise, unreadable, wrong};

/// Methods of a form.
pub const METHODS: [&str; 1] = ["submit"];

/// A form of a page.
pub struct Form {
    owner: ResponseHandle,
    page: Rc<Page>,
    node: Node,
}

/// The first form of a page, or the one that a selector means: it, or an element in it.
pub fn find(owner: &ResponseHandle, css: &LuaValue) -> mlua::Result<Form> {
    let css = match css {
        LuaValue::Nil => "form".to_string(),
        other => text_argument("form", "a CSS selector", other)?,
    };
    let page = owner.page()?;
    let found = element::find(&page, None, &css)?;
    let Some(first) = found.first() else {
        let what = match css.as_str() {
            "form" => "form".to_string(),
            css => format!("form `{css}`"),
        };
        return Err(unreadable(format!(
            "the page {} has no {what}",
            owner.response.url
        )));
    };
    let node = page.form_of(*first).ok_or_else(|| {
        unreadable(format!(
            "`{css}` of the page {} is no form and stands in none",
            owner.response.url
        ))
    })?;
    Ok(Form {
        owner: owner.clone(),
        page,
        node,
    })
}

impl UserData for Form {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, _, key: LuaValue| {
            Err::<LuaValue, _>(wrong(format!(
                "a form has no `{}` (it has: {})",
                key.to_string()?,
                METHODS.join(", ")
            )))
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(format!("<form of {}>", this.owner.response.url))
        });
        methods.add_async_function(
            "submit",
            |lua, (this, fields, options): (AnyUserData, LuaValue, LuaValue)| {
                let place = caller(&lua);
                let host = lua.app_data_ref::<Rc<Host>>().map(|host| host.clone());
                async move {
                    let host =
                        host.ok_or_else(|| wrong("a form is submitted while a journey runs"))?;
                    let mut prepared = this.borrow::<Form>()?.prepare(&host, fields, options)?;
                    prepared.1.place = place;
                    send(&lua, &host, prepared).await
                }
            },
        );
    }
}

impl Form {
    fn prepare(&self, host: &Host, given: LuaValue, options: LuaValue) -> mlua::Result<Prepared> {
        let options = Options::read("submit", options, keys::SUBMIT)?;
        let clients = host.clients.borrow();
        let mut named = clients.iter();
        let client = named
            .find(|client| client.name == self.owner.client)
            .cloned()
            .ok_or_else(|| wrong("the form came with an answer that no client asked for"))?;
        let fields = fields(given)?;
        let made = self.page.submit(self.node, &fields);
        let made = made.map_err(|error| match error {
            FormError::Page(message) => unreadable(message),
            FormError::Script(message) => wrong(message),
        })?;
        let guard = match &self.owner.other {
            Some(other) => &other.guard,
            None => &client.reach.guard,
        };
        self.admit(guard, &made.url)?;
        stays_home(guard, &made)?;
        let within = options.duration("within")?.unwrap_or(client.within);
        let timeout = options.duration("timeout")?.unwrap_or(within);
        let mut request = Request::new(
            made.method,
            made.url.as_str(),
            tokio::time::Instant::now() + timeout,
        );
        request.headers = self.headers(&made);
        request.body = match made.body {
            Some((bytes, _)) => RequestBody::Whole(Bytes::from(bytes)),
            None => RequestBody::Empty,
        };
        request.follow = options.boolean("follow")?.unwrap_or(true);
        request.max_body = options.count("max_body")?.unwrap_or(client.max_body);
        request.digest = client.login_unless(&request.headers);
        request.other = self.owner.other.clone();
        Ok((client, request, timeout))
    }

    /// The page led there, not the script: what the guard refuses is the target's doing.
    fn admit(&self, guard: &Guard, url: &Url) -> mlua::Result<()> {
        let astray = |why: &str| {
            let from = &self.owner.response.url;
            let message = format!("the form of {from} leads to `{url}`: {why}");
            raise(Problem::new(ProblemKind::Redirect, message))
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(astray("only http and https are followed"));
        }
        guard.check(url).map_err(|problem| astray(&problem.message))
    }

    /// What a browser says of the page that a form stands in; protections against forged requests
    /// ask for it.
    fn headers(&self, made: &Submission) -> Vec<(String, Vec<u8>)> {
        let mut headers = Vec::new();
        if let Some((_, media)) = &made.body {
            headers.push(("content-type".to_string(), media.clone().into_bytes()));
        }
        let Ok(page) = Url::parse(&self.owner.response.url) else {
            return headers;
        };
        let origin = page.origin().ascii_serialization();
        if made.method == "POST" {
            headers.push(("origin".to_string(), origin.clone().into_bytes()));
        }
        let referer = match made.url.origin() == page.origin() {
            true => page[..url::Position::AfterQuery].to_string(),
            false => format!("{origin}/"),
        };
        headers.push(("referer".to_string(), referer.into_bytes()));
        headers
    }
}

/// A page that leads a secret abroad is the target's doing as well. The message shows no address:
/// the secret may stand in it.
fn stays_home(guard: &Guard, made: &Submission) -> mlua::Result<()> {
    let outbound = guard.outbound(&made.url);
    let body = made.body.as_ref().map_or(&[][..], |(bytes, _)| bytes);
    let leak = outbound
        .leak(made.url.as_str().as_bytes(), || "the URL".to_string())
        .or_else(|| outbound.leak(body, || "the body".to_string()));
    match leak {
        None => Ok(()),
        Some(why) => {
            let message = format!("a form led to `{}`: {why}", outbound.host());
            Err(raise(Problem::new(ProblemKind::Redirect, message)))
        }
    }
}

/// What a script gives for the fields, sorted by name.
fn fields(given: LuaValue) -> mlua::Result<Vec<(String, Fill)>> {
    let table = match given {
        LuaValue::Nil => return Ok(Vec::new()),
        LuaValue::Table(table) => table,
        other => {
            return Err(wrong(format!(
                "`submit` takes a table of fields and values, found {}",
                kind_of(&other)
            )));
        }
    };
    let mut fields = Vec::new();
    for pair in table.pairs::<LuaValue, LuaValue>() {
        let (name, value) = pair?;
        let LuaValue::String(name) = name else {
            return Err(wrong(format!(
                "fields of a form have names, found {}",
                kind_of(&name)
            )));
        };
        let name = name.to_string_lossy();
        let fill = fill(&name, value)?;
        fields.push((name, fill));
    }
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(fields)
}

fn fill(name: &str, value: LuaValue) -> mlua::Result<Fill> {
    match value {
        LuaValue::Boolean(flag) => Ok(Fill::Flag(flag)),
        LuaValue::Table(table) if table.raw_len() > 0 || table.is_empty() => {
            let values = table.sequence_values::<LuaValue>();
            let texts: mlua::Result<Vec<String>> =
                values.map(|value| text(name, &value?)).collect();
            Ok(Fill::Many(texts?))
        }
        value @ LuaValue::Table(_) => {
            let (facts, body) = super::body::file(value)?;
            Ok(Fill::File(facts, body))
        }
        other => text(name, &other).map(Fill::Text),
    }
}

fn text(name: &str, value: &LuaValue) -> mlua::Result<String> {
    match value {
        LuaValue::String(text) => text.to_str().map(|text| text.to_string()).map_err(|_| {
            wrong(format!(
                "the field `{name}` is filled with what is not UTF-8"
            ))
        }),
        LuaValue::Integer(_) | LuaValue::Number(_) => value.to_string(),
        other => Err(wrong(format!(
            "the field `{name}` takes a text, a number, true or false, a list or a file, found {}",
            kind_of(other)
        ))),
    }
}
