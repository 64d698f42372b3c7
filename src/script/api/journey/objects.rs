//! Objects of the API where a value is wanted.

use mlua::{Table, Value as LuaValue};

use crate::script::api::client::response;
use crate::script::raise::wrong;

/// Raises where what is no value, but has an `expect` of its own, is compared with one. A pattern
/// such as `match.that` may know what to do with it.
pub(super) fn no_object(value: &LuaValue, pattern: &LuaValue) -> mlua::Result<()> {
    if matches!(pattern, LuaValue::UserData(_)) {
        return Ok(());
    }
    let class = |table: &Table| table.metatable()?.raw_get::<String>("__name").ok();
    let class = match value {
        LuaValue::Table(table) => class(table),
        value => response::within(value).map(|_| "response".to_string()),
    };
    let own = match class.as_deref() {
        Some("stream") => "this is a stream: `stream:expect { … }`",
        Some("client") => "this is a client: `client:get(…):expect { … }`",
        Some("response") => "this is a response: `response:expect { … }`",
        Some(_) | None => return Ok(()),
    };
    Err(wrong(format!("`j:expect` takes a value, and {own}")))
}
