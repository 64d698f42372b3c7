//! Events and comments of an event stream as messages: `{ event, data, id, retry }` with the data
//! decoded, and `{ comment }`.

use bytes::Bytes;
use mlua::{Lua, Value as LuaValue};

use super::pump::Decoded;
use crate::client::body_stream::Said;
use crate::model::{Problem, ProblemKind, Value};
use crate::script::value::{Strictness, to_lua};

/// What `decode` is given of it.
pub fn decoded(said: &Said) -> Bytes {
    match said {
        Said::Event { data, .. } => data.clone(),
        Said::Comment(_) => Bytes::new(),
    }
}

/// The messages that it makes: one for a comment, else one for each value that `decode` makes of
/// the data.
pub fn values(
    lua: &Lua,
    said: &Said,
    decode: impl FnOnce() -> Result<Vec<Decoded>, Problem>,
) -> Result<Vec<Decoded>, Problem> {
    match said {
        Said::Comment(text) => {
            let comment = vec![(b"comment".to_vec(), Value::Text(text.to_vec()))];
            Ok(vec![(Value::Map(comment), None, Vec::new())])
        }
        Said::Event { .. } => decode()?
            .into_iter()
            .map(|data| around(lua, said, data))
            .collect(),
    }
}

/// One value of an event's data with what surrounds it.
fn around(lua: &Lua, said: &Said, (data, original, opaque): Decoded) -> Result<Decoded, Problem> {
    let Said::Event {
        event, id, retry, ..
    } = said
    else {
        return Ok((data, original, opaque));
    };
    let mut fields = vec![(b"event".to_vec(), Value::Text(event.to_vec()))];
    if let Some(id) = id {
        fields.push((b"id".to_vec(), Value::Text(id.to_vec())));
    }
    if let Some(retry) = retry {
        fields.push((b"retry".to_vec(), Value::Float(retry.as_secs_f64())));
    }
    let original = match original {
        None => None,
        Some(original) => Some(
            table(lua, &fields, original)
                .map_err(|error| Problem::new(ProblemKind::Script, format!("`decode`: {error}")))?,
        ),
    };
    fields.insert(1, (b"data".to_vec(), data));
    Ok((Value::Map(fields), original, opaque))
}

/// The event for a script whose own `decode` made the data: that stays the very value it made.
fn table(lua: &Lua, fields: &[(Vec<u8>, Value)], data: LuaValue) -> mlua::Result<LuaValue> {
    let event = to_lua(lua, &Value::Map(fields.to_vec()), Strictness::Message)?;
    if let LuaValue::Table(table) = &event {
        table.raw_set("data", data)?;
    }
    Ok(event)
}
