//! From a Lua value to a pattern, refusing what could be meant in more than one way.

use mlua::{Lua, Table, Value as LuaValue};

use super::{Pattern, PatternValue, weight};
use crate::model::Value;
use crate::script::raise;
use crate::script::value::json::{push_index, push_key};
use crate::script::value::{DEPTH, Shape, shape};

impl Pattern {
    /// The pattern that a Lua value is. Raises `script` for what is none, saying where.
    pub fn compile(lua: &Lua, value: &LuaValue) -> mlua::Result<Self> {
        let mut compiler = Compiler {
            lua,
            path: String::new(),
            depth: 0,
            parts: 0,
        };
        let pattern = compiler.value(value)?;
        weight::check(&pattern)?;
        Ok(pattern)
    }

    /// `match.exactly(t)`: as [`Pattern::compile`], but allowing no further keys in `t` itself.
    pub(crate) fn compile_exactly(lua: &Lua, table: &Table) -> mlua::Result<Self> {
        if let Shape::Empty = shape(lua, table)? {
            return Ok(Self::ExactMap(Vec::new()));
        }
        Ok(match Self::compile(lua, &LuaValue::Table(table.clone()))? {
            Self::Map(fields) => Self::ExactMap(fields),
            other => other,
        })
    }
}

struct Compiler<'a> {
    lua: &'a Lua,
    path: String,
    depth: usize,
    parts: usize,
}

impl Compiler<'_> {
    fn value(&mut self, value: &LuaValue) -> mlua::Result<Pattern> {
        // Counted on the way, too: a few tables that hold each other twice are a huge tree.
        self.parts += 1;
        if self.parts > weight::PARTS {
            return Err(weight::too_big());
        }
        match value {
            LuaValue::Nil => Err(self.refuse(
                "nil is no pattern: `match.absent` matches what is not there, `json.null` JSON's null",
            )),
            LuaValue::Boolean(value) => Ok(Pattern::Equals(Value::Boolean(*value))),
            LuaValue::Integer(value) => Ok(Pattern::Equals(Value::Integer(*value))),
            LuaValue::Number(value) if value.is_nan() => {
                Err(self.refuse("NaN is no pattern: nothing equals it"))
            }
            LuaValue::Number(value) => Ok(Pattern::Equals(Value::Float(*value))),
            LuaValue::String(text) => Ok(Pattern::Equals(Value::Text(text.as_bytes().to_vec()))),
            LuaValue::Table(table) => self.table(table),
            LuaValue::Function(_) => Err(self.refuse(
                "a function is no pattern: `match.that(\"what it checks\", fn)` makes one of it",
            )),
            other if other.is_null() => Ok(Pattern::Equals(Value::Null)),
            LuaValue::UserData(data) => match data.borrow::<PatternValue>() {
                Ok(pattern) => Ok(pattern.0.clone()),
                Err(_) => Err(self.refuse("an object of the API is no pattern")),
            },
            other => {
                let kind = other.type_name();
                Err(self.refuse(&format!("a {kind} is no pattern")))
            }
        }
    }

    fn table(&mut self, table: &Table) -> mlua::Result<Pattern> {
        if self.depth >= DEPTH {
            return Err(self.refuse(&format!(
                "a pattern is nested deeper than {DEPTH} levels, or holds itself"
            )));
        }
        self.depth += 1;
        let pattern = match shape(self.lua, table)? {
            Shape::List(items) => Pattern::List(self.items(&items)?),
            Shape::Map(entries) => {
                let length = self.path.len();
                let mut fields = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    push_key(&mut self.path, &key);
                    fields.push((key, self.value(&value)?));
                    self.path.truncate(length);
                }
                Pattern::Map(fields)
            }
            Shape::Empty => return Err(self.refuse(EMPTY)),
            Shape::Mixed(key) => {
                return Err(self.refuse(&format!(
                    "a table with both keys (`{key}`) and a list part is no pattern. It may have meant \
                     a list (leave out the keys), a map (give every value a key), or a pattern and \
                     its options (which go into a table of their own behind it)"
                )));
            }
            Shape::Hole(index) => {
                return Err(self.refuse(&format!(
                    "a list with nil at [{index}] is no pattern: `match.any` matches any item, \
                     `json.null` JSON's null"
                )));
            }
            Shape::OddKey(key) => {
                return Err(self.refuse(&format!(
                    "a table with the key {key} is no pattern: keys are strings, or 1 to n for a list"
                )));
            }
        };
        self.depth -= 1;
        Ok(pattern)
    }

    fn items(&mut self, items: &[LuaValue]) -> mlua::Result<Vec<Pattern>> {
        let length = self.path.len();
        let mut patterns = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            push_index(&mut self.path, index);
            patterns.push(self.value(item)?);
            self.path.truncate(length);
        }
        Ok(patterns)
    }

    fn refuse(&self, what: &str) -> mlua::Error {
        if self.path.is_empty() {
            raise::wrong(what)
        } else {
            raise::wrong(format!("`{}` of the pattern: {what}", self.path))
        }
    }
}

const EMPTY: &str = "`{}` is no pattern. It may have meant the empty map (`match.exactly {}`), the \
                     empty list (`json.array{}`), or any map (`match.type(\"object\")`)";
