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

/// The field of a metatable that names the kind. `getmetatable` does not show it.
const FIELD: &str = "__json";

/// The metatables of one VM.
pub(super) struct Marks {
    strict_array: Table,
    strict_object: Table,
    array: Table,
    object: Table,
}

impl Marks {
    /// The metatables of this VM; the first call makes them.
    pub(super) fn of(lua: &Lua) -> mlua::Result<Self> {
        let known: Option<Table> = lua.named_registry_value("jaunt.marks")?;
        let store = match known {
            Some(store) => store,
            None => make(lua)?,
        };
        Ok(Self {
            strict_array: store.raw_get(1)?,
            strict_object: store.raw_get(2)?,
            array: store.raw_get(3)?,
            object: store.raw_get(4)?,
        })
    }

    /// Marks a table.
    pub(super) fn mark(&self, table: &Table, kind: Kind, strict: bool) -> mlua::Result<()> {
        let meta = match (kind, strict) {
            (Kind::Array, true) => &self.strict_array,
            (Kind::Object, true) => &self.strict_object,
            (Kind::Array, false) => &self.array,
            (Kind::Object, false) => &self.object,
        };
        table.set_metatable(Some(meta.clone()))
    }
}

/// Marks an ordinary table as an array or an object, as `json.array` and `json.object` do.
pub(crate) fn mark(lua: &Lua, table: &Table, kind: Kind) -> mlua::Result<()> {
    Marks::of(lua)?.mark(table, kind, false)
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
    let absent = lua.create_function(|_, (table, key): (Table, LuaValue)| absent(&table, &key))?;
    let store = lua.create_table()?;
    for (kind, strict) in [
        (Kind::Array, true),
        (Kind::Object, true),
        (Kind::Array, false),
        (Kind::Object, false),
    ] {
        let meta = lua.create_table()?;
        meta.raw_set(FIELD, kind.name())?;
        meta.raw_set("__name", kind.name())?;
        // Protected, so that no script loosens every table of its VM by accident.
        meta.raw_set("__metatable", kind.name())?;
        if strict {
            meta.raw_set(MetaMethod::Index.name(), &absent)?;
        }
        store.raw_push(meta)?;
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
                "the answer has null where \"{key}\" was read from it"
            )))
        })?,
    )?;
    Ok(meta)
}

/// `__index` of what the target sent: an absent text key is an error, all else as usual.
fn absent(table: &Table, key: &LuaValue) -> mlua::Result<LuaValue> {
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
            "the answer has no \"{wanted}\" (it is {has})"
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
        "the answer has no \"{wanted}\" ({}){hint}",
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
