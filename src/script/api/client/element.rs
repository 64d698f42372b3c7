//! Elements of a page as scripts hold them: what a selector found, or that it found nothing, which
//! raises when it is used.

use std::rc::Rc;

use mlua::{AnyUserData, Error, Lua, MetaMethod, UserData, UserDataMethods, Value as LuaValue};

use super::matching::Judged;
use super::response::ResponseHandle;
use crate::client::html::{Node, Page};
use crate::model::event::Difference;
use crate::model::value::shorten;
use crate::model::{Value, suggest};
use crate::script::api::keys;
use crate::script::errors::kind_of;
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::pattern::{Context, Pattern};
use crate::script::raise::{unreadable, wrong};
use crate::script::value::{Strictness, to_lua};

/// Fields of an element.
pub const FIELDS: [&str; 2] = ["text", "attrs"];
/// Methods of an element.
pub const METHODS: [&str; 4] = ["attr", "select", "select_all", "expect"];

/// What a selector found in a page.
pub struct Element {
    owner: ResponseHandle,
    page: Rc<Page>,
    css: String,
    node: Option<Node>,
}

/// Where a selector looks: a response, its page, and the element below which it looks.
type Scope = (ResponseHandle, Rc<Page>, Option<Node>);

/// Adds `select` and `select_all` to what has elements.
pub fn add_selecting<T: 'static, M: UserDataMethods<T>>(
    methods: &mut M,
    scope: impl Fn(&T) -> mlua::Result<Scope> + Copy + 'static,
) {
    methods.add_method("select", move |_, this, css: LuaValue| {
        let css = text_argument("select", "a CSS selector", &css)?;
        let (owner, page, within) = scope(this)?;
        let node = find(&page, within, &css)?.first().copied();
        Ok(Element {
            owner,
            page,
            css,
            node,
        })
    });
    methods.add_method("select_all", move |lua, this, css: LuaValue| {
        let css = text_argument("select_all", "a CSS selector", &css)?;
        let (owner, page, within) = scope(this)?;
        let found = find(&page, within, &css)?;
        let elements = found.into_iter().map(|node| Element {
            owner: owner.clone(),
            page: page.clone(),
            css: css.clone(),
            node: Some(node),
        });
        lua.create_sequence_from(elements)
    });
}

/// The elements that a selector finds; a selector that is none is the script's mistake.
pub fn find(page: &Page, within: Option<Node>, css: &str) -> mlua::Result<Vec<Node>> {
    page.select(within, css)
        .map_err(|error| wrong(error.to_string()))
}

impl Element {
    /// The element, or `unreadable` if the selector found none.
    fn node(&self) -> mlua::Result<Node> {
        self.node.ok_or_else(|| {
            unreadable(format!(
                "the page {} has no element `{}`",
                self.owner.response.url, self.css
            ))
        })
    }

    fn text(&self) -> mlua::Result<Value> {
        Ok(Value::text(self.page.text(self.node()?)))
    }

    fn attributes(&self) -> mlua::Result<Value> {
        let pairs = self.page.attributes(self.node()?).into_iter();
        let pairs = pairs.map(|(name, value)| (name.into_bytes(), Value::text(value)));
        Ok(Value::Map(pairs.collect()))
    }

    fn attribute(&self, name: &str) -> mlua::Result<String> {
        let node = self.node()?;
        if let Some(value) = self.page.attribute(node, name) {
            return Ok(value.to_string());
        }
        let pairs = self.page.attributes(node);
        let known: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        let has = match known.is_empty() {
            true => "it has none".to_string(),
            false => format!("it has: {}", known.join(", ")),
        };
        Err(unreadable(format!(
            "the element `{}` has no attribute \"{name}\"{} ({has})",
            self.css,
            suggest::hint(name, known.iter().copied())
        )))
    }
}

impl UserData for Element {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, key: LuaValue| {
            let name = match &key {
                LuaValue::String(name) => name.to_string_lossy(),
                other => {
                    return Err(wrong(format!(
                        "fields of an element have names, found {}",
                        kind_of(other)
                    )));
                }
            };
            match name.as_str() {
                "text" => to_lua(lua, &this.text()?, Strictness::Strict),
                "attrs" => to_lua(lua, &this.attributes()?, Strictness::Strict),
                other => Err(unknown(other)),
            }
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(format!("<element {}>", this.css))
        });
        methods.add_method("attr", |_, this, name: LuaValue| {
            this.attribute(&text_argument("attr", "an attribute's name", &name)?)
        });
        methods.add_function(
            "expect",
            |lua, (this, pattern, options): (AnyUserData, LuaValue, LuaValue)| {
                expect(lua, &*this.borrow::<Element>()?, &pattern, options)?;
                Ok(this)
            },
        );
        add_selecting(methods, |this: &Self| {
            Ok((this.owner.clone(), this.page.clone(), Some(this.node()?)))
        });
    }
}

fn unknown(name: &str) -> Error {
    let known = FIELDS.into_iter().chain(METHODS);
    wrong(format!(
        "an element has no `{name}`{} (it has: {})",
        suggest::hint(name, known.clone()),
        known.collect::<Vec<_>>().join(", ")
    ))
}

fn expect(lua: &Lua, element: &Element, pattern: &LuaValue, options: LuaValue) -> mlua::Result<()> {
    let message = Options::read("expect", options, keys::RESPONSE_EXPECT)?.text("message")?;
    let pattern = Pattern::compile(lua, pattern)?;
    let Some(fields) = pattern.fields() else {
        return Err(wrong(format!(
            "`expect` of an element takes a table of its fields ({}), found {}",
            FIELDS.join(", "),
            pattern.show(60)
        )));
    };
    let host = lua.app_data_ref::<Rc<Host>>().map(|host| host.clone());
    let host = host.ok_or_else(|| wrong("an element is expected of while a journey runs"))?;
    let context = Context::new(lua, &[]);
    let mut differences: Vec<Difference> = Vec::new();
    for (name, pattern) in fields {
        let name = String::from_utf8_lossy(name);
        let value = match name.as_ref() {
            "text" => element.text()?,
            "attrs" => element.attributes()?,
            other => return Err(unknown(other)),
        };
        if !pattern.matches(&value, &context)? {
            differences.extend(pattern.differences_at(&name, Some(&value), &context));
        }
    }
    let promise = promise(element, message, &differences);
    let judged = Judged {
        handle: &element.owner,
        pattern: &pattern,
        promise,
        found: &|| {
            let text = element.text().map(|text| text.show(400));
            format!("{} {}", element.css, text.unwrap_or_default())
        },
        differences: &differences,
    };
    judged.decide(lua, &host, None)
}

fn promise(element: &Element, message: Option<String>, differences: &[Difference]) -> String {
    let what = format!(
        "{}: `{}` of {}",
        element.owner.client, element.css, element.owner.response.url
    );
    if differences.is_empty() {
        return message.unwrap_or_else(|| format!("{what} is as expected"));
    }
    let parts: Vec<String> = differences
        .iter()
        .take(3)
        .map(|one| format!("{} {}, not {}", one.path, one.found, one.expected))
        .collect();
    let found = format!("{what} has {}", shorten(&parts.join("; "), 400));
    message.map_or(found.clone(), |message| format!("{message}: {found}"))
}
