//! The pattern language: one for bodies, messages, events and plain values. A pattern is compiled
//! from a Lua value once and then matched against [`crate::model::Value`] without Lua; only
//! `match.that` calls back. It may use `model`, `script::value` and `script::raise`.

mod compile;
mod differences;
mod form;
mod headers;
mod matching;
mod nearest;
mod number;
mod pairing;
mod show;
mod weight;

use std::cell::RefCell;
use std::collections::HashMap;

use mlua::{Function, Lua, MetaMethod, UserData, UserDataMethods, Value as LuaValue};

use crate::model::{Value, syntax};
use crate::script::raise;

pub use differences::first_difference;
pub use form::rfc3339;
pub use headers::{check_headers, header_differences, matches_headers};
pub use nearest::nearest;
pub use number::Number;

/// What a value must be like.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Equal to this scalar.
    Equals(Value),
    /// A map that has at least these keys, each with a value that matches.
    Map(Vec<(Vec<u8>, Pattern)>),
    /// A map that has these keys and no others.
    ExactMap(Vec<(Vec<u8>, Pattern)>),
    /// A list of the same length, item by item.
    List(Vec<Pattern>),
    /// Anything that is there.
    Any,
    /// Nothing: the key must not be there.
    Absent,
    /// A kind, by JSON's names.
    Type(Kind),
    /// Text in which the expression is found.
    Regex(regex::bytes::Regex),
    /// Text with that substring, or a list with an element that matches.
    Contains(Box<Pattern>),
    /// Bytes of a text, items of a list or keys of a map: their number matches.
    Length(Box<Pattern>),
    /// A number from the first to the second, both included.
    Between(Number, Number),
    /// A number at most this far away.
    Near(Number, Number),
    /// A number that compares like this.
    Compare(Comparison, Number),
    /// At least one of these matches.
    OneOf(Vec<Pattern>),
    /// Each of these matches; asked in order, up to the first that does not.
    AllOf(Vec<Pattern>),
    /// Something that does not match.
    No(Box<Pattern>),
    /// A list in which every element matches.
    Each(Box<Pattern>),
    /// A list of the same length whose elements match these in some order.
    Unordered(Vec<Pattern>),
    /// Text in one of the well-known forms.
    Form(Form),
    /// The script's own judgement: its description and its function.
    That(String, Function),
}

/// JSON's kinds, for `match.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`: a number without a fraction, `1.0` too.
    Integer,
    /// `number`: integers included.
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Null,
        Self::Boolean,
        Self::Integer,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    /// JSON's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// How `match.gt` and its kin compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `gt`
    Greater,
    /// `gte`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `lte`
    LessOrEqual,
}

impl Comparison {
    /// The name in `match`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greater => "gt",
            Self::GreaterOrEqual => "gte",
            Self::Less => "lt",
            Self::LessOrEqual => "lte",
        }
    }
}

/// Well-known forms of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `uuid`: 8-4-4-4-12 hexadecimal digits, either case.
    Uuid,
    /// `datetime`: RFC 3339.
    DateTime,
    /// `url`: absolute, with a scheme and a host.
    Url,
}

impl Form {
    /// The name in `match`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::DateTime => "datetime",
            Self::Url => "url",
        }
    }
}

/// What `match.that` needs to call its function.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The VM.
    pub lua: &'a Lua,
    /// The originals of [`Value::Opaque`], as `value::from_lua` kept them.
    pub opaque: &'a [LuaValue],
}

impl<'a> Context<'a> {
    /// What `match.that` needs.
    pub fn new(lua: &'a Lua, opaque: &'a [LuaValue]) -> Self {
        Self { lua, opaque }
    }
}

impl Pattern {
    /// The patterns by key of a table with keys, `match.exactly` included; nothing for all others.
    pub fn fields(&self) -> Option<&[(Vec<u8>, Pattern)]> {
        match self {
            Self::Map(fields) | Self::ExactMap(fields) => Some(fields),
            _ => None,
        }
    }

    /// The pattern of one key, where [`Pattern::fields`] has it.
    pub fn field(&self, key: &str) -> Option<&Pattern> {
        self.fields()?
            .iter()
            .find(|(name, _)| name == key.as_bytes())
            .map(|(_, pattern)| pattern)
    }

    /// True if matching may call a script's function.
    pub fn calls_script(&self) -> bool {
        match self {
            Self::That(..) => true,
            Self::Map(fields) | Self::ExactMap(fields) => {
                fields.iter().any(|(_, pattern)| pattern.calls_script())
            }
            Self::List(items)
            | Self::OneOf(items)
            | Self::AllOf(items)
            | Self::Unordered(items) => items.iter().any(Self::calls_script),
            Self::Contains(inner) | Self::Length(inner) | Self::No(inner) | Self::Each(inner) => {
                inner.calls_script()
            }
            Self::Equals(_)
            | Self::Any
            | Self::Absent
            | Self::Type(_)
            | Self::Regex(_)
            | Self::Between(..)
            | Self::Near(..)
            | Self::Compare(..)
            | Self::Form(_) => false,
        }
    }
}

/// A pattern as a Lua value: what the functions of `match` return. It cannot be taken for data.
#[derive(Debug, Clone)]
pub struct PatternValue(pub Pattern);

impl UserData for PatternValue {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| Ok(this.0.show(400)));
        methods.add_meta_method(MetaMethod::Index, |_, this, key: LuaValue| {
            Err::<LuaValue, _>(raise::wrong(format!(
                "the pattern {} has no `{}`: patterns are given to `expect` and its kin",
                this.0.show(60),
                key.to_string()?
            )))
        });
    }
}

/// The compiled expressions of one VM.
#[derive(Default)]
struct Expressions(RefCell<HashMap<String, regex::bytes::Regex>>);

/// A regular expression over bytes, compiled once per VM. A bad one is the script's mistake;
/// `call` is the function it was given to.
pub fn regex(lua: &Lua, call: &str, source: &str) -> mlua::Result<regex::bytes::Regex> {
    if lua.app_data_ref::<Expressions>().is_none() {
        lua.set_app_data(Expressions::default());
    }
    if let Some(cache) = lua.app_data_ref::<Expressions>()
        && let Some(known) = cache.0.borrow().get(source)
    {
        return Ok(known.clone());
    }
    let made = regex::bytes::Regex::new(source).map_err(|error| {
        let error = error.to_string();
        let why = syntax::in_one_line(&error);
        raise::wrong(format!("{call}: this is no regular expression: {why}"))
    })?;
    if let Some(cache) = lua.app_data_ref::<Expressions>() {
        let mut cache = cache.0.borrow_mut();
        // A script that builds expressions in a loop must not fill memory with them.
        if cache.len() >= 1000 {
            cache.clear();
        }
        cache.insert(source.to_string(), made.clone());
    }
    Ok(made)
}

#[cfg(test)]
mod tests;
