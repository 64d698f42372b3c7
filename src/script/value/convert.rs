//! [`Value`] to Lua and back, loud wherever a Lua table would lose data.

use mlua::{IntoLua, Lua, Value as LuaValue};

use super::json::{push_index, push_key};
use super::strict::{Kind, Marks, Strictness};
use super::{DEPTH, Shape, shape};
use crate::model::Value;
use crate::script::pattern::PatternValue;
use crate::script::raise;

/// A value for Lua. Arrays and objects remember what they are, also when empty. A function or the
/// like cannot come back this way: see [`to_lua_with`].
pub fn to_lua(lua: &Lua, value: &Value, strictness: Strictness) -> mlua::Result<LuaValue> {
    to_lua_with(lua, value, strictness, &[])
}

/// The same; `opaque` holds the originals of what is no data, as [`from_lua`] kept them.
pub fn to_lua_with(
    lua: &Lua,
    value: &Value,
    strictness: Strictness,
    opaque: &[LuaValue],
) -> mlua::Result<LuaValue> {
    let writer = Writer {
        lua,
        marks: Marks::of(lua, strictness)?,
        opaque,
    };
    writer.value(value)
}

struct Writer<'a> {
    lua: &'a Lua,
    marks: Marks,
    opaque: &'a [LuaValue],
}

impl Writer<'_> {
    fn value(&self, value: &Value) -> mlua::Result<LuaValue> {
        match value {
            Value::Null => Ok(LuaValue::NULL),
            Value::Boolean(value) => Ok(LuaValue::Boolean(*value)),
            Value::Integer(value) => Ok(LuaValue::Integer(*value)),
            Value::Float(value) => Ok(LuaValue::Number(*value)),
            Value::Text(bytes) => self.lua.create_string(bytes)?.into_lua(self.lua),
            Value::List(items) => {
                let table = self.lua.create_table_with_capacity(items.len(), 0)?;
                for item in items {
                    table.raw_push(self.value(item)?)?;
                }
                self.marks.mark(&table, Kind::Array)?;
                Ok(LuaValue::Table(table))
            }
            Value::Map(entries) => {
                let table = self.lua.create_table_with_capacity(0, entries.len())?;
                for (key, item) in entries {
                    table.raw_set(self.lua.create_string(key)?, self.value(item)?)?;
                }
                self.marks.mark(&table, Kind::Object)?;
                Ok(LuaValue::Table(table))
            }
            Value::Opaque(kind, index) => self
                .opaque
                .get(*index)
                .cloned()
                .ok_or_else(|| raise::wrong(format!("a {kind} cannot be handed on from here"))),
        }
    }
}

/// A Lua value as data. What is no data (functions, clients) becomes [`Value::Opaque`] and is kept
/// in `opaque`. Raises `script` for nil, for tables that are neither list nor map, and for cycles.
pub fn from_lua(lua: &Lua, value: &LuaValue, opaque: &mut Vec<LuaValue>) -> mlua::Result<Value> {
    match from_lua_or_nil(lua, value, opaque)? {
        Some(value) => Ok(value),
        None => Err(raise::wrong("nil is no value (JSON's null is `json.null`)")),
    }
}

/// The same; nil is `None`.
pub fn from_lua_or_nil(
    lua: &Lua,
    value: &LuaValue,
    opaque: &mut Vec<LuaValue>,
) -> mlua::Result<Option<Value>> {
    if value.is_nil() {
        return Ok(None);
    }
    let mut reader = Reader {
        lua,
        opaque,
        path: String::new(),
        depth: 0,
        spent: 0,
    };
    reader.value(value).map(Some)
}

/// Most bytes of one value that is read from Lua.
const MOST: usize = 256 << 20;
/// What a part counts beside its text: a million parts are as many as are read.
const PART: usize = 256;

struct Reader<'a> {
    lua: &'a Lua,
    opaque: &'a mut Vec<LuaValue>,
    path: String,
    depth: usize,
    spent: usize,
}

impl Reader<'_> {
    fn value(&mut self, value: &LuaValue) -> mlua::Result<Value> {
        // Every part is copied out of the VM, whose memory limit does not see it; a few tables
        // that hold each other twice are a huge tree.
        let bytes = value.as_string().map_or(0, |text| text.as_bytes().len());
        self.spent += PART + bytes;
        if self.spent > MOST {
            return Err(self.refuse("makes a value of more than 256 MiB"));
        }
        match value {
            LuaValue::Boolean(value) => Ok(Value::Boolean(*value)),
            LuaValue::Integer(value) => Ok(Value::Integer(*value)),
            LuaValue::Number(value) => Ok(Value::Float(*value)),
            LuaValue::String(text) => Ok(Value::Text(text.as_bytes().to_vec())),
            LuaValue::Table(table) => self.table(table),
            other if other.is_null() => Ok(Value::Null),
            other => {
                let kind = opaque_kind(other);
                self.opaque.push(other.clone());
                Ok(Value::Opaque(kind, self.opaque.len() - 1))
            }
        }
    }

    fn table(&mut self, table: &mlua::Table) -> mlua::Result<Value> {
        if self.depth >= DEPTH {
            return Err(raise::wrong(format!(
                "the table is nested deeper than {DEPTH} levels, or holds itself"
            )));
        }
        self.depth += 1;
        let length = self.path.len();
        let result = match shape(self.lua, table)? {
            Shape::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    push_index(&mut self.path, index);
                    list.push(self.value(item)?);
                    self.path.truncate(length);
                }
                Value::List(list)
            }
            Shape::Map(entries) => {
                let mut map = Vec::with_capacity(entries.len());
                for (key, item) in entries {
                    push_key(&mut self.path, &key);
                    map.push((key, self.value(&item)?));
                    self.path.truncate(length);
                }
                Value::Map(map)
            }
            Shape::Empty => Value::Map(Vec::new()),
            Shape::Mixed(key) => {
                return Err(self.refuse(&format!(
                    "has both keys (`{key}`) and a list part: data is either a list or a map"
                )));
            }
            Shape::Hole(index) => {
                return Err(self.refuse(&format!(
                    "has a hole at [{index}]: a list has no nil in it (JSON's null is `json.null`)"
                )));
            }
            Shape::OddKey(key) => {
                return Err(self.refuse(&format!(
                    "has the key {key}: keys of data are strings, or 1 to n for a list"
                )));
            }
        };
        self.depth -= 1;
        Ok(result)
    }

    fn refuse(&self, what: &str) -> mlua::Error {
        if self.path.is_empty() {
            raise::wrong(format!("the table {what}"))
        } else {
            raise::wrong(format!("the table `{}` {what}", self.path))
        }
    }
}

fn opaque_kind(value: &LuaValue) -> &'static str {
    match value {
        LuaValue::Function(_) => "function",
        LuaValue::Thread(_) => "thread",
        LuaValue::UserData(data) if data.is::<PatternValue>() => "pattern",
        _ => "userdata",
    }
}
