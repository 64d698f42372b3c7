//! The metatables that let a Lua table remember what it was: an array or an object, and whether
//! it came from the target. Made once per VM, on first use.

use mlua::{LightUserData, Lua, MetaMethod, Table, Value as LuaValue};

use crate::model::suggest;
use crate::script::raise;

/// What a marked table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// JSON's array.
    Array,
    /// JSON's object.
    Object,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// Where a table came from, and with it what reading an absent key of it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// It raises `unreadable`: the table came from the target.
    Strict,
    /// The same, and what came was a message of a stream.
    Message,
    /// It gives nil: the table is the script's own.
    Plain,
}

impl Strictness {
    const ALL: [Self; 3] = [Self::Strict, Self::Message, Self::Plain];

    /// What the table is part of, in the words of an error; nothing for the script's own.
    fn noun(self) -> Option<&'static str> {
        match self {
            Self::Strict => Some("answer"),
            Self::Message => Some("message"),
            Self::Plain => None,
        }
    }
}

/// The field of a metatable that names the kind. `getmetatable` does not show it.
const FIELD: &str = "__json";

/// The metatables of one VM for one strictness.
pub(super) struct Marks {
    array: Table,
    object: Table,
}

impl Marks {
    /// The metatables of this VM; the first call makes them.
    pub(super) fn of(lua: &Lua, strictness: Strictness) -> mlua::Result<Self> {
        let known: Option<Table> = lua.named_registry_value("jaunt.marks")?;
        let store = match known {
            Some(store) => store,
            None => make(lua)?,
        };
        let first = match strictness {
            Strictness::Strict => 1,
            Strictness::Message => 3,
            Strictness::Plain => 5,
        };
        Ok(Self {
            array: store.raw_get(first)?,
            object: store.raw_get(first + 1)?,
        })
    }

    /// Marks a table.
    pub(super) fn mark(&self, table: &Table, kind: Kind) -> mlua::Result<()> {
        let meta = match kind {
            Kind::Array => &self.array,
            Kind::Object => &self.object,
        };
        table.set_metatable(Some(meta.clone()))
    }
}

/// Marks an ordinary table as an array or an object, as `json.array` and `json.object` do.
pub(crate) fn mark(lua: &Lua, table: &Table, kind: Kind) -> mlua::Result<()> {
    Marks::of(lua, Strictness::Plain)?.mark(table, kind)
}

/// What a table was marked as; mlua's own arrays count.
pub(super) fn kind_of(table: &Table) -> Option<Kind> {
    let meta = table.metatable()?;
    let name = meta.raw_get::<LuaValue>(FIELD).ok()?;
    match name.as_string()?.to_str().ok()?.as_ref() {
        "array" => Some(Kind::Array),
        "object" => Some(Kind::Object),
        _ => None,
    }
}

fn make(lua: &Lua) -> mlua::Result<Table> {
    let store = lua.create_table()?;
    for strictness in Strictness::ALL {
        let absent = strictness.noun().map(|noun| {
            lua.create_function(move |_, (table, key): (Table, LuaValue)| {
                absent(&table, &key, noun)
            })
        });
        let absent = absent.transpose()?;
        for kind in [Kind::Array, Kind::Object] {
            let meta = lua.create_table()?;
            meta.raw_set(FIELD, kind.name())?;
            meta.raw_set("__name", kind.name())?;
            // Protected, so that no script loosens every table of its VM by accident.
            meta.raw_set("__metatable", kind.name())?;
            if let Some(absent) = &absent {
                meta.raw_set(MetaMethod::Index.name(), absent)?;
            }
            store.raw_push(meta)?;
        }
    }
    lua.set_type_metatable::<LightUserData>(Some(null_meta(lua)?));
    lua.set_named_registry_value("jaunt.marks", &store)?;
    Ok(store)
}

/// `json.null` shows itself as such, and reading from it is reading what the target did not send.
fn null_meta(lua: &Lua) -> mlua::Result<Table> {
    let meta = lua.create_table()?;
    meta.raw_set("__name", "null")?;
    meta.raw_set("__metatable", "null")?;
    meta.raw_set(
        MetaMethod::ToString.name(),
        lua.create_function(|_, _: LuaValue| Ok("null"))?,
    )?;
    meta.raw_set(
        MetaMethod::Index.name(),
        lua.create_function(|_, (_, key): (LuaValue, LuaValue)| {
            let key = key.to_string()?;
            Err::<LuaValue, _>(raise::unreadable(format!(
                "what came has null where \"{key}\" was read from it"
            )))
        })?,
    )?;
    Ok(meta)
}

/// `__index` of what the target sent: an absent text key is an error, all else as usual.
fn absent(table: &Table, key: &LuaValue, noun: &str) -> mlua::Result<LuaValue> {
    let LuaValue::String(key) = key else {
        return Ok(LuaValue::Nil);
    };
    let wanted = key.to_string_lossy();
    if kind_of(table) == Some(Kind::Array) {
        let has = match table.raw_len() {
            0 => "an empty list".to_string(),
            length => format!("a list of {length}"),
        };
        return Err(raise::unreadable(format!(
            "the {noun} has no \"{wanted}\" (it is {has})"
        )));
    }
    let mut names = Vec::new();
    table.for_each(|key: LuaValue, _: LuaValue| {
        if let LuaValue::String(key) = key {
            names.push(key.to_string_lossy());
        }
        Ok(())
    })?;
    names.sort();
    let hint = suggest::hint(&wanted, names.iter().map(String::as_str));
    Err(raise::unreadable(format!(
        "the {noun} has no \"{wanted}\" ({}){hint}",
        listed(&names)
    )))
}

/// `it has: a, b`, cut where nobody would read on.
fn listed(names: &[String]) -> String {
    const MOST: usize = 20;
    match names.len() {
        0 => "it is empty".to_string(),
        count if count <= MOST => format!("it has: {}", names.join(", ")),
        count => format!(
            "it has: {} and {} more",
            names[..MOST].join(", "),
            count - MOST
        ),
    }
}
