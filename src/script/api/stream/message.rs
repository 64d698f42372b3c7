//! Messages and marks as scripts hold them, and `:messages`.

use std::rc::Rc;

use mlua::{Lua, MultiValue, Table, Value};

use super::inbox::Message;
use super::wait::stream_of;
use super::{Stream, closing};
use crate::model::event::FrameKind;
use crate::script::api::journey::native;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::kind_of;
use crate::script::host::Host;
use crate::script::options::Options;
use crate::script::pattern::{Context, Pattern};
use crate::script::raise::wrong;
use crate::script::value::{Kind, Strictness, mark, to_lua};

/// Puts the natives into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(
        lua,
        natives,
        host,
        "messages",
        |lua, host, (id, pattern, options): (Value, Value, Value)| {
            messages(
                lua,
                host,
                &stream_of(host, &id, "messages")?,
                &pattern,
                options,
            )
        },
    )?;
    native(lua, natives, host, "mark", |lua, host, id: Value| {
        let stream = stream_of(host, &id, "mark")?;
        let mark = lua.create_table()?;
        mark.raw_set("stream", stream.id)?;
        mark.raw_set("mark", stream.inbox.len())?;
        Ok(mark)
    })?;
    native(
        lua,
        natives,
        host,
        "last_event_id",
        |lua, host, id: Value| {
            let id = stream_of(host, &id, "last_event_id")?
                .connection
                .last_event_id();
            id.map(|id| lua.create_string(id)).transpose()
        },
    )?;
    native(lua, natives, host, "closed", |lua, host, id: Value| {
        closing::closed(lua, stream_of(host, &id, "closed")?.inbox.over())
    })?;
    Ok(())
}

/// The place that `:mark()` remembered.
pub fn mark_of(stream: &Stream, mark: &Value) -> mlua::Result<usize> {
    let Value::Table(table) = mark else {
        return Err(wrong(format!(
            "`since` is what `stream:mark()` gave, found {}",
            kind_of(mark)
        )));
    };
    let (of, mark) = (
        table.raw_get::<Option<u32>>("stream")?,
        table.raw_get::<Option<usize>>("mark")?,
    );
    match (of, mark) {
        (Some(of), Some(mark)) if of == stream.id => Ok(mark),
        (Some(_), Some(_)) => Err(wrong("`since` is a mark of another stream")),
        _ => Err(wrong("`since` is what `stream:mark()` gave, found a table")),
    }
}

/// A message's value for the script.
pub fn value(lua: &Lua, message: &Message) -> mlua::Result<Value> {
    match &message.original {
        Some(original) => Ok(original.clone()),
        None => to_lua(lua, &message.value, Strictness::Message),
    }
}

/// The message itself: `raw kind at seq client value`.
pub fn table(lua: &Lua, host: &Host, stream: &Stream, message: &Message) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("raw", lua.create_string(&message.raw)?)?;
    table.raw_set(
        "kind",
        match message.kind {
            FrameKind::Binary => "binary",
            FrameKind::Text
            | FrameKind::Ping
            | FrameKind::Pong
            | FrameKind::Close
            | FrameKind::Raw => "text",
        },
    )?;
    table.raw_set("at", host.epoch_seconds(message.at))?;
    table.raw_set("seq", message.seq)?;
    table.raw_set("client", stream.client_name.as_str())?;
    table.raw_set("value", value(lua, message)?)?;
    Ok(table)
}

/// What `:expect` returns.
pub fn give(
    lua: &Lua,
    host: &Host,
    stream: &Stream,
    message: &Message,
) -> mlua::Result<MultiValue> {
    Ok(MultiValue::from_iter([
        value(lua, message)?,
        Value::Table(table(lua, host, stream, message)?),
    ]))
}

fn messages(
    lua: &Lua,
    host: &Host,
    stream: &Rc<Stream>,
    pattern: &Value,
    options: Value,
) -> mlua::Result<(Table, Table)> {
    let options = Options::read("messages", options, keys::MESSAGES)?;
    let since = match options.value("since")? {
        Value::Nil => 0,
        mark => mark_of(stream, &mark)?,
    };
    let pattern = match pattern {
        Value::Nil => None,
        pattern => Some(Pattern::compile(lua, pattern)?),
    };
    let (values, messages) = (lua.create_table()?, lua.create_table()?);
    let all: Vec<Rc<Message>> = stream.inbox.all().iter().skip(since).cloned().collect();
    for message in all {
        let fits = match &pattern {
            Some(pattern) => {
                pattern.matches(&message.value, &Context::new(lua, &message.opaque))?
            }
            None => true,
        };
        if fits {
            values.raw_push(value(lua, &message)?)?;
            messages.raw_push(table(lua, host, stream, &message)?)?;
        }
    }
    // Else an empty one would be neither list nor map to a pattern.
    mark(lua, &values, Kind::Array)?;
    mark(lua, &messages, Kind::Array)?;
    Ok((values, messages))
}
