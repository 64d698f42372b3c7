//! What a Lua table is meant to be: a list or a map. Lua does not say, so everything that would
//! lose data in either reading is refused here, for data and patterns alike.

use mlua::{Lua, Table, Value as LuaValue};

use super::strict::{Kind, kind_of};

/// A table taken apart.
pub(crate) enum Shape {
    /// A list, its items in order.
    List(Vec<LuaValue>),
    /// A map, sorted by key, because Lua's own order changes from run to run.
    Map(Vec<(Vec<u8>, LuaValue)>),
    /// Neither keys nor items, and nothing that says what it is.
    Empty,
    /// Both keys and items: an example of its keys.
    Mixed(String),
    /// A list with a hole at that index, from 1.
    Hole(i64),
    /// A key that is neither text nor a place in a list, described.
    OddKey(String),
}

/// Takes a table apart. Metamethods are not asked, but for `__pairs`: a table that stands for
/// another one shows that one's entries.
pub(crate) fn shape(lua: &Lua, table: &Table) -> mlua::Result<Shape> {
    let marked = kind_of(table);
    let mut items: Vec<(i64, LuaValue)> = Vec::new();
    let mut entries: Vec<(Vec<u8>, LuaValue)> = Vec::new();
    let mut odd = None;
    let mut sort = |key: LuaValue, value: LuaValue| match key {
        LuaValue::Integer(index) if index >= 1 => items.push((index, value)),
        LuaValue::String(key) => entries.push((key.as_bytes().to_vec(), value)),
        other => odd = Some(describe_key(&other)),
    };
    each_pair(lua, table, &mut sort)?;
    if let Some(key) = odd {
        return Ok(Shape::OddKey(key));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(match (items.is_empty(), entries.is_empty(), marked) {
        (true, true, None) => Shape::Empty,
        (_, true, Some(Kind::Array)) | (false, true, None) => list(items),
        (true, _, Some(Kind::Object)) | (true, false, None) => Shape::Map(entries),
        _ => Shape::Mixed(match entries.first() {
            Some((key, _)) => String::from_utf8_lossy(key).into_owned(),
            None => "1".to_string(),
        }),
    })
}

fn list(mut items: Vec<(i64, LuaValue)>) -> Shape {
    items.sort_by_key(|(index, _)| *index);
    let hole = (1..).zip(&items).find(|(want, (index, _))| want != index);
    match hole {
        Some((want, _)) => Shape::Hole(want),
        None => Shape::List(items.into_iter().map(|(_, value)| value).collect()),
    }
}

fn each_pair(
    lua: &Lua,
    table: &Table,
    take: &mut dyn FnMut(LuaValue, LuaValue),
) -> mlua::Result<()> {
    let pairs = match table.metatable() {
        Some(meta) => meta.raw_get::<Option<mlua::Function>>("__pairs")?,
        None => None,
    };
    let Some(pairs) = pairs else {
        return table.for_each(|key: LuaValue, value: LuaValue| {
            take(key, value);
            Ok(())
        });
    };
    let (next, state, mut control): (LuaValue, LuaValue, LuaValue) = pairs.call(table)?;
    let LuaValue::Function(next) = next else {
        let kind = next.type_name();
        return Err(crate::script::raise::wrong(format!(
            "`__pairs` of a table gave a {kind} where a function was expected"
        )));
    };
    // A `__pairs` that never ends is a busy loop like any other: the VM's limits end it.
    let _ = lua;
    loop {
        let (key, value): (LuaValue, LuaValue) = next.call((&state, &control))?;
        if key.is_nil() {
            return Ok(());
        }
        control = key.clone();
        take(key, value);
    }
}

fn describe_key(key: &LuaValue) -> String {
    match key {
        LuaValue::Integer(value) => value.to_string(),
        LuaValue::Number(value) => format!("{value:?}"),
        LuaValue::Boolean(value) => value.to_string(),
        other if other.is_null() => "json.null".to_string(),
        other => format!("a {}", other.type_name()),
    }
}
