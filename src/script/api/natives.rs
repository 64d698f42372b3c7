//! The natives that the prelude finds in its `host`: each is made when the prelude first asks
//! for it, because registering one costs a VM more than most journeys cost by using it.

use mlua::{IntoLua, Lua, LuaString, Table, Value};

/// A walk over all natives for the one that is wanted.
pub struct Natives<'a> {
    table: &'a Table,
    wanted: &'a str,
}

impl Natives<'_> {
    /// Whether this is the one that was asked for.
    pub fn want(&self, name: &str) -> bool {
        name == self.wanted
    }

    /// Puts a native into the table, if it is the wanted one.
    pub fn set<V: IntoLua>(
        &self,
        name: &str,
        make: impl FnOnce() -> mlua::Result<V>,
    ) -> mlua::Result<()> {
        if self.want(name) {
            self.table.raw_set(name, make()?)?;
        }
        Ok(())
    }
}

/// A table in which `walk` puts what is asked for, once. What it does not know is nil.
pub fn table(
    lua: &Lua,
    walk: impl Fn(&Lua, &Natives<'_>) -> mlua::Result<()> + 'static,
) -> mlua::Result<Table> {
    let meta = lua.create_table()?;
    let find = move |lua: &Lua, (table, name): (Table, LuaString)| {
        let text = name.to_str()?;
        let natives = Natives {
            table: &table,
            wanted: &text,
        };
        walk(lua, &natives)?;
        table.raw_get::<Value>(&name)
    };
    meta.raw_set("__index", lua.create_function(find)?)?;
    let table = lua.create_table()?;
    table.set_metatable(Some(meta))?;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    #[test]
    fn each_is_made_once_and_only_if_somebody_asks() {
        let lua = Lua::new();
        let made = Rc::new(Cell::new(0));
        let counted = made.clone();
        let count = move || Ok(counted.replace(counted.get() + 1));
        let table = table(&lua, move |_, natives| {
            natives.set("one", &count)?;
            natives.set("other", &count)
        });
        let table = table.expect("a table");
        assert_eq!(made.get(), 0);
        for _ in 0..2 {
            assert_eq!(table.get::<i64>("one").ok(), Some(0));
        }
        assert_eq!(made.get(), 1);
        assert_eq!(table.get::<Value>("none").ok(), Some(Value::Nil));
    }
}
