//! Headers, trailers and cookies of an answer as scripts hold them.

use mlua::{Lua, MetaMethod, UserData, UserDataMethods, Value as LuaValue};

use super::headers::HeaderList;
use crate::script::raise::unreadable;

/// Methods of headers and of cookies.
pub const METHODS: [&str; 1] = ["all"];

/// Headers or trailers.
pub fn fields(lua: &Lua, what: &'static str, pairs: &HeaderList) -> mlua::Result<LuaValue> {
    Ok(LuaValue::UserData(lua.create_userdata(Named {
        what,
        any_case: true,
        pairs: pairs.clone(),
    })?))
}

/// Cookies.
pub fn cookies(lua: &Lua, pairs: HeaderList) -> mlua::Result<LuaValue> {
    Ok(LuaValue::UserData(lua.create_userdata(Named {
        what: "cookie",
        any_case: false,
        pairs,
    })?))
}

/// Headers, or cookies: the first value by name, `:all(name)` for all.
struct Named {
    what: &'static str,
    any_case: bool,
    pairs: HeaderList,
}

impl Named {
    fn of(&self, name: &str) -> impl Iterator<Item = &Vec<u8>> {
        self.pairs
            .iter()
            .filter(move |(known, _)| {
                if self.any_case {
                    known.eq_ignore_ascii_case(name)
                } else {
                    known == name
                }
            })
            .map(|(_, value)| value)
    }
}

impl UserData for Named {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, name: String| {
            match this.of(&name).next() {
                Some(value) => lua.create_string(value),
                None => {
                    let mut known: Vec<&str> =
                        this.pairs.iter().map(|(name, _)| name.as_str()).collect();
                    known.dedup();
                    let text = format!(
                        "the answer has no {} \"{name}\" (it has: {})",
                        this.what,
                        known.join(", ")
                    );
                    Err(unreadable(text))
                }
            }
        });
        methods.add_method(METHODS[0], |lua, this, name: String| {
            let values: mlua::Result<Vec<_>> = this
                .of(&name)
                .map(|value| lua.create_string(value))
                .collect();
            lua.create_sequence_from(values?)
        });
        methods.add_meta_method(MetaMethod::Pairs, |lua, this, ()| {
            let pairs = this.pairs.clone();
            let next = std::cell::Cell::new(0);
            let step = lua.create_function(move |lua, _: mlua::MultiValue| {
                let at = next.replace(next.get() + 1);
                match pairs.get(at) {
                    Some((name, value)) => Ok((
                        Some(lua.create_string(name)?),
                        Some(lua.create_string(value)?),
                    )),
                    None => Ok((None, None)),
                }
            })?;
            Ok((step, LuaValue::Nil, LuaValue::Nil))
        });
    }
}
